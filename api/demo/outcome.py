"""What came of the demo, read from the centre's own database and set against the truth."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from api.background.ticker import tell_sweeps
from api.centre.wiring import Centre
from api.demo.figures_shown import FigureShown, shown
from api.demo.truth import Planted, planted_at
from api.demo.workplace import Workplace
from api.figures import sheet_of, sheet_out
from api.periods import month
from api.words.stories import lines_of
from dispatch.case.case import Case
from dispatch.case.transition import Action, Status
from dispatch.ground.place import Place, distance_m
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.sights.observation import Observation

EVERY: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedOutcome:
    """What became of one planted problem.

    Args:
        found: whether any find of its class lies where it was planted.
        offset_m: how far the problem was placed from the truth.
        stated_ce90_m: the radius that the centre stated to hold the truth with 90 % chance.
        by_pass: finds of it in each pass.
        why_zh: why its case stands where it stands.
    """

    id: str
    label: str
    name_zh: str
    name_en: str
    story: str
    repaired: bool
    found: bool
    offset_m: float | None
    stated_ce90_m: float | None
    by_pass: dict[str, int]
    case: str | None
    number: str | None
    state: str | None
    verdict: str | None
    probability_present: float | None
    reason: str | None
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole of it; counts of messages are of findings."""

    seed: int
    rendered: bool
    profile: str
    close_at: float
    open_at: float
    prior_not_done: float
    findings_sent: int
    findings_lost: int
    findings_duplicated: int
    findings_waiting: int
    findings_refused: int
    evidence_missing: int
    sweeps: int
    cases_by_state: dict[str, int]
    false_cases: int
    duplicate_cases: int
    closed_but_not_repaired: list[str]
    planted: tuple[PlantedOutcome, ...]
    shown: tuple[FigureShown, ...]
    indicators: list[dict[str, Any]]
    passes: list[dict[str, Any]]
    seconds: float = 0.0
    peak_bytes: int = 0
    centre_restarts: int = 0
    verdicts_overruled: int = 0

    def measured(
        self, *, seconds: float, peak_bytes: int, restarts: int, overruled: int
    ) -> "Outcome":
        """Give the outcome with what it cost, and how often people overruled a verdict."""
        return replace(
            self,
            seconds=round(seconds, 1),
            peak_bytes=peak_bytes,
            centre_restarts=restarts,
            verdicts_overruled=overruled,
        )

    def as_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return asdict(self)


def gather(
    place: Workplace, *, replays: Sequence[Mapping[str, Any]], truth: tuple[Planted, ...]
) -> Outcome:
    """Read the centre's database and say what became of everything."""
    centre = place.open()
    # The running centre does so every few seconds: the last pass would be missing in the figures.
    while tell_sweeps(centre):
        pass
    found = _found_on_devices(place, len(replays))
    with centre.read() as uow:
        kept = [each for replay in replays for each in uow.observations.of_pass(replay["pass_id"])]
        cases = list(uow.cases.find(CaseFilter(), limit=EVERY))
        wanted = {picture.sha256 for each in kept for picture in each.finding.evidence}
        missing = uow.evidence.missing(wanted)
        sweeps = sum(len(uow.sweeps.of_pass(replay["pass_id"])) for replay in replays)
        seen = _Seen(truth=truth, kept=kept, cases=cases)
        planted = tuple(_planted(each, seen, uow, centre) for each in truth)
    held = Counter(each.id for each in kept)
    policy = centre.profile.verification
    period = month(None, centre=centre)
    sheet = sheet_of(period, area="", centre=centre)
    names = {case.id: _name(case, truth) for case in cases}
    outcome = Outcome(
        seed=json.loads(place.street.read_text(encoding="utf-8"))["seed"],
        rendered=True,
        profile=place.settings.profile,
        close_at=policy.close_at,
        open_at=policy.open_at,
        prior_not_done=policy.prior_bad / (policy.prior_bad + policy.prior_good),
        findings_sent=len(found),
        findings_lost=len(found - set(held)),
        findings_duplicated=sum(count - 1 for count in held.values()),
        findings_waiting=sum(int(replay["waiting"]) for replay in replays),
        findings_refused=sum(int(replay["refused"]) for replay in replays),
        evidence_missing=len(missing),
        sweeps=sweeps,
        cases_by_state=dict(sorted(Counter(case.status.value for case in cases).items())),
        false_cases=sum(_truth_of(case, truth) is None for case in cases),
        duplicate_cases=_duplicates(cases, truth),
        closed_but_not_repaired=[
            each.id for each in planted if each.state == Status.CLOSED and not each.repaired
        ],
        planted=planted,
        shown=shown(sheet, period, named=names.__getitem__, centre=centre),
        indicators=[figure.model_dump(mode="json") for figure in sheet_out(sheet)],
        passes=[{k: v for k, v in replay.items() if k != "found"} for replay in replays],
    )
    centre.engine.dispose()
    return outcome


def _found_on_devices(place: Workplace, passes: int) -> set[str]:
    """Give the ids of all that devices found, from the files that they wrote beside sending."""
    found: set[str] = set()
    for number in range(1, passes + 1):
        collection = json.loads(place.findings(number).read_text(encoding="utf-8"))
        found |= {feature["id"] for feature in collection["features"]}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The truth, and all that the centre holds."""

    truth: tuple[Planted, ...]
    kept: Sequence[Observation]
    cases: Sequence[Case]


def _planted(planted: Planted, seen: _Seen, uow: UnitOfWork, centre: Centre) -> PlantedOutcome:
    sights = [each for each in seen.kept if _sighted(each, seen.truth) is planted]
    own = [case for case in seen.cases if _truth_of(case, seen.truth) is planted]
    case = min(own, key=lambda each: (each.status is Status.VOID, each.reported_at), default=None)
    line = None
    if case is not None:
        (line,) = lines_of([case], uow=uow, profile=centre.profile, now=centre.now())
    judged = case.last(Action.VERIFY) if case else None
    reason = judged.grounds.get("reason") if judged else None
    where = uow.problems.get(case.problem).place if case else None
    category = centre.profile.classes.get(planted.label)
    why = _why(case, line.verdict.sentence if line and line.verdict else None)
    return PlantedOutcome(
        id=planted.id,
        label=planted.label,
        name_zh=category.name_zh if category else planted.label,
        name_en=category.name_en if category else planted.label,
        story=planted.story,
        repaired=planted.repaired,
        found=bool(sights),
        offset_m=round(distance_m(where, planted.place), 2) if where else None,
        stated_ce90_m=round(where.ce90_m, 2) if where else None,
        by_pass=dict(sorted(Counter(each.finding.pass_id for each in sights).items())),
        case=case.id if case else None,
        number=case.number if case else None,
        state=case.status.value if case else None,
        verdict=line.verdict.verdict if line and line.verdict else None,
        probability_present=line.verdict.probability_present if line and line.verdict else None,
        reason=str(reason) if reason else None,
        why_zh=why[0],
        why_en=why[1],
    )


def _why(case: Case | None, verdict: Any) -> tuple[str, str]:  # noqa: ANN401 - words or None
    if case is None:
        return "没有立案：未被发现或不足以立案", "no case: not found, or not enough to file"
    if verdict is not None:
        return verdict.zh, verdict.en
    last = case.history[-1]
    zh = str(last.grounds.get("why_zh") or last.note or last.action.zh)
    return zh, str(last.grounds.get("why_en") or last.note or last.action.value)


def _sighted(observation: Observation, truth: tuple[Planted, ...]) -> Planted | None:
    position = observation.finding.position
    if position is None:
        return None
    return planted_at(
        truth,
        label=observation.finding.label,
        latitude=position.latitude,
        longitude=position.longitude,
    )


def _truth_of(case: Case, truth: tuple[Planted, ...]) -> Planted | None:
    here: Place = case.place
    return planted_at(
        truth, label=case.category.label, latitude=here.latitude, longitude=here.longitude
    )


def _name(case: Case, truth: tuple[Planted, ...]) -> str:
    """Give what was planted where a case lies; a false one is called by the end of its number."""
    planted = _truth_of(case, truth)
    return planted.id if planted else f"×{case.number[-4:]}"


def _duplicates(cases: Sequence[Case], truth: tuple[Planted, ...]) -> int:
    """Count open or closed cases beyond the first of each planted problem, recurrences apart."""
    valid = [c for c in cases if c.status is not Status.VOID and c.recurs is None]
    owners = Counter(each.id for c in valid if (each := _truth_of(c, truth)) is not None)
    return sum(count - 1 for count in owners.values())
