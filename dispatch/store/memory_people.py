"""People, accounts, devices, quarantine, evidence and verdict counts in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from dispatch.devices.device import Device, Invitation, Nonce, Quarantined
from dispatch.ids import PersonId
from dispatch.missing import PersonNotFound
from dispatch.people.account import Account, Session
from dispatch.people.people import Person
from dispatch.ports.unit_of_work import Question, Tally
from dispatch.proof.erasure import Erasure
from dispatch.proof.ledger import EntryKind, Note
from dispatch.store.memory_ledger import MemoryLedger


class MemoryPeople:
    """The people."""

    def __init__(self, kept: dict[str, Person]) -> None:
        self._kept = kept

    def get(self, id_: PersonId) -> Person:
        """Give a person.

        Raises:
            PersonNotFound: no person has this id.
        """
        if id_ not in self._kept:
            raise PersonNotFound(id_)
        return self._kept[id_]

    def save(self, person: Person) -> None:
        """Keep a new or changed person."""
        self._kept[person.id] = person

    def all(self) -> Sequence[Person]:
        """Give everybody, by id."""
        return sorted(self._kept.values(), key=lambda person: person.id)


class MemoryAccounts:
    """Accounts and their sessions."""

    def __init__(self, accounts: dict[str, Account], sessions: dict[str, Session]) -> None:
        self._accounts, self._sessions = accounts, sessions

    def by_name(self, name: str) -> Account | None:
        """Give the account with a sign-in name, or None."""
        return self._accounts.get(name)

    def save(self, account: Account) -> None:
        """Keep a new or changed account."""
        self._accounts[account.name] = account

    def session(self, token_sha256: str) -> Session | None:
        """Give a session, or None."""
        return self._sessions.get(token_sha256)

    def save_session(self, session: Session) -> None:
        """Keep a session."""
        self._sessions[session.token_sha256] = session

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        self._sessions.pop(token_sha256, None)


class MemoryDevices:
    """The devices and their keys."""

    def __init__(
        self,
        kept: dict[str, Device],
        invitations: dict[str, Invitation],
        nonces: dict[Nonce, datetime],
    ) -> None:
        self._kept, self._invitations, self._nonces = kept, invitations, nonces

    def get(self, id_: str) -> Device | None:
        """Give a device, or None."""
        return self._kept.get(id_)

    def known(self, ids: Collection[str]) -> Mapping[str, Device]:
        """Give those of the ids that are devices."""
        return {id_: self._kept[id_] for id_ in ids if id_ in self._kept}

    def save(self, device: Device) -> None:
        """Keep a new or changed device."""
        self._kept[device.id] = device

    def all(self) -> Sequence[Device]:
        """Give every device, by id."""
        return sorted(self._kept.values(), key=lambda device: device.id)

    def invite(self, invitation: Invitation) -> None:
        """Keep a one-time code's hash."""
        self._invitations[invitation.code_sha256] = invitation

    def redeem(self, code_sha256: str, *, at: datetime) -> Invitation | None:
        """Take an invitation that is still good at a time; it is good for nobody afterwards."""
        invitation = self._invitations.get(code_sha256)
        if invitation is None or invitation.expires_at <= at:
            return None
        return self._invitations.pop(code_sha256)

    def spend_nonces(self, used: Collection[Nonce], *, at: datetime) -> set[Nonce]:
        """Note requests by their nonces; give those that were not used before."""
        fresh = set(used) - self._nonces.keys()
        self._nonces |= dict.fromkeys(fresh, at)
        return fresh

    def forget_nonces(self, *, before: datetime) -> None:
        """Forget requests from before a time."""
        for key in [key for key, spent in self._nonces.items() if spent < before]:
            del self._nonces[key]


class MemoryQuarantine:
    """Messages that could not be taken."""

    def __init__(self, kept: dict[str, Quarantined]) -> None:
        self._kept = kept

    def add(self, entry: Quarantined) -> None:
        """Keep a message with its reason; the same id again changes nothing."""
        self._kept.setdefault(entry.id, entry)

    def latest(self, *, limit: int) -> Sequence[Quarantined]:
        """Give the newest."""
        by_id = sorted(self._kept.values(), key=lambda entry: entry.id)
        return sorted(by_id, key=lambda entry: entry.received_at, reverse=True)[:limit]


class MemoryEvidence:
    """Which pictures the centre holds."""

    def __init__(
        self, kept: set[str], ledger: MemoryLedger, erasures: Mapping[str, Erasure]
    ) -> None:
        self._kept, self._ledger, self._erasures = kept, ledger, erasures

    def missing(self, hashes: Collection[str]) -> Sequence[str]:
        """Give those of the hashes whose bytes have not arrived, sorted."""
        erased = {sha256 for each in self._erasures.values() for sha256 in each.pictures}
        return sorted(set(hashes) - self._kept - erased)

    def received(self, sha256: str, *, at: datetime) -> None:  # noqa: ARG002 - kept by the SQL twin
        """Note that the bytes of a picture are kept."""
        if sha256 not in self._kept:
            self._kept.add(sha256)
            self._ledger.note(Note(kind=EntryKind.EVIDENCE, subject=sha256))


class MemoryVerdictCounts:
    """People's verdicts, counted."""

    def __init__(self, kept: dict[tuple[Question, str, str], Tally]) -> None:
        self._kept = kept

    def count(self, question: Question, *, label: str, who: str) -> Tally:
        """Give the answers for a class and whom it is about."""
        return self._kept.get((question, label, who), Tally())

    def add(self, question: Question, *, label: str, who: str, answer: bool) -> None:
        """Count one more answer."""
        before = self.count(question, label=label, who=who)
        after = Tally(yes=before.yes + answer, no=before.no + (not answer))
        self._kept[question, label, who] = after
