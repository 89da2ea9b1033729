"""Shape which component a case is of, and what is open or was decided before of who handles it."""

from datetime import datetime
from typing import Final

from api.schemas.base import Words
from api.schemas.choices import ChoiceOut, OptionOut
from api.schemas.stories import ComponentOut, FittingOut, PrecedentOut
from api.words.wording import retold
from dispatch.case.case import Case
from dispatch.case.transition import Action, Status
from dispatch.catalogue.component import Standing
from dispatch.city.profile import Profile
from dispatch.city_words import CityWords
from dispatch.ids import DepartmentId
from dispatch.loop.responsibility import precedents_for
from dispatch.ports.unit_of_work import UnitOfWork

_STANDINGS: Final = {
    Standing.KNOWN: Words(zh="部件库中的", en="of the registry"),
    Standing.SEVERAL: Words(zh="附近有几个可能的部件，请指认", en="several fit: name the one"),
    Standing.UNKNOWN: Words(zh="部件库中没有", en="not in the registry"),
}


def component_out(case: Case, *, uow: UnitOfWork) -> ComponentOut | None:
    """Shape what the registry says of a case; None where nobody asked it."""
    match = case.component
    if match is None:
        return None
    open_ = match.standing is Standing.SEVERAL
    known = uow.components.newest(match.fitting) if open_ else {}
    return ComponentOut(
        standing=match.standing,
        words=_STANDINGS[match.standing],
        id=match.id,
        name=match.name,
        owner=match.owner,
        distance_m=match.distance_m,
        latitude=match.latitude,
        longitude=match.longitude,
        fitting=[
            FittingOut(
                id=id_,
                name=known[id_].name,
                owner=known[id_].owner,
                latitude=known[id_].latitude,
                longitude=known[id_].longitude,
            )
            for id_ in match.fitting
            if id_ in known
        ],
    )


def undecided_words(case: Case, *, city: CityWords) -> Words | None:
    """Say why a filed case waits for a person to name its department; None where none is asked."""
    said = case.last(Action.REMARK)
    if case.status is not Status.FILED or said is None or "undecided" not in said.grounds:
        return None
    zh, _, en = said.note.partition(" / ")
    return retold(Words(zh=zh, en=en), city)


def precedents_of(
    case: Case, *, profile: Profile, uow: UnitOfWork, now: datetime
) -> list[PrecedentOut]:
    """Give whom people named for the like, the most frequent first, while a case waits for it."""
    if case.status is not Status.FILED:
        return []
    counted = precedents_for(case, profile=profile, at=now, uow=uow)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [
        PrecedentOut(department=id_, words=_department(id_, profile), count=count)
        for id_, count in ranked
    ]


def with_precedents(choice: ChoiceOut, precedents: list[PrecedentOut]) -> ChoiceOut:
    """Say beside each department how often it was named for the like; those first, none chosen."""
    if choice.action is not Action.DISPATCH or not precedents:
        return choice
    counts = {each.department: each.count for each in precedents}
    options = sorted(choice.options, key=lambda option: -counts.get(option.id, 0))
    named = [_counted(option, counts.get(option.id, 0)) for option in options]
    return choice.model_copy(update={"options": named})


def _counted(option: OptionOut, count: int) -> OptionOut:
    if not count:
        return option
    zh, en = f"{option.words.zh}（先例 {count} 次）", f"{option.words.en} (named {count} times)"
    return OptionOut(id=option.id, words=Words(zh=zh, en=en))


def _department(id_: DepartmentId, profile: Profile) -> Words:
    known = profile.departments.get(id_)
    return Words(zh=known.name_zh, en=known.name_en) if known else Words(zh=id_, en=id_)
