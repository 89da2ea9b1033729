"""Picture files: their size before they are decoded, and those that are none."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.pictures.picture_file import UnreadablePicture, decode_grey, read_header
from tests.models.formats.drawn import picture


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.bmp"])
def test_the_size_is_known_without_decoding(tmp_path: Path, name: str) -> None:
    path = picture(tmp_path / name, width=203, height=97)

    header = read_header(path)
    _, grey = decode_grey(path)

    assert (header.stored, header.upright) == ((203, 97), (203, 97))
    assert grey.shape == (97, 203)


def test_a_lossless_webp_says_its_size_too(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    image = np.zeros((97, 203, 4), np.uint8)
    cv2.imwrite(str(path), image, [cv2.IMWRITE_WEBP_QUALITY, 101])

    assert read_header(path).stored == (203, 97)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.97])
def test_a_picture_that_is_cut_off_is_refused(tmp_path: Path, name: str, share: float) -> None:
    path = picture(tmp_path / name, width=640, height=480)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    with pytest.raises(UnreadablePicture, match="cannot be read"):
        decode_grey(path)


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82")

    with pytest.raises(UnreadablePicture, match="60000x60000"):
        decode_grey(path)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff", b"RIFF0000WEBP"])
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)

    with pytest.raises(UnreadablePicture, match=r"a\.jpg"):
        read_header(path)


def test_a_picture_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match=r"gone\.png"):
        read_header(tmp_path / "gone.png")


def test_an_exif_entry_that_lies_about_its_size_costs_neither_time_nor_the_orientation(
    tmp_path: Path,
) -> None:
    path = picture(tmp_path / "a.jpg", width=203, height=97)
    lying = struct.pack("<HHII", 0x010F, 2, 0xFFFF_FFF0, 8)
    turned = struct.pack("<HHII", 0x0112, 3, 1, 6)
    block = b"II*\0" + struct.pack("<IH", 8, 2) + lying + turned + b"\0\0\0\0"
    body = b"Exif\0\0" + block
    content = path.read_bytes()
    marker = b"\xff\xe1" + struct.pack(">H", len(body) + 2)
    path.write_bytes(content[:2] + marker + body + content[2:])

    header = read_header(path)

    assert header.orientation == 6
    assert header.upright == (97, 203)
