"""What the clock decides, asked again and again by a thread of the centre.

Alarms, ends of suspensions and the judgement of passes are rows in the database; several tickers,
in several processes, may run at once, for each row is taken by one.
"""

import threading
import time
from datetime import timedelta
from typing import Final

import structlog

from api.centre.wiring import Centre
from api.keeping import retention
from dispatch.devices.device import NONCE_LIFE
from dispatch.intake import intake, surveying
from dispatch.loop import oversight

DRAFT_LASTS: Final = timedelta(days=3)
"""How long the centre waits for the rest of a picture."""

SETTLE_EVERY_S: Final = 60.0
"""How often the centre looks whether something waits for a pass that does not end, and forgets
requests of devices that are over."""

ERASE_EVERY: Final = timedelta(hours=6)
"""How often the centre looks whether something's time is over."""

log = structlog.get_logger(__name__)


class Ticker:
    """A thread that lets casework look at the clock."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    def stop(self) -> None:
        """End after the tick that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10.0)

    def _run(self) -> None:
        kept_lands, settle_at, erase_at = False, 0.0, 0.0
        while not self._stop.wait(self._centre.settings.tick_seconds):
            try:
                kept_lands = kept_lands or keep_lands(self._centre)
                tick(self._centre)
                if time.monotonic() >= settle_at:
                    settle_at = time.monotonic() + SETTLE_EVERY_S
                    end_silent(self._centre)
                    forget_nonces(self._centre)
                if time.monotonic() >= erase_at:
                    erase_at = time.monotonic() + erase(self._centre)
            except Exception:  # a tick that fails is logged whole, and the next one comes
                log.exception("tick failed", at=time.time())


def keep_lands(centre: Centre) -> bool:
    """Keep how much ground the city's grids have, to reckon coverage of; True once it is kept."""
    surveying.keep_lands(at=centre.now(), profile=centre.profile, uow=centre.begin())
    return True


def tick(centre: Centre) -> int:
    """Announce every alarm that is due; give how many cases were concerned.

    Sweeps that came are told for the figures; pictures of which the rest never came are forgotten.
    """
    while tell_sweeps(centre) == surveying.BATCH:
        pass
    centre.drafts.expire(before=centre.real_now() - DRAFT_LASTS)
    concerned = 0
    while True:
        rung = oversight.ring_clocks(now=centre.now(), profile=centre.profile, uow=centre.begin())
        concerned += len(rung)
        if len(rung) < oversight.BATCH:
            return concerned


def end_silent(centre: Centre) -> int:
    """Settle what waits for passes that do not end; give the number of sights."""
    settled = 0
    while now := intake.end_silent(
        at=centre.now(), uow=centre.begin(), profile=centre.profile, cards=centre.card_word
    ):
        settled += now
    return settled


def forget_nonces(centre: Centre) -> None:
    """Forget requests of devices that are too old to be sent again."""
    with centre.begin() as uow:
        uow.devices.forget_nonces(before=centre.real_now() - NONCE_LIFE)
        uow.commit()


def erase(centre: Centre) -> float:
    """Erase a little of what is over; give the seconds after which to look again."""
    retention.drop_logs(centre=centre)
    retention.remove_strays(centre=centre)
    erased = retention.erase_over(centre=centre)
    return 0.0 if len(erased) == retention.PORTION else ERASE_EVERY.total_seconds()


def tell_sweeps(centre: Centre) -> int:
    """Tell some of the sweeps that came for the figures; give their number."""
    return surveying.tell_sweeps(
        now=centre.now(), recalls=centre.recalls, profile=centre.profile, uow=centre.begin()
    )
