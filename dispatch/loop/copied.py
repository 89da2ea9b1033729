"""A picture that was handed in before does not show work done since (照片重复).

The same file under another name is refused where it is handed in. One that only looks the same
(encoded again, scaled, mirrored, cropped by a few per cent) may be an honest second shot: it is
shown to the person who decides, says nothing of the repair, and keeps the case from being closed
by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.imprint import COPY_BITS, bits_apart
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.errors import DispatchError
from dispatch.ground.place import cells_near
from dispatch.ids import CaseId, PhotoId
from dispatch.loop.handover import stands_for
from dispatch.ports.unit_of_work import CaseFilter, UnitOfWork
from dispatch.wire import Finding

NEAR_M: Final = 150.0
"""Cases within so many metres are near by: their pictures are at hand to who works there."""
NEAR_MOST: Final = 20
AGAINST_MOST: Final = 12
"""So many pictures of devices a photo is held against; photos of people it is against all."""


class PictureUsed(DispatchError):
    """A photo of the work done is the same file as a picture that was there before."""

    def __init__(self) -> None:
        super().__init__(
            "这张照片以前已经提交过，不能作为处理后的照片，请到现场重新拍一张",
            "this very picture was handed in before and cannot show the finished work: "
            "take a new one on the spot",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A photo of the work done that looks like another picture.

    Args:
        of: the other photo; None for the device's picture of the find.
        case: the case of the other picture, with its number.
        bits: how many bits of their imprints differ, of 143.
    """

    photo: PhotoId
    of: PhotoId | None
    case: CaseId
    number: str
    bits: int

    def grounds(self) -> dict[str, JsonValue]:
        """Give it as plain JSON values, for the case's history."""
        return {"photo": self.photo, "of": self.of, "case": self.case, "bits": self.bits}


def refuse_used(photos: Iterable[tuple[PhotoId, str]], *, uow: UnitOfWork) -> None:
    """Refuse photos of work done that are the same file as another photo or as evidence.

    Args:
        photos: the id and the SHA-256 of each, as it was handed in.

    Raises:
        PictureUsed: one is.
    """
    handed_in = set[str]()
    for id_, sha256 in photos:
        others = [each for each in uow.photos.of_content(sha256) if each.id != id_]
        if others or sha256 in handed_in or not uow.evidence.missing((sha256,)):
            raise PictureUsed
        handed_in.add(sha256)


def after_photos(case: Case, *, uow: UnitOfWork) -> list[Photo]:
    """Give the photos on which the last report of work done rests."""
    done = case.last_done
    named = done.grounds.get("after_photos") if done else None
    mine = set(map(str, named)) if isinstance(named, list) else set()
    return [each for each in uow.photos.of_case(case.id) if each.id in mine] if mine else []


def copies_in(case: Case, *, uow: UnitOfWork) -> tuple[Copy, ...]:
    """Give the photos of this round's work that look like an earlier one or one of another case.

    Two shots of one round may look alike. Which of two cases came first is not asked: who decides
    on either should know.
    """
    after = after_photos(case, uow=uow)
    mine = {each.id for each in after}
    return tuple(copy for each in after for copy in _copies_of(each, case, mine, uow=uow))


def copied_words(case: Case, copies: Sequence[Copy]) -> tuple[str, str]:
    """Say of what pictures there are copies, Chinese and English."""
    others = sorted({each.number for each in copies if each.case != case.id})
    zh = [f" {number} 的照片" for number in others]
    en = [f"a photo of {number}" for number in others]
    if any(each.case == case.id for each in copies):
        zh.insert(0, "此前的照片")
        en.insert(0, "an earlier picture of this case")
    return "、".join(zh), " and ".join(en)


def held_against(photo: Photo, case: Case, *, uow: UnitOfWork) -> tuple[str, ...]:
    """Give the pictures of devices that a photo of the work shall be held against, by hash.

    They are those of the case, of what was merged into it, and of cases near by that the same
    person worked on; the own ones first, the newest first of each.
    """
    if photo.purpose is not PhotoPurpose.AFTER:
        return ()
    near = CaseFilter(cells=frozenset(cells_near(case.cell, radius_m=NEAR_M)))
    theirs = [
        each
        for each in uow.cases.find(near, limit=NEAR_MOST)
        if each.handler == photo.by and each.id != case.id
    ]
    found = [
        sha256
        for each in (*stands_for(case, uow=uow), *theirs)
        for sha256 in reversed(_pictures_of_devices(each, uow=uow))
    ]
    return tuple(dict.fromkeys(found))[:AGAINST_MOST]


def _pictures_of_devices(case: Case, *, uow: UnitOfWork) -> list[str]:
    sights = [each.finding for each in uow.observations.of_problem(case.problem)]
    seen = [each for each in sights if isinstance(each, Finding)]
    return [picture.sha256 for each in seen for picture in each.evidence]


def _copies_of_devices(
    photo: Photo, case: Case, imprint: str, compared: Mapping[str, str], *, uow: UnitOfWork
) -> Iterable[Copy]:
    """Give what it looks the same as of the pictures that it was held against."""
    apart = {sha256: bits_apart(imprint, other) for sha256, other in compared.items()}
    alike = {sha256: bits for sha256, bits in apart.items() if bits <= COPY_BITS}
    if not alike:
        return
    near = CaseFilter(cells=frozenset(cells_near(case.cell, radius_m=NEAR_M)))
    merged = stands_for(case, uow=uow)
    told = set[CaseId]()
    for each in (*merged, *uow.cases.find(near, limit=NEAR_MOST)):
        of = case if each in merged else each
        bits = [alike[one] for one in _pictures_of_devices(each, uow=uow) if one in alike]
        if bits and of.id not in told:
            told.add(of.id)
            yield Copy(photo=photo.id, of=None, case=of.id, number=of.number, bits=min(bits))


def _copies_of(photo: Photo, case: Case, mine: set[PhotoId], *, uow: UnitOfWork) -> Iterable[Copy]:
    result = photo.result
    if result is None or result.imprint is None:
        return
    if result.before_imprint is not None:
        bits = bits_apart(result.imprint, result.before_imprint)
        if bits <= COPY_BITS:
            yield Copy(photo=photo.id, of=None, case=case.id, number=case.number, bits=bits)
    yield from _copies_of_devices(photo, case, result.imprint, result.compared, uow=uow)
    for other in uow.photos.with_keys(photo.keys_to_ask):
        if other.id in mine or other.result is None or other.result.imprint is None:
            continue
        bits = bits_apart(result.imprint, other.result.imprint)
        if bits <= COPY_BITS:
            number = uow.cases.get(other.case).number
            yield Copy(photo=photo.id, of=other.id, case=other.case, number=number, bits=bits)
