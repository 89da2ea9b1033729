"""Shape what was seen of a case: sights of devices, reports of people, and the photos they took."""

from collections.abc import Sequence

from api.schemas.base import Words
from api.schemas.stories import PhotoOut, ReportOut, SightOut
from api.words.places import place_out
from api.words.wording import retold
from dispatch.case.case import Case
from dispatch.case.photo import Photo
from dispatch.city_words import CityWords
from dispatch.ids import PersonId
from dispatch.loop.copied import Copy, copied_words, copies_in
from dispatch.missing import PersonNotFound
from dispatch.people.people import MACHINE, PUBLIC, Role
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.observation import Observation
from dispatch.sights.plausibility import place_of
from dispatch.term import Terms
from dispatch.wire import Finding, Report


class Names:
    """The names of people, each read once."""

    def __init__(self, uow: UnitOfWork, city: CityWords) -> None:
        self._uow = uow
        self._known = {
            MACHINE.id: city.word_zh(Terms.ROLES, Role.MACHINE),
            PUBLIC.id: city.word_zh(Terms.ROLES, Role.PUBLIC),
        }

    def of(self, person: PersonId) -> str:
        if person not in self._known:
            try:
                self._known[person] = self._uow.people.get(person).name
            except PersonNotFound:
                self._known[person] = person
        return self._known[person]


def sights_of(observations: Sequence[Observation], uow: UnitOfWork) -> list[SightOut]:
    """Shape what devices saw, with what their crews said of it."""
    findings = [each.finding for each in observations if isinstance(each.finding, Finding)]
    said = uow.crew.known([finding.id for finding in findings])
    # A word may have come before its find: whose device it was is known only now.
    words = {
        finding.id: said[finding.id].true
        for finding in findings
        if finding.id in said and said[finding.id].device == finding.device
    }
    return [_sight(finding, crew=words.get(finding.id)) for finding in findings]


def reports_of(observations: Sequence[Observation], names: Names) -> list[ReportOut]:
    """Shape what people reported."""
    told = [each.finding for each in observations if isinstance(each.finding, Report)]
    return [_report_out(each, names) for each in told]


def _report_out(report: Report, names: Names) -> ReportOut:
    return ReportOut(
        id=report.id,
        source=report.source,
        by=names.of(PersonId(report.by)),
        captured_at=report.captured_at,
        label=report.label,
        note=report.note,
        placed_by=report.placed_by,
        place=place_out(place_of(report.position)),
        evidence=list(report.evidence),
    )


def _sight(finding: Finding, *, crew: bool | None) -> SightOut:
    position = finding.position
    place = None if position is None else place_out(place_of(position))
    return SightOut(
        id=finding.id,
        pass_id=finding.pass_id,
        platform=finding.platform,
        rendered=finding.rendered,
        captured_at=finding.captured_at,
        label=finding.label,
        score=finding.score,
        threshold=finding.threshold,
        probability=finding.probabilities[finding.label],
        frames_seen=finding.frames_seen,
        frames_offered=finding.frames_offered,
        measure=finding.measure,
        place=place,
        model=finding.model,
        evidence=list(finding.evidence),
        crew=crew,
    )


def photos_of(
    photos: Sequence[Photo], case: Case, names: Names, uow: UnitOfWork, *, city: CityWords
) -> list[PhotoOut]:
    """Shape the photos that people took for a case; each says what it looks the same as."""
    copies = copies_in(case, uow=uow)
    alike = {photo.id: [each for each in copies if each.photo == photo.id] for photo in photos}
    return [_photo(photo, names, _copied(case, alike[photo.id], city)) for photo in photos]


def _copied(case: Case, copies: Sequence[Copy], city: CityWords) -> Words | None:
    if not copies:
        return None
    zh, en = copied_words(case, copies)
    return retold(Words(zh=zh, en=en), city)


def _photo(photo: Photo, names: Names, copy_of: Words | None) -> PhotoOut:
    result = photo.result
    return PhotoOut(
        id=photo.id,
        purpose=photo.purpose,
        by=names.of(photo.by),
        taken_at=photo.taken_at,
        readable=result.readable if result else None,
        refused=result.refused if result else None,
        same_place=result.same_place if result else None,
        seen=dict(result.seen) if result else {},
        evidence=list(result.evidence) if result else [],
        copy_of=copy_of,
    )
