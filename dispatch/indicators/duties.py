"""Counts of what should have been done in a period: how much, done, on time, late, left undone."""

from typing import Final

from dispatch.indicators.formula import Kind, Test
from dispatch.indicators.indicator import Indicator, Key, Words, number
from dispatch.indicators.parts import due, owed

_NAMED: Final[dict[Kind, tuple[str, str, str]]] = {
    Kind.CONFIRM: ("confirm", "核实", "confirmed or refuted"),
    Kind.DISPATCH: ("dispatch", "派遣", "dispatched"),
    Kind.HANDLING: ("handling", "处置", "handled"),
    Kind.CHECK: ("check", "核查", "checked"),
    Kind.WHOLE: ("closure", "结案", "closed"),
    Kind.REPLY: ("reply", "回复督办", "replied to"),
}


_GIVEN_UP_WITH_IT: Final = frozenset({Kind.HANDLING, Kind.WHOLE})
"""What stays to be done where a case is given up."""


def _of_duty(kind: Kind) -> tuple[Indicator, ...]:
    key, zh, en = _NAMED[kind]
    ends_with_case = kind in _GIVEN_UP_WITH_IT

    def counted(which: str, names: Words, formula: Words, *tests: Test) -> Indicator:
        return number(Key(f"{which}_{key}"), names, formula, due(kind, *tests))

    should = f"应{zh}", f"should be {en}"
    return (
        number(
            Key(f"due_{key}"),
            (f"{should[0]}数", should[1]),
            (
                f"本期应{zh}：时限在本期内到期，或此前到期而期初仍未{zh}；"
                f"到期前挂账的不计{'，到期前未修终结的计入' if ends_with_case else ''}",
                f"{should[1]} in the period: the deadline falls in it, or came before and it was "
                "open at its start; not what is suspended since before its deadline"
                f"{'; what was given up before it is in' if ends_with_case else ''}",
            ),
            owed(kind) if ends_with_case else due(kind),
        ),
        counted(
            "done",
            (f"应{zh}中已{zh}数", f"{en}, of those due"),
            (
                f"{should[0]}中已{zh}的，不论早晚",
                f"{en}, on time or late, of those that {should[1]}",
            ),
            Test.DONE,
        ),
        counted(
            "in_time",
            (f"按期{zh}数", f"{en} on time"),
            (f"{should[0]}中按期{zh}的", f"{en} by the deadline, of those that {should[1]}"),
            Test.ON_TIME,
        ),
        counted(
            "late",
            (f"超期{zh}数", f"{en} late"),
            (f"{should[0]}中超期才{zh}", f"{en} after the deadline, of those that {should[1]}"),
            Test.LATE,
        ),
        counted(
            "overdue",
            (f"超期未{zh}数", f"overdue and not {en}"),
            (
                f"{should[0]}中超期仍未{zh}",
                f"overdue and not {en}: past the deadline, of those that {should[1]}",
            ),
            Test.UNDONE,
        ),
    )


DUTY_COUNTS: Final = tuple(one for kind in _NAMED for one in _of_duty(kind))
