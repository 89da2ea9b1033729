"""Acceptance (接收): what a device sends is checked by itself, kept for good, and answered.

A message is settled by its id and revision, whatever the order and number of its deliveries.
Findings and sweeps are put in line for `dispatch.delivery`; everything else, which concerns no
case, is taken in at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from dispatch import wire
from dispatch.arrival import Mail, Patrolled
from dispatch.device import Device
from dispatch.entitlement import fault_of_sender
from dispatch.grid import Grid
from dispatch.ids import PhotoId
from dispatch.missing import PhotoNotFound
from dispatch.photo import Photo, PhotoPurpose
from dispatch.plausibility import (
    Fault,
    fault_of_crew_verdict,
    fault_of_finding,
    fault_of_sweep,
    grids_of,
)
from dispatch.ports import UnitOfWork
from dispatch.profile import Profile
from dispatch.reading import OTHER_BODY, Read, quarantined, receipt, word_on_known
from dispatch.reading import read as understood
from dispatch.wire import Receipt, ReceiptStatus

HEARD_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a device was heard: a write a minute, not one a batch."""


@dataclass(slots=True, kw_only=True)
class Acceptance:
    """What one batch brings, and what of it was there before; it joins a transaction.

    Args:
        at: when it came.
        grids: those of its findings, by id.
        kept: the newest findings and sweeps under the ids of its own, in line or taken in.
        places: where in the batch stands what is to be put in line, with its id.
        hazards: which of these places hold a hazard.
        in_line: ids of its own under which something waits already.
        wanted: pictures that it speaks of.
        sender: the device, if it is registered.
    """

    device: str
    at: datetime
    uow: UnitOfWork
    profile: Profile
    grids: dict[str, Grid] = field(default_factory=dict)
    kept: dict[str, Patrolled] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    hazards: set[int] = field(default_factory=set)
    in_line: frozenset[str] = frozenset()
    wanted: set[str] = field(default_factory=set)
    sender: Device | None = None

    def take(self, read: Sequence[Read], *, packed: bytes) -> wire.Receipts:
        """Settle every message of the batch.

        Args:
            packed: gzip of the JSON that holds them.
        """
        self._look_up([each.message for each in read if each.message is not None])
        self.sender = self.uow.devices.get(self.device)
        self._note_heard(self.sender)
        receipts = tuple(self._settled(each, place) for place, each in enumerate(read))
        if self.places:
            self.uow.arrivals.add(self._mail(packed))
        missing = self.uow.evidence.missing(self.wanted)
        return wire.Receipts(receipts=receipts, evidence_wanted=tuple(missing))

    def _mail(self, packed: bytes) -> Mail:
        return Mail(
            device=self.device,
            received_at=self.at,
            packed=packed,
            places=self.places,
            hazards=frozenset(self.hazards),
            hastened=self.in_line & {self.places[place] for place in self.hazards},
        )

    def _look_up(self, messages: Sequence[wire.Message]) -> None:
        found = [each for each in messages if isinstance(each, wire.Finding)]
        findings = {each.id for each in found}
        sweeps = {each.id for each in messages if isinstance(each, wire.Sweep)}
        self.grids = grids_of(found, profile=self.profile)
        # First what is in line: whatever leaves the line meanwhile is then found where it went.
        waiting = self._in_line(findings | sweeps)
        self.in_line = frozenset(waiting)
        known = self.uow.observations.known(findings) if findings else {}
        self.kept = {id_: one.of_device for id_, one in known.items()}
        for id_ in sweeps:
            sweep = self.uow.sweeps.get(id_)
            if sweep is not None:
                self.kept[id_] = sweep
        self.kept |= waiting

    def _in_line(self, ids: Collection[str]) -> dict[str, Patrolled]:
        """Give the newest of those in line under each of the ids."""
        newest: dict[str, Patrolled] = {}
        for arrival in self.uow.arrivals.waiting(ids) if ids else ():
            message = understood(arrival.raw, device=arrival.device).message
            if isinstance(message, wire.Finding | wire.Sweep):
                kept = newest.get(message.id)
                if kept is None or kept.revision < message.revision:
                    newest[message.id] = message
        return newest

    def _note_heard(self, device: Device | None) -> None:
        if device is None:
            return
        if device.heard_at is None or self.at - device.heard_at >= HEARD_EVERY:
            self.uow.devices.save(replace(device, heard_at=self.at))

    def _settled(self, read: Read, place: int) -> Receipt:
        message = read.message
        fault = read.fault
        if fault is None and message is not None:
            fault = fault_of_sender(message, device=self.sender)
        if fault is not None or message is None:
            assert fault is not None
            return self._quarantined(read, fault)
        match message:
            case wire.Finding() | wire.Sweep():
                return self._patrolled(read, message, place)
            case wire.PhotoResult():
                return self._photo_result(read, message)
            case wire.Heartbeat():
                return self._heartbeat(read, message)
            case wire.CrewVerdict():
                return self._crew_verdict(read, message)

    def _patrolled(self, read: Read, message: Patrolled, place: int) -> Receipt:
        kept = self.kept.get(message.id)
        if kept is not None and message.revision <= kept.revision:
            self._want_pictures(kept)
            return self._known(read, message, kept)
        fault = self._fault(message)
        if fault is not None:
            return self._quarantined(read, fault)
        self.kept[message.id] = message
        self.places[place] = message.id
        if isinstance(message, wire.Finding) and self._is_hazard(message):
            self.hazards.add(place)
        self._want_pictures(message)
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _fault(self, message: Patrolled) -> Fault | None:
        """Say what cannot be true of a message alone; delivery sets it beside others."""
        if isinstance(message, wire.Sweep):
            return fault_of_sweep(message, at=self.at)
        return fault_of_finding(message, grid=self.grids.get(message.id), at=self.at, mates=())

    def _is_hazard(self, finding: wire.Finding) -> bool:
        category = self.profile.classes.get(finding.label)
        return category is not None and category.hazard

    def _want_pictures(self, message: Patrolled) -> None:
        if isinstance(message, wire.Finding):
            self.wanted |= {picture.sha256 for picture in message.evidence}

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
        device = self.uow.devices.get(self.device)
        if device is None:
            zh, en = "设备未登记，请先登记", "the device is not registered: register it first"
            return self._quarantined(read, Fault(zh=zh, en=en))
        last = device.last_heartbeat
        if heartbeat == last:
            return receipt(read, ReceiptStatus.KNOWN)
        # One from the future was stamped by a clock that has since been set: it hides none after.
        if last is not None and heartbeat.at <= last.at <= self.at:
            return receipt(read, ReceiptStatus.SUPERSEDED)
        self.uow.devices.save(replace(device, last_heartbeat=heartbeat, heard_at=self.at))
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _crew_verdict(self, read: Read, verdict: wire.CrewVerdict) -> Receipt:
        kept = self.uow.crew.get(verdict.finding)
        if kept is not None and (kept.id != verdict.id or verdict.revision <= kept.revision):
            return self._known(read, verdict, kept)
        fault = fault_of_crew_verdict(verdict, self._finding(verdict.finding), at=self.at)
        if fault is not None:
            return self._quarantined(read, fault)
        self.uow.crew.save(verdict)
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _finding(self, id_: str) -> wire.Finding | None:
        kept = self.kept.get(id_) or self._in_line({id_}).get(id_)
        if isinstance(kept, wire.Finding):
            return kept
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
        self.uow.quarantine.add(quarantined(read, fault, device=self.device, at=self.at))
