"""Triage: file a find by itself, ask a person about it, or hold it as visible stock.

The first form of the rule: the class's precision as people's verdicts bound it from below, the
find's own calibrated chance, and its measured size against the filing threshold with its error.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import JsonValue

from dispatch.case.step import Grounds
from dispatch.catalogue.catalog import CatalogClass, EvidenceNeed
from dispatch.city.policies import TriagePolicy
from dispatch.indicators.interval import beta_lower
from dispatch.triage.sizing import SizeAnswer, SizeJudgement, judge_size
from dispatch.wire import EvidenceKind, Measure, ModelRef, NotObservable


class Course(StrEnum):
    """What is done with a find."""

    FILE = "file"
    ASK = "ask"
    HOLD = "hold"


class CardWord(StrEnum):
    """What a model's card says of letting its finds of a class file unasked."""

    MAY_FILE = "may_file"
    ASKS = "asks"
    UNKNOWN = "unknown"
    """The centre has no card of this model."""


_SHOWN: Final = (
    (EvidenceNeed.NEAR, EvidenceKind.NEAR, "近景", "near"),
    (EvidenceNeed.CONTEXT, EvidenceKind.CONTEXT, "全景", "wider"),
)
Cards = Callable[[ModelRef, str], CardWord]
"""Gives the word of a model's card on a label."""


def no_cards(_model: ModelRef, _label: str) -> CardWord:
    """Know no model's card: then a person is asked about every find."""
    return CardWord.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """People's word on earlier finds of a class by a model version."""

    true: int = 0
    false: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What is to be done, said in both languages, with the numbers."""

    course: Course
    why_zh: str
    why_en: str
    grounds: Grounds


def triage(
    category: CatalogClass,
    *,
    label: str,
    chance: float,
    sizes: Sequence[Measure],
    verdicts: Verdicts,
    card: CardWord,
    policy: TriagePolicy,
    unseen: Sequence[NotObservable] = (),
    doubt: tuple[str, str] | None = None,
    pictures: Collection[EvidenceKind] = tuple(EvidenceKind),
) -> Triage:
    """Decide what is done with a find.

    Args:
        chance: that the find is true, after calibration, 0 to 1.
        sizes: what was measured of it, one of a quantity.
        unseen: what of its size no picture tells, and why.
        card: the word of the card of the model that saw; no number outweighs it.
        doubt: what else is left to a person, Chinese and English.
        pictures: of which kinds the find has any.
    """
    doubts = tuple(_doubts(category, doubt=doubt, card=card, pictures=pictures))
    lower = beta_lower(policy.prior_true + verdicts.true, policy.prior_false + verdicts.false)
    target = policy.target_for(label)
    size = judge_size(category, sizes, unseen)
    grounds: dict[str, JsonValue] = {
        "chance": round(chance, 4),
        "ask": policy.ask,
        "precision_lower": round(lower, 4),
        "target": target,
        "verdicts_true": verdicts.true,
        "verdicts_false": verdicts.false,
        "card": card.value,
        **_size_grounds(category, sizes, size),
    }
    if chance < policy.ask and not (category.hazard or category.person_always):
        course, why_zh, why_en = _too_unlikely(chance, policy.ask)
    else:
        course, why_zh, why_en = _course(
            category, size, doubts=doubts, sure=min(chance, lower), target=target
        )
    return Triage(
        course=course,
        why_zh=why_zh,
        why_en=why_en,
        grounds={**grounds, "course": course.value, "why_zh": why_zh, "why_en": why_en},
    )


def _size_grounds(
    category: CatalogClass, sizes: Sequence[Measure], said: SizeJudgement
) -> dict[str, JsonValue]:
    """Keep the answer, and beside the first threshold what was measured of its quantity."""
    grounds: dict[str, JsonValue] = {"size": said.answer.value}
    asked = category.threshold
    if asked is not None:
        grounds["threshold"] = asked.value
    measured = [each for each in sizes if asked is None or each.quantity is asked.quantity]
    if measured:
        grounds |= {"measured": round(measured[0].value, 3), "sigma": round(measured[0].sigma, 3)}
    if said.answer is not SizeAnswer.NO_THRESHOLD:
        grounds["sizing"] = {"why_zh": said.why_zh, "why_en": said.why_en}
    return grounds


def _too_unlikely(chance: float, ask: float) -> tuple[Course, str, str]:
    zh = f"可能性 {chance:.0%} 低于 {ask:.0%}，先留存观察"
    return Course.HOLD, zh, f"chance {chance:.0%} is below {ask:.0%}: held"


def _course(
    category: CatalogClass,
    size: SizeJudgement,
    *,
    doubts: Sequence[tuple[str, str]],
    sure: float,
    target: float,
) -> tuple[Course, str, str]:
    falls_short = size.answer is SizeAnswer.FALLS_SHORT
    if falls_short and not (category.hazard or category.person_always):
        zh = f"测得尺寸未达立案标准：{size.why_zh}"
        return Course.HOLD, zh, f"its measured size falls short of filing: {size.why_en}"
    reasons = tuple(_reasons_to_ask(category, size, doubts=doubts, sure=sure, target=target))
    if reasons:
        return (
            Course.ASK,
            "；".join(zh for zh, _ in reasons),
            "; ".join(en for _, en in reasons),
        )
    zh = f"把握 {sure:.0%}，达到 {target:.0%}"
    return Course.FILE, zh, f"{sure:.0%} sure, {target:.0%} are needed"


def _reasons_to_ask(
    category: CatalogClass,
    size: SizeJudgement,
    *,
    doubts: Sequence[tuple[str, str]],
    sure: float,
    target: float,
) -> Iterator[tuple[str, str]]:
    if category.person_always:
        yield "这类问题一律由人判断", "this class is always for a person to decide"
        return
    yield from doubts
    if size.answer in {SizeAnswer.NEEDS_PERSON, SizeAnswer.FALLS_SHORT}:
        yield (
            f"尺寸是否达标需现场核实：{size.why_zh}",
            f"whether its size suffices needs a person: {size.why_en}",
        )
    elif sure < target:
        zh = f"把握 {sure:.0%} 未到自动立案要求的 {target:.0%}，请人核实"
        yield zh, f"{sure:.0%} sure, {target:.0%} are needed to file it unasked"


def _doubts(
    category: CatalogClass,
    *,
    doubt: tuple[str, str] | None,
    card: CardWord,
    pictures: Collection[EvidenceKind],
) -> Iterator[tuple[str, str]]:
    """Give what stands against filing unasked beside size and chance, Chinese and English."""
    if doubt is not None:
        yield "是否符合区域规则由人核实", "whether a zone rule is met is for a person"
    if card is CardWord.ASKS:
        yield "模型卡写明这类发现先问人", "the model's card has a person asked about this class"
    if card is CardWord.UNKNOWN:
        yield (
            "中心没有这版模型的卡片，先问人",
            "the centre has no card of this model: a person looks",
        )
    for need, kind, zh, en in _SHOWN:
        if need in category.evidence and kind not in pictures:
            yield f"缺少{zh}照片，请人核实并补拍", f"a {en} picture is lacking: a person looks"
