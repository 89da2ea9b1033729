"""People, their accounts, and how often they said yes or no, in SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select

from dispatch.ids import PersonId
from dispatch.missing import PersonNotFound
from dispatch.people.account import Account, Session
from dispatch.people.people import Person, Role
from dispatch.ports.unit_of_work import Question, Tally
from dispatch.store.rows import Rows
from dispatch.store.tables import VERDICTS
from dispatch.store.tables_of_people import ACCOUNTS, PEOPLE, SESSIONS


class SqlPeople:
    """The people."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, id_: PersonId) -> Person:
        """Give a person.

        Raises:
            PersonNotFound: no person has this id.
        """
        row = self._rows.first(select(PEOPLE).where(PEOPLE.c.id == id_))
        if row is None:
            raise PersonNotFound(id_)
        return _person(row)

    def save(self, person: Person) -> None:
        """Keep a new or changed person."""
        self._rows.put(
            PEOPLE,
            {
                "id": person.id,
                "name": person.name,
                "roles": sorted(person.roles),
                "department": person.department,
                "area": person.area,
                "active": person.active,
            },
        )

    def all(self) -> Sequence[Person]:
        """Give everybody, by id."""
        return [_person(row) for row in self._rows.all(select(PEOPLE).order_by(PEOPLE.c.id))]


class SqlAccounts:
    """Accounts and their sessions."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def by_name(self, name: str) -> Account | None:
        """Give the account with a sign-in name, or None."""
        row = self._rows.first(select(ACCOUNTS).where(ACCOUNTS.c.name == name))
        return None if row is None else Account(**row._mapping)

    def save(self, account: Account) -> None:
        """Keep a new or changed account."""
        self._rows.put(
            ACCOUNTS,
            {
                "name": account.name,
                "person": account.person,
                "password_hash": account.password_hash,
                "failures": account.failures,
                "locked_until": account.locked_until,
            },
        )

    def session(self, token_sha256: str) -> Session | None:
        """Give a session, or None."""
        row = self._rows.first(select(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256))
        return None if row is None else Session(**row._mapping)

    def save_session(self, session: Session) -> None:
        """Keep a session."""
        self._rows.put(
            SESSIONS,
            {
                "token_sha256": session.token_sha256,
                "person": session.person,
                "started_at": session.started_at,
                "expires_at": session.expires_at,
            },
        )

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        self._rows.change(delete(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256))


class SqlVerdictCounts:
    """People's verdicts, counted."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._known: dict[tuple[Question, str, str], Tally] = {}

    def count(self, question: Question, *, label: str, who: str) -> Tally:
        """Give the answers for a class and whom it is about; read once a transaction."""
        key = (question, label, who)
        if key not in self._known:
            self._known[key] = self._count(question, label=label, who=who)
        return self._known[key]

    def forget(self) -> None:
        """Forget what was read, with the transaction that it was read in."""
        self._known.clear()

    def _count(self, question: Question, *, label: str, who: str) -> Tally:
        row = self._rows.first(
            select(VERDICTS.c.yes, VERDICTS.c.no).where(
                VERDICTS.c.question == question, VERDICTS.c.label == label, VERDICTS.c.who == who
            )
        )
        return Tally() if row is None else Tally(yes=row.yes, no=row.no)

    def add(self, question: Question, *, label: str, who: str, answer: bool) -> None:
        """Count one more answer."""
        self._known.pop((question, label, who), None)
        self._rows.add_up(
            VERDICTS,
            {
                "question": question,
                "label": label,
                "who": who,
                "yes": int(answer),
                "no": int(not answer),
            },
        )


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        department=row.department,
        area=row.area,
        active=row.active,
    )
