"""A picture's EXIF block (JPEG, PNG, WebP), without the entries that lie about their size.

A reader that believes a damaged count or pointer loops over millions of values. So the directories
(TIFF 6.0: a count, twelve bytes an entry, the offset of the next) are walked first: what points
outside the block, comes twice, or is longer than anything a camera writes is blanked by giving it
no type, which readers skip. What is left is bounded by the block, 64 KiB at most.

Where the block lies: Exif 2.32 (JPEG), PNG 1.5 extension eXIf, RFC 9649 (WebP).
"""

import struct
from collections.abc import Callable, Mapping
from typing import Final

_APP1: Final = 0xE1
_SCAN: Final = 0xDA
_EXIF: Final = b"Exif\0\0"
_ENTRY: Final = 12
_MOST_ENTRIES: Final = 128
_MOST_VALUES: Final = 16
_LONGEST_TEXT: Final = 4096
_MOST_DIRECTORIES: Final = 8
_MOST_BYTES: Final = 65_536
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ASCII: Final = 2
_LONGS: Final = frozenset({4, 13})
_POINTERS: Final = frozenset({0x8769, 0x8825, 0xA005})
"""EXIF, GPS and interoperability directories."""


def exif_block(content: bytes) -> bytes | None:
    """Give the EXIF block of a picture, safe to read; None where it has none or it is torn."""
    find = next((each for start, each in _FINDERS.items() if content.startswith(start)), _in_jpeg)
    block = find(content)
    if block is None or not 8 <= len(block) <= _MOST_BYTES or block[:4] not in {b"II*\0", b"MM\0*"}:
        return None
    return bytes(_Directories(bytearray(block), "<" if block[:1] == b"I" else ">").tidied())


def _in_jpeg(content: bytes) -> bytes | None:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _SCAN:
        length = int.from_bytes(content[at + 2 : at + 4])
        body = content[at + 4 : at + 2 + length]
        if content[at + 1] == _APP1 and body.startswith(_EXIF):
            return body[len(_EXIF) :]
        at += 2 + max(length, 2)
    return None


def _in_png(content: bytes) -> bytes | None:
    at = 8
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] == b"eXIf":
            return content[at + 8 : at + 8 + length]
        at += 12 + length
    return None


def _in_webp(content: bytes) -> bytes | None:
    at = 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"EXIF":
            return content[at + 8 : at + 8 + length].removeprefix(_EXIF)
        at += 8 + length + length % 2
    return None


_FINDERS: Final[Mapping[bytes, Callable[[bytes], bytes | None]]] = {
    b"\x89PNG": _in_png,
    b"RIFF": _in_webp,
}


class _Directories:
    """The directories of one block."""

    def __init__(self, block: bytearray, order: str) -> None:
        self._block, self._order = block, order
        self._seen: set[int] = set()

    def tidied(self) -> bytearray:
        """Blank what cannot be believed, and give the block."""
        link = 4
        while link + 4 <= len(self._block):
            at = self._long(link)
            if not self._new(at):
                struct.pack_into(f"{self._order}I", self._block, link, 0)
                break
            link = self._follow(at)
        return self._block

    def _follow(self, at: int) -> int:
        """Tidy a directory and those it points to; give where the next one's offset lies.

        Only the outer directories are a chain: behind an inner one writers put what they like.
        """
        end, waiting = self._tidy(at)
        while waiting:
            waiting.extend(self._tidy(waiting.pop())[1])
        return end

    def _tidy(self, at: int) -> tuple[int, list[int]]:
        """Blank a directory's bad entries; give where it ends and what it points to."""
        count = min(self._short(at), _MOST_ENTRIES, (len(self._block) - at - 2) // _ENTRY)
        struct.pack_into(f"{self._order}H", self._block, at, count)
        inner: list[int] = []
        tags: set[int] = set()
        for entry in range(at + 2, at + 2 + count * _ENTRY, _ENTRY):
            tag = self._short(entry)
            pointed = self._long(entry + 8) if tag in _POINTERS else None
            sound = tag not in tags and self._is_sound(entry)
            tags.add(tag)
            if sound and pointed is not None:
                sound = self._short(entry + 2) in _LONGS and self._new(pointed)
                inner.extend([pointed] if sound else [])
            if not sound:
                struct.pack_into(f"{self._order}H", self._block, entry + 2, 0)
        return at + 2 + count * _ENTRY, inner

    def _is_sound(self, entry: int) -> bool:
        kind, count = self._short(entry + 2), self._long(entry + 4)
        size = _SIZES.get(kind, 0) * count
        inside = size <= 4 or self._long(entry + 8) + size <= len(self._block)
        return size > 0 and inside and count <= (_LONGEST_TEXT if kind == _ASCII else _MOST_VALUES)

    def _new(self, at: int) -> bool:
        """Say whether a directory may lie here that was not met before, and remember it."""
        fits = 8 <= at <= len(self._block) - 2
        new = fits and at not in self._seen and len(self._seen) < _MOST_DIRECTORIES
        self._seen.add(at)
        return new

    def _short(self, at: int) -> int:
        return int(struct.unpack_from(f"{self._order}H", self._block, at)[0])

    def _long(self, at: int) -> int:
        return int(struct.unpack_from(f"{self._order}I", self._block, at)[0])
