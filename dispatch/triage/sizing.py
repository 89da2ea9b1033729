"""Does what was measured reach the size from which a class is filed? (尺寸判断)

A size with its error gives the chance that the true one reaches the threshold: from 95 % it meets,
up to 5 % it falls short, in between a person decides. A person also decides what no camera tells:
the depth of a hole, the step at a cover, the width of a crack. Whoever reads it sees which.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.catalogue.catalog import Alternatives, CatalogClass, Threshold
from dispatch.wire import Measure, NotObservable, Quantity, Unseen

SURE: Final = 0.95
"""Chance from which a size meets its threshold, and one minus which it falls short."""


class SizeAnswer(StrEnum):
    """What a measured size says of the filing threshold."""

    NO_THRESHOLD = "no_threshold"
    MEETS = "meets"
    FALLS_SHORT = "falls_short"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeJudgement:
    """The answer, said in both languages."""

    answer: SizeAnswer
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    zh: str
    en: str


_NAMES: Final[Mapping[Quantity, _Words]] = {
    Quantity.AREA_M2: _Words(zh="面积", en="area"),
    Quantity.LENGTH_M: _Words(zh="长度", en="length"),
    Quantity.WIDTH_M: _Words(zh="宽度", en="width"),
    Quantity.DEPTH_M: _Words(zh="深度", en="depth"),
    Quantity.STEP_M: _Words(zh="高差", en="height difference"),
}
_ONE_CAMERA: Final = frozenset({Quantity.DEPTH_M, Quantity.STEP_M})
"""What no finding has to say: one camera never observes it."""
_WHY: Final[Mapping[Unseen, _Words]] = {
    Unseen.ONE_CAMERA: _Words(zh="单个相机测不出", en="one camera cannot observe it"),
    Unseen.FINER_THAN_PIXELS: _Words(zh="小于画面像素，测不出", en="it is finer than a pixel"),
    Unseen.CUT_OFF: _Words(
        zh="画面未完整显示或过小，测不出", en="no view shows it whole and large enough"
    ),
    Unseen.NO_PLACE: _Words(zh="未能定位，测不出", en="it could not be placed on the ground"),
}
_NOT_MEASURED: Final = _Words(zh="没有测得", en="it was not measured")


def judge_size(
    category: CatalogClass, sizes: Sequence[Measure], unseen: Sequence[NotObservable] = ()
) -> SizeJudgement:
    """Set sizes against a class's filing condition, as `judge_alternatives` does."""
    return judge_alternatives(category.filed_from, sizes, unseen)


def judge_alternatives(
    alternatives: Alternatives, sizes: Sequence[Measure], unseen: Sequence[NotObservable] = ()
) -> SizeJudgement:
    """Set sizes against conditions of which one is enough.

    The condition is met where all thresholds of one of its alternatives are, and falls short where
    each alternative has a threshold that is not reached.

    Args:
        sizes: at most one of each quantity counts, the first.
        unseen: what the device could not tell, and why.
    """
    if not alternatives:
        return SizeJudgement(answer=SizeAnswer.NO_THRESHOLD, why_zh="", why_en="")
    judged = [[_against(each, sizes, unseen) for each in terms] for terms in alternatives]
    answers = [_all_of([each.answer for each in terms]) for terms in judged]
    answer = _any_of(answers)
    # What decided is said: the alternative that is met, else all that stand in its way.
    telling = [
        terms for terms, said in zip(judged, answers, strict=True) if said is answer
    ] or judged
    return SizeJudgement(
        answer=answer,
        why_zh="；或".join("，且".join(each.why_zh for each in terms) for terms in telling),
        why_en="; or ".join(" and ".join(each.why_en for each in terms) for terms in telling),
    )


def chance_of_reaching(measure: Measure, threshold: Threshold) -> float:
    """Give the chance that the true size is at least the threshold, its error taken as normal."""
    return 0.5 * math.erfc((threshold.value - measure.value) / (measure.sigma * math.sqrt(2.0)))


def size_words(measure: Measure) -> tuple[str, str]:
    """Write a size with its standard error, Chinese and English."""
    name, unit = _NAMES[measure.quantity], _unit(measure.quantity)
    said = f"{measure.value:.2f} ± {measure.sigma:.2f} {unit}"
    return f"{name.zh} {said}", f"{name.en} {said}"


def condition_words(category: CatalogClass) -> tuple[str, str] | None:
    """Write from which sizes a class is filed, Chinese and English; None where none is asked."""
    if not category.filed_from:
        return None
    said = [[_threshold_words(each) for each in terms] for terms in category.filed_from]
    zh = "，或".join("且".join(each.zh for each in terms) for terms in said)
    en = ", or ".join(" and ".join(each.en for each in terms) for terms in said)
    return f"立案标准：{zh}", f"filed from {en}"


def not_told_words(told: NotObservable) -> tuple[str, str]:
    """Say which size no picture tells, and why, Chinese and English."""
    name, why = _NAMES[told.quantity], _WHY[told.reason]
    return f"{name.zh}：{why.zh}", f"{name.en}: {why.en}"


def _against(
    threshold: Threshold, sizes: Sequence[Measure], unseen: Sequence[NotObservable]
) -> SizeJudgement:
    measure = next((each for each in sizes if each.quantity is threshold.quantity), None)
    asked = _threshold_words(threshold)
    if measure is None:
        why = _why_not(threshold.quantity, unseen)
        return SizeJudgement(
            answer=SizeAnswer.NEEDS_PERSON,
            why_zh=f"要求{asked.zh}，{why.zh}，由人判断",
            why_en=f"{asked.en} is asked for, {why.en}: a person decides",
        )
    chance = chance_of_reaching(measure, threshold)
    said_zh, said_en = size_words(measure)
    answer, words = _graded(chance)
    return SizeJudgement(
        answer=answer,
        why_zh=f"测得{said_zh}，要求{asked.zh}，{words.zh}",
        why_en=f"{said_en} was measured, {asked.en} is asked for: {words.en}",
    )


def _graded(chance: float) -> tuple[SizeAnswer, _Words]:
    if chance >= SURE:
        return SizeAnswer.MEETS, _Words(zh="达到", en="meets")
    if chance <= 1.0 - SURE:
        return SizeAnswer.FALLS_SHORT, _Words(zh="未达到", en="does not meet")
    return SizeAnswer.NEEDS_PERSON, _Words(
        zh=f"达到的可能为 {chance:.0%}，由人判断", en=f"{chance:.0%} likely, a person decides"
    )


def _all_of(answers: Sequence[SizeAnswer]) -> SizeAnswer:
    if SizeAnswer.FALLS_SHORT in answers:
        return SizeAnswer.FALLS_SHORT
    met = all(each is SizeAnswer.MEETS for each in answers)
    return SizeAnswer.MEETS if met else SizeAnswer.NEEDS_PERSON


def _any_of(answers: Sequence[SizeAnswer]) -> SizeAnswer:
    if SizeAnswer.MEETS in answers:
        return SizeAnswer.MEETS
    short = all(each is SizeAnswer.FALLS_SHORT for each in answers)
    return SizeAnswer.FALLS_SHORT if short else SizeAnswer.NEEDS_PERSON


def _why_not(quantity: Quantity, unseen: Sequence[NotObservable]) -> _Words:
    if quantity in _ONE_CAMERA:
        return _WHY[Unseen.ONE_CAMERA]
    said = next((each.reason for each in unseen if each.quantity is quantity), None)
    return _NOT_MEASURED if said is None else _WHY[said]


def _threshold_words(threshold: Threshold) -> _Words:
    name, unit = _NAMES[threshold.quantity], _unit(threshold.quantity)
    said = f"{threshold.value:g} {unit}"
    return _Words(zh=f"{name.zh} {said} 以上", en=f"{name.en} of {said} or more")


def _unit(quantity: Quantity) -> str:
    return "m²" if quantity is Quantity.AREA_M2 else "m"
