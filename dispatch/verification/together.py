"""One verdict on a thing that was taken for several: it is gone where none of its spots shows it.

A case into which another was merged is of one thing that was seen at two places, or of two that
are handled as one. Either way a look at one of them says nothing of the other.
"""

import math
from collections.abc import Mapping, Sequence

from dispatch.verification.policy import Policy
from dispatch.verification.verdict import Assessment, Outcome, PassRecord, Reason, Verdict


def together(spots: Sequence[Assessment], *, policy: Policy) -> Assessment:
    """Judge several spots as one.

    The chance that any of them shows it is taken as if they knew nothing of each other: never less
    than that of one thing which lies at one of them.

    Args:
        spots: at least one, that of the case itself first.
    """
    if len(spots) == 1:
        return spots[0]
    present = _any_of([each.present for each in spots])
    verdict = _verdict(spots, present, policy)
    open_spot = max(spots, key=lambda each: each.present)
    cannot_tell = verdict is Verdict.CANNOT_TELL
    return Assessment(
        verdict=verdict,
        reason=(open_spot.reason or Reason.NOT_ENOUGH_PASSES) if cannot_tell else None,
        present=present,
        returned=max(each.returned for each in spots),
        prior=_any_of([each.prior for each in spots]),
        passes=_passes(spots),
        by_person=spots[0].by_person,
    )


def _verdict(spots: Sequence[Assessment], present: float, policy: Policy) -> Verdict:
    said = {each.verdict for each in spots}
    for decisive in (Verdict.STILL_THERE, Verdict.RECURRED):
        if decisive in said:
            return decisive
    if spots[0].by_person:
        return spots[0].verdict
    repaired = said == {Verdict.REPAIRED} and present <= 1.0 - policy.close
    return Verdict.REPAIRED if repaired else Verdict.CANNOT_TELL


def _any_of(chances: Sequence[float]) -> float:
    return 1.0 - math.prod(1.0 - each for each in chances)


def _passes(spots: Sequence[Assessment]) -> tuple[PassRecord, ...]:
    by_spot = [{each.pass_id: each for each in spot.passes} for spot in spots]
    order = sorted({(each.at, each.pass_id) for spot in spots for each in spot.passes})
    believed = [spot.prior for spot in spots]
    records: dict[str, PassRecord] = {}
    for _, pass_id in order:
        for number, known in enumerate(by_spot):
            if pass_id in known:
                believed[number] = known[pass_id].present
        records[pass_id] = _record(pass_id, by_spot, present=_any_of(believed))
    return tuple(records.values())


def _record(
    pass_id: str, by_spot: Sequence[Mapping[str, PassRecord]], *, present: float
) -> PassRecord:
    """Say of one pass what it brought: a miss only where it would have seen every spot."""
    mine = [known[pass_id] for known in by_spot if pass_id in known]
    everywhere = len(mine) == len(by_spot)
    outcomes = {each.outcome for each in mine}
    missed = everywhere and outcomes == {Outcome.NOT_SEEN}
    outcome = Outcome.NOT_SEEN if missed else Outcome.NOT_INSPECTED
    weakest = min(mine, key=lambda each: each.power)
    sizes = [each.size_px for each in mine if each.size_px is not None]
    return PassRecord(
        pass_id=pass_id,
        at=max(each.at for each in mine),
        outcome=Outcome.SEEN if Outcome.SEEN in outcomes else outcome,
        inspected=min(each.inspected for each in mine) if everywhere else 0.0,
        power=weakest.power if everywhere else 0.0,
        occluded=max(each.occluded for each in mine),
        size_px=min(sizes, default=None),
        present=present,
        reason=weakest.reason if everywhere else Reason.NOT_INSPECTED,
    )
