"""Cells and views packed small: H3 cells ascending, views on a scale of quarter octaves."""

import base64
import binascii
import math
import zlib
from collections.abc import Iterable, Sequence


def pack_cells(cells: Iterable[int]) -> str:
    """Pack H3 cells: sorted, delta-coded as varints, deflated, base64."""
    out = bytearray()
    before = 0
    for cell in sorted(set(cells)):
        delta, before = cell - before, cell
        while delta >= 0x80:
            out.append(delta & 0x7F | 0x80)
            delta >>= 7
        out.append(delta)
    return base64.b64encode(zlib.compress(bytes(out), 9)).decode()


def unpack_cells(packed: str) -> tuple[int, ...]:
    """Unpack what `pack_cells` packed.

    Raises:
        ValueError: the text is not such a packing, or unpacks to more than a mebibyte.
    """
    cells: list[int] = []
    value = shift = total = 0
    for byte in _inflate(packed):
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            total += value
            cells.append(total)
            value = shift = 0
        elif shift > 63:
            raise ValueError("a packed cell is longer than 64 bits")
    if shift:
        raise ValueError("the packed cells are cut off")
    return tuple(cells)


def pack_ppm(pixels_per_metre: Sequence[float]) -> str:
    """Pack best views: a byte each, round(4 log2(1 + value)), rounded down to stay honest."""
    values = bytes(min(255, int(4.0 * math.log2(1.0 + value))) for value in pixels_per_metre)
    return base64.b64encode(zlib.compress(values, 9)).decode()


def unpack_ppm(packed: str) -> tuple[float, ...]:
    """Unpack what `pack_ppm` packed, in pixels per metre, never above the original.

    Raises:
        ValueError: the text is not such a packing.
    """
    return tuple(2.0 ** (byte / 4.0) - 1.0 for byte in _inflate(packed))


def _inflate(packed: str) -> bytes:
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(base64.b64decode(packed, validate=True), 1 << 20)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("this is not a packed list") from error
    if not inflater.eof:
        raise ValueError("the packed list is cut off or larger than a mebibyte")
    return raw
