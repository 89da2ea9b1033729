"""Handled problems whose repair is known, and the passes that looked at them before and after."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from h3.api import basic_int as h3

from dispatch.ground.place import Place
from dispatch.sights.observation import Observation
from dispatch.simulation.sighting import ORIGIN, Errors, latitude_longitude, sighting
from dispatch.verification.detectability import RecallBand
from dispatch.verification.evidence import Look, Target
from dispatch.verification.policy import Policy
from dispatch.verification.verdict import Assessment, Outcome, Verdict
from dispatch.wire import Light

START: Final = datetime(2026, 11, 1, 1, tzinfo=UTC)
PLACE_SIGMA_M: Final = 1.0
_RADIUS_M: Final = 9.0
_GATE_M: Final = 3.035 * math.sqrt(2.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairTrial:
    """A city whose truth is known.

    Args:
        bad: share of handled problems that are still there.
        recall: mean chance that a pass detects a problem it inspects; Beta over problems.
        stated: the lower bound that the model card states instead.
        covers: share of passes that inspect the ground.
        misplaced: share of problems that lie where no pass ever looks.
        false_alarm: chance of a report in the gate where nothing is.
    """

    bad: float
    recall: float = 0.8
    stated: float = 0.64
    concentration: float = 4.0
    before: int = 6
    after: int = 7
    covers: float = 0.85
    misplaced: float = 0.07
    false_alarm: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A handled problem, every look at it, and whether it is still there in truth."""

    target: Target
    looks: tuple[Look, ...]
    present: bool


def handle(count: int, trial: RepairTrial, *, rng: np.random.Generator) -> tuple[Handled, ...]:
    """Simulate handled problems, each of them found at least once before its handling."""
    made: list[Handled] = []
    while len(made) < count:
        one = _handled(len(made), trial, rng)
        if one is not None:
            made.append(one)
    return tuple(made)


def _handled(number: int, trial: RepairTrial, rng: np.random.Generator) -> Handled | None:
    spread = trial.concentration
    chance = float(rng.beta(trial.recall * spread, (1.0 - trial.recall) * spread))
    reachable = bool(rng.random() >= trial.misplaced)
    bad = bool(rng.random() < trial.bad)
    off_m = rng.normal(0.0, PLACE_SIGMA_M, 2)
    looks = []
    for day in range(trial.before + trial.after):
        covered = bool(rng.random() < trial.covers)
        there = bad or day < trial.before
        hit = there and covered and reachable and bool(rng.random() < chance)
        seen: tuple[Observation, ...] = ()
        if hit or rng.random() < trial.false_alarm:
            spot = off_m + rng.normal(0.0, 1.0, 2) if hit else _in_gate(rng)
            seen = (_sight(number, day, spot),)
        looks.append(_look(trial, day, seen, ground=_GROUND if covered else {}))
    if not any(look.seen for look in looks[: trial.before]):
        return None
    latitude, longitude = ORIGIN
    target = Target(
        label="road.pothole",
        place=Place(
            latitude=latitude,
            longitude=longitude,
            ee=PLACE_SIGMA_M**2,
            en=0.0,
            nn=PLACE_SIGMA_M**2,
        ),
        size_m=0.8,
        first_seen_at=START,
        handled_at=START + timedelta(days=trial.before - 0.5),
        certain_since=START,
    )
    return Handled(target=target, looks=tuple(looks), present=bad)


def _look(
    trial: RepairTrial, day: int, seen: tuple[Observation, ...], *, ground: dict[int, float]
) -> Look:
    return Look(
        pass_id=f"simulated:{day:03d}",
        at=START + timedelta(days=day),
        inspected=ground,
        light=Light.DAY,
        sigma_m=1.0,
        bands=(
            RecallBand(
                min_px=8.0,
                max_px=640.0,
                light=Light.DAY,
                lower=trial.stated,
                concentration=trial.concentration,
            ),
        ),
        seen=seen,
    )


def _sight(
    number: int, day: int, spot: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Observation:
    return sighting(
        pass_id=f"simulated:{day:03d}",
        name=str(number),
        at=START + timedelta(days=day),
        east_m=float(spot[0]),
        north_m=float(spot[1]),
        errors=Errors(shared_m=0.9, own_m=math.sqrt(1.0 - 0.81)),
    )


def _in_gate(rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    turn, reach = 2.0 * math.pi * rng.random(), _GATE_M * math.sqrt(rng.random())
    return np.array([reach * math.cos(turn), reach * math.sin(turn)])


def _disk() -> dict[int, float]:
    steps = np.arange(-_RADIUS_M, _RADIUS_M, 0.7)
    points = [(float(e), float(n)) for e in steps for n in steps if math.hypot(e, n) < _RADIUS_M]
    return {int(h3.latlng_to_cell(*latitude_longitude(e, n), 14)): 90.0 for e, n in points}


_GROUND: Final = _disk()


def decided(assessment: Assessment, policy: Policy) -> Verdict:
    """Give the first verdict that a centre which asks after every pass would have acted on."""
    looked = False
    for record in assessment.passes:
        looked = looked or record.power >= policy.min_power
        if looked and record.present <= 1.0 - policy.close:
            return Verdict.REPAIRED
        if record.outcome is Outcome.SEEN and record.present >= policy.open:
            return Verdict.STILL_THERE
    return Verdict.CANNOT_TELL


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How a centre fared with handled problems whose truth is known; all are shares.

    Args:
        closed: closed by itself, of all.
        false_closures: still there, of the closed.
        still_there: judged so, of all.
        false_alarms: truly repaired, of those judged still there.
        calibration_error: mean distance between P(present) and the truth, over ten bins.
    """

    closed: float
    false_closures: float
    still_there: float
    false_alarms: float
    cannot_tell: float
    calibration_error: float


def tally(handled: Sequence[Handled], assessments: Sequence[Assessment], policy: Policy) -> Tally:
    """Count how a centre fared that acts on the first verdict it may act on."""
    said = np.array([decided(each, policy).value for each in assessments])
    there = np.array([each.present for each in handled])
    believed = np.array([each.present for each in assessments])
    closed, still = said == Verdict.REPAIRED.value, said == Verdict.STILL_THERE.value
    bins = np.minimum((believed * 10.0).astype(np.int64), 9)
    error = sum(abs(float((believed - there)[bins == each].sum())) for each in range(10)) / len(
        handled
    )
    return Tally(
        closed=float(closed.mean()),
        false_closures=float(there[closed].mean()) if closed.any() else 0.0,
        still_there=float(still.mean()),
        false_alarms=float(1.0 - there[still].mean()) if still.any() else 0.0,
        cannot_tell=float((said == Verdict.CANNOT_TELL.value).mean()),
        calibration_error=error,
    )
