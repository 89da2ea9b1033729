"""From a sight to an approval: whether it is kept from becoming a case, and counted as such.

These join the transaction of whoever calls them.
"""

from dataclasses import dataclass
from datetime import datetime

from dispatch import wire
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.profile import Profile
from dispatch.city.suppression import Found, Suppressed
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A sight of a problem, and the class under which it would be filed."""

    problem: Problem
    finding: wire.Finding | wire.Report
    category: CatalogClass

    @property
    def label(self) -> str:
        """Give the class's label."""
        return self.category.label or self.problem.label

    @property
    def labels(self) -> frozenset[str]:
        """Give what it is called, by the detector and as a class."""
        return frozenset({self.problem.label, self.label})


def approval_about(seen: Seen, *, profile: Profile) -> Found | None:
    """Give what the city's approvals say of a sight, or None where none reaches it."""
    if profile.suppressions is None:
        return None
    return profile.suppressions.about(
        seen.problem.place,
        labels=seen.labels,
        hazard=seen.category.hazard,
        at=seen.finding.captured_at,
        calendar=profile.calendar,
    )


def keeps_back(
    found: Found | None,
    seen: Seen,
    finding: wire.Finding,
    *,
    at: datetime,
    profile: Profile,
    uow: UnitOfWork,
) -> bool:
    """Say whether an approval keeps a sight from becoming a case, and count it if so.

    What was counted before stays of the moment at which it was counted first.
    """
    if profile.suppressions is None:
        return False
    if found is None or not found.sure:
        place, hazard = seen.problem.place, seen.category.hazard
        if profile.suppressions.is_near(place, labels=seen.labels, hazard=hazard):
            # Its place may have been corrected since it was counted.
            uow.suppressed.drop(finding.id, at=at)
        return False
    before = uow.suppressed.of_sight(finding.id)
    first = before.at if before else at
    one = _suppressed(found, seen, finding, at=first, profile=profile)
    if one != before:
        uow.suppressed.save(one, known_from=at)
    return True


def _suppressed(
    found: Found, seen: Seen, finding: wire.Finding, *, at: datetime, profile: Profile
) -> Suppressed:
    by, seen_at = found.suppression, finding.captured_at
    shares = profile.grids.shares(seen.problem.place, day=seen_at.astimezone(profile.zone).date())
    return Suppressed(
        finding=finding.id,
        problem=seen.problem.id,
        suppression=by.zone.id,
        label=seen.label,
        name_zh=seen.category.name_zh,
        name_en=seen.category.name_en,
        reason_zh=by.reason_zh,
        reason_en=by.reason_en,
        approval=by.approval,
        ends_on=by.zone.valid_until,
        share=found.share,
        place=seen.problem.place,
        grid=shares[0].grid.id if shares else None,
        seen_at=seen_at,
        rendered=finding.rendered,
        at=at,
        device=finding.device,
        platform=finding.platform.value,
        model=f"{finding.model.name} {finding.model.version}",
    )
