"""GeoTIFF files of made-up hills, written by the tests."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def write_geotiff(
    path: Path,
    heights: NDArray[np.float32],
    *,
    corner: tuple[float, float],
    step: tuple[float, float],
    epsg: int = 4326,
    vertical: int | None = None,
    point: bool = False,
    nodata: str | None = None,
) -> Path:
    """Write an uncompressed GeoTIFF of one float32 band; corner is x, y of the top left."""
    rows, columns = heights.shape
    geographic = epsg in {4326, 4490}
    keys = [(1024, 2 if geographic else 1), (1025, 2 if point else 1)]
    keys.append((2048 if geographic else 3072, epsg))
    if vertical is not None:
        keys.append((4096, vertical))
    directory = [1, 1, 1, len(keys)] + [n for key, value in keys for n in (key, 0, 1, value)]
    pixels = heights.astype("<f4").tobytes()
    tags: list[tuple[int, int, int, bytes]] = [
        (256, 4, 1, struct.pack("<I", columns)),
        (257, 4, 1, struct.pack("<I", rows)),
        (258, 3, 1, struct.pack("<H", 32)),
        (259, 3, 1, struct.pack("<H", 1)),
        (262, 3, 1, struct.pack("<H", 1)),
        (273, 4, 1, struct.pack("<I", 8)),
        (277, 3, 1, struct.pack("<H", 1)),
        (278, 4, 1, struct.pack("<I", rows)),
        (279, 4, 1, struct.pack("<I", len(pixels))),
        (339, 3, 1, struct.pack("<H", 3)),
        (33550, 12, 3, struct.pack("<3d", *step, 0.0)),
        (33922, 12, 6, struct.pack("<6d", 0.0, 0.0, 0.0, *corner, 0.0)),
        (34735, 3, len(directory), struct.pack(f"<{len(directory)}H", *directory)),
    ]
    if nodata is not None:
        tags.append((42113, 2, len(nodata) + 1, nodata.encode() + b"\0"))
    first = 8 + len(pixels)
    rest_at = first + 2 + 12 * len(tags) + 4
    entries, rest = b"", b""
    for tag, kind, count, value in tags:
        if len(value) <= 4:
            where = value.ljust(4, b"\0")
        else:
            where = struct.pack("<I", rest_at + len(rest))
            rest += value + b"\0" * (len(value) % 2)
        entries += struct.pack("<HHI", tag, kind, count) + where
    head = b"II" + struct.pack("<HI", 42, first)
    path.write_bytes(head + pixels + struct.pack("<H", len(tags)) + entries + b"\0\0\0\0" + rest)
    return path
