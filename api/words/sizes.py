"""Shape what is known of a case's size, and what that says of the filing condition."""

from collections.abc import Sequence

from api.schemas.base import Words
from api.schemas.cases import SizingOut, UnseenOut
from api.words.wording import answer_words, retold, unseen_words
from dispatch.case.case import Case
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city_words import CityWords
from dispatch.identity.fusion import sizes_over, unseen_by_all
from dispatch.sights.observation import Observation
from dispatch.triage.sizing import SizeAnswer, judge_size
from dispatch.wire import Measure, NotObservable


def known_size(
    case: Case, observations: Sequence[Observation]
) -> tuple[tuple[Measure, ...], tuple[NotObservable, ...]]:
    """Give the sizes over all sights of a case's problem, and what no sight tells."""
    findings = [each.finding for each in sorted(observations, key=lambda one: one.order)]
    kept = () if case.measure is None else (case.measure,)
    return sizes_over(findings) or kept, unseen_by_all(findings)


def sizing_of(
    category: CatalogClass,
    sizes: Sequence[Measure],
    unseen: Sequence[NotObservable],
    *,
    city: CityWords,
) -> SizingOut | None:
    """Judge the sizes as triage does; None where the class is filed whatever its size."""
    said = judge_size(category, sizes, unseen)
    if said.answer is SizeAnswer.NO_THRESHOLD:
        return None
    return SizingOut(
        answer=said.answer,
        words=answer_words(said.answer, city),
        why=retold(Words(zh=said.why_zh, en=said.why_en), city),
    )


def unseen_out(unseen: Sequence[NotObservable]) -> list[UnseenOut]:
    """Shape what no picture tells of a size."""
    return [
        UnseenOut(quantity=each.quantity, reason=each.reason, words=unseen_words(each))
        for each in unseen
    ]
