"""Shape what a class is, in either directory, how grave its case is, and what it is taken for."""

from typing import Final, Protocol

from api.schemas.base import Words
from api.schemas.cases import ClassOut, CounterpartOut
from api.schemas.choices import ChoiceOut, Need, OptionOut
from api.schemas.stories import LookalikeOut
from dispatch.case.case import Case
from dispatch.case.transition import Action, Status
from dispatch.catalogue.catalog import CatalogClass, Counterpart, Relation, Severity
from dispatch.city.profile import Profile

_RELATIONS: Final = {
    Relation.SAME: Words(zh="相同", en="the same"),
    Relation.NARROWER: Words(zh="本类更窄", en="this is narrower"),
    Relation.BROADER: Words(zh="本类更宽", en="this is broader"),
    Relation.SPLIT: Words(zh="本类拆分", en="this was split"),
}
GRADING: Final = frozenset({Action.CONFIRM, Action.FILE})
"""What may be said together with how grave the case is."""

_UNSURE: Final = frozenset({Status.REPORTED, Status.CONFIRMED})


def class_out(category: CatalogClass) -> ClassOut:
    """Shape the class of a case, as it was when the case was made."""
    return ClassOut(
        standard=category.key.standard,
        code=category.key.code,
        name=Words(zh=category.name_zh, en=category.name_en),
        label=category.label,
        hazard=category.hazard,
        counterparts=[_counterpart(each) for each in category.counterparts],
    )


class Graded(Protocol):
    """A case, as far as it tells how grave it is."""

    @property
    def category(self) -> CatalogClass:
        """Its class, with the levels that it may have."""

    @property
    def severity(self) -> str | None:
        """The level, by its code."""


def severity_words(case: Graded) -> Words | None:
    """Name how grave a case is; None where its class has no levels."""
    level = next((each for each in case.category.severities if each.code == case.severity), None)
    return None if level is None else _level(level)


def lookalikes_of(case: Case, profile: Profile) -> list[LookalikeOut]:
    """Give what a case's class is taken for, while somebody may still say that it is another."""
    if case.status not in _UNSURE:
        return []
    labels = {each.key: label for label, each in profile.classes.items()}
    return [
        LookalikeOut(
            label=labels.get(each.key),
            code=each.key.code,
            name=each.name_zh,
            note=Words(zh=each.note_zh, en=each.note_en),
        )
        for each in profile.catalog.lookalikes.get(case.category.key, ())
    ]


def with_severity(choice: ChoiceOut, case: Case) -> ChoiceOut:
    """Let who confirms or files say how grave a case is, where its class has levels."""
    if choice.action not in GRADING or not case.category.severities or choice.needs is not None:
        return choice
    levels = levels_of(case.category)
    grading = {"needs": Need.SEVERITY, "options": levels, "chosen": case.severity}
    return choice.model_copy(update=grading)


def levels_of(category: CatalogClass) -> list[OptionOut]:
    """Give the levels of severity of a class, from slight to grave; none where it has none."""
    return [OptionOut(id=each.code, words=_level(each)) for each in category.severities]


def _level(level: Severity) -> Words:
    return Words(zh=level.name_zh, en=level.name_en)


def _counterpart(each: Counterpart) -> CounterpartOut:
    return CounterpartOut(
        standard=each.key.standard,
        code=each.key.code,
        name=each.name_zh,
        relation=_RELATIONS[each.relation],
    )
