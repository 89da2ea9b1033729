"""Acceptance (接收): what a device sends is checked by itself, kept for good, and answered.

A message is settled by its id and revision, whatever the order and number of its deliveries.
Findings and sweeps are put in line for `dispatch.intake.delivery`; everything else, which concerns
no case, is taken in at once. What several devices send at the same time is looked up together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from dispatch import wire
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.city.profile import Profile
from dispatch.devices.device import Device
from dispatch.errors import DispatchError
from dispatch.ground.grid import Grid
from dispatch.ids import PhotoId
from dispatch.missing import PhotoNotFound
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.arrival import Mail, Patrolled
from dispatch.sights.entitlement import fault_of_sender
from dispatch.sights.head import Head
from dispatch.sights.plausibility import (
    Fault,
    fault_of_crew_verdict,
    fault_of_head,
    fault_of_sweep,
    grids_of,
)
from dispatch.sights.reading import (
    OTHER_BODY,
    Read,
    quarantined,
    read,
    read_sound,
    receipt,
    word_on_known,
)
from dispatch.wire import Receipt, ReceiptStatus

HEARD_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a device was heard: a write a minute, not one a batch."""


class BatchTooLarge(DispatchError):
    """A batch has more messages than may be taken in at once."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"一批有 {count} 条报文，最多 {wire.MAX_BATCH} 条，请分批发送",
            f"{count} messages in a batch, {wire.MAX_BATCH} are the most: send fewer at once",
        )
        self.count = count


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a device sent at once.

    Args:
        device: who sent it, as its signature proves.
        at: when it came.
        packed: gzip of the JSON that holds the messages in `messages`.

    Raises:
        BatchTooLarge: there are more messages than `wire.MAX_BATCH`.
    """

    device: str
    at: datetime
    messages: Sequence[Read]
    packed: bytes

    def __post_init__(self) -> None:
        if len(self.messages) > wire.MAX_BATCH:
            raise BatchTooLarge(len(self.messages))


def accept(
    sent: Sequence[Sent], *, senders: Mapping[str, Device], uow: UnitOfWork, profile: Profile
) -> list[wire.Receipts]:
    """Keep batches for good and give the receipts of each, which count from the commit on.

    Joins the transaction of whoever calls it.

    Args:
        senders: those who sent them, by id, as far as they are registered.
    """
    _note_heard(sent, senders=senders, uow=uow)
    known = _look_up(sent, uow=uow, profile=profile)
    batches = [
        Acceptance(
            sent=each, sender=senders.get(each.device), known=known, uow=uow, profile=profile
        )
        for each in sent
    ]
    receipts = [each.settle() for each in batches]
    uow.arrivals.add([each.mail for each in batches if each.places])
    missing = uow.evidence.missing({sha256 for each in batches for sha256 in each.wanted})
    return [
        wire.Receipts(
            receipts=answers,
            evidence_wanted=tuple(sha256 for sha256 in missing if sha256 in each.wanted),
        )
        for each, answers in zip(batches, receipts, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is there already of that which came.

    Args:
        grids: those of the findings, by id.
        kept: the newest findings and sweeps under these ids, in line or taken in; what is accepted
            joins them.
        in_line: ids under which something waits; those of what is accepted join them.
    """

    grids: dict[str, Grid]
    kept: dict[str, Read]
    in_line: set[str]


def _look_up(sent: Sequence[Sent], *, uow: UnitOfWork, profile: Profile) -> Known:
    said = [each.said for batch in sent for each in batch.messages]
    found = [each for each in said if isinstance(each, Head)]
    findings = {each.id for each in found}
    sweeps = {each.id for each in said if isinstance(each, wire.Sweep)}
    # First what is in line: whatever leaves the line meanwhile is then found where it went.
    waiting = _in_line(findings | sweeps, uow=uow)
    known = uow.observations.known(findings) if findings else {}
    taken_in: list[Patrolled] = [one.of_device for one in known.values()]
    taken_in += [sweep for sweep in map(uow.sweeps.get, sweeps) if sweep is not None]
    kept = {each.id: read_sound(each, device=each.device) for each in taken_in}
    return Known(
        grids=grids_of(found, profile=profile),
        kept=kept | waiting,
        in_line=set(waiting),
    )


def _in_line(ids: Collection[str], *, uow: UnitOfWork) -> dict[str, Read]:
    """Give the newest of those in line under each of the ids."""
    newest: dict[str, Read] = {}
    for arrival in uow.arrivals.waiting(ids) if ids else ():
        one = read(arrival.raw, device=arrival.device)
        if isinstance(one.said, Head | wire.Sweep):
            kept = newest.get(one.said.id)
            if kept is None or _is_older(kept, one.said):
                newest[one.said.id] = one
    return newest


def _is_older(kept: Read, said: Head | wire.Sweep) -> bool:
    return kept.said is not None and kept.said.revision < said.revision


def _note_heard(sent: Sequence[Sent], *, senders: Mapping[str, Device], uow: UnitOfWork) -> None:
    at = {each.device: each.at for each in sent}
    for id_ in at.keys() & senders.keys():
        device = senders[id_]
        if device.heard_at is None or at[id_] - device.heard_at >= HEARD_EVERY:
            uow.devices.save(replace(device, heard_at=at[id_]))


@dataclass(slots=True, kw_only=True)
class Acceptance:
    """What one batch brings; it joins a transaction.

    Args:
        sender: who sent it; None where devices are not registered.
        known: what is there already, of this batch and those that came with it.
        places: where in the batch stands what is to be put in line, with its id.
        hazards: which of these places hold a hazard.
        hastened: ids of hazards of which an earlier revision waits.
        wanted: pictures that it speaks of.
    """

    sent: Sent
    sender: Device | None
    known: Known
    uow: UnitOfWork
    profile: Profile
    places: dict[int, str] = field(default_factory=dict)
    hazards: set[int] = field(default_factory=set)
    hastened: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)

    @property
    def mail(self) -> Mail:
        """What of it goes in line."""
        sent = self.sent
        return Mail(
            device=sent.device,
            received_at=sent.at,
            packed=sent.packed,
            places=self.places,
            hazards=frozenset(self.hazards),
            hastened=frozenset(self.hastened),
        )

    def settle(self) -> tuple[Receipt, ...]:
        """Settle every message."""
        return tuple(self._settled(each, place) for place, each in enumerate(self.sent.messages))

    def _settled(self, read: Read, place: int) -> Receipt:
        said, fault = read.said, read.fault
        if fault is None and said is not None:
            fault = fault_of_sender(said, device=self.sender)
        if fault is not None or said is None:
            assert fault is not None
            return self._quarantined(read, fault)
        match said:
            case Head() | wire.Sweep():
                return self._patrolled(read, said, place)
            case wire.PhotoResult():
                return self._photo_result(read, said)
            case wire.Heartbeat():
                return self._heartbeat(read, said)
            case wire.CrewVerdict():
                return self._crew_verdict(read, said)

    def _patrolled(self, read: Read, said: Head | wire.Sweep, place: int) -> Receipt:
        kept = self.known.kept.get(said.id)
        if kept is not None and not _is_older(kept, said):
            return self._sent_again(read, kept)
        fault = self._fault(said)
        if fault is not None:
            return self._quarantined(read, fault)
        self.known.kept[said.id] = read
        self.places[place] = said.id
        if isinstance(said, Head):
            self._found(said, place)
        self.known.in_line.add(said.id)
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _sent_again(self, read: Read, kept: Read) -> Receipt:
        if isinstance(kept.said, Head):
            self.wanted.update(kept.said.pictures)
        message, before = read.message, kept.message
        assert message is not None
        assert before is not None
        return self._known(read, message, before)

    def _fault(self, said: Head | wire.Sweep) -> Fault | None:
        """Say what cannot be true of a message alone; delivery sets it beside others."""
        if isinstance(said, Head):
            return fault_of_head(said, grid=self.known.grids.get(said.id), at=self.sent.at)
        return fault_of_sweep(said, at=self.sent.at)

    def _found(self, head: Head, place: int) -> None:
        category = self.profile.classes.get(head.label)
        if category is not None and category.hazard:
            self.hazards.add(place)
            self.hastened |= self.known.in_line & {head.id}
        self.wanted.update(head.pictures)

    def _photo_result(self, read: Read, result: wire.PhotoResult) -> Receipt:
        photo = self._photo(result)
        if photo is None:
            zh = f"没有编号为 {result.photo} 的照片，可能已被删除"
            en = f"there is no photo {result.photo}: it may have been deleted"
            return self._quarantined(read, Fault(zh=zh, en=en))
        if result.readable:
            self.wanted |= {picture.sha256 for picture in result.evidence}
        kept = photo.result
        if kept is not None and (kept.id != result.id or result.revision <= kept.revision):
            return self._known(read, result, kept)
        self.uow.photos.save(replace(photo, result=result))
        self._show_in_report(photo, result)
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _photo(self, result: wire.PhotoResult) -> Photo | None:
        try:
            return self.uow.photos.get(PhotoId(result.photo))
        except PhotoNotFound:
            return None

    def _show_in_report(self, photo: Photo, result: wire.PhotoResult) -> None:
        """Let a person's report show its photo, now that it is redacted."""
        if photo.purpose is not PhotoPurpose.REPORT or not result.evidence:
            return
        problem = self.uow.cases.get(photo.case).problem
        for one in self.uow.observations.of_problem(problem):
            if isinstance(one.finding, wire.Report) and one.finding.shows(photo.id):
                shown = one.finding.with_pictures(photo.id, result.evidence)
                self.uow.observations.save(replace(one, finding=shown))

    def _heartbeat(self, read: Read, heartbeat: wire.Heartbeat) -> Receipt:
        device = self.uow.devices.get(self.sent.device)
        if device is None:
            zh, en = "设备未登记，请先登记", "the device is not registered: register it first"
            return self._quarantined(read, Fault(zh=zh, en=en))
        last = device.last_heartbeat
        if heartbeat == last:
            return receipt(read, ReceiptStatus.KNOWN)
        # One from the future was stamped by a clock that has since been set: it hides none after.
        if last is not None and heartbeat.at <= last.at <= self.sent.at:
            return receipt(read, ReceiptStatus.SUPERSEDED)
        self.uow.devices.save(replace(device, last_heartbeat=heartbeat, heard_at=self.sent.at))
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _crew_verdict(self, read: Read, verdict: wire.CrewVerdict) -> Receipt:
        kept = self.uow.crew.get(verdict.finding)
        if kept is not None and (kept.id != verdict.id or verdict.revision <= kept.revision):
            return self._known(read, verdict, kept)
        fault = fault_of_crew_verdict(verdict, self._finding(verdict.finding), at=self.sent.at)
        if fault is not None:
            return self._quarantined(read, fault)
        self.uow.crew.save(verdict)
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _finding(self, id_: str) -> wire.Finding | None:
        kept = self.known.kept.get(id_) or _in_line({id_}, uow=self.uow).get(id_)
        if kept is not None and kept.finding is not None:
            return kept.finding()
        one = self.uow.observations.get(id_)
        return None if one is None else one.of_device

    def _known(self, read: Read, message: wire.Message, kept: wire.Message) -> Receipt:
        status = word_on_known(message, kept)
        if status is not ReceiptStatus.CONFLICT:
            return receipt(read, status)
        self._keep_apart(read, OTHER_BODY)
        return receipt(read, status, OTHER_BODY)

    def _quarantined(self, read: Read, fault: Fault) -> Receipt:
        self._keep_apart(read, fault)
        return receipt(read, ReceiptStatus.QUARANTINED, fault)

    def _keep_apart(self, read: Read, fault: Fault) -> None:
        self.uow.quarantine.add(quarantined(read, fault, device=self.sent.device, at=self.sent.at))
