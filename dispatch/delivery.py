"""A delivery: one batch of messages on its way into one transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from dispatch import wire
from dispatch.device import Device, Quarantined
from dispatch.entitlement import fault_of_sender
from dispatch.filing import standing_of, take_up
from dispatch.grid import Grid
from dispatch.ids import PhotoId, ProblemId
from dispatch.missing import PhotoNotFound
from dispatch.observation import Observation
from dispatch.photo import Photo, PhotoPurpose
from dispatch.place import lookup_cell
from dispatch.plausibility import (
    Fault,
    fault_of_crew_verdict,
    fault_of_finding,
    fault_of_sweep,
    grid_of,
)
from dispatch.ports import UnitOfWork
from dispatch.problem import Problem
from dispatch.problem_map import arrive, settle
from dispatch.profile import Profile
from dispatch.rekeying import move_cases
from dispatch.triage import Cards
from dispatch.wire import Receipt, ReceiptStatus

HEARD_EVERY: Final = timedelta(minutes=1)
"""How exactly it is kept when a device was heard: a write a minute, not one a batch."""
ABOUT: Final = timedelta(minutes=5)
"""How long before and after a batch's findings others of their pass may bear on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A message as it came, and what was understood of it: a message or a fault, never both."""

    raw: object
    message: wire.Message | None = None
    fault: Fault | None = None


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What one batch brings, and what of it was there before.

    Args:
        at: when it came.
        cards: what the cards of the models say, for triage.
        known: observations under the ids of its findings; its own join them one by one.
        before: observations of the passes of its findings, known before, of about the same time.
        mates: all findings of each of these passes, old and new, in the order of time.
        fresh: observations that are new or revised.
        revised: what those of them were that had come before.
        again: passes of which a sweep was brought.
        ended: passes that have ended and of which something was brought.
        wanted: pictures that it speaks of.
        sender: the device, if it is registered.
    """

    device: str
    at: datetime
    uow: UnitOfWork
    profile: Profile
    cards: Cards
    known: dict[str, Observation] = field(default_factory=dict)
    before: list[Observation] = field(default_factory=list)
    mates: dict[str, list[wire.Finding]] = field(default_factory=dict)
    fresh: dict[str, Observation] = field(default_factory=dict)
    revised: dict[str, Observation] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    ended: frozenset[str] = frozenset()
    wanted: set[str] = field(default_factory=set)
    sender: Device | None = None

    def take(self, read: Sequence[Read]) -> wire.Receipts:
        """Settle every message, then tell the map and the cases what is new."""
        messages = [each.message for each in read if each.message is not None]
        findings = [each for each in messages if isinstance(each, wire.Finding)]
        if findings or any(isinstance(each, wire.Sweep) for each in messages):
            self.uow.lock_map()
        self._look_up(findings)
        self.sender = self.uow.devices.get(self.device)
        self._note_heard(self.sender)
        receipts = tuple(self._settled(self._allowed(each)) for each in read)
        self._tell_the_map()
        missing = self.uow.evidence.missing(self.wanted)
        return wire.Receipts(receipts=receipts, evidence_wanted=tuple(missing))

    def _note_heard(self, device: Device | None) -> None:
        if device is None:
            return
        if device.heard_at is None or self.at - device.heard_at >= HEARD_EVERY:
            self.uow.devices.save(replace(device, heard_at=self.at))

    def _look_up(self, findings: Sequence[wire.Finding]) -> None:
        self.known = dict(self.uow.observations.known([each.id for each in findings]))
        for finding in findings:
            self.mates.setdefault(finding.pass_id, []).append(finding)
        for pass_id, mates in self.mates.items():
            times = [each.captured_at for each in mates]
            during = (min(times) - ABOUT, max(times) + ABOUT)
            before = self.uow.observations.of_pass(pass_id, during=during)
            self.before += before
            mates += [each.of_device for each in before]
            mates.sort(key=lambda each: each.captured_at)

    def _allowed(self, read: Read) -> Read:
        """Turn a message that is not for this device to send into a fault."""
        if read.message is None:
            return read
        fault = fault_of_sender(read.message, device=self.sender)
        return read if fault is None else Read(raw=read.raw, fault=fault)

    def _settled(self, read: Read) -> Receipt:
        match read.message:
            case wire.Finding() as finding:
                return self._finding(read, finding)
            case wire.Sweep() as sweep:
                return self._sweep(read, sweep)
            case wire.PhotoResult() as result:
                return self._photo_result(read, result)
            case wire.Heartbeat() as heartbeat:
                return self._heartbeat(read, heartbeat)
            case wire.CrewVerdict() as verdict:
                return self._crew_verdict(read, verdict)
            case None:
                assert read.fault is not None
                return self._quarantined(read, read.fault)

    def _finding(self, read: Read, finding: wire.Finding) -> Receipt:
        kept = self.known.get(finding.id)
        if kept is not None and finding.revision <= kept.finding.revision:
            self.wanted |= {picture.sha256 for picture in kept.finding.evidence}
            return self._known(read, finding, kept.of_device)
        grid = self._grid(finding)
        mates = self.mates[finding.pass_id]
        fault = fault_of_finding(finding, grid=grid, at=self.at, mates=mates)
        if fault is not None:
            return self._quarantined(read, fault)
        position = finding.position
        one = Observation(
            finding=finding,
            received_at=self.at,
            cell=None if position is None else lookup_cell(position.latitude, position.longitude),
            grid=None if grid is None else grid.id,
            problem=None if kept is None else kept.problem,
        )
        if kept is not None:
            self.revised.setdefault(finding.id, kept)
        self.known[finding.id] = self.fresh[finding.id] = one
        self.wanted |= {picture.sha256 for picture in finding.evidence}
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _grid(self, finding: wire.Finding) -> Grid | None:
        if finding.position is None:
            return None
        return grid_of(finding.position, at=finding.captured_at, profile=self.profile)

    def _sweep(self, read: Read, sweep: wire.Sweep) -> Receipt:
        kept = self.uow.sweeps.get(sweep.id)
        if kept is not None and sweep.revision <= kept.revision:
            if sweep.last:
                self.again.add(sweep.pass_id)
            return self._known(read, sweep, kept)
        fault = fault_of_sweep(sweep, at=self.at)
        if fault is not None:
            return self._quarantined(read, fault)
        self.uow.sweeps.save(sweep)
        self.again.add(sweep.pass_id)
        return receipt(read, ReceiptStatus.ACCEPTED)

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
        about = self.uow.observations.get(verdict.finding)
        fault = fault_of_crew_verdict(verdict, about, at=self.at)
        if fault is not None:
            return self._quarantined(read, fault)
        self.uow.crew.save(verdict)
        return receipt(read, ReceiptStatus.ACCEPTED)

    def _known(self, read: Read, message: wire.Message, kept: wire.Message) -> Receipt:
        """Answer a message of which this revision, or a later one, was taken in before."""
        if message == kept:
            return receipt(read, ReceiptStatus.KNOWN)
        if message.id == kept.id and message.revision < kept.revision:
            return receipt(read, ReceiptStatus.SUPERSEDED)
        fault = Fault(
            zh="同一编号、同一修订号已收到过不同内容；如需更正请提高修订号",
            en="another body came under this id and revision: to correct it, raise the revision",
        )
        self._keep_apart(read, fault)
        return receipt(read, ReceiptStatus.CONFLICT, fault)

    def _quarantined(self, read: Read, fault: Fault) -> Receipt:
        self._keep_apart(read, fault)
        return receipt(read, ReceiptStatus.QUARANTINED, fault)

    def _keep_apart(self, read: Read, fault: Fault) -> None:
        # ASCII: what was not understood may hold what no database takes as text.
        body = json.dumps(read.raw, ensure_ascii=True, sort_keys=True, default=repr)
        name = hashlib.sha256(f"{self.device}\n{body}".encode()).hexdigest()
        self.uow.quarantine.add(
            Quarantined(
                id=name,
                device=self.device,
                received_at=self.at,
                reason_zh=fault.zh,
                reason_en=fault.en,
                body=body,
            )
        )

    def _tell_the_map(self) -> None:
        """Give new observations their problems, and see to it that these have their cases."""
        passes = {one.finding.pass_id for one in self.fresh.values()} | self.again
        self.ended = frozenset(each for each in passes if self.uow.sweeps.has_ended(each))
        arrived, begun = [], []
        for one in self.fresh.values():
            if one.finding.pass_id in self.ended or one.id in self.revised:
                begun.append(one)
            elif one.cell is not None:
                arrived.append(one)
            # One that lost its place is still told to the map under its problem, to be taken out.
            self.uow.observations.save(one if one.cell is not None else one.of_problem(None))
        self._take_up(self._arrive(arrived), arrived)
        for pass_id in sorted(self.ended & self.again):
            begun += [one for one in self.uow.observations.of_pass(pass_id) if one not in begun]
        self._take_up(self._settle(begun), begun)

    def _arrive(self, arrived: Sequence[Observation]) -> Mapping[ProblemId, Problem]:
        if not arrived:
            return {}
        return arrive(arrived, mates=self.before, uow=self.uow)

    def _settle(self, begun: Sequence[Observation]) -> Mapping[ProblemId, Problem]:
        if not begun:
            return {}
        change = settle(begun, left=list(self.revised.values()), uow=self.uow)
        for gone, to in change.gone.items():
            move_cases(gone, to, at=self.at, uow=self.uow)
        return change.touched

    def _take_up(self, touched: Mapping[ProblemId, Problem], sights: Sequence[Observation]) -> None:
        """See to it that every problem that was seen has its case, by its newest sight."""
        newest = {one.id: one for one in sights}
        standing = standing_of(touched, uow=self.uow)
        for problem in (touched[each] for each in touched if each not in standing.in_hand):
            seen = [newest[each] for each in problem.observations if each in newest]
            finding = max(seen, key=lambda one: one.order).of_device
            take_up(
                problem,
                finding,
                before=()
                if problem.id in standing.without
                else self.uow.cases.of_problem(problem.id),
                cards=self.cards,
                profile=self.profile,
                at=self.at,
                uow=self.uow,
            )


def receipt(read: Read, status: ReceiptStatus, fault: Fault | None = None) -> Receipt:
    """Give the centre's word on a message, however little of it was understood."""
    said = read.raw if isinstance(read.raw, Mapping) else {}
    revision = said.get("revision")
    return Receipt(
        id=printable(str(said.get("id", "")))[:64],
        revision=revision if type(revision) is int else 0,
        status=status,
        reason=None if fault is None else f"{fault.zh} / {fault.en}",
    )


def printable(said: str) -> str:
    """Give what may be kept and shown of words that a message brought."""
    return "".join(letter if letter.isprintable() else "�" for letter in said)[:200]
