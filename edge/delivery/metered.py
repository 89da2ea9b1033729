"""Networks that are paid by the byte: findings and sweeps always go, pictures by an allowance.

On such a network only near crops that the centre asked for are sent, until the day's allowance is
spent; context frames, and what is over, wait for a network that is not metered.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Protocol

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from edge.config import Metered, UplinkConfig
from edge.delivery.keys import replace_file
from edge.disk import DiskTrouble

SPENT_FILE: Final = "metered.json"
ROUTES: Final = Path("/proc/net/route")
MOBILE: Final = ("wwan", "wwp", "ppp", "rmnet", "ccmni", "usb")
"""How Linux and vendors' kernels name modems, and phones that share their network by cable."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How pictures stand to the allowance.

    Attributes:
        metered: whether the network is taken for metered now.
        bytes_today: of pictures, sent while it was.
    """

    metered: bool
    bytes_today: int


class Allowance(Protocol):
    """Says how much of pictures may travel now."""

    def left_bytes(self) -> int | None:
        """Give how many bytes may still travel today; None on a network that is not metered."""
        ...

    def spend(self, count: int) -> None:
        """Say that so many bytes of a picture travelled."""
        ...


class Unmetered:
    """An allowance without end."""

    def left_bytes(self) -> int | None:
        """Give None: nothing is counted."""
        return None

    def spend(self, count: int) -> None:
        """Count nothing."""


class _Day(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    day: date
    bytes: NonNegativeInt


class DailyAllowance:
    """An allowance by the day, in UTC, remembered over restarts in the state folder."""

    def __init__(
        self,
        folder: Path,
        *,
        bytes_a_day: int,
        is_metered: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._file, self._bytes_a_day = folder / SPENT_FILE, bytes_a_day
        self._is_metered, self._now = is_metered, now
        self._spent: _Day | None = None

    def left_bytes(self) -> int | None:
        """Give how many bytes may still travel today; None on a network that is not metered."""
        if not self._is_metered():
            return None
        return max(0, self._bytes_a_day - self._spent_today())

    def spend(self, count: int) -> None:
        """Say that so many bytes of a picture travelled; counted while the network is metered.

        What a disk does not take now is remembered, and offered to it with the next picture.
        """
        if self._is_metered():
            self._spent = _Day(day=self._today(), bytes=self._spent_today() + count)
            try:
                replace_file(self._file, self._spent.model_dump_json().encode(), mode=0o644)
            except DiskTrouble as trouble:
                _log.warning("%s", trouble)

    def state(self) -> Spent:
        """Give how pictures stand to the allowance."""
        return Spent(metered=self._is_metered(), bytes_today=self._spent_today())

    def _today(self) -> date:
        return self._now().date()

    def _spent_today(self) -> int:
        try:
            kept = _Day.model_validate_json(self._file.read_bytes())
        except (FileNotFoundError, ValidationError):
            kept = None
        today = self._today()
        return max(
            (each.bytes for each in (kept, self._spent) if each and each.day == today), default=0
        )


def allowance_of(
    config: UplinkConfig, folder: Path, *, now: Callable[[], datetime]
) -> DailyAllowance:
    """Make the allowance that a configuration states."""
    return DailyAllowance(
        folder,
        bytes_a_day=config.metered_mib_a_day << 20,
        is_metered=lambda: is_metered(config.metered),
        now=now,
    )


def is_metered(setting: Metered, *, routes: Path = ROUTES) -> bool:
    """Say whether the network is paid by the byte.

    Args:
        setting: `auto` takes it for metered if the default route leads over a modem or a phone.
        routes: the kernel's table of IPv4 routes.
    """
    if setting is not Metered.AUTO:
        return setting is Metered.YES
    try:
        lines = routes.read_text(encoding="ascii").splitlines()[1:]
    except (OSError, UnicodeDecodeError):
        return False
    defaults = [fields for line in lines if len(fields := line.split()) > 7 and _is_default(fields)]
    if not defaults:
        return False
    return min(defaults, key=lambda fields: int(fields[6]))[0].startswith(MOBILE)


def _is_default(fields: list[str]) -> bool:
    return fields[1] == "00000000" and fields[7] == "00000000"
