"""Cases for evaluation, brought to any point by plain steps; times are hours of one November."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.case import more_time, pressing
from dispatch.case.case import Case, Source, case_id
from dispatch.case.step import Decision, Grounds
from dispatch.city.policies import IndicatorPolicy
from dispatch.clocks.clock import Clock, Stage
from dispatch.clocks.deadline import start_clock
from dispatch.clocks.period import Period
from dispatch.clocks.worktime import Calendar, parse_limit
from dispatch.figures.evaluation import Figure, count_cases, figures, parts_of
from dispatch.ids import DepartmentId, GridId, ProblemId
from dispatch.indicators.indicator import Key
from dispatch.people.people import MACHINE
from tests.dispatch import making
from tests.dispatch.city import (
    COLLECTOR,
    DISPATCHER,
    EVALUATOR,
    FOREMAN,
    ROADS,
    SUPERVISOR,
    SWEEPER,
    WORKER,
    demo_profile,
)

START: Final = datetime(2026, 11, 1, tzinfo=UTC)
NOVEMBER: Final = Period(start=START, end=datetime(2026, 12, 1, tzinfo=UTC))
OCTOBER: Final = Period(start=datetime(2026, 10, 1, tzinfo=UTC), end=START)
DECEMBER: Final = Period(start=NOVEMBER.end, end=datetime(2027, 1, 1, tzinfo=UTC))
AFTERWARDS: Final = datetime(2027, 2, 1, tzinfo=UTC)
GRID: Final = GridId("999901001001001")
POLICY: Final[IndicatorPolicy] = demo_profile().indicators
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
PLAIN_WEEKS: Final = Calendar(
    zone=SHANGHAI,
    shifts=((time(8), time(12)), (time(14), time(18))),
    holidays=frozenset(),
    workdays=frozenset(),
    years=frozenset({2026}),
)


def hour(count: float) -> datetime:
    """Give the moment so many hours into the month."""
    return START + timedelta(hours=count)


def clock(stage: Stage, start: float, due: float) -> Clock:
    """Make a clock by hours of the month."""
    limit = parse_limit("4工作时")
    return Clock(
        stage=stage,
        original=limit,
        limit=limit,
        started_at=hour(start),
        warn_at=hour(start + (due - start) * 0.8),
        due_at=hour(due),
    )


HELD_BACK: Final[Grounds] = {
    "triage": {"course": "hold", "chance": 0.2, "ask": 0.4, "size": "meets"}
}
"""What a report says that triage held back."""


def reported(
    name: str = "1",
    *,
    at: float = 0,
    recurs: Case | None = None,
    source: Source = Source.PATROL,
    grid: GridId | None = GRID,
    grounds: Grounds | None = None,
) -> Case:
    """Report a case."""
    made = Case(
        id=case_id(ProblemId(name), at=hour(at)),
        problem=ProblemId(name),
        category=making.CATEGORY,
        place=making.place(),
        grid=grid,
        grid_share=1.0,
        source=source,
        rendered=True,
        reported_at=hour(at),
        recurs=recurs.id if recurs else None,
    )
    made.report(Decision(by=MACHINE, at=hour(at), grounds=grounds or {}))
    return made


def held(name: str = "1", *, at: float = 0) -> Case:
    """Report a case that triage held back as too unlikely."""
    return reported(name, at=at, grounds=HELD_BACK)


def asked(name: str = "1", *, at: float = 0, due: float = 4) -> Case:
    """Report a case that a person shall confirm by `due`."""
    limit = {"started_at": hour(at).isoformat(), "due_at": hour(due).isoformat()}
    return reported(name, at=at, grounds={"clocks": {"confirm": limit}})


def confirmed(case: Case, *, at: float) -> Case:
    """Have a collector find a report true."""
    case.confirm(Decision(by=COLLECTOR, at=hour(at)))
    return case


def refuted(case: Case, *, at: float) -> Case:
    """Have a collector find a report untrue."""
    case.refute(Decision(by=COLLECTOR, at=hour(at), note="影子"))
    return case


def file(case: Case, *, at: float, dispatch_due: float, whole_due: float | None = None) -> Case:
    """File a case; without `whole_due` its whole clock goes on."""
    clocks = [clock(Stage.DISPATCH, at, dispatch_due)]
    if whole_due is not None:
        clocks.append(clock(Stage.WHOLE, at, whole_due))
    case.file(Decision(by=SUPERVISOR, at=hour(at)), clocks=clocks)
    return case


def filed(
    name: str = "1", *, at: float = 0, whole_due: float = 100, source: Source = Source.PATROL
) -> Case:
    """Report, confirm and file a case at once; it is to be dispatched within two hours."""
    case = confirmed(reported(name, at=at, source=source), at=at)
    return file(case, at=at, dispatch_due=at + 2, whole_due=whole_due)


def send(case: Case, *, at: float, due: float, to: DepartmentId = ROADS) -> Case:
    """Dispatch a filed case."""
    case.dispatch(to, Decision(by=DISPATCHER, at=hour(at)), clock=clock(Stage.HANDLING, at, due))
    return case


def dispatched(name: str = "1", *, at: float = 0, due: float = 50, whole_due: float = 100) -> Case:
    """Report, confirm, file and dispatch a case at once."""
    return send(filed(name, at=at, whole_due=whole_due), at=at, due=due)


def declined(case: Case, *, at: float) -> Case:
    """Have the department give it back; it is to be dispatched again within two hours."""
    by = WORKER if case.department == ROADS else SWEEPER
    decision = Decision(by=by, at=hour(at), note="不属我处")
    case.decline(decision, clock=clock(Stage.DISPATCH, at, at + 2))
    return case


def finished(case: Case, *, at: float) -> Case:
    """Have the department report the work as done; it is to be checked within forty hours."""
    by = WORKER if case.department == ROADS else SWEEPER
    case.accept(Decision(by=by, at=hour(at)))
    case.finish(Decision(by=by, at=hour(at)), clock=clock(Stage.CHECK, at, at + 40))
    return case


def checked(case: Case, *, at: float) -> Case:
    """Have a collector look at the work."""
    case.check(Decision(by=COLLECTOR, at=hour(at), grounds={"result": "repaired"}))
    return case


def closed(case: Case, *, at: float) -> Case:
    """Close a handled case."""
    case.approve(Decision(by=SUPERVISOR, at=hour(at)))
    return case


def done(name: str = "1", *, at: float = 0) -> Case:
    """Bring a case to its closure in good time: handled after 40 hours, closed after 60."""
    case = dispatched(name, at=at, due=at + 50, whole_due=at + 100)
    return closed(finished(case, at=at + 40), at=at + 60)


def sent_back(case: Case, *, at: float, due: float) -> Case:
    """Send handled work back to its department."""
    decision = Decision(by=SUPERVISOR, at=hour(at), note="没修好")
    case.send_back(decision, clock=clock(Stage.HANDLING, at, due))
    return case


def written_off(case: Case, *, at: float) -> Case:
    """Close a case without repair."""
    case.write_off(Decision(by=SUPERVISOR, at=hour(at), note="随工程处理", grounds={"code": "W1"}))
    return case


def extended(case: Case, *, at: float, due: float) -> Case:
    """Give the handling more time: asked, granted."""
    more_time.ask_extension(case, Decision(by=FOREMAN, at=hour(at), note="等材料"))
    granted = Decision(by=DISPATCHER, at=hour(at), note="同意")
    more_time.extend(case, granted, clocks=(clock(Stage.HANDLING, 0, due),), most=2)
    return case


def suspended(case: Case, *, at: float, until: float) -> Case:
    """Suspend a dispatched case: taken on, asked, granted."""
    case.accept(Decision(by=WORKER, at=hour(at)))
    asked = Decision(by=FOREMAN, at=hour(at), note="等材料")
    more_time.ask_suspension(case, asked, until=hour(until))
    granted = Decision(by=DISPATCHER, at=hour(at), note="同意")
    more_time.suspend(case, granted, until=hour(until), most=timedelta(days=365))
    return case


def resumed(case: Case, *, at: float, due: float, whole_due: float) -> Case:
    """Let a suspended case go on."""
    clocks = (clock(Stage.HANDLING, 0, due), clock(Stage.WHOLE, 0, whole_due))
    more_time.resume(case, Decision(by=DISPATCHER, at=hour(at)), clocks=clocks)
    return case


def finish_accepted(case: Case, *, at: float) -> Case:
    """Report work as done that was taken on before."""
    case.finish(Decision(by=WORKER, at=hour(at)), clock=clock(Stage.CHECK, at, at + 40))
    return case


def appealed(case: Case, *, at: float) -> Case:
    """Appeal against the missed limit of handling."""
    appeal = Decision(by=FOREMAN, at=hour(at), note="停电两天")
    pressing.appeal(case, appeal, within=timedelta(days=15))
    return case


def upheld(case: Case, *, at: float) -> Case:
    """Find an appeal right."""
    pressing.uphold(case, Decision(by=EVALUATOR, at=hour(at), note="属实"))
    return case


def dismissed(case: Case, *, at: float) -> Case:
    """Find an appeal wrong."""
    pressing.dismiss(case, Decision(by=EVALUATOR, at=hour(at), note="不属实"))
    return case


def supervised(case: Case, *, at: float, due: float) -> Case:
    """Press for a case; a reply is to come by `due`."""
    decision = Decision(by=SUPERVISOR, at=hour(at), note="市民反映强烈")
    pressing.supervise(case, decision, clock=clock(Stage.REPLY, at, due))
    return case


def replied(case: Case, *, at: float) -> Case:
    """Reply to a supervision, for the department."""
    pressing.reply(case, Decision(by=FOREMAN, at=hour(at), note="今日完成"))
    return case


def reopened(case: Case, *, at: float, whole_due: float | None = None) -> Case:
    """Take up again what was ended; what was filed is to be dispatched and closed once more."""
    clocks: tuple[Clock, ...] = ()
    if whole_due is not None:
        clocks = (clock(Stage.DISPATCH, at, at + 2), clock(Stage.WHOLE, at, whole_due))
    case.reopen(Decision(by=SUPERVISOR, at=hour(at), note="又坏了"), clocks=clocks)
    return case


def verified(case: Case, *, at: float, verdict: str, reason: str | None = None) -> Case:
    """Attach what a pass says of the repair."""
    grounds = {"verdict": verdict, "reason": reason}
    case.verify(Decision(by=MACHINE, at=hour(at), grounds=grounds))
    return case


def by_calendar(
    calendar: Calendar, *, filed_at: datetime, limit: str, handled_at: datetime
) -> Case:
    """Handle a case whose limit of handling runs by a calendar; its whole limit is far away."""
    case = filed(at=(filed_at - START) / timedelta(hours=1), whole_due=24 * 60)
    handling = start_clock(Stage.HANDLING, parse_limit(limit), at=filed_at, calendar=calendar)
    case.dispatch(ROADS, Decision(by=DISPATCHER, at=filed_at), clock=handling)
    return finished(case, at=(handled_at - START) / timedelta(hours=1))


def working(calendar: Calendar, *days: datetime) -> Calendar:
    """Make weekend days working days (调休)."""
    return replace(calendar, workdays=frozenset(day.date() for day in days))


def resting(calendar: Calendar, *days: datetime) -> Calendar:
    """Make working days holidays."""
    return replace(calendar, holidays=frozenset(day.date() for day in days))


def evaluate(
    *cases: Case,
    period: Period = NOVEMBER,
    now: datetime = AFTERWARDS,
    policy: IndicatorPolicy = POLICY,
) -> Mapping[Key, Figure]:
    """Give every figure over some cases, by whole histories."""
    found = count_cases(cases, parts=parts_of(policy), window=period.known_at(now))
    counts = found.get(GRID[:0], {})
    return {f.indicator.key: f for f in figures(counts, policy=policy)}


def share(figure: Figure) -> tuple[int, int]:
    """Give the two halves of a rate."""
    return figure.numerator, figure.denominator
