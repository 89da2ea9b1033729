"""Shape merged cases: what goes on under another number, and the case under whose number."""

from api.schemas.cases import GoesOnOut
from api.schemas.stories import MergedOut
from api.words.class_words import class_out
from api.words.places import place_out
from api.words.sights import Names, photos_of, reports_of, sights_of
from api.words.wording import status_words
from dispatch.case.case import Case
from dispatch.case.transition import Action
from dispatch.city.profile import Profile
from dispatch.city_words import CityWords
from dispatch.loop.handover import stands_for
from dispatch.ports.unit_of_work import UnitOfWork


def merged_of(case: Case, names: Names, uow: UnitOfWork, *, profile: Profile) -> list[MergedOut]:
    """Give the cases that ended for this one, over all merges, the oldest first.

    Sights are told once, with the first case that has them.
    """
    told = {case.problem}
    found = []
    merged = [each for each in stands_for(case, uow=uow) if each.id != case.id]
    for each in sorted(merged, key=lambda one: (one.reported_at, one.id)):
        seen = () if each.problem in told else uow.observations.of_problem(each.problem)
        told.add(each.problem)
        ended = each.last(Action.MERGE)
        found.append(
            MergedOut(
                id=each.id,
                number=each.number,
                category=class_out(each.category),
                place=place_out(each.place),
                reported_at=each.reported_at,
                merged_at=ended.at if ended else each.reported_at,
                sights=sights_of(seen, uow),
                reports=reports_of(seen, names),
                photos=photos_of(uow.photos.of_case(each.id), each, names, uow, city=profile.words),
            )
        )
    return found


def goes_on_out(case: Case, *, city: CityWords) -> GoesOnOut:
    """Shape the case that goes on in the place of a merged one."""
    return GoesOnOut(id=case.id, number=case.number, status_words=status_words(case.status, city))
