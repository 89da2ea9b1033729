"""All indicators, one entry each: names, formula in words, formula as data."""

from collections.abc import Mapping
from typing import Final

from dispatch.formula import Kind, Part, Test
from dispatch.indicator import Indicator, Key

Words = tuple[str, str]
"""Chinese and English."""


def _all(kind: Kind, *tests: Test, word: str = "") -> Part:
    return Part(kind=kind, tests=tests, word=word)


def _new(kind: Kind, *tests: Test, word: str = "") -> Part:
    return _all(kind, Test.IN_PERIOD, *tests, word=word)


def _step(action: str) -> Part:
    return _new(Kind.STEP, word=action)


def _due(kind: Kind, *tests: Test) -> Part:
    return _all(kind, Test.DUE, *tests)


def _count(key: Key, names: Words, formula: Words, counts: Part) -> Indicator:
    return Indicator(
        key=key,
        name_zh=names[0],
        name_en=names[1],
        formula_zh=formula[0],
        formula_en=formula[1],
        counts=counts,
    )


def _rate(
    key: Key,
    names: Words,
    formula: Words,
    counts: Part,
    *,
    of: Mapping[str, Part],
    less_is_better: bool = False,
) -> Indicator:
    return Indicator(
        key=key,
        name_zh=names[0],
        name_en=names[1],
        formula_zh=formula[0],
        formula_en=formula[1],
        counts=counts,
        of=of,
        less_is_better=less_is_better,
    )


_COUNTS: Final = (
    _count(
        Key.REPORTED,
        ("上报数", "reported"),
        ("本期上报的案卷", "cases reported in the period"),
        _new(Kind.REPORT),
    ),
    _count(
        Key.VALID_REPORTED,
        ("有效上报数", "validly reported"),
        (
            "本期上报、核实属实或已立案的案卷",
            "cases reported in the period and found true or filed",
        ),
        _new(Kind.REPORT, Test.DONE, Test.STANDS),
    ),
    _count(
        Key.RECURRED,
        ("复发数", "recurred"),
        ("本期上报、接续已结案卷的案卷", "cases reported in the period that follow a closed one"),
        _new(Kind.REPORT, Test.RECURS),
    ),
    _count(
        Key.SELF_HANDLED,
        ("自行处置数", "handled on the spot"),
        ("本期采集员自行处置", "cases that collectors put right themselves in the period"),
        _step("self_handle"),
    ),
    _count(
        Key.FILED,
        ("立案数", "filed"),
        ("本期立案", "filings in the period"),
        _new(Kind.FILING),
    ),
    _count(
        Key.VOIDED,
        ("作废数", "void"),
        ("本期立案前作废的案卷", "cases ended before filing in the period, with a reason"),
        _step("void"),
    ),
    _count(
        Key.MERGED,
        ("并案数", "merged"),
        ("本期并入其他案卷的案卷", "cases merged into another in the period"),
        _step("merge"),
    ),
    _count(
        Key.DISPATCHED,
        ("派遣数", "dispatched"),
        ("本期派遣", "dispatches in the period"),
        _new(Kind.SENDING),
    ),
    _count(
        Key.WRONGLY_DISPATCHED,
        ("错误派遣数", "wrongly dispatched"),
        (
            "本期派遣、后来改派其他部门",
            "dispatches of the period after which the case went elsewhere",
        ),
        _new(Kind.SENDING, Test.LAPSED),
    ),
    _count(
        Key.RETURNED,
        ("回退数", "returned"),
        ("本期部门回退的派遣", "dispatches that a department gave back in the period"),
        _step("decline"),
    ),
    _count(
        Key.GIVEN_BACK,
        ("退回立案数", "given back to filing"),
        ("本期派遣员退回立案", "filings that a dispatcher gave back in the period"),
        _step("return"),
    ),
    _count(
        Key.EXTENDED,
        ("延期数", "extended"),
        ("本期批准的延期", "extensions granted in the period"),
        _step("extend"),
    ),
    _count(
        Key.SUSPENDED,
        ("挂账数", "suspended"),
        ("本期批准的挂账", "suspensions granted in the period"),
        _step("suspend"),
    ),
    _count(
        Key.SUPERVISED,
        ("督办数", "supervised"),
        ("本期督办", "supervisions in the period"),
        _step("supervise"),
    ),
    _count(
        Key.SENT_BACK,
        ("返工数", "sent back"),
        ("本期核查不合格、退回返工", "handled cases sent back in the period"),
        _step("send_back"),
    ),
    _count(
        Key.CLOSED,
        ("结案数", "closed"),
        ("本期经核查结案", "closures as repaired in the period"),
        _step("approve"),
    ),
    _count(
        Key.WRITTEN_OFF,
        ("特殊结案数", "written off"),
        ("本期未经修复而注明原因结案", "closures without repair, with a reason, in the period"),
        _step("write_off"),
    ),
    _count(
        Key.REOPENED,
        ("重新启动数", "reopened"),
        ("本期重新启动的案卷", "cases taken up again in the period"),
        _step("reopen"),
    ),
    _count(
        Key.APPEALED,
        ("申诉数", "appealed"),
        ("本期对超期的申诉", "appeals against a missed limit in the period"),
        _step("appeal"),
    ),
    _count(
        Key.UPHELD,
        ("申诉成立数", "appeals upheld"),
        ("本期成立的申诉，超期不计入统计", "appeals upheld in the period: exempt from the rates"),
        _step("uphold"),
    ),
)


def _late_and_overdue(
    kind: Kind, late: Key, overdue: Key, names: Words, undone: Words
) -> tuple[Indicator, Indicator]:
    zh, en = names
    return (
        _count(
            late,
            (f"超期{zh}数", f"{en} late"),
            (f"应{zh}中超期才{zh}", f"{en} after the deadline, of those that should be"),
            _due(kind, Test.LATE),
        ),
        _count(
            overdue,
            (f"超期未{zh}数", undone[1]),
            (f"应{zh}中超期仍未{zh}", f"{undone[1]}: past the deadline, of those that should be"),
            _due(kind, Test.UNDONE),
        ),
    )


_OVERDUE: Final = (
    *_late_and_overdue(
        Kind.DISPATCH,
        Key.LATE_DISPATCH,
        Key.OVERDUE_DISPATCH,
        ("派遣", "dispatched"),
        ("", "overdue and not dispatched"),
    ),
    *_late_and_overdue(
        Kind.HANDLING,
        Key.LATE_HANDLING,
        Key.OVERDUE_HANDLING,
        ("处置", "handled"),
        ("", "overdue and not handled"),
    ),
    *_late_and_overdue(
        Kind.CHECK,
        Key.LATE_CHECK,
        Key.OVERDUE_CHECK,
        ("核查", "checked"),
        ("", "overdue and not checked"),
    ),
    *_late_and_overdue(
        Kind.WHOLE,
        Key.LATE_CLOSURE,
        Key.OVERDUE_CLOSURE,
        ("结案", "closed"),
        ("", "overdue and not closed"),
    ),
)

_RATES: Final = (
    _rate(
        Key.VALID_REPORT,
        ("有效上报率", "valid-report rate"),
        ("核实属实或立案的上报 ÷ 本期上报", "reports found true or filed / reports of the period"),
        _new(Kind.REPORT, Test.DONE, Test.STANDS),
        of={"reported": _new(Kind.REPORT)},
    ),
    _rate(
        Key.FALSE_ALARM,
        ("误报率", "false-alarm rate"),
        (
            "核实不属实 ÷ 本期作出核实结论的上报",
            "found untrue / reports judged by people in the period",
        ),
        _new(Kind.JUDGEMENT, word="refute"),
        of={"judged": _new(Kind.JUDGEMENT)},
        less_is_better=True,
    ),
    _rate(
        Key.PUBLIC_FOUND,
        ("监督举报率", "public-found rate"),
        ("公众发现而立案 ÷ 立案", "filed and found by the public / filed"),
        _new(Kind.FILING, Test.FROM_PUBLIC),
        of={"filed": _new(Kind.FILING)},
        less_is_better=True,
    ),
    _rate(
        Key.FILING,
        ("立案率", "filing rate"),
        (
            "本期上报中已立案 ÷ 本期上报中未判不属实（可配置为全部上报）",
            "filed / reports of the period not found untrue (or all reports, as the city chooses)",
        ),
        _new(Kind.REPORT, Test.NOTED, Test.STANDS),
        of={"accepted": _new(Kind.REPORT, Test.STANDS), "reported": _new(Kind.REPORT)},
    ),
    _rate(
        Key.CORRECT_FILING,
        ("准确立案率", "correct filing"),
        ("未被退回或并案的立案 ÷ 本期立案", "filings not given back or merged / filings"),
        _new(Kind.FILING, Test.STANDS),
        of={"filed": _new(Kind.FILING)},
    ),
    _rate(
        Key.ON_TIME_DISPATCH,
        ("按期派遣率", "on-time dispatch"),
        ("按期派遣 ÷ 应派遣（含超期未派遣）", "dispatched on time / should dispatch"),
        _due(Kind.DISPATCH, Test.ON_TIME),
        of={"should": _due(Kind.DISPATCH), "done": _due(Kind.DISPATCH, Test.DONE)},
    ),
    _rate(
        Key.CORRECT_DISPATCH,
        ("准确派遣率", "correct dispatch"),
        ("未改派其他部门的派遣 ÷ 本期派遣", "dispatches that stood / dispatches of the period"),
        _new(Kind.SENDING, Test.STANDS),
        of={"dispatched": _new(Kind.SENDING)},
    ),
    _rate(
        Key.HANDLING,
        ("处置率", "handling rate"),
        (
            "已处置 ÷ 应处置（含超期未处置）",
            "handled / should handle, overdue and open ones included",
        ),
        _due(Kind.HANDLING, Test.DONE),
        of={"should": _due(Kind.HANDLING)},
    ),
    _rate(
        Key.ON_TIME_HANDLING,
        ("按期处置率", "on-time handling"),
        (
            "按期处置 ÷ 应处置（含超期未处置）",
            "handled on time / should handle, overdue and open ones included",
        ),
        _due(Kind.HANDLING, Test.ON_TIME),
        of={"should": _due(Kind.HANDLING), "done": _due(Kind.HANDLING, Test.DONE)},
    ),
    _rate(
        Key.ON_TIME_CHECK,
        ("按期核查率", "on-time check"),
        (
            "按期核查 ÷ 应核查（含超期未核查）",
            "checked on time / should check, overdue and open ones included",
        ),
        _due(Kind.CHECK, Test.ON_TIME),
        of={"should": _due(Kind.CHECK), "done": _due(Kind.CHECK, Test.DONE)},
    ),
    _rate(
        Key.CLOSURE,
        ("结案率", "closure rate"),
        (
            "已结案 ÷ 应结案（含超期未结案）",
            "closed / should close, overdue and open ones included",
        ),
        _due(Kind.WHOLE, Test.DONE),
        of={"should": _due(Kind.WHOLE)},
    ),
    _rate(
        Key.ON_TIME_CLOSURE,
        ("按期结案率", "on-time closure"),
        (
            "按期结案 ÷ 应结案（含超期未结案）",
            "closed on time / should close, overdue and open ones included",
        ),
        _due(Kind.WHOLE, Test.ON_TIME),
        of={"should": _due(Kind.WHOLE), "done": _due(Kind.WHOLE, Test.DONE)},
    ),
    _rate(
        Key.REWORK,
        ("返工率", "rework rate"),
        (
            "返过工、或处置后再派同一部门的案卷 ÷ 应结案",
            "cases sent back, or dispatched again to who had handled them / should close",
        ),
        _due(Kind.WHOLE, Test.NOTED),
        of={"should": _due(Kind.WHOLE)},
        less_is_better=True,
    ),
    _rate(
        Key.ON_TIME_REPLY,
        ("督办按期回复率", "on-time reply"),
        (
            "按期回复 ÷ 应回复的督办（含超期未回复）",
            "replied on time / supervisions that should be replied to, overdue ones included",
        ),
        _due(Kind.REPLY, Test.ON_TIME),
        of={"should": _due(Kind.REPLY)},
    ),
    _rate(
        Key.CANNOT_TELL,
        ("看不清率", "cannot-tell rate"),
        (
            "最近一次复巡判断为看不清的案卷 ÷ 本期作过复巡判断的案卷",
            "cases whose last verdict by a pass is 'cannot tell' / cases judged in the period",
        ),
        _new(Kind.VERDICT, word="cannot_tell"),
        of={"judged": _new(Kind.VERDICT)},
        less_is_better=True,
    ),
)

INDICATORS: Final = (*_COUNTS, *_OVERDUE, *_RATES)
"""Should: the deadline falls in the period and has come, or came before and the work was still open
when the period began; suspended work is left out until it resumes."""

REASONED: Final = frozenset({Key.VOIDED, Key.RETURNED, Key.WRITTEN_OFF, Key.CANNOT_TELL})
"""Those that are told apart by reason too."""
