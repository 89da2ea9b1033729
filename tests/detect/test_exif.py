"""EXIF of photos that people send: damaged counts and pointers cost neither time nor the rest."""

import struct
from collections.abc import Callable
from io import BytesIO

import exifread
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detect.exif import exif_block

_DATE = b"2026:05:01 08:00:00\0"
_MOST_VALUES = 8 * 128 * 16


def _entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def _directory(entries: list[bytes], following: int = 0) -> bytes:
    return struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", following)


def _block(*more: bytes, following: int = 0, inner: list[bytes] | None = None) -> bytes:
    """Give a block with an EXIF directory that says when a photo was taken, and more before it."""
    outer = 2 + 12 * (1 + len(more)) + 4
    dated = _entry(0x9003, 2, len(_DATE), 0)
    size = 2 + 12 * (1 + len(inner or [])) + 4
    dated = _entry(0x9003, 2, len(_DATE), 8 + outer + size)
    directories = _directory([*more, _entry(0x8769, 4, 1, 8 + outer)], following) + _directory(
        [dated, *(inner or [])]
    )
    return b"II*\0" + struct.pack("<I", 8) + directories + _DATE


def _jpeg(block: bytes) -> bytes:
    body = b"Exif\0\0" + block
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda\0\2\xff\xd9"


def _said(block: bytes) -> dict[str, str]:
    safe = exif_block(_jpeg(block))
    assert safe is not None
    tags = exifread.process_file(BytesIO(safe), details=False, extract_thumbnail=False)
    return {name: str(tag) for name, tag in tags.items()}


def test_a_whole_block_is_read_as_it_is() -> None:
    assert _said(_block())["EXIF DateTimeOriginal"] == "2026:05:01 08:00:00"


def test_an_entry_that_claims_billions_of_values_is_left_out_and_the_rest_is_read() -> None:
    said = _said(_block(_entry(0x010F, 2, 0xFFFF_FFF0, 8), _entry(0x0110, 5, 900, 8)))

    assert "Image Make" not in said and "Image Model" not in said
    assert said["EXIF DateTimeOriginal"] == "2026:05:01 08:00:00"


def test_a_directory_that_claims_more_entries_than_fit_is_cut() -> None:
    block = bytearray(_block())
    block[8:10] = b"\xff\xff"

    safe = exif_block(_jpeg(bytes(block)))

    assert safe is not None
    assert 2 + 12 * int.from_bytes(safe[8:10], "little") <= len(safe) - 8


def test_directories_that_point_in_a_circle_end() -> None:
    said = _said(_block(following=8, inner=[_entry(0x8769, 4, 1, 8)]))

    assert said["EXIF DateTimeOriginal"] == "2026:05:01 08:00:00"


def test_a_photo_without_exif_or_with_a_torn_one_has_none() -> None:
    assert exif_block(b"\xff\xd8\xff\xda\0\2\xff\xd9") is None
    assert exif_block(_jpeg(b"II*\0")) is None
    assert exif_block(_jpeg(b"not a block")) is None
    assert exif_block(_jpeg(_block())[:9]) is None


@given(
    damage=st.lists(
        st.tuples(st.integers(0, 120), st.sampled_from([0, 1, 8, 64, 255])), max_size=12
    )
)
def test_no_damage_makes_a_reader_work_through_more_than_a_block_can_hold(
    damage: list[tuple[int, int]],
) -> None:
    block = bytearray(_block(_entry(0x8825, 4, 1, 8), _entry(0x010F, 2, 4, 0x4141)))
    for place, byte in damage:
        block[place % len(block)] = byte

    safe = exif_block(_jpeg(bytes(block)))

    if safe is None:
        return
    try:
        tags = exifread.process_file(BytesIO(safe), details=False, extract_thumbnail=False)
    except (ValueError, TypeError, KeyError, IndexError, struct.error):
        return
    assert sum(len(tag.values) for tag in tags.values()) <= _MOST_VALUES


def _png(block: bytes) -> bytes:
    chunk = struct.pack(">I", len(block)) + b"eXIf" + block + b"\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2) + b"tEXta\0\0\0\0\0" + chunk


def _webp(block: bytes) -> bytes:
    body = b"WEBPVP8X" + struct.pack("<I", 3) + b"\0\0\0\0"
    body += b"EXIF" + struct.pack("<I", len(block)) + block
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("picture", [_jpeg, _png, _webp])
def test_a_lying_entry_is_left_out_of_every_kind_of_picture(
    picture: Callable[[bytes], bytes],
) -> None:
    block = _block(_entry(0x010F, 2, 0xFFFF_FFF0, 8), _entry(0x0112, 3, 1, 6))

    safe = exif_block(picture(block))

    assert safe is not None
    tags = exifread.process_file(BytesIO(safe), details=False, extract_thumbnail=False)
    assert "Image Make" not in tags
    assert tags["Image Orientation"].values == [6]


@pytest.mark.parametrize("picture", [_jpeg, _png, _webp])
def test_a_picture_cut_off_anywhere_is_read_without_an_error(
    picture: Callable[[bytes], bytes],
) -> None:
    content = picture(_block(_entry(0x0112, 3, 1, 6)))

    for end in range(len(content)):
        found = exif_block(content[:end])
        assert found is None or len(found) <= end
