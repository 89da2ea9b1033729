"""Lives of cases with every indicator worked by hand; what a row does not name is nought.

Times are hours of November. A dispatched case is to be dispatched by hour 2, handled by 50 and
closed by 100; the check of what is handled is due 40 hours later. November has 720 hours.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import pytest

from dispatch.case.case import Case, Source
from dispatch.case.step import Decision, Grounds
from dispatch.clocks.clock import Stage
from dispatch.clocks.period import Period
from dispatch.figures.evaluation import Figure
from dispatch.ids import DepartmentId
from dispatch.indicators.indicator import Key
from dispatch.indicators.patrols import PATROLS
from tests.dispatch.city import ROADS, SANITATION, SUPERVISOR
from tests.dispatch.evaluating import (
    DECEMBER,
    NOVEMBER,
    OCTOBER,
    PLAIN_WEEKS,
    SHANGHAI,
    appealed,
    asked,
    by_calendar,
    checked,
    clock,
    closed,
    confirmed,
    declined,
    dismissed,
    dispatched,
    done,
    evaluate,
    extended,
    file,
    filed,
    finish_accepted,
    finished,
    held,
    hour,
    refuted,
    reopened,
    replied,
    reported,
    resting,
    resumed,
    send,
    sent_back,
    supervised,
    suspended,
    upheld,
    verified,
    working,
    written_off,
)
from tests.dispatch.more_lives import (
    accepted,
    collector_put_it_right,
    found_known,
    given_back,
    merged,
    put_right,
    redone_by_another,
    voided,
)

Worked = dict[str, tuple[int, int | None]]


def worked(*texts: str) -> Worked:
    """Read figures written as `name n` or `name n/of`; a later one stands in an earlier's place."""
    found: Worked = {}
    for text in texts:
        for entry in filter(None, (each.strip() for each in text.split(";"))):
            name, _, value = entry.partition(" ")
            hits, _, of = value.partition("/")
            found[name] = (int(hits), int(of) if of else None)
    return {name: value for name, value in found.items() if value not in {(0, None), (0, 0)}}


NOUGHT: Final = {(0, None), (0, 0)}
TWINS: Final = {
    "found_untrue": "false_alarm",
    "filed_in_time": "on_time_filing",
    "filed_rightly": "correct_filing",
    "found_by_public": "public_found",
    "sent_rightly": "correct_dispatch",
    "reworked": "rework",
    "given_up": "given_up_rate",
    "held": "held_rate",
}
"""Counts that are the numerators of rates."""
DUTIES: Final = ("confirm", "dispatch", "handling", "check", "closure", "reply")


def with_twins(found: Worked) -> Worked:
    """Add the counts that rates worked by hand are made of, and what no row need say.

    That is: no filing was overlooked, nothing recurred or was given up, nothing was extended.
    """
    to_close = found.get("rework", (0, 0))[1]
    usual: Worked = {
        "given_up_rate": (0, to_close),
        "recurrence": (0, to_close),
        "first_limit_handling": found.get("on_time_handling", (0, 0)),
    }
    found = {**usual, **found}
    more = {count: (found.get(rate, (0, 0))[0], None) for count, rate in TWINS.items()}
    for duty in DUTIES:
        in_time, due = found.get(f"on_time_{duty}", (0, 0))
        late, _ = found.get(f"late_{duty}", (0, None))
        more |= {f"due_{duty}": (due or 0, None), f"in_time_{duty}": (in_time, None)}
        more[f"done_{duty}"] = (in_time + late, None)
    filed = found.get("filed", (0, None))[0]
    all_of_them: Worked = {"missed_rate": (0, filed), **more, **found}
    return {name: value for name, value in all_of_them.items() if value not in {(0, None), (0, 0)}}


REPORTED: Final = "reported 1; valid_report 0/1; filing 0/1"
CONFIRMED: Final = "reported 1; valid_reported 1; valid_report 1/1; false_alarm 0/1; filing 0/1"
FILED: Final = CONFIRMED + ";filed 1; public_found 0/1; filing 1/1; correct_filing 1/1"
NOT_SENT: Final = "overdue_dispatch 1; on_time_dispatch 0/1"
SENT: Final = FILED + ";dispatched 1; on_time_dispatch 1/1; correct_dispatch 1/1"
UNHANDLED: Final = "overdue_handling 1; handling 0/1; on_time_handling 0/1"
GIVEN_UP: Final = "written_off 1; given_up_rate 1/1"
UNCLOSED: Final = "overdue_closure 1; closure 0/1; on_time_closure 0/1; rework 0/1"
OPEN: Final = ";".join((SENT, UNHANDLED, UNCLOSED))
HANDLED: Final = "overdue_handling 0; handling 1/1; on_time_handling 1/1"
HANDLED_LATE: Final = "overdue_handling 0; late_handling 1; handling 1/1; on_time_handling 0/1"
UNCHECKED: Final = "overdue_check 1; on_time_check 0/1"
CHECKED: Final = "overdue_check 0; on_time_check 1/1"
CLOSED: Final = "overdue_closure 0; closed 1; closure 1/1; on_time_closure 1/1; rework 0/1"
CLOSED_LATE: Final = "overdue_closure 0; closed 1; late_closure 1; closure 1/1; on_time_closure 0/1"
DONE: Final = ";".join((SENT, HANDLED, CHECKED, CLOSED))
NOT_DUE: Final = "overdue_handling 0; handling 0/0; on_time_handling 0/0"
NOT_TO_CLOSE: Final = "overdue_closure 0; closure 0/0; on_time_closure 0/0; rework 0/0"
NOT_NEW: Final = (
    "reported 0; valid_reported 0; valid_report 0/0; false_alarm 0/0; filing 0/0; filed 0;"
    "public_found 0/0; correct_filing 0/0; dispatched 0; correct_dispatch 0/0"
)
"""Reported, filed and dispatched, all in time, before November."""
SENT_BEFORE: Final = ";".join((NOT_NEW, "on_time_dispatch 0/0"))

OF_PATROLS: Final = frozenset(each.key for each in PATROLS)

FRIDAY: Final = datetime(2026, 11, 13, 15, tzinfo=SHANGHAI)
SATURDAY: Final = datetime(2026, 11, 14, 10, tzinfo=SHANGHAI)
MONDAY: Final = datetime(2026, 11, 16, 8, 30, tzinfo=SHANGHAI)
TUESDAY: Final = datetime(2026, 11, 17, 8, 30, tzinfo=SHANGHAI)


def check(cases: Sequence[Case], expected: Worked, period: Period) -> None:
    """Hold every indicator to what was worked by hand."""
    found = evaluate(*cases, period=period)

    told = {key: _told(figure) for key, figure in found.items() if key not in OF_PATROLS}
    assert {
        key.value: value for key, value in told.items() if value not in {(0, None), (0, 0)}
    } == (with_twins(expected))


def _told(figure: Figure) -> tuple[int, int | None]:
    return figure.numerator, figure.denominator if figure.indicator.is_rate else None


Row = tuple[Callable[[], Sequence[Case]], Worked]
LIVES: Final[dict[str, Row]] = {
    "no case at all": (lambda: [], worked()),
    "reported and no more": (lambda: [reported()], worked(REPORTED)),
    "reported, then found true": (lambda: [confirmed(reported(), at=1)], worked(CONFIRMED)),
    "reported, then found untrue": (
        lambda: [refuted(reported(), at=1)],
        worked(REPORTED, "false_alarm 1/1; filing 0/0"),
    ),
    "one true, one untrue, one undecided": (
        lambda: [filed("1"), refuted(reported("2"), at=1), reported("3")],
        worked(
            FILED,
            NOT_SENT,
            UNCLOSED,
            "reported 3; valid_report 1/3; false_alarm 1/2; filing 1/2",
        ),
    ),
    "found untrue, reopened, found true after all": (
        lambda: [confirmed(_reported_again(), at=4)],
        worked(CONFIRMED, "reopened 1; false_alarm 0/1"),
    ),
    "to be confirmed, and nobody went": (
        lambda: [asked(due=4)],
        worked(REPORTED, "overdue_confirm 1; on_time_confirm 0/1"),
    ),
    "to be confirmed in December: not November's": (
        lambda: [asked(at=700, due=730)],
        worked(REPORTED),
    ),
    "confirmed at the very limit, filed an hour after it": (
        lambda: [file(confirmed(asked(due=4), at=4), at=5, dispatch_due=7, whole_due=100)],
        worked(FILED, NOT_SENT, UNCLOSED, "on_time_confirm 1/1; on_time_filing 0/1"),
    ),
    "confirmed late, filed at once": (
        lambda: [file(confirmed(asked(due=4), at=5), at=5, dispatch_due=7, whole_due=100)],
        worked(FILED, NOT_SENT, UNCLOSED, "late_confirm 1; on_time_confirm 0/1")
        | worked("on_time_filing 0/1"),
    ),
    "confirmed and filed within the limit, given back, filed again much later": (
        lambda: [
            file(
                given_back(
                    file(confirmed(asked(due=4), at=1), at=2, dispatch_due=4, whole_due=100), at=3
                ),
                at=20,
                dispatch_due=22,
            )
        ],
        worked(FILED, NOT_SENT, UNCLOSED, "on_time_confirm 1/1; on_time_filing 1/1")
        | worked("given_back 1; filed 2; public_found 0/2; correct_filing 1/2")
        | worked("on_time_dispatch 1/2"),
    ),
    "held, and only later somebody was sent, who confirmed in time": (
        lambda: [confirmed(_sent_to_look(held(), at=20, due=24), at=23)],
        worked(CONFIRMED, "on_time_confirm 1/1; held_rate 1/1"),
    ),
    "held back, and nobody ever looked": (
        lambda: [held("1"), held("2"), reported("3")],
        worked(REPORTED, "reported 3; valid_report 0/3; filing 0/3; held_rate 2/2; held_on 2"),
    ),
    "held back since October: still in stock, and no report of November": (
        lambda: [held(at=-100)],
        worked("held_on 1"),
    ),
    "held back in October and void in October: no stock of November": (
        lambda: [voided(held(at=-100), at=-50)],
        worked(),
    ),
    "held back in October and void in November: no stock at its end": (
        lambda: [voided(held(at=-100), at=50)],
        worked("voided 1"),
    ),
    "held back until December: in stock at the end of November": (
        lambda: [confirmed(_sent_to_look(held(at=10), at=730, due=734), at=731)],
        worked(REPORTED, "held_rate 1/1; held_on 1"),
    ),
    "held back, and filed unasked when a later pass was surer": (
        lambda: [file(held(), at=1, dispatch_due=3, whole_due=100)],
        worked(FILED, NOT_SENT, UNCLOSED, "false_alarm 0/0; held_rate 1/1; held_filed 1"),
    ),
    "put right before it was confirmed: one correction, and nobody's time begins anew": (
        lambda: [confirmed(put_right(asked(due=4), at=3), at=4)],
        worked(CONFIRMED, "on_time_confirm 1/1; corrected 1"),
    ),
    "put right after the limit to confirm: a delay all the same": (
        lambda: [put_right(asked(due=4), at=5)],
        worked(REPORTED, "overdue_confirm 1; on_time_confirm 0/1; corrected 1"),
    ),
    "given back to filing as of the wrong class, put right, filed anew: filed wrongly once": (
        lambda: [
            file(put_right(given_back(filed(), at=1), at=3), at=4, dispatch_due=6),
        ],
        worked(FILED, NOT_SENT, UNCLOSED, "given_back 1; filed 2; public_found 0/2")
        | worked("correct_filing 1/2; on_time_dispatch 1/2; corrected 1"),
    ),
    "found untrue within the limit": (
        lambda: [refuted(asked(due=4), at=3)],
        worked(REPORTED, "false_alarm 1/1; filing 0/0; on_time_confirm 1/1"),
    ),
    "voided before anybody had to go": (
        lambda: [voided(asked(due=4), at=3)],
        worked(REPORTED, "voided 1"),
    ),
    "voided only after somebody should have gone": (
        lambda: [voided(asked(due=4), at=9)],
        worked(REPORTED, "voided 1; overdue_confirm 1; on_time_confirm 0/1"),
    ),
    "filed although a pass had looked there before in vain": (
        lambda: [_overlooked()],
        worked(FILED, NOT_SENT, UNCLOSED, "missed 1; missed_rate 1/1"),
    ),
    "one overlooked of two": (
        lambda: [_overlooked(), filed("2")],
        worked(
            "reported 2; valid_reported 2; valid_report 2/2; false_alarm 0/2; filing 2/2; filed 2",
            "public_found 0/2; correct_filing 2/2; missed 1; missed_rate 1/2; overdue_dispatch 2",
            "on_time_dispatch 0/2; overdue_closure 2; closure 0/2; on_time_closure 0/2; rework 0/2",
        ),
    ),
    "voided before filing": (
        lambda: [voided(confirmed(reported(), at=1), at=2)],
        worked(CONFIRMED, "voided 1"),
    ),
    "merged into another": (lambda: [merged(reported(), at=1)], worked(REPORTED, "merged 1")),
    "found by the machine to be known before anybody looked: no report of its own": (
        lambda: [found_known(reported(), at=1)],
        worked("merged 1"),
    ),
    "found by the machine to be known beside a true one: that one alone counts": (
        lambda: [found_known(reported("2"), at=1), confirmed(reported(), at=1)],
        worked(CONFIRMED, "merged 1"),
    ),
    "found by the machine to be known after a person said that it is true: it counts": (
        lambda: [found_known(confirmed(reported(), at=1), at=2)],
        worked(CONFIRMED, "merged 1"),
    ),
    "merged after filing: filed wrongly, and nobody's delay any more": (
        lambda: [merged(filed(), at=1)],
        worked(FILED, "merged 1; correct_filing 0/1"),
    ),
    "merged after it was overdue: still a delay": (
        lambda: [merged(filed(), at=300)],
        worked(FILED, "merged 1; correct_filing 0/1", NOT_SENT, UNCLOSED),
    ),
    "found by the public": (
        lambda: [filed(source=Source.PUBLIC)],
        worked(FILED, NOT_SENT, UNCLOSED, "public_found 1/1"),
    ),
    "one by the public, two by patrols": (
        lambda: [filed("1", source=Source.PUBLIC), done("2"), done("3")],
        worked(
            "reported 3; valid_reported 3; valid_report 3/3; false_alarm 0/3; filing 3/3",
            "filed 3; public_found 1/3; correct_filing 3/3; dispatched 2; correct_dispatch 2/2",
            "overdue_dispatch 1; on_time_dispatch 2/3; handling 2/2; on_time_handling 2/2",
            "on_time_check 2/2; closed 2; overdue_closure 1; closure 2/3; on_time_closure 2/3",
            "rework 0/3",
        ),
    ),
    "recurred: a new case that follows a closed one": (
        lambda: [reported("2", at=200, recurs=done("1"))],
        worked(REPORTED, "recurred 1"),
    ),
    "closed, and the thing recurs: no rework for who repaired it": (
        lambda: [done("1"), reported("2", at=200, recurs=done("1"))],
        worked(DONE, "reported 2; valid_report 1/2; filing 1/2; recurred 1"),
    ),
    "filed and never dispatched": (lambda: [filed()], worked(FILED, NOT_SENT, UNCLOSED)),
    "dispatched at the very deadline": (
        lambda: [send(filed(), at=2, due=50)],
        worked(OPEN),
    ),
    "dispatched late": (
        lambda: [send(filed(), at=3, due=50)],
        worked(OPEN, "late_dispatch 1; on_time_dispatch 0/1"),
    ),
    "given back to filing by the dispatcher and no more": (
        lambda: [given_back(filed(), at=1)],
        worked(FILED, "given_back 1; correct_filing 0/1; on_time_dispatch 1/1", UNCLOSED),
    ),
    "given back to filing, filed anew, dispatched in time": (
        lambda: [send(file(given_back(filed(), at=1), at=4, dispatch_due=6), at=5, due=50)],
        worked(OPEN, "given_back 1; filed 2; public_found 0/2; correct_filing 1/2")
        | worked("on_time_dispatch 2/2"),
    ),
    "dispatched, nobody handles it: overdue and open counts": (
        lambda: [dispatched()],
        worked(OPEN),
    ),
    "handled before the deadline, never checked": (
        lambda: [finished(dispatched(), at=40)],
        worked(OPEN, HANDLED, UNCHECKED),
    ),
    "handled at the very deadline": (
        lambda: [finished(dispatched(), at=50)],
        worked(OPEN, HANDLED, UNCHECKED),
    ),
    "handled a little after it": (
        lambda: [finished(dispatched(), at=50.01)],
        worked(OPEN, HANDLED_LATE, UNCHECKED),
    ),
    "handled, checked, closed, all in time": (lambda: [done()], worked(DONE)),
    "checked on the spot, never closed": (
        lambda: [checked(finished(dispatched(), at=40), at=80)],
        worked(OPEN, HANDLED, CHECKED),
    ),
    "checked on the spot in time, closed late": (
        lambda: [closed(checked(finished(dispatched(), at=40), at=80), at=120)],
        worked(DONE, CLOSED_LATE),
    ),
    "checked late, closed with it": (
        lambda: [closed(finished(dispatched(), at=40), at=81)],
        worked(DONE, "late_check 1; on_time_check 0/1"),
    ),
    "closed at the very deadline": (
        lambda: [closed(checked(finished(dispatched(), at=40), at=41), at=100)],
        worked(DONE),
    ),
    "closed a little after it": (
        lambda: [closed(checked(finished(dispatched(), at=40), at=41), at=100.01)],
        worked(DONE, CLOSED_LATE),
    ),
    "handled late, closed in time": (
        lambda: [closed(finished(dispatched(), at=60), at=90)],
        worked(DONE, HANDLED_LATE),
    ),
    "one done, one overdue and open: one of two, not one of one": (
        lambda: [done("1"), dispatched("2")],
        worked(
            "reported 2; valid_reported 2; valid_report 2/2; false_alarm 0/2; filing 2/2; filed 2",
            "public_found 0/2; correct_filing 2/2; dispatched 2; correct_dispatch 2/2",
            "on_time_dispatch 2/2; overdue_handling 1; handling 1/2; on_time_handling 1/2",
            "on_time_check 1/1; closed 1; overdue_closure 1; closure 1/2; on_time_closure 1/2",
            "rework 0/2",
        ),
    ),
    "given back by the department in time: nobody's delay, dispatch is due again": (
        lambda: [declined(dispatched(), at=10)],
        worked(OPEN, NOT_DUE, "returned 1; overdue_dispatch 1; on_time_dispatch 1/2"),
    ),
    "given back after the deadline: a delay all the same": (
        lambda: [declined(dispatched(), at=60)],
        worked(OPEN, "returned 1; overdue_dispatch 1; on_time_dispatch 1/2"),
    ),
    "given back, sent elsewhere, done: one wrong dispatch of two": (
        lambda: [_handled_elsewhere(dispatched())],
        worked(DONE, "returned 1; dispatched 2; wrongly_dispatched 1; correct_dispatch 1/2")
        | worked("on_time_dispatch 2/2"),
    ),
    "given back, sent to the same again: not wrong, and no rework": (
        lambda: [
            closed(finished(send(declined(dispatched(), at=10), at=11, due=60), at=40), at=60)
        ],
        worked(DONE, "returned 1; dispatched 2; correct_dispatch 2/2; on_time_dispatch 2/2"),
    ),
    "given back twice, sent to three rounds of two departments": (
        lambda: [_two_departments_and_back()],
        worked(
            DONE,
            "returned 2; dispatched 3; wrongly_dispatched 2; correct_dispatch 1/3",
            "on_time_dispatch 3/3",
        ),
    ),
    "rework, both rounds in time": (
        lambda: [closed(finished(_sent_back_at_60(), at=70), at=90)],
        worked(DONE, "handling 2/2; on_time_handling 2/2; on_time_check 2/2; sent_back 1")
        | worked("rework 1/1"),
    ),
    "rework, second round late": (
        lambda: [closed(finished(_sent_back_at_60(), at=85), at=90)],
        worked(DONE, "late_handling 1; handling 2/2; on_time_handling 1/2; on_time_check 2/2")
        | worked("sent_back 1; rework 1/1"),
    ),
    "rework, second round never done": (
        lambda: [_sent_back_at_60()],
        worked(OPEN, "overdue_handling 1; handling 1/2; on_time_handling 1/2; sent_back 1")
        | worked(CHECKED, "rework 1/1"),
    ),
    "rework twice": (
        lambda: [
            closed(
                finished(sent_back(finished(_sent_back_at_60(), at=70), at=72, due=90), at=80),
                at=95,
            )
        ],
        worked(DONE, "handling 3/3; on_time_handling 3/3; on_time_check 3/3; sent_back 2")
        | worked("rework 1/1"),
    ),
    "sent back, given back, done by another": (
        lambda: [redone_by_another()],
        worked(DONE, "handling 2/2; on_time_handling 2/2; on_time_check 2/2; sent_back 1")
        | worked("returned 1; dispatched 2; wrongly_dispatched 1; correct_dispatch 1/2")
        | worked("on_time_dispatch 2/2; rework 1/1"),
    ),
    "one of two was sent back": (
        lambda: [closed(finished(_sent_back_at_60(), at=70), at=90), done("2")],
        worked(
            "reported 2; valid_reported 2; valid_report 2/2; false_alarm 0/2; filing 2/2; filed 2",
            "public_found 0/2; correct_filing 2/2; dispatched 2; correct_dispatch 2/2",
            "on_time_dispatch 2/2; handling 3/3; on_time_handling 3/3; on_time_check 3/3",
            "closed 2; closure 2/2; on_time_closure 2/2; sent_back 1; rework 1/2",
        ),
    ),
    "closed, reopened, sent to who had done it: rework, and a whole of its own": (
        lambda: [_done_again_after_reopening()],
        worked(DONE, "reopened 1; dispatched 2; correct_dispatch 2/2; on_time_dispatch 2/2")
        | worked("handling 2/2; on_time_handling 2/2; on_time_check 2/2; closed 2")
        | worked("closure 2/2; on_time_closure 2/2; rework 1/2"),
    ),
    "closed and reopened, then left": (
        lambda: [reopened(done(), at=200, whole_due=300)],
        worked(DONE, "reopened 1; overdue_dispatch 1; on_time_dispatch 1/2")
        | worked("overdue_closure 1; closure 1/2; on_time_closure 1/2; rework 0/2"),
    ),
    "extended, and done within the new limit": (
        lambda: [finish_accepted(_accepted_and_extended(), at=80)],
        worked(OPEN, HANDLED, UNCHECKED, "extended 1; first_limit_handling 0/1"),
    ),
    "extended, and done within the first limit all the same": (
        lambda: [finish_accepted(_accepted_and_extended(), at=50)],
        worked(OPEN, HANDLED, UNCHECKED, "extended 1"),
    ),
    "extended to 100, suspended from 20 to 480, done when 30 of the first 50 hours were left": (
        lambda: [
            finish_accepted(
                resumed(_extended_and_resting(), at=480, due=560, whole_due=600), at=510
            )
        ],
        worked(OPEN, HANDLED, UNCHECKED, "extended 1; suspended 1"),
    ),
    "the same, done an hour later: after the first limit": (
        lambda: [
            finish_accepted(
                resumed(_extended_and_resting(), at=480, due=560, whole_due=600), at=511
            )
        ],
        worked(OPEN, HANDLED, UNCHECKED, "extended 1; suspended 1; first_limit_handling 0/1"),
    ),
    "extended, and late all the same": (
        lambda: [finish_accepted(_accepted_and_extended(), at=101)],
        worked(OPEN, HANDLED_LATE, UNCHECKED, "extended 1"),
    ),
    "extended twice": (
        lambda: [finish_accepted(extended(_accepted_and_extended(), at=90, due=150), at=140)],
        worked(OPEN, HANDLED, UNCHECKED, "extended 2; first_limit_handling 0/1"),
    ),
    "extended into December: not November's": (
        lambda: [extended(accepted(dispatched(), at=1), at=2, due=730)],
        worked(OPEN, NOT_DUE, "extended 1"),
    ),
    "suspended over the end of the month: leaves what should be done": (
        lambda: [suspended(dispatched(), at=2, until=800)],
        worked(SENT, "suspended 1"),
    ),
    "suspended, resumed, done within what was left": (
        lambda: [
            finish_accepted(
                resumed(suspended(dispatched(), at=2, until=480), at=480, due=500, whole_due=600),
                at=490,
            )
        ],
        worked(OPEN, HANDLED, UNCHECKED, "suspended 1"),
    ),
    "suspended, resumed, never done": (
        lambda: [resumed(suspended(dispatched(), at=2, until=480), at=480, due=500, whole_due=600)],
        worked(OPEN, "suspended 1"),
    ),
    "resumed with limits of December: not November's": (
        lambda: [resumed(suspended(dispatched(), at=2, until=700), at=700, due=748, whole_due=798)],
        worked(SENT, "suspended 1"),
    ),
    "suspended after handling was overdue: that miss stays, the rest is out while it rests": (
        lambda: [suspended(dispatched(), at=60, until=800)],
        worked(SENT, UNHANDLED, "suspended 1"),
    ),
    "suspended after all was overdue: resting makes nothing better": (
        lambda: [suspended(dispatched(), at=200, until=800)],
        worked(OPEN, "suspended 1"),
    ),
    "suspended and then written off: given up, and no rest hides it": (
        lambda: [written_off(suspended(dispatched(), at=2, until=800), at=300)],
        worked(OPEN, "suspended 1; written_off 1; given_up_rate 1/1"),
    ),
    "appeal upheld: the miss leaves the rates": (
        lambda: [upheld(appealed(finished(dispatched(), at=80), at=81), at=90)],
        worked(SENT, UNCHECKED, "appealed 1; upheld 1"),
    ),
    "appeal dismissed: the miss stays": (
        lambda: [dismissed(appealed(finished(dispatched(), at=80), at=81), at=90)],
        worked(OPEN, HANDLED_LATE, UNCHECKED, "appealed 1"),
    ),
    "appeal not judged yet: the miss stays": (
        lambda: [appealed(finished(dispatched(), at=80), at=81)],
        worked(OPEN, HANDLED_LATE, UNCHECKED, "appealed 1"),
    ),
    "appeal judged only in December: November has the miss": (
        lambda: [upheld(appealed(finished(dispatched(), at=80), at=81), at=730)],
        worked(OPEN, HANDLED_LATE, UNCHECKED, "appealed 1"),
    ),
    "written off in time: no delay, and not closed all the same": (
        lambda: [written_off(dispatched(), at=20)],
        worked(OPEN, GIVEN_UP, "overdue_handling 0; overdue_closure 0"),
    ),
    "given back, then written off as no department's: given up all the same, and nobody's": (
        lambda: [_off_as_nobodys(declined(dispatched(), at=10), at=20)],
        worked(
            OPEN,
            GIVEN_UP,
            NOT_DUE,
            "returned 1; overdue_dispatch 1; on_time_dispatch 1/2",
            "overdue_closure 0",
        ),
    ),
    "written off between the two deadlines": (
        lambda: [written_off(dispatched(), at=60)],
        worked(OPEN, GIVEN_UP, "overdue_closure 0"),
    ),
    "written off after both: writing off makes nothing better": (
        lambda: [written_off(dispatched(), at=200)],
        worked(OPEN, GIVEN_UP),
    ),
    "written off before it was dispatched: not closed either, and no delay of dispatch": (
        lambda: [written_off(filed(), at=1)],
        worked(FILED, UNCLOSED, GIVEN_UP, "overdue_closure 0"),
    ),
    "written off in time, due in December: December's": (
        lambda: [written_off(dispatched(due=730, whole_due=760), at=20)],
        worked(SENT, "written_off 1"),
    ),
    "given back by the department, then by the dispatcher, then void: given up": (
        lambda: [voided(given_back(declined(dispatched(), at=10), at=11), at=12)],
        worked(OPEN, NOT_DUE, "given_up_rate 1/1; overdue_closure 0")
        | worked("returned 1; given_back 1; correct_filing 0/1; voided 1; on_time_dispatch 2/2"),
    ),
    "given back to filing before anybody had it, then void: filed wrongly, nobody's to close": (
        lambda: [voided(given_back(filed(), at=1), at=2)],
        worked(FILED, "given_back 1; correct_filing 0/1; voided 1; on_time_dispatch 1/1"),
    ),
    "sent back, then written off: still rework": (
        lambda: [written_off(_sent_back_at_60(), at=70)],
        worked(OPEN, HANDLED, CHECKED, GIVEN_UP, "overdue_closure 0; sent_back 1")
        | worked("handling 1/2; on_time_handling 1/2; rework 1/1"),
    ),
    "what recurred is filed, and stands as such among what is to close": (
        lambda: [_recurred_and_filed()],
        worked(FILED, NOT_SENT, UNCLOSED, "recurred 1; recurrence 1/1"),
    ),
    "supervised and replied to in time": (
        lambda: [replied(supervised(dispatched(), at=60, due=64), at=64)],
        worked(OPEN, "supervised 1; on_time_reply 1/1"),
    ),
    "supervised and replied to late": (
        lambda: [replied(supervised(dispatched(), at=60, due=64), at=65)],
        worked(OPEN, "supervised 1; late_reply 1; on_time_reply 0/1"),
    ),
    "supervised, no reply, supervised again and replied to": (
        lambda: [
            replied(supervised(supervised(dispatched(), at=60, due=64), at=70, due=72), at=71)
        ],
        worked(OPEN, "supervised 2; overdue_reply 1; on_time_reply 1/2"),
    ),
    "put right by the collector, closed without a department": (
        lambda: [closed(collector_put_it_right(reported(), at=1), at=5)],
        worked(
            "reported 1; valid_reported 1; valid_report 1/1; filing 0/1; self_handled 1",
            "closed 1; on_time_check 1/1; self_handled_false 0/1",
        ),
    ),
    "put right by the collector in word only: filed after the check": (
        lambda: [
            file(collector_put_it_right(reported(), at=1), at=5, dispatch_due=7, whole_due=800)
        ],
        worked(
            "reported 1; valid_reported 1; valid_report 1/1; filing 1/1; filed 1; filed_rightly 1",
            "correct_filing 1/1; public_found 0/1; missed_rate 0/1",
            "due_dispatch 1; overdue_dispatch 1; on_time_dispatch 0/1",
            "on_time_check 1/1; self_handled 1; self_handled_undone 1; self_handled_false 1/1",
        ),
    ),
    "put right by the collector, closed, and seen again": (
        lambda: [_recurred_after_the_collector()],
        worked(
            "reported 1; valid_reported 0; valid_report 0/1; filing 0/1; recurred 1",
            "self_handled_recurred 1",
        ),
    ),
    "the last verdict of passes counts": (
        lambda: [
            verified(
                verified(finished(dispatched(), at=40), at=45, verdict="repaired"),
                at=50,
                verdict="cannot_tell",
                reason="occluded",
            )
        ],
        worked(OPEN, HANDLED, UNCHECKED, "cannot_tell 1/1"),
    ),
    "told after all": (
        lambda: [
            verified(
                verified(
                    finished(dispatched(), at=40), at=45, verdict="cannot_tell", reason="occluded"
                ),
                at=50,
                verdict="repaired",
            )
        ],
        worked(OPEN, HANDLED, UNCHECKED, "cannot_tell 0/1"),
    ),
    "due in December: not November's": (
        lambda: [dispatched(due=730, whole_due=760)],
        worked(SENT),
    ),
    "due in December and done in November: December's": (
        lambda: [
            closed(checked(finished(dispatched(due=730, whole_due=760), at=40), at=50), at=60)
        ],
        worked(SENT, CHECKED, "closed 1"),
    ),
    "due in October and still open: November's, overdue": (
        lambda: [dispatched(at=-60, due=-10, whole_due=-5)],
        worked(OPEN, SENT_BEFORE),
    ),
    "due and done, late, in October: only its check was due in November": (
        lambda: [closed(finished(dispatched(at=-60, due=-10, whole_due=-5), at=-4), at=-2)],
        worked(CHECKED),
    ),
    "due in October, done in November: November's, late": (
        lambda: [closed(finished(dispatched(at=-60, due=-10, whole_due=-5), at=5), at=9)],
        worked(DONE, SENT_BEFORE, HANDLED_LATE, CLOSED_LATE),
    ),
    "due at the first moment of November": (
        lambda: [finished(dispatched(at=-60, due=0, whole_due=730), at=-1)],
        worked(SENT_BEFORE, HANDLED, UNCHECKED),
    ),
    "due at the first moment of December": (
        lambda: [finished(dispatched(at=600, due=720, whole_due=730), at=710)],
        worked(SENT),
    ),
    "done at the first moment of December: November sees it open": (
        lambda: [finished(dispatched(at=600, due=700, whole_due=730), at=720)],
        worked(SENT, UNHANDLED),
    ),
    "reported at the last moment of October": (
        lambda: [reported(at=-0.001)],
        worked(),
    ),
    "four working hours from Friday 15:00, done on Monday 08:30": (
        lambda: [by_calendar(PLAIN_WEEKS, filed_at=FRIDAY, limit="4工作时", handled_at=MONDAY)],
        worked(SENT, HANDLED, UNCHECKED),
    ),
    "the same, Saturday being worked for a holiday: it was due on Saturday at 09:00": (
        lambda: [
            by_calendar(
                working(PLAIN_WEEKS, SATURDAY),
                filed_at=FRIDAY,
                limit="4工作时",
                handled_at=MONDAY,
            )
        ],
        worked(SENT, HANDLED_LATE, UNCHECKED),
    ),
    "the same, Monday being a holiday, done on Tuesday 08:30": (
        lambda: [
            by_calendar(
                resting(PLAIN_WEEKS, MONDAY),
                filed_at=FRIDAY,
                limit="4工作时",
                handled_at=TUESDAY,
            )
        ],
        worked(SENT, HANDLED, UNCHECKED),
    ),
    "done on Tuesday although Monday was worked: late": (
        lambda: [by_calendar(PLAIN_WEEKS, filed_at=FRIDAY, limit="4工作时", handled_at=TUESDAY)],
        worked(SENT, HANDLED_LATE, UNCHECKED),
    ),
    "emergency hours run through the night and the weekend": (
        lambda: [
            by_calendar(PLAIN_WEEKS, filed_at=FRIDAY, limit="2紧急工作时", handled_at=SATURDAY)
        ],
        worked(SENT, HANDLED_LATE, UNCHECKED),
    ),
    "one working day from Friday 15:00 is Monday 15:00": (
        lambda: [by_calendar(PLAIN_WEEKS, filed_at=FRIDAY, limit="1工作日", handled_at=MONDAY)],
        worked(SENT, HANDLED, UNCHECKED),
    ),
}


@pytest.mark.parametrize("life", LIVES)
def test_every_indicator_equals_the_one_worked_by_hand(life: str) -> None:
    make, expected = LIVES[life]

    check(make(), expected, NOVEMBER)


def test_there_are_sixty_lives_worked_by_hand() -> None:
    assert len(LIVES) >= 60


def test_a_case_over_three_months_leaves_to_each_what_was_its_own() -> None:
    case = closed(finished(dispatched(at=-60, due=-10, whole_due=740), at=5), at=800)

    check([case], worked(SENT, UNHANDLED), OCTOBER)
    check([case], worked(HANDLED_LATE, UNCHECKED), NOVEMBER)
    check([case], worked("late_check 1; on_time_check 0/1", CLOSED_LATE, "rework 0/1"), DECEMBER)


def _sent_to_look(case: Case, *, at: float, due: float) -> Case:
    limit: Grounds = {"clocks": {"confirm": {"due_at": hour(due).isoformat()}}}
    case.ask_confirmation(Decision(by=SUPERVISOR, at=hour(at), grounds=limit))
    return case


def _overlooked() -> Case:
    case = confirmed(reported("missed"), at=0)
    grounds: Grounds = {"missed": [{"pass": "vehicle-07:1", "at": hour(-20).isoformat()}]}
    clocks = [clock(Stage.DISPATCH, 0, 2), clock(Stage.WHOLE, 0, 100)]
    case.file(Decision(by=SUPERVISOR, at=hour(0), grounds=grounds), clocks=clocks)
    return case


def test_the_time_from_sight_to_filing_is_that_of_the_middle_case_and_of_nine_in_ten() -> None:
    cases = [
        file(
            confirmed(
                reported(str(n), grounds={"captured_at": hour(-n).isoformat()}, at=0), at=0.5
            ),
            at=1,
            dispatch_due=3,
        )
        for n in range(1, 11)
    ]
    by_person = file(confirmed(reported("p", at=100), at=100), at=100.5, dispatch_due=103)

    found = evaluate(*cases, by_person)

    # The times are 2, 3 … 11 hours and, for the person's report, half an hour.
    assert found[Key.MEDIAN_TO_FILING].value == pytest.approx(6.0)
    assert found[Key.P90_TO_FILING].value == pytest.approx(10.0)
    assert found[Key.P90_TO_FILING].denominator == 11


def test_departments_that_passes_served_are_counted_once_for_each_pass() -> None:
    def found_by(name: str, pass_id: str, to: DepartmentId) -> Case:
        case = confirmed(reported(name, grounds={"pass": pass_id}), at=0)
        return send(file(case, at=0, dispatch_due=2), at=1, due=50, to=to)

    found = evaluate(
        found_by("1", "vehicle-07:1", ROADS),
        found_by("2", "vehicle-07:1", ROADS),
        found_by("3", "vehicle-07:1", SANITATION),
        found_by("4", "vehicle-07:2", ROADS),
        send(file(confirmed(reported("5"), at=0), at=0, dispatch_due=2), at=1, due=50),
    )

    assert found[Key.OWNERS_SERVED].numerator == 3


def _reported_again() -> Case:
    return reopened(refuted(reported(), at=1), at=3)


def _handled_elsewhere(case: Case) -> Case:
    send(declined(case, at=10), at=11, due=50, to=SANITATION)
    return closed(finished(case, at=40), at=60)


def _two_departments_and_back() -> Case:
    case = send(declined(dispatched(), at=10), at=11, due=50, to=SANITATION)
    send(declined(case, at=12), at=13, due=50)
    return closed(finished(case, at=40), at=60)


def _sent_back_at_60() -> Case:
    return sent_back(finished(dispatched(), at=40), at=60, due=80)


def _done_again_after_reopening() -> Case:
    case = send(reopened(done(), at=200, whole_due=300), at=201, due=250)
    return closed(finished(case, at=240), at=260)


def _off_as_nobodys(case: Case, *, at: float) -> Case:
    grounds: Grounds = {"code": "W4", "nobodys": True}
    case.write_off(Decision(by=SUPERVISOR, at=hour(at), note="不属城市管理", grounds=grounds))
    return case


def _recurred_after_the_collector() -> Case:
    first = closed(collector_put_it_right(reported("first", at=-90), at=-80), at=-70)
    return reported(recurs=first, grounds={"recurs_after": "self_handle"})


def _recurred_and_filed() -> Case:
    case = confirmed(reported("2", at=200, recurs=done("1")), at=200)
    return file(case, at=200, dispatch_due=202, whole_due=300)


def _extended_and_resting() -> Case:
    return suspended(extended(dispatched(), at=2, due=100), at=20, until=480)


def _accepted_and_extended() -> Case:
    return extended(accepted(dispatched(), at=1), at=2, due=100)


def test_hours_of_the_month_are_those_of_the_period() -> None:
    assert (hour(0), hour(720)) == (NOVEMBER.start, NOVEMBER.end)
