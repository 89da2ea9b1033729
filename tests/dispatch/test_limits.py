"""Limits by class, severity and season: what the table leaves open or says twice is a fault."""

import shutil
from dataclasses import replace
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.case.transition import Action
from dispatch.city.limit_table import LimitRow, LimitTable, Season, Timed
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.clocks.clock import Stage
from dispatch.clocks.worktime import parse_limit
from dispatch.files.datafile import FaultyData
from tests.dispatch.city import City

FLOOD = Season(id="flood", name_zh="汛期", name_en="Flood", begins=(6, 1), ends=(9, 30))
ICE = Season(id="ice", name_zh="冰冻期", name_en="Icing", begins=(11, 15), ends=(3, 15))
HANDLING = Timed.HANDLING
JULY, JANUARY = date(2026, 7, 1), date(2027, 1, 5)
HEAD = "label,severity,season,confirm,dispatch,handling,check,whole\n"


def row(
    label: str, handling: str, *, severity: str | None = None, season: Season | None = None
) -> LimitRow:
    limits = {Timed.HANDLING: parse_limit(handling)}
    if label == "*":
        limits |= {timed: parse_limit("1自然日") for timed in Timed if timed not in limits}
    return LimitRow(line=2, label=label, severity=severity, season=season, limits=limits)


def handling(table: LimitTable, label: str, severity: str | None, day: date) -> str:
    limits = table.limits(label, severity=severity, day=day)
    assert limits is not None
    return limits.handling.written


def test_the_most_special_row_decides() -> None:
    table = LimitTable(
        [
            row("*", "9工作日"),
            row("road.*", "8工作日"),
            row("road.ice", "7工作日"),
            row("road.ice", "6工作日", season=ICE),
            row("road.ice", "5工作日", severity="grave"),
            row("road.ice", "2紧急工作时", severity="grave", season=ICE),
        ]
    )

    found = {
        (label, severity, day.month): handling(table, label, severity, day)
        for label in ("green.weeds", "road.crack", "road.ice")
        for severity in (None, "grave")
        for day in (JULY, JANUARY)
    }

    assert found["green.weeds", None, 7] == "9工作日"
    assert found["road.crack", "grave", 1] == "8工作日"
    assert found["road.ice", None, 7] == "7工作日"
    assert found["road.ice", None, 1] == "6工作日"
    assert found["road.ice", "grave", 7] == "5工作日"
    assert found["road.ice", "grave", 1] == "2紧急工作时"


@pytest.mark.parametrize(
    ("season", "day", "holds"),
    [
        (FLOOD, date(2026, 5, 31), False),
        (FLOOD, date(2026, 6, 1), True),
        (FLOOD, date(2026, 9, 30), True),
        (FLOOD, date(2026, 10, 1), False),
        (ICE, date(2026, 11, 14), False),
        (ICE, date(2026, 12, 31), True),
        (ICE, date(2028, 2, 29), True),
        (ICE, date(2027, 3, 15), True),
        (ICE, date(2027, 3, 16), False),
    ],
)
def test_a_season_holds_from_its_first_to_its_last_day_also_over_the_new_year(
    season: Season, day: date, holds: bool
) -> None:
    assert season.holds_on(day) is holds


def test_rows_of_which_none_is_the_more_special_are_found() -> None:
    table = LimitTable(
        [
            row("*", "9工作日"),
            row("road.ice", "6工作日", season=ICE),
            row("road.ice", "5工作日", severity="grave"),
        ]
    )

    (found,) = table.undecided({"road.ice": ("slight", "grave")}, [FLOOD, ICE])

    assert (found.severity, found.season, found.timed) == ("grave", "ice", Timed.HANDLING)


LABELS = ("road.ice", "road.crack", "green.weeds")
SEVERITIES = (None, "slight", "grave")
RAIN = Season(id="rain", name_zh="雨季", name_en="Rain", begins=(8, 1), ends=(11, 30))
DAYS = [date(2026, month, 20) for month in (1, 4, 6, 8, 10, 11)]
ROWS = st.tuples(
    st.sampled_from(["*", "road.*", *LABELS]),
    st.sampled_from(SEVERITIES),
    st.sampled_from([None, FLOOD, RAIN, ICE]),
)
Here = tuple[str, str | None, date]


def ground(row: LimitRow) -> frozenset[Here]:
    """Give every class, severity and day of which a row speaks, one by one."""
    everything = product(LABELS, SEVERITIES, DAYS)
    return frozenset(
        here
        for here in everything
        if row.label in {"*", here[0], f"{here[0].split('.', maxsplit=1)[0]}.*"}
        and row.severity in {None, here[1]}
        and (row.season is None or row.season.holds_on(here[2]))
    )


@settings(max_examples=40, deadline=None)
@given(drawn=st.lists(ROWS, min_size=1, max_size=7))
def test_the_row_that_decides_speaks_of_less_than_every_other_that_fits(
    drawn: list[tuple[str, str | None, Season | None]],
) -> None:
    rows = [
        row(label, f"{number + 1}工作日", severity=severity, season=season)
        for number, (label, severity, season) in enumerate([("*", None, None), *drawn])
    ]
    rows = [
        rows[0],
        *(replace(each, limits={HANDLING: each.limits[HANDLING]}) for each in rows[1:]),
    ]
    table = LimitTable(rows)
    grounds = [ground(each) for each in rows]

    for here in product(LABELS, SEVERITIES, DAYS):
        fitting = [number for number, of in enumerate(grounds) if here in of]
        narrowest = [
            number
            for number in fitting
            if all(other == number or grounds[number] < grounds[other] for other in fitting)
        ]

        found = table.limits(here[0], severity=here[1], day=here[2])

        expected = rows[narrowest[0]].limits[HANDLING] if narrowest else None
        assert (found.handling if found else None) == expected


@pytest.mark.parametrize(
    ("begins", "limit", "season"),
    [
        ("2026-09-30T23:40:00+08:00", "1紧急工作时", "汛期"),
        ("2026-10-01T00:10:00+08:00", "2紧急工作时", None),
    ],
)
def test_a_limit_is_that_of_the_season_in_which_it_begins_and_goes_on_after_it(
    begins: str, limit: str, season: str | None
) -> None:
    city = City(now=datetime.fromisoformat(begins))
    case = city.take_up(city.see(label="water.flooding"))
    assert case is not None
    id_ = city.dispatch(case.id)

    filed = city.case(id_).last(Action.FILE)

    assert filed is not None
    said = filed.grounds["limits"]
    assert isinstance(said, dict)
    assert (said["handling"], said.get("season_zh")) == (limit, season)
    assert city.case(id_).clocks[Stage.HANDLING].limit.written == limit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demonstration profile that may be spoilt."""
    return Path(shutil.copytree(PROFILES / "demo", tmp_path / "city"))


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("road.crack,,summer,,,1工作日,,\n", "[seasons]"),
        ("road.crack,deadly,,,,1工作日,,\n", "没有严重程度 deadly"),
        ("river.weeds,,,,,1工作日,,\n", "没有类别符合 river.weeds"),
        ("road.crack,,flood,,,,,\n", "没有写任何时限"),
        ("road.crack,,,,,1工作日,,\n", "不分主次"),
        ("road.*,,flood,,,1工作日,,\n", "不分主次"),
    ],
)
def test_a_row_that_says_nothing_or_contradicts_another_is_named(
    folder: Path, added: str, said: str
) -> None:
    file = folder / "limits.csv"
    file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")

    with pytest.raises(FaultyData) as refused:
        load_profile(folder)

    assert any(f.file == "limits.csv" and said in f.zh for f in refused.value.faults)


def test_a_limit_that_no_row_gives_is_named_with_its_class(folder: Path) -> None:
    (folder / "limits.csv").write_text(HEAD + "*,,,1工作时,1工作时,1工作时,,1工作日\n", "utf-8")

    with pytest.raises(FaultyData) as refused:
        load_profile(folder)

    assert any("road.pothole" in f.zh and "check" in f.zh for f in refused.value.faults)
