"""Whether the centre lets this device in, and when it knocks again if it does not.

No verdict of the centre ends a device: it goes on looking, keeps what it finds, and knocks at long,
jittered intervals, or at once when a person has enrolled it anew. While it is shut out it asks for
nothing else, and so is given nothing.
"""

import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dispatch.wire import Asked
from edge.delivery.asked import ASKED_PATH
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses
from edge.delivery.keys import identity_stamp, read_identity
from edge.delivery.word import word_of
from edge.errors import EdgeError

FIRST_PAUSE_S: Final = 30.0
LONGEST_PAUSE_S: Final = 900.0

_log = logging.getLogger(__name__)


class Knocking:
    """Knocks at one centre; for the thread that speaks to it, what it says for all."""

    def __init__(
        self,
        centre: Centre,
        folder: Path,
        *,
        monotonic: Callable[[], float],
        rng: random.Random,
    ) -> None:
        """Begin as one who is let in.

        Args:
            folder: the state folder, where a person may enrol the device anew.
        """
        self._centre, self._folder = centre, folder
        self._monotonic, self._rng = monotonic, rng
        self._stamp = identity_stamp(folder)
        self._knocks = 0
        self._due_s = self._shut_s = float("-inf")
        self.refusal: CentreRefuses | None = None
        self.renamed = False
        """Whether the device was enrolled under another name: nobody may go on under this one."""

    def words(self) -> tuple[str, str] | None:
        """Say in Chinese and English why the device is refused, and what to do; None if it is not.

        From any thread.
        """
        refusal = self.refusal
        return None if refusal is None else refusal.words

    def speak(self, talk: Callable[[], None], *, keep: Callable[[], None]) -> None:
        """Speak with the centre where it lets us in, or opens now that it is time to knock.

        Args:
            talk: what is said; a refusal of it is taken, all else it raises goes on.
            keep: what is done instead while the centre is left alone.

        Raises:
            CentreAway: nobody answers; a centre that refused is knocked again when its time comes.
        """
        if not self._may_ask():
            keep()
            return
        try:
            self._knock()
            talk()
        except CentreRefuses as refusal:
            self.refused(refusal)
        else:
            self._let_in()

    def _may_ask(self) -> bool:
        """Say whether the centre may be asked now: it lets us in, or it is time to knock."""
        self._see_enrolment()
        if self.renamed:
            return False
        return self.refusal is None or self._monotonic() >= self._due_s

    def _knock(self) -> None:
        """Ask a centre that refuses for something small that any device may have that is let in."""
        if self.refusal is not None:
            self._put_off()
            word_of(self._centre, ASKED_PATH, Asked)

    def refused(self, refusal: CentreRefuses) -> None:
        """Take a refusal: the centre is left alone for a while."""
        if self.refusal is None:
            if self._monotonic() - self._shut_s > LONGEST_PAUSE_S:
                self._knocks = 0
            self._put_off()
        self.refusal, self._shut_s = refusal, self._monotonic()
        _log.error("%s / %s", *refusal.words)

    def _let_in(self) -> None:
        """Take it that the centre accepts what it is sent."""
        if self.refusal is not None:
            self.refusal = None
            _log.warning("中心重新接受本机 / the centre lets this device in again")

    def _put_off(self) -> None:
        """Choose when to knock next: later each time, and never all devices at once."""
        bound = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(self._knocks, 16))
        self._knocks += 1
        self._due_s = self._monotonic() + bound * self._rng.uniform(0.5, 1.0)

    def _see_enrolment(self) -> None:
        """Go on as the device was enrolled anew, if it was."""
        stamp = identity_stamp(self._folder)
        if stamp == self._stamp:
            return
        try:
            identity = read_identity(self._folder)
        except (EdgeError, OSError):
            # Between two files, or half taken away: what worked before is gone on with.
            return
        self._stamp, self._due_s = stamp, float("-inf")
        before = self._centre.identity
        self.renamed = identity.enrolment.device != before.enrolment.device
        if not self.renamed and not before.signs_like(identity):
            self._centre.adopt(identity)
            _log.warning("本机已重新登记 / this device was enrolled anew")
