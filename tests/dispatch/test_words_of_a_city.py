"""A city calls things by its own words; without them everything reads in the standard's."""

from pathlib import Path

import pytest

from dispatch.case.transition import Action, Status
from dispatch.city_files.profile_folder import PROFILES
from dispatch.city_files.words_file import WORDS, read_words
from dispatch.city_words import STANDARD, CityWords
from dispatch.files.datafile import DataFolder, Fault
from dispatch.people.people import Role
from dispatch.term import TERMS, Terms, plain

SWAPPED = '[acts.confirm]\nzh = "核查"\n[acts.check]\nzh = "核实"\n'
ORDER = '[things.case]\nzh = "工单"\nen = "order"\nen_many = "orders"\n'


def read(folder: Path, text: str) -> tuple[CityWords, list[Fault]]:
    """Read a city's words, with what is wrong in them."""
    (folder / WORDS).write_text(text, encoding="utf-8")
    data = DataFolder(path=folder)
    return read_words(data), data.faults


def test_a_city_without_words_reads_in_the_standards(tmp_path: Path) -> None:
    words = read_words(DataFolder(path=tmp_path))

    assert words.zh("[案卷]待[核实]，[注]") == "案卷待核实，[注]"
    assert words.en("[Cases]: a [case], an [appeal], [note]") == "Cases: a case, an appeal, [note]"
    assert words.retold_zh("请派遣员指定部门") == "请派遣员指定部门"
    assert plain("[案卷]由[专业部门]负责") == "案卷由专业部门负责"


def test_every_status_and_role_is_a_term() -> None:
    statuses = {status: STANDARD.word_zh(Terms.STATUSES, status) for status in Status}
    roles = {role: STANDARD.word_zh(Terms.ROLES, role) for role in Role}

    assert statuses == {status: status.zh for status in Status}
    assert roles == {role: role.zh for role in Role}
    assert set(TERMS[Terms.STATUSES]) == set(Status)
    assert set(TERMS[Terms.ROLES]) == set(Role)
    assert all(plain(action.marked) == action.zh for action in Action)


def test_acts_that_a_city_swaps_are_swapped_in_sentences_and_in_statuses(tmp_path: Path) -> None:
    words, faults = read(tmp_path, SWAPPED)

    assert faults == []
    assert words.zh("派人[核实]，再[核查]") == "派人核查，再核实"
    assert words.word_zh(Terms.STATUSES, Status.REPORTED) == "待核查"
    assert words.word_zh(Terms.STATUSES, Status.HANDLED) == "待核实"


def test_a_term_that_is_made_of_another_follows_it_until_it_is_named_itself(tmp_path: Path) -> None:
    words, _ = read(tmp_path, '[acts.dispatch]\nzh = "派单"\n')
    named, _ = read(tmp_path, '[acts.dispatch]\nzh = "派单"\n[roles.dispatcher]\nzh = "坐席"\n')

    assert words.zh("[派遣员]") == "派单员"
    assert named.zh("请[派遣员][派遣]") == "请坐席派单"
    assert named.word_zh(Terms.STATUSES, Status.FILED) == "待派单"


def test_english_keeps_its_article_its_capital_and_its_plural(tmp_path: Path) -> None:
    words, _ = read(tmp_path, ORDER)

    said = words.en("A [case] is one of [cases]. [Case] of a [department]")

    assert said == "An order is one of orders. Order of a department"


def test_what_the_record_holds_is_retold_the_longest_word_first(tmp_path: Path) -> None:
    words, _ = read(tmp_path, ORDER + '[things.department]\nzh = "单位"\n' + SWAPPED)

    assert words.retold_zh("案卷待核实，请专业部门和部门核查") == "工单待核查，请专业部门和单位核实"
    assert words.retold_en("Each case of these cases, a showcase") == (
        "Each order of these orders, a showcase"
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[things.case]\nzh = ''\n", 2, "至少 1 个字"),
        ("[things.case]\nzh = '城市管理问题工单'\n", 2, "最多 6 个字"),
        ("[things.case]\nzh = ' 工单'\n", 2, "不留空格"),
        ("[things.case]\nzh = '[单]'\n", 2, "只用文字"),
        ("[things.case]\nzh = '工|单'\n", 2, "只用文字"),
        ("[things.case]\nzh = '工单'\nru = 'дело'\n", 3, "没有这一项设置"),
        ("[things.ticket]\nzh = '工单'\n", 1, "没有 ticket 这个词条"),
        ("\n[nouns.case]\nzh = '工单'\n", 2, "应为其中之一"),
        ("[things.case]\nen = 'order'\n", 1, "缺 en_many"),
        ("[acts.void]\nen = 'cancel'\nen_done = 'cancelled'\n", 3, "没有 en_done"),
        ("[roles.public]\nzh = '群众'\n[roles.collector]\nzh = '受理员'\n", 3, "分不清"),
        ("[acts.file]\nzh = '派遣'\n", 1, "都叫“派遣”"),
        ("[statuses.handled]\nzh = '待核实'\n", 1, "都叫“待核实”"),
        ("[acts.close]\nen = 'File'\nen_done = 'shut'\nen_noun = 'end'\n", 1, "都叫“File”"),
        ("[things.case\n", 1, "不是 TOML"),
    ],
)
def test_words_that_nobody_could_work_with_are_named_with_their_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    words, faults = read(tmp_path, text)

    assert words == STANDARD or len(faults) == 1
    assert {(fault.file, fault.line) for fault in faults} == {(WORDS, line)}
    assert any(said in fault.zh for fault in faults), faults


def test_no_city_states_other_words_in_the_example_that_most_begin_from() -> None:
    assert not (PROFILES / "demo" / WORDS).exists()


def test_the_reference_names_every_term_with_the_standards_words() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/profile.md").read_text(encoding="utf-8")

    for kind, terms in TERMS.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{kind}` |")]
        for key, term in terms.items():
            english = " / ".join(STANDARD.en(word) for word in term.en.values())
            assert f"`{key}` {STANDARD.zh(term.zh)} {english}" in row
