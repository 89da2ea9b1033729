"""Whether two pictures look alike but for their encoding, size, a narrow crop or a mirror (图印).

An imprint is made where photos are looked at (`edge.evidence.imprint`): seven prints of 144 bits,
one a view of the picture, the lowest frequencies first. In a mirrored picture every odd frequency
across has the other sign, so that the print of the mirrored picture is known from its own, but for
the few signs about a median that is nearly nought.
"""

from collections.abc import Iterator
from typing import Final

DIGITS: Final = 36
"""Hex digits of a print."""
COPY_BITS: Final = 12
"""Up to so many differing bits, of the two views that differ least, one is a copy of the other."""
LOW: Final = 12
"""A print tells the signs of so many frequencies across, and as many down."""
KEY_BITS: Final = 20
KEYS: Final = 3


def bits_apart(one: str, other: str) -> int:
    """Give how many bits differ between the two views that differ least, one perhaps mirrored."""
    theirs = _prints(other)
    mine = [*_prints(one), *_prints(mirrored(one))]
    return min((each ^ view).bit_count() for each in mine for view in theirs)


def keys_of(imprint: str) -> frozenset[int]:
    """Give what a picture is found by: the lowest frequencies of each view, in three parts.

    Copies nearly always have one in common; `tests/benchmarks/copies.py` says how often.
    """
    return frozenset(key for each in _prints(imprint) for key in _keys(each))


def keys_to_ask(imprint: str) -> frozenset[int]:
    """Give by which keys the pictures are found that one may be a copy of, mirrored ones too."""
    return keys_of(imprint) | keys_of(mirrored(imprint))


def mirrored(imprint: str) -> str:
    """Give the imprint of the mirrored picture, but for a few bits."""
    return "".join(f"{each ^ _ODD_ACROSS:0{DIGITS}x}" for each in _prints(imprint))


def _keys(print_: int) -> Iterator[int]:
    for part in range(KEYS):
        bits = print_ >> (DIGITS * 4 - (part + 1) * KEY_BITS) & (1 << KEY_BITS) - 1
        yield part << KEY_BITS | bits


def _prints(imprint: str) -> list[int]:
    return [int(imprint[at : at + DIGITS], 16) for at in range(0, len(imprint), DIGITS)]


def _odd_across() -> int:
    """Give the bits of a print that tell of odd frequencies across."""
    lowest_first = sorted(range(LOW * LOW), key=lambda at: (sum(divmod(at, LOW)), at))[1:]
    top = DIGITS * 4 - 1
    return sum(1 << (top - place) for place, at in enumerate(lowest_first) if at % LOW % 2)


_ODD_ACROSS: Final = _odd_across()
