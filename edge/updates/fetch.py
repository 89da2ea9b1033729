"""Fetch offered models in pieces, beside what is found: each piece lasts, a kill loses one at most.

What the centre offers is a hint. Whether a package is taken is decided by its own signature.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from detect.statement import PackageRefused, Refusal, Role
from dispatch.wire import ModelOffer, ModelOffers
from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses, ShutOut
from edge.disk import named_troubles
from edge.failpoints import UNARMED, Failpoints
from edge.updates.admission import Admission
from edge.updates.kept import Refused, Stage
from edge.updates.slots import Slots

OFFERS_PATH: Final = "/api/v1/device/models"
INCOMING: Final = "incoming"
PIECE_BYTES: Final = 1 << 20
PIECES_A_ROUND: Final = 4
"""What was found goes between two rounds."""
ASK_EVERY_S: Final = 300.0
MOST_SPOILT: Final = 3
"""Times a package is fetched anew that came otherwise than offered."""
_LATER: Final = frozenset({Refusal.TOO_EARLY, Refusal.NEEDS_SOFTWARE})
"""Reasons that pass: the file is kept and judged again."""

_log = logging.getLogger(__name__)


class Fetch:
    """Brings a device's models; for the thread that speaks to the centre."""

    def __init__(
        self,
        folder: Path,
        slots: Slots,
        admission: Admission,
        *,
        monotonic: Callable[[], float],
        failpoints: Failpoints = UNARMED,
    ) -> None:
        """Make ready.

        Args:
            folder: of models that came over the air.
        """
        self._incoming, self._slots, self._admission = folder / INCOMING, slots, admission
        self._monotonic, self._failpoints = monotonic, failpoints
        self._asked_s: float | None = None
        self._offers: tuple[ModelOffer, ...] = ()
        self._spoilt: dict[str, int] = {}

    def step(self, centre: Centre) -> bool:
        """Ask now and then, and fetch a few pieces; say whether there is more to fetch.

        What is withdrawn meanwhile is let go, and what else is offered asked for anew.
        A device that trusts no key asks for nothing.

        Raises:
            CentreAway: it cannot be reached; what came lies ready to go on with.
            ShutOut: it does not accept this device.
            DiskTrouble: the disk does not take it.
        """
        if not self._slots.keys.all():
            return False
        self._ask(centre)
        wanted = [offer for offer in self._offers if self._is_wanted(offer)]
        try:
            for _ in range(PIECES_A_ROUND if wanted else 0):
                if self._fetch_piece(centre, wanted[0]):
                    self._admit(wanted[0])
                    break
        except ShutOut:
            raise
        except CentreRefuses as refused:
            _log.warning("%s", refused)
            self._offers = ()
            return False
        return any(self._is_wanted(offer) for offer in wanted)

    def _ask(self, centre: Centre) -> None:
        now_s = self._monotonic()
        if self._asked_s is not None and now_s - self._asked_s < ASK_EVERY_S:
            return
        try:
            answer = centre.send("GET", OFFERS_PATH).content
            self._offers = ModelOffers.model_validate_json(answer).offers
        except CentreRefuses as refused:
            if refused.status != 404:
                raise
            # A centre too old to offer any.
            self._offers = ()
        except ValidationError as error:
            raise CentreAway("its offers of models") from error
        self._asked_s = now_s
        self._drop_others()

    def _is_wanted(self, offer: ModelOffer) -> bool:
        role = Role(offer.role)
        if offer.sequence <= self._slots.slot(role).floor:
            return False
        if self._slots.refusals.of(offer.sha256) is not None:
            return False
        known = self._slots.kept(role)
        return not any(each.sha256 == offer.sha256 and each.stage is Stage.READY for each in known)

    def _fetch_piece(self, centre: Centre, offer: ModelOffer) -> bool:
        """Fetch one piece; say whether the file is whole."""
        path = self._incoming / offer.sha256
        have = path.stat().st_size if path.is_file() else 0
        if have < offer.size_bytes:
            size = min(PIECE_BYTES, offer.size_bytes - have)
            piece = centre.send(
                "GET", f"{OFFERS_PATH}/{offer.sha256}?offset={have}&length={size}"
            ).content
            if not 0 < len(piece) <= size:
                raise CentreAway("a piece of a model is not as asked")
            self._append(path, piece)
            self._failpoints.passing("update.after_piece")
            have += len(piece)
        return have >= offer.size_bytes

    def _append(self, path: Path, piece: bytes) -> None:
        with named_troubles(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(piece)
                file.flush()
                os.fsync(file.fileno())

    def _admit(self, offer: ModelOffer) -> None:
        path = self._incoming / offer.sha256
        try:
            self._admission.admit(path, sha256=offer.sha256)
        except PackageRefused as refused:
            _log.error("%s", refused)
            if refused.why in _LATER:
                self._offers = ()
                return
            path.unlink()
            self._spoilt[offer.sha256] = self._spoilt.get(offer.sha256, 0) + 1
            if refused.why is Refusal.DAMAGED and self._spoilt[offer.sha256] < MOST_SPOILT:
                return
            said = Refused(
                role=Role(offer.role),
                sequence=offer.sequence,
                why=refused.why.value,
                zh=refused.zh,
                en=refused.en,
            )
            self._slots.refusals.note(offer.sha256, said)
            return
        path.unlink()

    def _drop_others(self) -> None:
        """Delete pieces of what is not offered any more."""
        offered = {offer.sha256 for offer in self._offers}
        for path in self._incoming.iterdir() if self._incoming.is_dir() else ():
            if path.name not in offered:
                path.unlink()
