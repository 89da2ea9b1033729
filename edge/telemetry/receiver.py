"""What a navigation receiver sends: UBX and NMEA on one line, cut into messages; RTCM is passed by.

Framing after the u-blox interface description: UBX is B5 62, class, id, length (2, little-endian),
payload, Fletcher checksum over all between; NMEA is $...*hh with the exclusive-or of what stands
between. A broken frame is counted and the search goes
on one byte later, so a cut record costs itself and nothing behind it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

from edge.telemetry.log import BAD_CHECKSUM, CUT_OFF, UNREADABLE, Words

_START: Final = re.compile(rb"\xb5\x62|\$(?=[A-Z])")
_SENTENCE: Final = re.compile(rb"\$([A-Z][A-Z0-9]{3,9},[\x20-\x7e]{0,110}?)\*([0-9A-Fa-f]{2})")
_LINE: Final = re.compile(rb"\$[\x20-\x7e]*")
_LONGEST_BYTES: Final = 4096
"""The longest payload waited for on a live line; receivers' own messages stay below it."""
_LONGEST_LINE: Final = 128


@dataclass(frozen=True, slots=True)
class Message:
    """One whole UBX message.

    Attributes:
        kind: class and id.
    """

    kind: tuple[int, int]
    payload: bytes


@dataclass(frozen=True, slots=True)
class Sentence:
    """One whole NMEA sentence: its type without talker (RMC), and its fields."""

    kind: str
    fields: tuple[str, ...]


Received = Message | Sentence


def received(content: bytes) -> tuple[tuple[Received, ...], Counter[Words]]:
    """Cut a recording into whole messages; count the broken ones by reason."""
    whole: list[Received] = []
    broken: Counter[Words] = Counter()
    for _, found, _ in pieces(content):
        if isinstance(found, Message | Sentence):
            whole.append(found)
        else:
            broken[found] += 1
    return tuple(whole), broken


def pieces(content: bytes) -> Iterator[tuple[int, Received | Words, int]]:
    """Give, for every start of a message: where it is, the message or its fault, bytes used."""
    at = 0
    while (start := _START.search(content, at)) is not None:
        at = start.start()
        found, used = (_message if content[at] == 0xB5 else _sentence)(content, at)
        yield at, found, used
        at += used


def may_go_on(content: bytes, at: int) -> bool:
    """Say whether what starts here may only lack bytes that have not come yet."""
    if content[at] == 0xB5:
        length = int.from_bytes(content[at + 4 : at + 6], "little")
        return len(content) < at + 6 or (
            at + 8 + length > len(content) and length <= _LONGEST_BYTES
        )
    line = _LINE.match(content, at)
    return line is not None and line.end() == len(content) and line.end() - at <= _LONGEST_LINE


def _message(content: bytes, at: int) -> tuple[Received | Words, int]:
    if len(content) < at + 8:
        return CUT_OFF, 2
    length = int.from_bytes(content[at + 4 : at + 6], "little")
    end = at + 6 + length
    if len(content) < end + 2:
        return CUT_OFF, 2
    if _fletcher(content[at + 2 : end]) != content[end : end + 2]:
        return BAD_CHECKSUM, 2
    kind = content[at + 2], content[at + 3]
    return Message(kind, content[at + 6 : end]), length + 8


def _fletcher(body: bytes) -> bytes:
    one = other = 0
    for byte in body:
        one = (one + byte) & 0xFF
        other = (other + one) & 0xFF
    return bytes((one, other))


def _sentence(content: bytes, at: int) -> tuple[Received | Words, int]:
    found = _SENTENCE.match(content, at)
    if found is None:
        line = _LINE.match(content, at)
        ended = line is not None and content[line.end() : line.end() + 1] in {b"\r", b"\n"}
        return (UNREADABLE if ended else CUT_OFF), 1
    if reduce(xor, found[1]) != int(found[2], 16):
        return BAD_CHECKSUM, 1
    address, *fields = found[1].decode("ascii").split(",")
    return Sentence(address[1:] if address[0] == "P" else address[2:], tuple(fields)), len(found[0])
