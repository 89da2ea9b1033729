"""What is deleted soon in its time, and what a hold keeps, for those who answer for it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.auth import allow
from api.retention import Going, outlook
from api.schemas.base import Words
from api.schemas.retention import CaseNamed, GoingOut, KeptOut, RetentionOut, RuleOut
from api.wiring import Centre, centre_of
from api.wording import action_words, retold
from dispatch.case import Case
from dispatch.expiry import Kept
from dispatch.missing import PersonNotFound
from dispatch.people import Person, Role
from dispatch.ports import UnitOfWork
from dispatch.profile import Profile
from dispatch.retention import RetentionPolicy, Rule

router = APIRouter(tags=["retention"])
Keeper = Annotated[Person, Depends(allow(Role.SUPERVISOR, Role.ADMINISTRATOR))]


@router.get("/retention", operation_id="show_retention")
def show_retention(
    person: Keeper,
    centre: Annotated[Centre, Depends(centre_of)],
    days: Annotated[int, Query(ge=0, le=93)] = 30,
) -> RetentionOut:
    """Say what goes within some days by the city's rules, and what a hold or an appeal keeps."""
    now = centre.now()
    until = now + timedelta(days=days)
    found = outlook(until, area=person.area, centre=centre)
    with centre.read() as uow:
        kept = [_kept(each, centre.profile, uow) for each in found.kept]
    return RetentionOut(
        until=until.astimezone(centre.profile.zone).date(),
        as_of=now,
        rules=[
            _rule(rule, [each for each in found.going if each.one.rule is rule], centre.profile)
            for rule in Rule
            if rule is not Rule.REQUEST
        ],
        going=[_going(each, centre.profile) for each in found.going],
        kept=kept,
        more=found.more,
    )


def _rule(rule: Rule, going: Sequence[Going], profile: Profile) -> RuleOut:
    return RuleOut(
        rule=rule,
        words=_words(rule, profile),
        keeps=_keeps(rule, profile.retention),
        things=len(going),
        pictures=sum(each.pictures for each in going),
        size_bytes=sum(each.size for each in going),
    )


def _keeps(rule: Rule, policy: RetentionPolicy) -> Words:
    if rule in policy.months:
        months = policy.months[rule]
        return Words(zh=f"{months} 个月", en=f"{months} months")
    days = policy.original_days if rule is Rule.ORIGINAL else policy.contact_days
    return Words(zh=f"{days} 天", en=f"{days} days")


def _going(each: Going, profile: Profile) -> GoingOut:
    return GoingOut(
        rule=each.one.rule,
        words=_words(each.one.rule, profile),
        id=each.one.id,
        case=None if each.case is None else _named(each.case),
        pictures=each.pictures,
    )


def _kept(each: Kept, profile: Profile, uow: UnitOfWork) -> KeptOut:
    try:
        by = uow.people.get(each.step.by).name
    except PersonNotFound:
        by = each.step.by
    return KeptOut(
        rule=each.one.rule,
        words=_words(each.one.rule, profile),
        case=_named(each.case),
        why=action_words(each.step.action, profile.words),
        note=each.step.note,
        by=by,
        since=each.step.at.astimezone(profile.zone).date(),
    )


def _named(case: Case) -> CaseNamed:
    name = Words(zh=case.category.name_zh, en=case.category.name_en)
    return CaseNamed(id=case.id, number=case.number, name=name)


def _words(rule: Rule, profile: Profile) -> Words:
    return retold(Words(zh=rule.zh, en=rule.en), profile.words)
