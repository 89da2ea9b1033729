"""Say why a step was taken, in words, from the numbers and rules that were kept with it."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import JsonValue

from api.schemas.base import Words
from api.words.wording import retold, spoken
from dispatch.case.step import Step
from dispatch.case.transition import Action
from dispatch.city.profile import Profile
from dispatch.city_words import CityWords
from dispatch.people.people import Role

_STAGES: Final = {
    "dispatch": ("[派遣]时限", "the limit for [dispatch]"),
    "handling": ("[处置]时限", "the limit for [handling]"),
    "check": ("[核查]时限", "the limit for checking"),
    "whole": ("全程时限", "the limit of the whole [case]"),
    "reply": ("[督办]回复时限", "the limit for the reply"),
}
Grounds = Mapping[str, JsonValue]


def why(step: Step, *, profile: Profile) -> Words | None:
    """Give the grounds of a step in a sentence, or None where nothing but a person's word is."""
    city = profile.words
    said = sentence(step.grounds, city)
    if said is not None:
        return said
    if step.action is Action.DISPATCH:
        return _why_dispatched(step.grounds, profile)
    if step.action in {Action.REPORT, Action.ASK_CONFIRMATION}:
        return _why_found(step, city)
    tell = _TOLD_BY.get(step.action)
    found = None if tell is None else tell(step)
    return None if found is None else spoken(found, city)


def sentence(grounds: Grounds, city: CityWords) -> Words | None:
    """Give the sentence that a rule kept with its decision, if it did, in the city's words."""
    zh, en = grounds.get("why_zh"), grounds.get("why_en")
    return retold(Words(zh=str(zh), en=str(en)), city) if zh and en else None


def note_of(step: Step, city: CityWords) -> str:
    """Give the note of a step; what the machine wrote in it in the city's words."""
    if step.role is not Role.MACHINE:
        return step.note
    return city.retold_en(city.retold_zh(step.note))


def _why_found(step: Step, city: CityWords) -> Words | None:
    grounds = step.grounds
    triage = grounds.get("triage")
    told = (grounds.get("zone"), grounds.get("suppression"), triage)
    said = [sentence(each, city) for each in told if isinstance(each, Mapping)]
    seen, offered = grounds.get("frames_seen"), grounds.get("frames_offered")
    if seen is not None and offered is not None:
        said.insert(0, _sight_words(grounds))
    parts = [each for each in said if each is not None]
    if not parts:
        return None
    return Words(zh="；".join(each.zh for each in parts), en="; ".join(each.en for each in parts))


def _sight_words(grounds: Grounds) -> Words:
    seen, offered = grounds["frames_seen"], grounds["frames_offered"]
    zh = f"{offered} 帧中 {seen} 帧看到，得分 {grounds['score']}，门槛 {grounds['threshold']}"
    en = (
        f"seen in {seen} of {offered} frames, score {grounds['score']}, "
        f"threshold {grounds['threshold']}"
    )
    return Words(zh=zh, en=en)


def _why_dispatched(grounds: Grounds, profile: Profile) -> Words | None:
    rule = next(
        (each for each in profile.responsibilities if each.rule == grounds.get("rule")), None
    )
    department = next(
        (each for each in profile.departments.values() if each.id == grounds.get("department")),
        None,
    )
    if rule is None or department is None:
        return None
    return Words(
        zh=f"按责任规则 {rule.rule}（{rule.label}，权属 {rule.owner}）由{department.name_zh}负责",
        en=f"by rule {rule.rule} ({rule.label}, owner {rule.owner}) "
        f"it is for the {department.name_en}",
    )


def _why_alarmed(step: Step) -> Words | None:
    grounds = step.grounds
    stage = _STAGES.get(str(grounds.get("stage")))
    if stage is None:
        return None
    if grounds.get("alarm") == "red":
        return Words(zh=f"{stage[0]}已超过", en=f"{stage[1]} has passed")
    return Words(zh=f"{stage[0]}已用去八成", en=f"80 % of {stage[1]} has gone")


def _what_was_missed(step: Step) -> Words | None:
    stage = _STAGES.get(str(step.grounds.get("stage")))
    return None if stage is None else Words(zh=f"针对：{stage[0]}超期", en=f"against: {stage[1]}")


def _condition(step: Step) -> Words | None:
    zh, en = step.grounds.get("condition_zh"), step.grounds.get("condition_en")
    if not zh or not en:
        return None
    what = (
        ("[立案]条件", "[filing] condition")
        if step.action is Action.FILE
        else ("[结案]条件", "closing condition")
    )
    limit = _limit(step.grounds.get("limits"))
    return Words(zh=f"{what[0]}：{zh}{limit.zh}", en=f"{what[1]}: {en}{limit.en}")


def _limit(limits: JsonValue) -> Words:
    """Say how long handling may take, and of which season that limit is."""
    if not isinstance(limits, Mapping):
        return Words(zh="", en="")
    season_zh, season_en = limits.get("season_zh"), limits.get("season_en")
    of_season = (f"（{season_zh}）", f" ({season_en})") if season_zh and season_en else ("", "")
    written = limits.get("handling")
    return Words(
        zh=f"；[处置]时限 {written}{of_season[0]}",
        en=f"; limit for [handling] {written}{of_season[1]}",
    )


_TOLD_BY: Final[Mapping[Action, Callable[[Step], Words | None]]] = {
    Action.ALARM: _why_alarmed,
    Action.FILE: _condition,
    Action.APPROVE: _condition,
    Action.SEND_BACK: _condition,
    Action.APPEAL: _what_was_missed,
    Action.UPHOLD: _what_was_missed,
    Action.DISMISS: _what_was_missed,
}
