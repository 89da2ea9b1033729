"""Messages of one moment of a live receiver, put together to one fix.

A receiver says a moment in several messages: place and speed, finer place, attitude, errors. The
moment is complete when the next begins or the line falls silent. A receiver that speaks UBX is not
listened to in NMEA: both tell the same.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from edge.telemetry.log import Words
from edge.telemetry.nmea import nmea_fixes, seconds_of_day
from edge.telemetry.receiver import Message, Received, Sentence
from edge.telemetry.reception import Reception, reception_of
from edge.telemetry.track import Fix
from edge.telemetry.ubx import PVT, ubx_fixes

_NAV: Final = 0x01
_TIMED: Final = frozenset({"RMC", "GGA", "GNS", "GST", "ZDA"})
_UNTIMED: Final = frozenset({"HDT", "THS"})
_DAY_S: Final = 86_400.0
_WEEK_S: Final = 7 * _DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """What a receiver said of one moment.

    Attributes:
        fix: None where it had none.
        arrived_s: steady clock when the first message of the moment had come.
    """

    fix: Fix | None
    lost: Counter[Words]
    reception: Reception
    arrived_s: float


class Epochs:
    """Groups messages by the moment they speak of."""

    def __init__(self) -> None:
        self._moment: tuple[float, float] | None = None
        self._group: list[Received] = []
        self._arrived_s = 0.0
        self._by_ubx = False
        self._last: datetime | None = None

    def take(self, message: Received, arrived_s: float) -> Epoch | None:
        """Take a message; give the moment before, if this one begins another."""
        if isinstance(message, Message):
            self._listen_to_ubx(message)
        elif self._by_ubx:
            return None
        moment = moment_of(message)
        if moment is None:
            self._join(message)
            return None
        done = None if moment == self._moment else self.finish()
        if not self._group:
            self._moment, self._arrived_s = moment, arrived_s
        self._group.append(message)
        return done

    def finish(self) -> Epoch | None:
        """Give the moment that was being said, now that the line is silent."""
        group, self._group, self._moment = self._group, [], None
        if not group:
            return None
        fixes, lost = self._fixes(group)
        fix = fixes[-1] if fixes else None
        self._last = fix.at if fix is not None else self._last
        return Epoch(fix=fix, lost=lost, reception=reception_of(group), arrived_s=self._arrived_s)

    def _listen_to_ubx(self, message: Message) -> None:
        if message.kind == PVT and not self._by_ubx:
            self._by_ubx = True
            self._group, self._moment = [], None

    def _join(self, message: Received) -> None:
        if self._group and isinstance(message, Sentence) and message.kind in _UNTIMED:
            self._group.append(message)

    def _fixes(self, group: list[Received]) -> tuple[list[Fix], Counter[Words]]:
        if self._by_ubx:
            return ubx_fixes([one for one in group if isinstance(one, Message)])
        sentences = [one for one in group if isinstance(one, Sentence)]
        return nmea_fixes(sentences, after=self._last)


def moment_of(message: Received) -> tuple[float, float] | None:
    """Give the seconds a message speaks of and after how many they begin again, or None."""
    if isinstance(message, Message):
        timed = message.kind[0] == _NAV and len(message.payload) >= 8
        return (int.from_bytes(message.payload[:4], "little") / 1000.0, _WEEK_S) if timed else None
    if message.kind not in _TIMED or not message.fields[0]:
        return None
    try:
        return seconds_of_day(message.fields[0]), _DAY_S
    except ValueError:
        return None
