"""What casework needs of a store for people, accounts, devices, and what devices sent amiss."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dispatch.case.tip import Tip
from dispatch.devices.device import Device, Invitation, Nonce, Quarantined
from dispatch.ids import CaseId, PersonId
from dispatch.people.account import Account, Session
from dispatch.people.people import Person


class PeopleRepository(Protocol):
    """The people."""

    def get(self, id_: PersonId) -> Person:
        """Give a person; raises PersonNotFound."""
        ...

    def save(self, person: Person) -> None:
        """Keep a new or changed person."""
        ...

    def all(self) -> Sequence[Person]:
        """Give everybody, by id."""
        ...


class AccountRepository(Protocol):
    """Accounts and their sessions."""

    def by_name(self, name: str) -> Account | None:
        """Give the account with a sign-in name, or None."""
        ...

    def save(self, account: Account) -> None:
        """Keep a new or changed account."""
        ...

    def session(self, token_sha256: str) -> Session | None:
        """Give a session, or None."""
        ...

    def save_session(self, session: Session) -> None:
        """Keep a session."""
        ...

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        ...


class DeviceRepository(Protocol):
    """The devices and their keys."""

    def get(self, id_: str) -> Device | None:
        """Give a device, or None."""
        ...

    def known(self, ids: Collection[str]) -> Mapping[str, Device]:
        """Give those of the ids that are devices."""
        ...

    def save(self, device: Device) -> None:
        """Keep a new or changed device."""
        ...

    def all(self) -> Sequence[Device]:
        """Give every device, by id."""
        ...

    def invite(self, invitation: Invitation) -> None:
        """Keep a one-time code's hash."""
        ...

    def redeem(self, code_sha256: str, *, at: datetime) -> Invitation | None:
        """Take an invitation that is still good at a time; it is good for nobody afterwards."""
        ...

    def spend_nonces(self, used: Collection[Nonce], *, at: datetime) -> set[Nonce]:
        """Note requests by their nonces; give those that were not used before."""
        ...

    def forget_nonces(self, *, before: datetime) -> None:
        """Forget requests from before a time, which nobody may send again anyway."""
        ...


class TipRepository(Protocol):
    """What ties citizens' reports to their cases, and how their reporters may be asked."""

    def by_key(self, key_sha256: str) -> Tip | None:
        """Give the tip whose key has this hash, or None."""
        ...

    def of_case(self, case: CaseId) -> Sequence[Tip]:
        """Give the tips that came to a case, the oldest first."""
        ...

    def with_contact(self, *, ended_before: datetime, limit: int) -> Sequence[Tip]:
        """Give tips that have a contact and whose case ended before a time, by id."""
        ...

    def save(self, tip: Tip) -> None:
        """Keep a new or changed tip."""
        ...


class QuarantineRepository(Protocol):
    """Messages that could not be taken."""

    def add(self, entry: Quarantined) -> None:
        """Keep a message with its reason; the same id again changes nothing."""
        ...

    def latest(self, *, limit: int) -> Sequence[Quarantined]:
        """Give the newest."""
        ...
