"""Write docs/reference/indicators.md from the table: python -m tests.dispatch.indicator_page."""

from pathlib import Path
from typing import Final

from dispatch.indicators.formula import DUTIES, Amount, Kind, Part, Test
from dispatch.indicators.indicator import Indicator
from dispatch.indicators.table import INDICATORS

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "indicators.md"
KINDS: Final = {
    Kind.REPORT: ("上报", "a report; done when found true, lapsed when untrue, noted when filed"),
    Kind.JUDGEMENT: ("核实结论", "the last judgement of a report by people"),
    Kind.FILING: (
        "立案",
        "a filing; lapsed when given back or when the case is merged, noted when a pass had "
        "overlooked it; its limit is that of the report's confirmation",
    ),
    Kind.SENDING: ("派遣", "a dispatch; lapsed when the case later goes to another department"),
    Kind.VERDICT: ("复巡判断", "the last verdict by a pass"),
    Kind.STEP: ("操作", "another step that is counted; its word is the action"),
    Kind.DISPATCH: ("应派遣", "from filing to dispatch"),
    Kind.HANDLING: (
        "应处置",
        "from dispatch to the report that it is done; noted when that came after the limit as "
        "first set, which an extension had moved",
    ),
    Kind.CHECK: ("应核查", "from handling to the look on the spot or the decision"),
    Kind.WHOLE: ("应结案", "from filing to closure; noted when it was redone"),
    Kind.WORK: (
        "办理",
        "the work by which a whole is judged, due and ended with it: of the department whose work "
        "was sent back first, or came again to who had done it (noted then), else of whose it is; "
        "its person reported the work as done",
    ),
    Kind.REPLY: ("应回复", "from a supervision to its reply"),
    Kind.CONFIRM: ("应核实", "from a report that a person is asked about to that person's word"),
    Kind.FIND: (
        "发现",
        "what triage first said of a find: file, ask or hold; done once it is not, or no longer, "
        "held back; noted when it was filed",
    ),
    Kind.STRETCH: (
        "巡段",
        "at most a minute of a pass, of the moment at which it came in",
    ),
    Kind.GROUND: ("看清的地面", "ground that a stretch saw well enough to find a class on it"),
    Kind.SUPPRESSED: (
        "核准不报",
        "a sight that an approval kept from becoming a case, of the moment at which the centre "
        "counted it first",
    ),
}
TESTS: Final = {
    Test.IN_PERIOD: ("本期", "it is of a moment of the period"),
    Test.DUE: (
        "应办",
        "its deadline falls in the period and has come, or it was done; or the deadline came "
        "before and it was open when the period began; not suspended, not exempt by an upheld "
        "appeal, not lapsed before its deadline",
    ),
    Test.DONE: ("已办", "it was done"),
    Test.OWED: (
        "应办含未修终结",
        "the same, and what was given up before its deadline is in it",
    ),
    Test.GIVEN_UP: (
        "未修终结",
        "people ended it undone and nothing takes its place: written off, or void after a "
        "department had it",
    ),
    Test.UNDONE: ("未办", "it was not done, by what is known at the period's end"),
    Test.ON_TIME: ("按期", "it was done by its deadline"),
    Test.LATE: ("超期", "it was done after its deadline"),
    Test.LAPSED: ("失效", "it lapsed"),
    Test.STANDS: ("有效", "it did not lapse"),
    Test.NOTED: ("另记", "what its kind says was noted of it"),
    Test.UNNOTED: ("无另记", "that was not noted of it"),
    Test.FROM_PUBLIC: ("公众", "the public reported the case"),
    Test.OWN: (
        "非重复",
        "no machine found it to be a sight of what is known; no appeal exempts it",
    ),
    Test.LIMITED: ("有时限", "it had a deadline"),
    Test.RECURS: ("复发", "the case follows a closed one of the same problem"),
}


AMOUNTS: Final = {
    Amount.FACTS: ("个数", "how many there are; said nowhere below, for it is the usual one"),
    Amount.MEDIAN: ("中位时长", "seconds from the sight to the fact, the middle value"),
    Amount.P90: ("九成时长", "seconds from the sight to the fact that nine in ten do not exceed"),
    Amount.OWNERS: ("趟×部门", "different pairs of the finding pass and a department"),
    Amount.PASSES: ("趟数", "different passes"),
    Amount.CLASSES: ("趟×类别", "different pairs of a pass and a class that it could judge"),
    Amount.METRES: ("里程", "metres"),
    Amount.SECONDS: ("时长", "seconds"),
    Amount.DEVICE_DAYS: ("出动台日", "different pairs of a device and a day"),
    Amount.FLEET_DAYS: (
        "在册台日",
        "devices that patrolled or are registered for it, times the days of the period",
    ),
    Amount.SEEN: ("看清的小格", "different cells of ground (some 44 m² each), summed over classes"),
    Amount.LAND: ("应看的小格", "cells of the unit grids, once for each class seen for"),
    Amount.SIGHTS: ("发现次数", "different sights"),
    Amount.THINGS: ("处", "different problems that were seen"),
    Amount.AGE: ("龄期", "seconds since a cell was last seen, the middle value"),
}


def indicators_page() -> str:
    """Give the page: the vocabulary of formulas, then every indicator."""
    return "\n".join([*_head(), *_vocabulary(), *_table(), ""])


def _head() -> list[str]:
    return [
        "# Indicators 指标",
        "",
        "Generated from `dispatch/indicators/`; a test holds it up to date.",
        "由 `dispatch/indicators/` 生成，测试保证一致。",
        "",
        "A case's history is told as facts; a formula counts those of one kind that meet all its "
        "tests.",
        "案卷历史拆成一条条事实；公式统计某一类中满足全部条件的事实。",
        "What happens at the period's end or later is not read, so a period that is over keeps its "
        "figures.",
        "An open case that is overdue is in the denominator like a late one.",
        "What was missed stays missed: an overdue case that is then suspended stays in the "
        "denominator; what was given up stays in where a formula says `owed`.",
        "By post and by person a duty counts for who ended it; what nobody has done yet stands by "
        "post under the one with which it rests, by person under no name.",
        "按岗位、人员统计时，应办事项归办结人；尚未办结的按岗位归应办岗位，按人员不归任何人。",
        "A rate carries its 95 % interval (Wilson); the example index takes each rate at the "
        "cautious end.",
        "A city chooses denominators, weights and bands in `[indicators]` of its profile: "
        '`denominators = { filing = "reported" }`, '
        "`weights_by = { department = { closure = 0.5, rework = 0.5 } }`, "
        "`weights_of.post.dispatcher = { … }`, "
        "`bands = { dispatched = [{ least = 20, score = 0.8 }] }`: what a count is worth.",
        "A pass counts for the period in which the centre took it in, so that what comes late is "
        "counted and a month that is over keeps its figures.",
        "巡查按到达中心的时间计期：迟到的不会丢，已结束的月份也不再变。",
        "Ground counts as seen for a class where the model's card states, for a problem of filing "
        "size in that view and light, a recall of at least `verification.min_power`; without a "
        "card nothing counts.",
        "A filing is overlooked (漏报) where a pass had seen at least half of the position's error "
        "so within `missed_within_days` before the first sight, or before a person's report, and "
        "reported nothing; the case names the pass.",
        "Figures of patrols tell how much was done, not what happened by chance: they carry no "
        "interval and no weight in the index.",
        "",
    ]


def _vocabulary() -> list[str]:
    kinds = [
        f"| `{kind.value}` | {zh} | {en}{'; has a deadline' if kind in DUTIES else ''} |"
        for kind, (zh, en) in KINDS.items()
    ]
    tests = [f"| `{test.value}` | {zh} | {en} |" for test, (zh, en) in TESTS.items()]
    return [
        *("## Kinds of facts 事实种类", "", "| kind | 中文 | what it is |", "|---|---|---|"),
        *kinds,
        *("", "## Amounts 计量", "", "| amount | 中文 | what is reckoned |", "|---|---|---|"),
        *(f"| `{amount.value}` | {zh} | {en} |" for amount, (zh, en) in AMOUNTS.items()),
        *("", "## Tests 条件", "", "| test | 中文 | holds where |", "|---|---|---|"),
        *tests,
        "",
    ]


def _table() -> list[str]:
    return [
        *("## Indicators 指标", ""),
        "| key | 指标 indicator | in words | counts | of |",
        "|---|---|---|---|---|",
        *map(_row, INDICATORS),
    ]


def _row(indicator: Indicator) -> str:
    of = "<br>".join(f"{name}: {_part(part)}" for name, part in indicator.of.items())
    names = f"{indicator.name_zh} {indicator.name_en}"
    lower = "（越低越好 lower is better）" if indicator.less_is_better else ""
    words = f"{indicator.formula_zh}<br>{indicator.formula_en}{lower}"
    return f"| `{indicator.key}` | {names} | {words} | {_part(indicator.counts)} | {of} |"


def _part(part: Part) -> str:
    word = f" “{part.word}”" if part.word else ""
    tests = ", ".join(test.value for test in part.tests)
    amount = "" if part.amount is Amount.FACTS else f" → {part.amount.value}"
    return f"`{part.kind.value}`{word}: {tests}{amount}"


if __name__ == "__main__":
    PAGE.write_text(indicators_page(), encoding="utf-8")
