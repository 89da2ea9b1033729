"""Who answers for a case that a department gave back and that ends unrepaired, worked by hand.

Times are hours of November: dispatched at 0, to be handled by 50 and closed by 100.
"""

import pytest

from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.figures.evaluation import count_cases, figures, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.indicators.indicator import Key
from dispatch.loop import casework
from tests.dispatch.city import CITIES, DISPATCHER, SANITATION, SUPERVISOR, City, city_of
from tests.dispatch.evaluating import (
    AFTERWARDS,
    NOVEMBER,
    POLICY,
    declined,
    dispatched,
    hour,
    send,
    suspended,
)
from tests.dispatch.more_lives import given_back

NOBODYS = {"code": "W4", "nobodys": True}
KEYS = (Key.DUE_CLOSURE, Key.GIVEN_UP, Key.DUE_HANDLING, Key.RETURNED)


def off(case: Case, *, at: float, nobodys: bool = True) -> Case:
    """Write a case off, because the thing is no department's or for another reason."""
    grounds = NOBODYS if nobodys else {"code": "W2"}
    case.write_off(Decision(by=SUPERVISOR, at=hour(at), note="核定", grounds=grounds))
    return case


def void(case: Case, *, at: float, nobodys: bool = True) -> Case:
    """Make a case void after it was given back to filing."""
    grounds = {"code": "V3", "nobodys": True} if nobodys else {"code": "V1"}
    given_back(case, at=at).void(
        Decision(by=SUPERVISOR, at=hour(at + 1), note="核定", grounds=grounds)
    )
    return case


def counts(case: Case) -> dict[str, tuple[int, ...]]:
    """Give due to close, given up, due to handle and returned, of each department and of all."""
    found = {}
    for by in (Grouping.DEPARTMENT, Grouping.CITY):
        told = count_cases(
            [case], parts=parts_of(POLICY), window=NOVEMBER.known_at(AFTERWARDS), by=by
        )
        for name, parts in told.items():
            by_key = {each.indicator.key: each for each in figures(parts, policy=POLICY)}
            row = tuple(by_key[key].numerator for key in KEYS)
            found["all" if by is Grouping.CITY else name] = row
    return found


ENDS = {
    "written off while nobody had it": (
        lambda: off(declined(dispatched(), at=10), at=20),
        {"roads": (0, 0, 0, 1), "": (1, 1, 0, 0), "all": (1, 1, 0, 1)},
    ),
    "void while nobody had it": (
        lambda: void(declined(dispatched(), at=10), at=20),
        {"roads": (0, 0, 0, 1), "": (1, 1, 0, 0), "all": (1, 1, 0, 1)},
    ),
    "for another reason: it stays who gave it back's": (
        lambda: off(declined(dispatched(), at=10), at=20, nobodys=False),
        {"roads": (1, 1, 0, 1), "all": (1, 1, 0, 1)},
    ),
    "void for another reason": (
        lambda: void(declined(dispatched(), at=10), at=20, nobodys=False),
        {"roads": (1, 1, 0, 1), "all": (1, 1, 0, 1)},
    ),
    "given back only after its limit: the miss stays, the end is nobody's": (
        lambda: off(declined(dispatched(), at=60), at=70),
        {"roads": (0, 0, 1, 1), "": (1, 1, 0, 0), "all": (1, 1, 1, 1)},
    ),
    "sent to it again, so that the dispatcher found it not right": (
        lambda: off(send(declined(dispatched(), at=10), at=11, due=51), at=20),
        {"roads": (1, 1, 1, 1), "all": (1, 1, 1, 1)},
    ),
    "never given back": (
        lambda: off(dispatched(), at=20),
        {"roads": (1, 1, 1, 0), "all": (1, 1, 1, 0)},
    ),
    "resting at the department when it was written off": (
        lambda: off(suspended(dispatched(), at=2, until=600), at=20),
        {"roads": (1, 1, 1, 0), "all": (1, 1, 1, 0)},
    ),
    "gone on to another, which had it when it was written off": (
        lambda: off(send(declined(dispatched(), at=10), at=11, due=60, to=SANITATION), at=20),
        {"roads": (0, 0, 0, 1), "sanitation": (1, 1, 1, 0), "all": (1, 1, 1, 1)},
    ),
    "given back by both": (
        lambda: off(
            declined(send(declined(dispatched(), at=10), at=11, due=60, to=SANITATION), at=12),
            at=20,
        ),
        {"roads": (0, 0, 0, 1), "sanitation": (0, 0, 0, 1), "": (1, 1, 0, 0), "all": (1, 1, 0, 2)},
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_who_answers_for_the_end_of_what_was_given_back(end: str) -> None:
    make, expected = ENDS[end]

    found = counts(make())

    assert {name: row for name, row in found.items() if any(row)} == expected


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest) -> City:
    return city_of(request.param)


def test_the_citys_reason_for_an_end_says_that_the_thing_is_no_departments(city: City) -> None:
    codes = [each for each in city.profile.reasons if each.nobodys and each.action is Action.VOID]
    case = city.case(city.dispatched())
    back = Decision(
        by=city.worker,
        at=city.later(minutes=9),
        note="不属我处",
        code=city.reason(Action.DECLINE) or "",
    )
    casework.decline_case(case.id, back, profile=city.profile, uow=city.uow)
    again = Decision(by=DISPATCHER, at=city.later(minutes=9), note="不应立案")
    casework.return_case(case.id, again, uow=city.uow)
    end = Decision(by=SUPERVISOR, at=city.later(minutes=9), code=codes[0].code)

    casework.void_case(case.id, end, profile=city.profile, uow=city.uow)

    assert city.case(case.id).history[-1].grounds["nobodys"] is True
