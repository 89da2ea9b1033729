"""The class under which a problem is filed: its label's, a zone rule's, or what a person said."""

from dataclasses import dataclass, replace

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.profile import Profile
from dispatch.city.suppression import Found
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.problem import Problem
from dispatch.triage.ruling import Answer, Ruling, rulings


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledAs:
    """The class under which a problem is filed, and on what ground.

    Args:
        ruling: of the zone rule that made it so, if one did.
        approval: what keeps it from being filed, or might, if anything does.
        known_as: what models call it, where a person put its class right the last time.
    """

    category: CatalogClass
    ruling: Ruling | None = None
    approval: Found | None = None
    known_as: str | None = None

    @property
    def doubt(self) -> tuple[str, str] | None:
        """What rule, approval and correction leave to a person, Chinese and English."""
        if self.known_as is not None:
            return "上次由人更正过类别", "a person put its class right the last time"
        if self.ruling is not None and self.ruling.answer is Answer.NEEDS_PERSON:
            return self.ruling.why_zh, self.ruling.why_en
        return None if self.approval is None else self.approval.why

    @property
    def grounds(self) -> dict[str, JsonValue]:
        """Give what rule and approval say, for the case's history."""
        said = {} if self.approval is None else self.approval.grounds
        said = said if self.known_as is None else {**said, "known_as": self.known_as}
        if self.ruling is None:
            return said
        words = {"why_zh": self.ruling.why_zh, "why_en": self.ruling.why_en}
        return {"zone": {**self.ruling.grounds, **words}, **said}


def class_of(problem: Problem, *, profile: Profile, uow: UnitOfWork) -> FiledAs | None:
    """Give the class of the first zone rule that a problem meets, or else that of its label."""
    zoning = profile.zoning
    if zoning is not None and any(rule.label == problem.label for rule in zoning.rules):
        said = rulings(
            problem.place,
            uow.observations.of_problem(problem.id),
            label=problem.label,
            zoning=zoning,
            calendar=profile.calendar,
        )
        if said and said[0].answer is not Answer.DOES_NOT_MEET:
            special = profile.classes[said[0].rule.becomes]
            return FiledAs(category=replace(special, seen_as=problem.label), ruling=said[0])
    category = profile.classes.get(problem.label)
    return None if category is None else FiledAs(category=category)


def as_corrected(
    filed_as: FiledAs, problem: Problem, last: Case | None, *, profile: Profile
) -> FiledAs:
    """Give the class that a person gave it the last time, where it is called what it was then."""
    if last is None or not last.class_was_corrected or last.category.detected != problem.label:
        return filed_as
    category = profile.classes.get(last.category.label or "")
    if category is None:
        return filed_as
    return FiledAs(category=replace(category, seen_as=problem.label), known_as=problem.label)
