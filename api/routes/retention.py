"""What is deleted soon in its time, and what a hold keeps, for those who answer for it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.centre.wiring import Centre, centre_of
from api.doors.auth import allow
from api.keeping.retention import Going, outlook
from api.schemas.base import Words
from api.schemas.retention import CaseNamed, GoingOut, HoldOut, KeptOut, RetentionOut, RuleOut
from api.words.wording import action_words, retold
from dispatch.case.case import Case
from dispatch.case.step import Step
from dispatch.city.profile import Profile
from dispatch.city.retention import RetentionPolicy, Rule
from dispatch.keeping.expiry import Kept
from dispatch.missing import PersonNotFound
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import UnitOfWork

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
        over = {each.case.id for each in found.kept}
        holds = [
            _hold(case, step, over=case.id in over, profile=centre.profile, uow=uow)
            for case, step in found.holds
        ]
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
        holds=holds,
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
    return KeptOut(
        rule=each.one.rule,
        words=_words(each.one.rule, profile),
        case=_named(each.case),
        why=action_words(each.step.action, profile.words),
        note=each.step.note,
        by=_name(each.step, uow),
        since=each.step.at.astimezone(profile.zone).date(),
    )


def _hold(case: Case, step: Step, *, over: bool, profile: Profile, uow: UnitOfWork) -> HoldOut:
    return HoldOut(
        case=_named(case),
        why=action_words(step.action, profile.words),
        note=step.note,
        by=_name(step, uow),
        since=step.at.astimezone(profile.zone).date(),
        over=over,
    )


def _name(step: Step, uow: UnitOfWork) -> str:
    try:
        return uow.people.get(step.by).name
    except PersonNotFound:
        return step.by


def _named(case: Case) -> CaseNamed:
    name = Words(zh=case.category.name_zh, en=case.category.name_en)
    return CaseNamed(id=case.id, number=case.number, name=name)


def _words(rule: Rule, profile: Profile) -> Words:
    return retold(Words(zh=rule.zh, en=rule.en), profile.words)
