"""Send one picture so that a way that breaks again and again still gets it across.

A small picture travels in one request. A larger one goes in parts, each signed by itself; whoever
was cut off, or killed, asks how far it came and goes on from there.
"""

from collections.abc import Callable
from typing import Final

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses
from edge.failpoints import UNARMED, Failpoints

EVIDENCE_PATH: Final = "/api/v1/device/evidence/"
PART_BYTES: Final = 128 << 10
"""Lost at most when the way breaks; at 1 Mbit/s it takes a second."""
_TURNS_BACK: Final = 2
"""How often the centre may say that it keeps less or more before that is held against the way."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    offset: NonNegativeInt
    complete: bool


class PictureUpload:
    """Sends pictures to one centre, in parts where it takes parts."""

    def __init__(
        self,
        centre: Centre,
        *,
        spend: Callable[[int], None],
        failpoints: Failpoints = UNARMED,
    ) -> None:
        """Make ready.

        Args:
            spend: told of each part that travelled, in bytes.
        """
        self._centre, self._spend, self._failpoints = centre, spend, failpoints
        self._takes_parts = True

    def send(self, sha256: str, content: bytes, *, media_type: str) -> None:
        """Send a picture, or the rest of it.

        Raises:
            CentreAway: not all of it arrived; what did is kept there.
            CentreRefuses: the centre does not want it.
        """
        if len(content) > PART_BYTES and self._takes_parts:
            kept = self._ask(sha256)
            if kept is not None:
                self._send_parts(sha256, content, kept)
                return
        answer = self._centre.send(
            "PUT", EVIDENCE_PATH + sha256, body=content, media_type=media_type
        )
        if sha256.encode() not in answer.content:
            raise CentreAway("the answer to a picture does not name it")
        self._spend(len(content))

    def _ask(self, sha256: str) -> _Part | None:
        """Ask how far a picture came; None from a centre too old to take parts."""
        try:
            answer = self._centre.send("GET", f"{EVIDENCE_PATH}{sha256}/part")
        except CentreRefuses as refused:
            if refused.status not in {404, 405}:
                raise
            self._takes_parts = False
            return None
        return _told(answer.content)

    def _send_parts(self, sha256: str, content: bytes, kept: _Part) -> None:
        turns = 0
        while not kept.complete:
            part = content[kept.offset : kept.offset + PART_BYTES]
            try:
                kept = self._send_part(sha256, part, offset=kept.offset, length=len(content))
                self._spend(len(part))
                self._failpoints.passing("uplink.after_part")
            except CentreRefuses as refused:
                turns += 1
                if refused.status != 409:
                    raise
                if turns > _TURNS_BACK:
                    raise CentreAway("the parts of a picture do not fit together") from refused
                kept = self._ask(sha256) or kept

    def _send_part(self, sha256: str, part: bytes, *, offset: int, length: int) -> _Part:
        path = f"{EVIDENCE_PATH}{sha256}?offset={offset}&length={length}"
        answer = self._centre.send("PATCH", path, body=part, media_type="application/octet-stream")
        told = _told(answer.content)
        if not told.complete and told.offset != offset + len(part):
            raise CentreAway("the answer to a part of a picture does not fit it")
        return told


def _told(content: bytes) -> _Part:
    try:
        return _Part.model_validate_json(content)
    except ValidationError as error:
        raise CentreAway("how far a picture came was not answered by a centre") from error
