"""A camera whose vehicle stands: its key pictures are decoded, the others held back as they came.

A key picture can be decoded by itself; what follows it, only after it. So packets are held until
the next key picture makes them needless, or until the vehicle moves: then they are decoded at
once, with the times at which they came, and nothing of the way is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from av.packet import Packet
from av.video.stream import VideoStream

HELD: Final = timedelta(seconds=4)
HELD_BYTES: Final = 4 << 20
"""Whatever comes first: a camera of rare key pictures is decoded from then on."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A packet, and when it came."""

    packet: "Packet[VideoStream]"
    at: datetime


class Resting:
    """Decides of one connection which packets are decoded, and when."""

    def __init__(self, *, rests: Callable[[], bool], left_out: Callable[[datetime], None]) -> None:
        """Begin with the first packet.

        Args:
            rests: says whether key pictures are enough for now.
            left_out: is told, for each packet that is never decoded, when it came.
        """
        self._rests, self._left_out = rests, left_out
        self._held: list[Arrived] = []
        self._bytes = 0

    def take(self, packet: "Packet[VideoStream]", at: datetime) -> tuple[Arrived, ...]:
        """Take a packet; give those to decode now, in the order in which they came."""
        came = Arrived(packet, at)
        if not self._rests():
            return (*self._release(), came)
        if packet.is_keyframe:
            for each in self._release():
                self._left_out(each.at)
            return (came,)
        self._held.append(came)
        self._bytes += packet.size
        too_long = at - self._held[0].at > HELD or self._bytes > HELD_BYTES
        return self._release() if too_long else ()

    def _release(self) -> tuple[Arrived, ...]:
        held, self._held, self._bytes = tuple(self._held), [], 0
        return held
