"""Rulings (区域规则判定): what a city's zone rules say of a thing that was seen, and why.

A pure function of sights, zones, rules and numbers. A place is a normal error, never a point: the
thing lies in a zone with a chance, and so does every answer: meets / needs a person / does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final

from pydantic import JsonValue

from dispatch.city.policies import ZonePolicy
from dispatch.city.profile import Zoning
from dispatch.clocks.worktime import Calendar
from dispatch.ground.place import Place
from dispatch.ground.zone import Zone, ZoneRule
from dispatch.sights.observation import Observation
from dispatch.triage.sameness import Sameness, sameness
from dispatch.wire import MOVABLE, Stay

ONE_SIDED_95: Final = 1.644854


class Answer(StrEnum):
    """What a rule says of a thing."""

    MEETS = "meets"
    NEEDS_PERSON = "needs_person"
    DOES_NOT_MEET = "does_not_meet"


_WORST_LAST: Final = list(Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What one rule says of a thing, in both languages, with its numbers."""

    rule: ZoneRule
    zone: Zone
    answer: Answer
    why_zh: str
    why_en: str
    grounds: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stood:
    """What the sights say of how long a thing stood."""

    answer: Answer
    why_zh: str = ""
    why_en: str = ""
    grounds: Mapping[str, JsonValue]


def rulings(
    place: Place, sights: Sequence[Observation], *, label: str, zoning: Zoning, calendar: Calendar
) -> tuple[Ruling, ...]:
    """Give what every rule about a label says of a thing near its zones, the best answer first.

    Of equal answers, that of the earlier rule comes first.

    Args:
        place: of the thing, over all its sights.
        sights: at least one, in any order; the rule holds for those in its zone's time.
    """
    said = [
        ruling
        for rule in zoning.rules
        if rule.label == label
        and (ruling := _ruling(rule, place, sights, zoning, calendar)) is not None
    ]
    return tuple(sorted(said, key=lambda each: _WORST_LAST.index(each.answer)))


def _ruling(
    rule: ZoneRule,
    place: Place,
    sights: Sequence[Observation],
    zoning: Zoning,
    calendar: Calendar,
) -> Ruling | None:
    """Rule by the newest sight for which the zone counts, and those before it in its time."""
    ordered = sorted(sights, key=lambda one: one.order)
    for newest in reversed(ordered):
        at = newest.finding.captured_at
        about = zoning.zones.about(place, kind=rule.kind, at=at, calendar=calendar)
        if about is not None:
            break
    else:
        return None
    in_time = [one for one in ordered if about.zone.counts_at(one.finding.captured_at, calendar)]
    policy = zoning.policy
    inside = _graded(about.share, policy.inside, policy.ask_inside)
    stood = _stood(rule, in_time, policy)
    zh = f"在“{about.zone.name_zh}”内的可能性 {about.share:.0%}（位置误差 {place.ce90_m:.1f} 米）"
    en = (
        f"{about.share:.0%} sure to be in “{about.zone.name_en}” (position to {place.ce90_m:.1f} m)"
    )
    answer = max(inside, stood.answer, key=_WORST_LAST.index)
    return Ruling(
        rule=rule,
        zone=about.zone,
        answer=answer,
        why_zh="；".join(filter(None, (zh, stood.why_zh))),
        why_en="; ".join(filter(None, (en, stood.why_en))),
        grounds={
            "rule": rule.rule,
            "zone": about.zone.id,
            "kind": rule.kind,
            "answer": answer.value,
            "inside": round(about.share, 3),
            "ce90_m": round(place.ce90_m, 2),
            **stood.grounds,
        },
    )


def _graded(chance: float, enough: float, asked: float) -> Answer:
    if chance >= enough:
        return Answer.MEETS
    return Answer.NEEDS_PERSON if chance >= asked else Answer.DOES_NOT_MEET


def _stood(rule: ZoneRule, sights: Sequence[Observation], policy: ZonePolicy) -> _Stood:
    """Give the better of dwell and second sight; without either in the rule, being there is all."""
    if rule.dwell_s is None and rule.again_min is None:
        return _Stood(answer=Answer.MEETS, grounds={})
    standing = [one for one in sights if _may_stand(one.finding.stay, policy)]
    found = []
    if rule.dwell_s is not None:
        found.append(_dwelt(rule.dwell_s, standing, policy))
    if rule.again_min is not None:
        found.append(_again(rule, rule.again_min, standing, policy))
    best = min(found, key=lambda each: _WORST_LAST.index(each.answer))
    if best.answer is not Answer.DOES_NOT_MEET:
        return best
    return _Stood(
        answer=Answer.DOES_NOT_MEET,
        why_zh="；".join(each.why_zh for each in found),
        why_en="; ".join(each.why_en for each in found),
        grounds={name: value for each in found for name, value in each.grounds.items()},
    )


def _may_stand(stay: Stay | None, policy: ZonePolicy) -> bool:
    return stay is None or stay.moved_m - ONE_SIDED_95 * stay.moved_sigma_m <= policy.still_m


def _dwelt(least_s: float, sights: Sequence[Observation], policy: ZonePolicy) -> _Stood:
    stays = [one.finding.stay for one in sights if one.finding.stay is not None]
    longest = max(stays, key=lambda stay: stay.seconds, default=None)
    seconds = 0.0 if longest is None else longest.seconds
    grounds: dict[str, JsonValue] = {"stood_s": round(seconds, 1), "dwell_s": least_s}
    if longest is None or seconds < least_s:
        zh = f"一趟巡检只看到停留 {seconds:.0f} 秒，不足 {least_s:.0f} 秒"
        en = f"one pass saw it stand for {seconds:.0f} s of {least_s:.0f} s"
        return _Stood(answer=Answer.DOES_NOT_MEET, why_zh=zh, why_en=en, grounds=grounds)
    surely = longest.moved_m + ONE_SIDED_95 * longest.moved_sigma_m <= policy.still_m
    zh = f"一趟巡检中停留 {seconds:.0f} 秒，达到 {least_s:.0f} 秒"
    en = f"one pass saw it stand for {seconds:.0f} s, {least_s:.0f} s are asked"
    if not surely:
        zh, en = f"{zh}，是否移动过不能确定", f"{en}, but it may have moved"
    answer = Answer.MEETS if surely else Answer.NEEDS_PERSON
    return _Stood(answer=answer, why_zh=zh, why_en=en, grounds=grounds)


def _again(
    rule: ZoneRule,
    span_min: tuple[float, float],
    sights: Sequence[Observation],
    policy: ZonePolicy,
) -> _Stood:
    """Find the two sights that are likeliest of the same thing and lie apart as the rule asks."""
    pairs = [
        (sameness(one, other, prior=policy.prior_same), _apart(one, other))
        for one, other in combinations(sights, 2)
        if span_min[0] <= _apart(one, other) / timedelta(minutes=1) <= span_min[1]
    ]
    if not pairs:
        return _not_again(span_min, sights)
    same, apart = max(pairs, key=lambda pair: pair[0].chance)
    minutes = apart / timedelta(minutes=1)
    zh, en = _words(rule, same, minutes)
    return _Stood(
        answer=_graded(same.chance, policy.same, policy.ask_same),
        why_zh=zh,
        why_en=en,
        grounds={
            "apart_min": round(minutes, 1),
            "apart_m": round(same.apart_m, 2),
            "same": round(same.chance, 3),
            "by_look": same.by_look,
        },
    )


def _not_again(span_min: tuple[float, float], sights: Sequence[Observation]) -> _Stood:
    span = f"{span_min[0]:g}–{span_min[1]:g}"
    if len(sights) < 2:
        zh, en = (
            f"只看到一次，要隔 {span} 分钟再次看到",
            f"seen once, and again in {span} min is asked",
        )
    else:
        longest = _apart(sights[0], sights[-1]) / timedelta(minutes=1)
        zh = f"看到 {len(sights)} 次，首末相隔 {longest:.0f} 分钟，要求 {span} 分钟"
        en = f"seen {len(sights)} x over {longest:.0f} min, {span} min are asked between two sights"
    return _Stood(answer=Answer.DOES_NOT_MEET, why_zh=zh, why_en=en, grounds={"again": False})


def _words(rule: ZoneRule, same: Sameness, minutes: float) -> tuple[str, str]:
    look_zh = "、外形" if same.by_look else ""
    look_en = " and look" if same.by_look else ""
    what = "辆" if rule.label in MOVABLE else "处"
    zh = (
        f"相隔 {minutes:.0f} 分钟两次看到，位置相差 {same.apart_m:.1f} 米，"
        f"按位置{look_zh}判断是同一{what}的可能性 {same.chance:.0%}"
    )
    en = (
        f"seen twice, {minutes:.0f} min and {same.apart_m:.1f} m apart; "
        f"by place{look_en} {same.chance:.0%} sure to be the same"
    )
    return zh, en


def _apart(one: Observation, other: Observation) -> timedelta:
    return abs(one.finding.captured_at - other.finding.captured_at)
