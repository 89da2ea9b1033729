"""The bulletin: what it says of a period, and that its font can say it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fontTools.ttLib import TTFont

from api.reports.bulletin import bulletin
from api.reports.counted import Counted
from api.reports.document import Document, Table
from api.reports.frozen import freeze
from api.reports.lines import broken
from api.reports.paper import FONT, MISSING
from api.reports.printing import print_document
from api.reports.tables import TableBy
from api.reports.tongue import Tongue
from api.reports.writing import Order, counted_for
from dispatch.figures.standing import late_in, standing
from dispatch.indicators.indicator import Key
from dispatch.indicators.interval import difference
from tests.api.bulletin_font import wanted
from tests.api.open_centre import OpenCentre
from tests.dispatch.evaluating import NOVEMBER, done, reported
from tests.dispatch.walking import walk


def counted(opened: OpenCentre, period: str = "2026-11") -> Counted:
    return counted_for(Order(period=period), centre=opened.centre)


def words(document: Document) -> str:
    """Give all text of a document, a line each."""
    found = [document.title, *document.warnings, *(" ".join(fact) for fact in document.facts)]
    for section in (*document.sections, document.annex):
        found.append(section.title)
        for part in section.parts:
            if isinstance(part, str):
                found.append(part)
            elif isinstance(part, Table):
                found += [" | ".join(row) for row in (part.heads, *part.rows)]
                found.append(part.note)
            else:
                found += [f"{bar.name} {bar.words}" for bar in part.bars]
    return "\n".join(found)


def said(opened: OpenCentre, tongue: Tongue = Tongue.ZH, period: str = "2026-11") -> str:
    return words(bulletin(counted(opened, period), opened.centre.profile, tongue))


def test_a_bulletin_says_of_when_it_is_and_how_to_check_it(opened: OpenCentre) -> None:
    opened.handled()

    text = said(opened)

    with opened.centre.read() as uow:
        last = uow.ledger.last()
    assert last is not None
    assert "城市立体巡检月报（2026 年 11 月）" in text
    assert f"xunhuan audit verify --head {last.head}" in text
    assert "本期尚未结束" in text
    assert "分母不足 30" in text and "Wilson" in text


def test_a_bulletin_of_a_period_that_is_over_does_not_warn(opened: OpenCentre) -> None:
    opened.handled()
    opened.watch.later(days=30)

    assert "本期尚未结束" not in said(opened)
    assert "季报" in said(opened, period="2026-Q3")


def test_a_bulletin_has_the_tables_that_its_reader_chose(opened: OpenCentre) -> None:
    opened.handled()
    tables = (TableBy.LABEL, TableBy.COMMUNITY, TableBy.GRID)
    order = Order(period="2026-11", tables=tables)

    found = counted_for(order, centre=opened.centre)
    document = bulletin(found, opened.centre.profile, Tongue.ZH)

    titles = " ".join(section.title for section in document.sections)
    assert titles.index("分社区") < titles.index("分网格") < titles.index("分类别")
    assert "分街道" not in titles and "分部门" not in titles
    (rows,) = next(one for one in document.sections if "分网格" in one.title).parts
    assert isinstance(rows, Table) and len(rows.rows) == 1


def test_an_english_bulletin_speaks_english(opened: OpenCentre) -> None:
    opened.handled()

    text = said(opened, Tongue.EN)

    assert "Monthly report of urban inspection, 2026-11" in text
    names = {one.category.name_zh for one in counted(opened).lists.late}
    assert not any("一" <= each <= "鿿" for each in text if each not in "".join(names))


def test_what_is_overdue_is_listed_as_often_as_it_is_counted(opened: OpenCentre) -> None:
    opened.dispatched()
    opened.watch.later(days=12)

    found = counted(opened)

    figures = {figure.indicator.key: figure.numerator for figure in found.sheet.figures}
    overdue = [figures[key] for key in Key if key.value.startswith("overdue_")]
    assert len(found.lists.late) == sum(overdue) > 0
    assert found.lists.late[0].number in said(opened)


@pytest.mark.parametrize("number", range(12))
def test_the_last_moment_of_a_history_is_how_the_case_stands(number: int) -> None:
    case = done(f"w{number}") if number % 2 else reported(f"w{number}")
    walk(case, range(number, number + 9), at=NOVEMBER.start.replace(day=20), step_h=3)

    stood = standing(case.history, at=datetime(2028, 1, 1, tzinfo=UTC))

    assert (stood.status, stood.department) == (case.status, case.department)
    assert stood.ended_at == case.ended_at


def test_nothing_is_late_before_it_was_known(opened: OpenCentre) -> None:
    case = done("1")

    assert not list(late_in(case, NOVEMBER.known_at(case.history[0].at)))


def test_a_frozen_month_keeps_the_head_that_it_was_frozen_with(opened: OpenCentre) -> None:
    opened.handled()
    opened.watch.later(days=30)
    freeze("2026-11", centre=opened.centre)
    before = counted(opened)
    opened.find("later")

    assert before.head.frozen and counted(opened).head == before.head


def test_a_change_that_chance_may_bring_is_called_so() -> None:
    low, high = difference((56, 70), (48, 80))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)  # Newcombe's own example
    low, high = difference((3, 4), (1, 2))
    assert low < 0 < high


def test_the_font_draws_all_that_ships_and_says_what_it_cannot(opened: OpenCentre) -> None:
    drawn = set(TTFont(FONT).getBestCmap())
    document = bulletin(counted(opened), opened.centre.profile, Tongue.ZH)

    assert not wanted() - drawn
    assert not {each for each in words(document) if each != "\n" and ord(each) not in drawn}
    assert ord(MISSING) in drawn


def test_a_character_that_the_font_lacks_does_not_stop_a_bulletin(
    opened: OpenCentre, caplog: pytest.LogCaptureFixture
) -> None:
    document = bulletin(counted(opened), opened.centre.profile, Tongue.ZH)
    rare = replace(document, issuer="龘")

    assert print_document(rare, at=datetime(2026, 11, 1, tzinfo=UTC)).startswith(b"%PDF-")
    assert not caplog.records


def test_lines_break_between_characters_and_not_inside_numbers() -> None:
    lines = broken("按期结案率为 95.25%，共（一百）件。", 8, measure=len)

    assert "".join(lines).replace(" ", "") == "按期结案率为95.25%，共（一百）件。"
    assert all(len(line) <= 8 for line in lines)
    assert not any(line[0] in "，。）" or line[-1] in "（" for line in lines)
    assert any("95.25%" in line for line in lines)


def test_a_word_wider_than_the_line_is_cut_and_nothing_is_lost() -> None:
    assert broken("a" * 20, 8, measure=len) == ["aaaaaaaa", "aaaaaaaa", "aaaa"]
    assert broken("", 8, measure=len) == [""]
    assert broken("甲\n乙", 8, measure=len) == ["甲", "乙"]
