"""Whom a device believes, and what it did not take: of the slots' file, each transaction whole."""

from collections.abc import Iterable

from detect.statement import PublicKey, Role
from edge.durable import Connection, transaction
from edge.updates.kept import Refused, refused_of


class Refusals:
    """Packages that were offered and not taken."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def note(self, sha256: str, refused: Refused) -> None:
        """Note a package that is not taken."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?, ?)",
                (
                    sha256,
                    refused.role.value,
                    refused.sequence,
                    refused.why,
                    refused.zh[:300],
                    refused.en[:300],
                ),
            )

    def of(self, sha256: str) -> Refused | None:
        """Give why a package was not taken; None if it was not refused."""
        row = self._db.execute(
            "SELECT role, sequence, why, zh, en FROM refused WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return None if row is None else refused_of(row)

    def last(self, role: Role, *, above: int) -> Refused | None:
        """Give the newest refusal of a role above a sequence."""
        row = self._db.execute(
            "SELECT role, sequence, why, zh, en FROM refused WHERE role = ? AND sequence > ?"
            " ORDER BY sequence DESC",
            (role.value, above),
        ).fetchone()
        return None if row is None else refused_of(row)

    def forgive(self) -> None:
        """Let packages be offered anew that were refused."""
        with transaction(self._db):
            self._db.execute("DELETE FROM refused")


class TrustedKeys:
    """The keys whose packages are believed."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def all(self) -> tuple[PublicKey, ...]:
        """Give them, in order."""
        rows = self._db.execute("SELECT key FROM trusted ORDER BY key").fetchall()
        return tuple(str(row[0]) for row in rows)

    def trust(self, keys: Iterable[PublicKey]) -> None:
        """Believe these keys, and no others from now on; what they signed may be offered anew."""
        with transaction(self._db):
            self.replace(keys)
            self._db.execute("DELETE FROM refused")

    def replace(self, keys: Iterable[PublicKey]) -> None:
        """Believe these keys only, within the caller's transaction."""
        self._db.execute("DELETE FROM trusted")
        for key in sorted(set(keys)):
            self._db.execute("INSERT INTO trusted VALUES (?)", (key,))
