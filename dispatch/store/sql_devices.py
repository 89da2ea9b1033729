"""Devices, what they sent that could not be taken, and the evidence that arrived, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, select, union_all

from dispatch.devices.device import (
    Device,
    DeviceKind,
    Invitation,
    Nonce,
    Quarantined,
)
from dispatch.proof.ledger import EntryKind, Note
from dispatch.store.listed import listed, texts
from dispatch.store.rows import Rows
from dispatch.store.sql_ledger import SqlLedger
from dispatch.store.tables import EVIDENCE
from dispatch.store.tables_of_people import DEVICES, INVITATIONS, NONCES, QUARANTINE
from dispatch.store.tables_of_retention import ERASED_FILES
from dispatch.wire import Heartbeat, canonical_bytes

_KNOWN: Final = select(DEVICES).where(listed(DEVICES.c.id))
_HELD: Final = union_all(
    select(EVIDENCE.c.sha256).where(listed(EVIDENCE.c.sha256)),
    select(ERASED_FILES.c.sha256).where(listed(ERASED_FILES.c.sha256), ~ERASED_FILES.c.original),
)


class SqlDevices:
    """The devices and their keys."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: str) -> Device | None:
        """Give a device, or None."""
        row = self._rows.first(select(DEVICES).where(DEVICES.c.id == id_))
        return None if row is None else _device(row)

    def known(self, ids: Collection[str]) -> Mapping[str, Device]:
        """Give those of the ids that are devices."""
        rows = self._rows.all(_KNOWN, texts(ids))
        return {row.id: _device(row) for row in rows}

    def save(self, device: Device) -> None:
        """Keep a new or changed device."""
        beat = device.last_heartbeat
        self._rows.put(
            DEVICES,
            {
                "id": device.id,
                "name": device.name,
                "public_key": device.public_key,
                "registered_at": device.registered_at,
                "kind": device.kind.value,
                "revoked_at": device.revoked_at,
                "last_heartbeat": None if beat is None else canonical_bytes(beat).decode(),
                "heard_at": device.heard_at,
            },
        )

    def all(self) -> Sequence[Device]:
        """Give every device, by id."""
        return [_device(row) for row in self._rows.all(select(DEVICES).order_by(DEVICES.c.id))]

    def invite(self, invitation: Invitation) -> None:
        """Keep a one-time code's hash."""
        self._rows.put(
            INVITATIONS,
            {
                "code_sha256": invitation.code_sha256,
                "device": invitation.device,
                "name": invitation.name,
                "expires_at": invitation.expires_at,
                "kind": invitation.kind.value,
            },
        )

    def redeem(self, code_sha256: str, *, at: datetime) -> Invitation | None:
        """Take an invitation that is still good at a time; it is good for nobody afterwards."""
        this = INVITATIONS.c.code_sha256 == code_sha256
        row = self._rows.first(select(INVITATIONS).where(this, INVITATIONS.c.expires_at > at))
        # Of two who redeem at once, only one deletes it.
        if row is None or not self._rows.change(delete(INVITATIONS).where(this)):
            return None
        return Invitation(
            code_sha256=row.code_sha256,
            device=row.device,
            name=row.name,
            expires_at=row.expires_at,
            kind=DeviceKind(row.kind),
        )

    def spend_nonces(self, used: Collection[Nonce], *, at: datetime) -> set[Nonce]:
        """Note requests by their nonces; give those that were not used before."""
        rows = [
            {"device": device, "nonce": nonce, "spent_at": at}
            for device, nonce in sorted(set(used))
        ]
        return {(str(device), str(nonce)) for device, nonce in self._rows.add_new(NONCES, rows)}

    def forget_nonces(self, *, before: datetime) -> None:
        """Forget requests from before a time."""
        self._rows.change(delete(NONCES).where(NONCES.c.spent_at < before))


class SqlQuarantine:
    """Messages that could not be taken."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, entry: Quarantined) -> None:
        """Keep a message with its reason; the same id again changes nothing."""
        if self._rows.first(select(QUARANTINE.c.id).where(QUARANTINE.c.id == entry.id)) is None:
            self._rows.put(
                QUARANTINE,
                {
                    "id": entry.id,
                    "device": entry.device,
                    "received_at": entry.received_at,
                    "reason_zh": entry.reason_zh,
                    "reason_en": entry.reason_en,
                    "body": entry.body,
                },
            )

    def latest(self, *, limit: int) -> Sequence[Quarantined]:
        """Give the newest."""
        wanted = select(QUARANTINE).order_by(QUARANTINE.c.received_at.desc(), QUARANTINE.c.id)
        return [Quarantined(**row._mapping) for row in self._rows.all(wanted.limit(limit))]


class SqlEvidence:
    """Which pictures the centre holds."""

    def __init__(self, rows: Rows, ledger: SqlLedger) -> None:
        self._rows, self._ledger = rows, ledger

    def missing(self, hashes: Collection[str]) -> Sequence[str]:
        """Give those of the hashes whose bytes have not arrived, sorted."""
        asked = set(hashes)
        held = {row.sha256 for row in self._rows.all(_HELD, texts(asked))} if asked else set()
        return sorted(asked - held)

    def received(self, sha256: str, *, at: datetime) -> None:
        """Note that the bytes of a picture are kept."""
        if self.missing([sha256]):
            self._rows.put(EVIDENCE, {"sha256": sha256, "received_at": at})
            self._ledger.note(Note(kind=EntryKind.EVIDENCE, subject=sha256))


def _device(row: Row[Any]) -> Device:
    beat = row.last_heartbeat
    return Device(
        id=row.id,
        name=row.name,
        public_key=row.public_key,
        registered_at=row.registered_at,
        kind=DeviceKind(row.kind),
        revoked_at=row.revoked_at,
        last_heartbeat=None if beat is None else Heartbeat.model_validate_json(beat),
        heard_at=row.heard_at,
    )
