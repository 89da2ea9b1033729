"""How well a receiver hears its satellites, from what it says of one moment.

UBX-NAV-PVT: fixType at byte 20, flags at 21 (bit 0 fix ok, bits 6 and 7 carrier solution), numSV at
23. NMEA: GGA quality and satellites, GNS mode and satellites.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.telemetry.receiver import Message, Received, Sentence
from edge.telemetry.ubx import PVT


class Solution(StrEnum):
    """What a receiver's place rests on."""

    NONE = "none"
    DEAD_RECKONING = "dead_reckoning"
    SATELLITES = "satellites"
    RTK_FLOAT = "rtk_float"
    RTK_FIXED = "rtk_fixed"


_BY_QUALITY: Final = {
    "1": Solution.SATELLITES,
    "2": Solution.SATELLITES,
    "3": Solution.SATELLITES,
    "4": Solution.RTK_FIXED,
    "5": Solution.RTK_FLOAT,
    "6": Solution.DEAD_RECKONING,
    "9": Solution.SATELLITES,
}
_BY_MODE: Final = {
    "A": Solution.SATELLITES,
    "D": Solution.SATELLITES,
    "P": Solution.SATELLITES,
    "R": Solution.RTK_FIXED,
    "F": Solution.RTK_FLOAT,
    "E": Solution.DEAD_RECKONING,
}
_BY_CARRIER: Final = {0: Solution.SATELLITES, 1: Solution.RTK_FLOAT, 2: Solution.RTK_FIXED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """Satellites in use and solution; None where the receiver does not say."""

    satellites: int | None = None
    solution: Solution | None = None


def reception_of(messages: Sequence[Received]) -> Reception:
    """Give the reception that the messages of one moment state."""
    for message in messages:
        stated = _of_pvt(message) if isinstance(message, Message) else _of_sentence(message)
        if stated is not None:
            return stated
    return Reception()


def _of_pvt(message: Message) -> Reception | None:
    payload = message.payload
    if message.kind != PVT or len(payload) < 24:
        return None
    kind, flags = payload[20], payload[21]
    if kind == 1:
        solution = Solution.DEAD_RECKONING
    elif kind in {2, 3, 4} and flags & 0x01:
        solution = _BY_CARRIER.get(flags >> 6, Solution.SATELLITES)
    else:
        solution = Solution.NONE
    return Reception(satellites=payload[23], solution=solution)


def _of_sentence(sentence: Sentence) -> Reception | None:
    if sentence.kind not in {"GGA", "GNS"} or len(sentence.fields) < 7:
        return None
    said = sentence.fields[5]
    if sentence.kind == "GGA":
        solution = _BY_QUALITY.get(said, Solution.NONE)
    else:
        found = [_BY_MODE[mode] for mode in said if mode in _BY_MODE]
        solution = max(found, key=list(Solution).index, default=Solution.NONE)
    count = sentence.fields[6]
    return Reception(satellites=int(count) if count.isdecimal() else None, solution=solution)
