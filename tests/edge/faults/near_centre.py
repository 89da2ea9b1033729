"""A centre without a network, which takes messages as the real one does, or is away, or mute."""

import gzip
import json
import random
from typing import Final

from edge.delivery.away import CentreAway
from edge.delivery.exchange import Answer
from tests.edge.fake_centre import FakeCentre

AWAY: Final = 0.1
MUTE: Final = 0.2


class NearCentre:
    """Speaks to a `FakeCentre` directly; of two words in ten the answer is lost on the way.

    Args:
        rng: None for a way without faults.
        away: the share of requests that do not arrive.
    """

    def __init__(self, rng: random.Random | None, *, away: float = AWAY) -> None:
        self.held, self._rng, self._away = FakeCentre(), rng, away
        self.refused: list[str] = []

    def heal(self) -> None:
        """From now on lose nothing."""
        self._rng = None

    def lose(self, rng: random.Random) -> None:
        """From now on lose by this chance."""
        self._rng = rng

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        media_type: str = "application/json",
        encoding: str | None = None,
    ) -> Answer:
        """Take one request; its effect may stay while its answer is lost.

        Raises:
            CentreAway: by chance.
        """
        if self._chance(self._away):
            raise CentreAway("away")
        answer = self._take(path, gzip.decompress(body) if encoding else body)
        if self._chance(MUTE):
            raise CentreAway("the answer was lost")
        return Answer(status=200, content=answer)

    def _take(self, path: str, body: bytes) -> bytes:
        if path.endswith("/messages"):
            said = self.held.take(body)
            self.refused += [
                f"{each['id']} r{each['revision']}"
                for each in said["receipts"]  # type: ignore[attr-defined] # a list of dicts
                if each["status"] not in {"accepted", "known"}
            ]
            return json.dumps(said).encode()
        name = path.rsplit("/", 1)[1]
        self.held.evidence[name] = body
        return json.dumps({"sha256": name}).encode()

    def _chance(self, share: float) -> bool:
        return self._rng is not None and self._rng.random() < share
