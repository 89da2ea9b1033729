"""Bring what waits in the outbox to the centre, exactly once, whatever the way is like.

A message is settled only by the centre's receipt, which it gives after its COMMIT; a receipt that
is lost makes the message travel again, and the centre knows it by its id. Back-off is exponential
with full jitter and follows Retry-After, so that a fleet does not return all at once.
"""

import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from dispatch.wire import Message, Receipt, Receipts, ReceiptStatus, canonical_bytes
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import Answer, CentreRefuses, ShutOut
from edge.delivery.metered import Allowance, Unmetered
from edge.delivery.outbox import Outbox
from edge.delivery.picture_upload import PictureUpload
from edge.delivery.shelf import WaitingEvidence
from edge.delivery.turns import Waiting
from edge.errors import EdgeError
from edge.evidence.pictures import EvidenceGone
from edge.failpoints import UNARMED, Failpoints

MESSAGES_PATH: Final = "/api/v1/device/messages"
BATCH: Final = 100
BATCH_BYTES: Final = 1 << 20
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 300.0
UNMETERED: Final = Unmetered()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flushed:
    """What one flush came to.

    Attributes:
        away: why the centre could not be reached, or None if everything it takes was taken.
    """

    sent: int = 0
    refused: int = 0
    evidence_sent: int = 0
    evidence_refused: int = 0
    away: str | None = None


@dataclass(slots=True)
class _Tally:
    live_after: int
    sent: int = 0
    refused: int = 0
    evidence_sent: int = 0
    evidence_refused: int = 0
    put_off: set[tuple[str, int]] = field(default_factory=set)


Note = Callable[[_Tally], None]
"""Writes down what the centre said to something sent, and counts it."""


class Uplink:
    """Flushes one outbox to one centre.

    What the centre said and the disk does not take is remembered, and written down before anything
    more is sent: on a disk that refuses nothing travels twice.
    """

    def __init__(
        self,
        centre: Centre,
        outbox: Outbox,
        *,
        sleep: Callable[[float], None],
        rng: random.Random,
        allowance: Allowance = UNMETERED,
        failpoints: Failpoints = UNARMED,
    ) -> None:
        self._allowance = allowance
        self._centre, self._outbox = centre, outbox
        self._sleep, self._rng = sleep, rng
        self._failpoints = failpoints
        self._pictures = PictureUpload(centre, spend=allowance.spend, failpoints=failpoints)
        self._unnoted: Note | None = None

    def flush(self, *, attempts: int) -> Flushed:
        """Send everything that waits: messages first, then their pictures.

        What is recorded meanwhile goes before the backlog that was there when this began.

        Args:
            attempts: how many failures in a row to bear before giving up for now.

        Raises:
            CentreRefuses: the centre does not accept this device at all.
            DiskTrouble: the disk does not take what the centre said; it is offered it again.
        """
        tally = _Tally(live_after=self._outbox.last_place())
        failures = 0
        while True:
            try:
                more = self._one_step(tally)
                failures = 0
            except CentreAway as away:
                failures += 1
                if failures >= attempts:
                    return _flushed(tally, away.why)
                self._sleep(self.pause_s(failures, away.retry_after_s))
                continue
            if not more:
                late = f"{len(tally.put_off)} put off" if tally.put_off else None
                return _flushed(tally, late)

    def pause_s(self, failures: int, retry_after_s: float | None) -> float:
        """Give how long to wait after a row of failures.

        Full jitter (Brooker 2015): uniform between 0 and the exponential bound; what the centre
        asks for is a floor, stretched by up to a quarter.
        """
        if retry_after_s is not None:
            return min(LONGEST_PAUSE_S, retry_after_s) * (1 + 0.25 * self._rng.random())
        bound = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures, 16))
        return bound * self._rng.random()

    def say(self, message: Message) -> None:
        """Say something now that need not last, past the outbox.

        Raises:
            CentreAway, CentreRefuses: the centre did not hear it.
        """
        self._post([canonical_bytes(message)])

    def _post(self, bodies: Sequence[bytes]) -> Answer:
        body = b'{"messages":[' + b",".join(bodies) + b"]}"
        return self._centre.send(
            "POST", MESSAGES_PATH, body=gzip.compress(body, 6, mtime=0), encoding="gzip"
        )

    def _note(self, note: Note, tally: _Tally) -> None:
        self._unnoted = note
        note(tally)
        self._unnoted = None

    def _one_step(self, tally: _Tally) -> bool:
        if self._unnoted is not None:
            self._note(self._unnoted, tally)
        batch = self._outbox.next_batch(
            BATCH, max_bytes=BATCH_BYTES, excluding=tally.put_off, live_after=tally.live_after
        )
        if batch:
            self._send_batch(batch, tally)
            return True
        pictures = self._outbox.shelf.due(1, sparing=self._allowance.left_bytes())
        if pictures:
            self._send_picture(pictures[0], tally)
            return True
        return False

    def _send_batch(self, batch: Sequence[Waiting], tally: _Tally) -> None:
        self._failpoints.passing("uplink.before_send")
        answer = self._post([message.body for message in batch])
        self._failpoints.passing("uplink.after_response")
        receipts, wanted = _receipts_of(answer.content, batch)
        self._note(lambda counted: self._settle(receipts, wanted, counted), tally)

    def _settle(self, receipts: Sequence[Receipt], wanted: Sequence[str], tally: _Tally) -> None:
        self._failpoints.passing("uplink.before_settle")
        self._outbox.settle(receipts, wanted)
        self._failpoints.passing("uplink.after_settle")
        for receipt in receipts:
            if receipt.status is ReceiptStatus.RETRY:
                tally.put_off.add((receipt.id, receipt.revision))
            elif receipt.status in {ReceiptStatus.CONFLICT, ReceiptStatus.QUARANTINED}:
                tally.refused += 1
            else:
                tally.sent += 1

    def _send_picture(self, picture: WaitingEvidence, tally: _Tally) -> None:
        try:
            content = self._outbox.evidence.read(picture.sha256)
        except EvidenceGone as gone:
            self._spare(picture, "dropped", gone, tally)
            return
        self._failpoints.passing("uplink.before_evidence")
        try:
            self._pictures.send(picture.sha256, content, media_type=picture.media_type)
        except ShutOut:
            raise
        except CentreRefuses as refused:
            self._spare(picture, "refused", refused, tally)
            return
        self._failpoints.passing("uplink.after_evidence")
        self._note(lambda counted: self._uploaded(picture, counted), tally)

    def _uploaded(self, picture: WaitingEvidence, tally: _Tally) -> None:
        self._outbox.shelf.mark(picture.sha256, "uploaded")
        tally.evidence_sent += 1

    def _spare(self, picture: WaitingEvidence, state: str, why: EdgeError, tally: _Tally) -> None:
        """Send a picture no more."""

        def note(counted: _Tally) -> None:
            self._outbox.shelf.mark(picture.sha256, state, reason=str(why))
            counted.evidence_refused += 1

        self._note(note, tally)


def _receipts_of(
    content: bytes, batch: Sequence[Waiting]
) -> tuple[tuple[Receipt, ...], tuple[str, ...]]:
    try:
        answer = Receipts.model_validate_json(content)
    except ValidationError as error:
        raise CentreAway("the answer holds no receipts") from error
    given = [(receipt.id, receipt.revision) for receipt in answer.receipts]
    if given != [(message.id, message.revision) for message in batch]:
        raise CentreAway("the receipts are not those of the messages sent")
    return answer.receipts, answer.evidence_wanted


def _flushed(tally: _Tally, away: str | None) -> Flushed:
    return Flushed(
        sent=tally.sent,
        refused=tally.refused,
        evidence_sent=tally.evidence_sent,
        evidence_refused=tally.evidence_refused,
        away=away,
    )
