"""The bulletin's lists: overdue, done again, kept back, and ended with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from api.reports.counted import Counted
from api.reports.document import Part, Section, Table
from api.reports.tongue import Tongue
from api.words.wording import action_words
from dispatch.case.transition import Action
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.profile import Profile
from dispatch.figures.held_back import HeldFor
from dispatch.ids import DepartmentId
from dispatch.indicators.formula import Kind
from dispatch.indicators.indicator import Key
from dispatch.verification.sentence import reason_words
from dispatch.verification.verdict import Reason

MOST: Final = 100
"""Rows of a list on paper; the workbook holds them all."""
_DUTIES: Final = {
    Kind.CONFIRM: ("[核实]", "[confirm]"),
    Kind.DISPATCH: ("[派遣]", "[dispatch]"),
    Kind.HANDLING: ("[处置]", "[handle]"),
    Kind.CHECK: ("[核查]", "[check]"),
    Kind.WHOLE: ("[结案]", "[close]"),
    Kind.REPLY: ("回复[督办]", "reply"),
}
_ACTIONS: Final = {
    Key.VOIDED: Action.VOID,
    Key.RETURNED: Action.DECLINE,
    Key.WRITTEN_OFF: Action.WRITE_OFF,
}
"""Whose reason codes those of a figure are."""


def late_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """List what is overdue and not done."""
    heads = tongue.say(
        "[案卷]|类别|[部门]|环节|时限|超期", "[Case]|Class|[Department]|Duty|Due|Late by"
    )
    rows = tuple(
        (
            one.number,
            _class(one.category, tongue),
            _department(one.department, profile, tongue),
            tongue.say(*_DUTIES[one.kind]),
            _moment(one.due_at, profile),
            _span(one.due_at, one.lapsed_at or counted.as_of, tongue),
        )
        for one in counted.lists.late[:MOST]
    )
    table = Table(
        heads=tuple(heads.split("|")),
        rows=rows,
        widths=(1.7, 1.6, 1.5, 0.9, 1.5, 1.0),
        numbers=frozenset({5}),
        note=_rest(len(counted.lists.late), tongue),
    )
    return Section(title=tongue.say("超期未办", "Overdue and not done"), parts=(table,))


def redone_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """List what was sent back and what was taken up again."""
    heads = tongue.say(
        "[案卷]|类别|[部门]|事项|时间|原因", "[Case]|Class|[Department]|What|When|Reason"
    )
    rows = tuple(
        (
            one.number,
            _class(one.category, tongue),
            _department(one.department, profile, tongue),
            tongue.of(action_words(one.action, profile.words)),
            _moment(one.at, profile),
            tongue.say(one.reason_zh, one.reason_en),
        )
        for one in counted.lists.redone[:MOST]
    )
    table = Table(
        heads=tuple(heads.split("|")),
        rows=rows,
        widths=(1.7, 1.6, 1.5, 1.0, 1.5, 1.4),
        note=_rest(len(counted.lists.redone), tongue),
    )
    return Section(title=tongue.say("[返工]与重开", "Sent back and [reopened]"), parts=(table,))


def kept_back_section(counted: Counted, profile: Profile, tongue: Tongue) -> Section:
    """Give what approvals kept back, and endings and refusals by reason."""
    approvals = Table(
        heads=tuple(
            tongue.say("核准不报|批文|发现|处", "Suppressed|Permit|Sights|Things").split("|")
        ),
        rows=tuple(
            (
                tongue.say(each.newest.reason_zh, each.newest.reason_en),
                each.newest.approval,
                str(each.sights),
                str(each.problems),
            )
            for each in counted.suppressed
        ),
        widths=(3, 2, 1, 1),
        numbers=frozenset({2, 3}),
        note=_rest(len(counted.suppressed), tongue),
    )
    found = {figure.indicator.key: figure.indicator for figure in counted.sheet.figures}
    rows = tuple(
        (
            tongue.retell(found[key].name_zh, found[key].name_en),
            _reason(key, code, profile, tongue),
            str(number),
        )
        for key, reasons in sorted(counted.sheet.reasons.items())
        for code, number in _most(reasons)
    )
    coded = Table(
        heads=tuple(tongue.say("事项|原因|件次", "What|Reason|Count").split("|")),
        rows=rows,
        widths=(1.5, 4, 1),
        numbers=frozenset({2}),
        note=_rest(len(rows), tongue),
    )
    parts: tuple[Part, ...] = (approvals, coded)
    title = tongue.say("核准不报与按原因办结", "Suppressed, and ended with a reason")
    return Section(title=title, parts=parts)


def _most(reasons: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda one: (-one[1], one[0]))


def _reason(key: Key, code: str, profile: Profile, tongue: Tongue) -> str:
    if key is Key.CANNOT_TELL and code in {*Reason}:
        return tongue.say(*reason_words(Reason(code)))
    if key in {Key.HELD, Key.HELD_ON} and code in {*HeldFor}:
        return tongue.retell(*HeldFor(code).words)
    known = profile.reasons_for(_ACTIONS[key]) if key in _ACTIONS else ()
    named = next((each for each in known if each.code == code), None)
    if named is None:
        return code or tongue.say("（未写原因代码）", "(no reason code)")
    return f"{code} {tongue.say(named.name_zh, named.name_en)}"


def _class(category: CatalogClass, tongue: Tongue) -> str:
    return tongue.say(category.name_zh, category.name_en)


def _department(id_: str, profile: Profile, tongue: Tongue) -> str:
    known = profile.departments.get(DepartmentId(id_))
    return tongue.say(known.name_zh, known.name_en) if known else id_


def _moment(at: datetime, profile: Profile) -> str:
    return f"{at.astimezone(profile.zone):%Y-%m-%d %H:%M}"


def _span(due_at: datetime, until: datetime, tongue: Tongue) -> str:
    hours = max(0.0, (until - due_at).total_seconds() / 3600)
    if hours < 48:
        return tongue.say(f"{hours:.1f} 小时", f"{hours:.1f} h")
    return tongue.say(f"{hours / 24:.1f} 天", f"{hours / 24:.1f} d")


def _rest(number: int, tongue: Tongue) -> str:
    if number == 0:
        return tongue.say("本期没有。", "None in the period.")
    if number <= MOST:
        return ""
    return tongue.say(
        f"共 {number} 行，此处只列 {MOST} 行，全部见同期 Excel 报表的[案卷]表。",
        f"{number} rows, {MOST} of them here; all [cases] are in the workbook of the period.",
    )
