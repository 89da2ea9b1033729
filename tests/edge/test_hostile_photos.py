"""Hostile and odd photos: refused by name before anything is decoded, or shown as they are."""

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from edge.inbox import decode_upright
from edge.photo import NoPhotos, PhotoRefused, read_photos


def jpeg(width: int = 160, height: int = 120) -> bytes:
    rng = np.random.default_rng(3)
    image = rng.integers(0, 255, (height, width, 3), np.uint8)
    done, packed = cv2.imencode(".jpg", image)
    assert done
    return packed.tobytes()


def png_bomb(side: int = 30_000) -> bytes:
    """Pack a black picture of 900 million pixels into a hundred kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    packer, rows = zlib.compressobj(9), io.BytesIO()
    line = bytes(1 + (side + 7) // 8)
    for _ in range(side):
        rows.write(packer.compress(line))
    rows.write(packer.flush())
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", rows.getvalue())
        + chunk(b"IEND", b"")
    )


def claiming(width: int, height: int) -> bytes:
    """Let a small JPEG state another size."""
    content = bytearray(jpeg())
    at = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, at + 5, height, width)
    return bytes(content)


def of_many_scans() -> bytes:
    """Repeat the scan header of a progressive JPEG many thousand times."""
    image = np.zeros((64, 64, 3), np.uint8)
    done, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert done
    content = packed.tobytes()
    at = content.index(b"\xff\xda")
    scan = content[at : at + 2 + int.from_bytes(content[at + 2 : at + 4])] + b"\x00"
    return content[:at] + scan * 5_000 + content[at:]


BOMBS = {
    "PNG of 30000x30000": png_bomb(),
    "JPEG that claims 65000x65000": claiming(65_000, 65_000),
    "JPEG of five thousand scans": of_many_scans(),
    "JPEG of no size": claiming(0, 0),
}
OTHERS = {
    "GIF, maybe animated": b"GIF89a" + bytes(100),
    "WebP, maybe animated": b"RIFF\x64\x00\x00\x00WEBPVP8X" + bytes(100),
    "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(100),
    "TIFF of 16 bits": b"II*\x00" + bytes(100),
    "PNG of 16 bits": cv2.imencode(".png", np.zeros((8, 8), np.uint16))[1].tobytes(),
    "a web page": b"<html><script>alert(1)</script></html>",
    "nothing": b"",
}


@pytest.mark.parametrize("name", [*BOMBS, *OTHERS])
def test_what_is_no_photo_of_a_camera_is_refused_before_it_is_decoded(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[int] = []
    sound = cv2.imdecode
    monkeypatch.setattr(cv2, "imdecode", lambda *given: (decoded.append(1), sound(*given))[1])

    with pytest.raises(PhotoRefused) as refused:
        decode_upright({**BOMBS, **OTHERS}[name], name="photo.jpg")

    assert decoded == []
    assert refused.value.zh
    assert "photo.jpg" in refused.value.en


def test_a_photo_cut_off_anywhere_is_refused() -> None:
    whole = jpeg()

    for share in range(100):
        with pytest.raises(PhotoRefused):
            decode_upright(whole[: len(whole) * share // 100], name="photo.jpg")


def test_what_follows_a_photo_in_its_file_is_not_looked_at() -> None:
    polyglot = jpeg() + b"PK\x03\x04" + bytes(500) + b"<script>"

    image = decode_upright(polyglot, name="photo.jpg")

    assert image.shape == (120, 160, 3)


def test_a_folder_of_bombs_is_refused_with_its_reasons(tmp_path: Path) -> None:
    for number, content in enumerate(BOMBS.values()):
        (tmp_path / f"{number}.jpg").write_bytes(content)
    (tmp_path / "bomb.png").write_bytes(png_bomb())

    with pytest.raises(NoPhotos) as refused:
        read_photos(tmp_path)

    assert len(refused.value.refused) == len(BOMBS) + 1


def test_a_photo_of_four_inks_is_shown_in_its_colours() -> None:
    """Some phones' picture editors write CMYK (Adobe's APP14, inverted)."""
    shown = np.zeros((64, 96, 3), np.uint8)
    shown[:, :48], shown[:, 48:] = (200, 30, 40), (40, 160, 60)
    inks = io.BytesIO()
    Image.fromarray(shown).convert("CMYK").save(inks, "JPEG", quality=95)

    decoded = decode_upright(inks.getvalue(), name="cmyk.jpg")

    middles = [decoded[32, 24, ::-1].astype(int), decoded[32, 72, ::-1].astype(int)]
    assert np.abs(np.array(middles) - [(200, 30, 40), (40, 160, 60)]).max() <= 12
