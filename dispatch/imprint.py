"""Whether two pictures look alike but for their encoding, size or a narrow crop (图印).

An imprint is made where photos are looked at (`edge.evidence.imprint`): seven prints of 144 bits,
one a view of the picture, the lowest frequencies first.
"""

from typing import Final

DIGITS: Final = 36
"""Hex digits of a print."""
COPY_BITS: Final = 12
"""Up to so many differing bits, of the two views that differ least, one is a copy of the other."""
KEY_BITS: Final = 20
KEYS: Final = 3


def bits_apart(one: str, other: str) -> int:
    """Give how many bits differ between the two views that differ least."""
    theirs = _prints(other)
    return min((mine ^ each).bit_count() for mine in _prints(one) for each in theirs)


def keys_of(imprint: str) -> frozenset[int]:
    """Give what copies are looked up by: the lowest frequencies of each view, in three parts.

    Copies nearly always have one in common; `tests/benchmarks/copies.py` says how often.
    """
    found = set[int]()
    for each in _prints(imprint):
        for part in range(KEYS):
            bits = each >> (DIGITS * 4 - (part + 1) * KEY_BITS) & (1 << KEY_BITS) - 1
            found.add(part << KEY_BITS | bits)
    return frozenset(found)


def _prints(imprint: str) -> list[int]:
    return [int(imprint[at : at + DIGITS], 16) for at in range(0, len(imprint), DIGITS)]
