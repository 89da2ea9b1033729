"""Evidence is kept whole, under the hash of its bytes, or not at all."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from dispatch.missing import EvidenceMissing, EvidenceRefused
from dispatch.store.evidence import EvidenceFolder
from dispatch.store.failpoint import UnknownFailpoint, failpoint_from


def picture(media: str = "JPEG", *, size: tuple[int, int] = (64, 48), tone: int = 90) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (tone, tone, tone)).save(buffer, media)
    return buffer.getvalue()


def name_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("media", ["JPEG", "WEBP"])
def test_a_picture_that_was_kept_is_given_back_byte_for_byte(tmp_path: Path, media: str) -> None:
    folder = EvidenceFolder(tmp_path)
    content = picture(media)

    folder.put(content, sha256=name_of(content))

    assert folder.get(name_of(content)) == content
    assert list(folder.names()) == [name_of(content)]


def test_the_same_picture_brought_twice_is_kept_once(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    content = picture()

    folder.put(content, sha256=name_of(content))
    folder.put(content, sha256=name_of(content))

    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 1


def test_a_picture_at_the_end_of_its_retention_is_gone(tmp_path: Path) -> None:
    folder = EvidenceFolder(tmp_path)
    content = picture()
    folder.put(content, sha256=name_of(content))

    folder.delete(name_of(content))
    folder.delete(name_of(content))

    assert not folder.holds(name_of(content))
    with pytest.raises(EvidenceMissing):
        folder.get(name_of(content))


def huge_header() -> bytes:
    content = bytearray(picture())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = (60000).to_bytes(2) * 2
    return bytes(content)


def large_header() -> bytes:
    content = bytearray(picture())
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = (8000).to_bytes(2) * 2
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        picture("PNG"),
        picture()[:30],
        large_header(),
        huge_header(),
        picture() + bytes(25_000_000),
    ],
    ids=["empty", "svg", "png", "cut off", "64 megapixels", "3600 megapixels", "25 MB"],
)
def test_what_is_no_sane_picture_is_refused_and_leaves_nothing(
    tmp_path: Path, content: bytes
) -> None:
    folder = EvidenceFolder(tmp_path)

    with pytest.raises(EvidenceRefused):
        folder.put(content, sha256=name_of(content))

    assert list(tmp_path.rglob("*")) == []


def test_a_picture_under_another_hash_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceRefused):
        EvidenceFolder(tmp_path).put(picture(tone=1), sha256=name_of(picture(tone=2)))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "a\0"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvidenceMissing):
        EvidenceFolder(tmp_path).get(name)


KILLED = """
import sys
from pathlib import Path
from dispatch.store.evidence import EvidenceFolder
from dispatch.store.failpoint import failpoint_from
folder = EvidenceFolder(Path(sys.argv[1]), failpoint=failpoint_from(sys.argv[2]))
folder.put(Path(sys.argv[3]).read_bytes(), sha256=sys.argv[4])
"""


@pytest.mark.faults
@pytest.mark.parametrize("step", ["evidence.after_write", "evidence.after_rename"])
def test_a_centre_killed_while_it_keeps_a_picture_keeps_it_whole_the_next_time(
    tmp_path: Path, step: str
) -> None:
    source, root = tmp_path / "source.jpg", tmp_path / "evidence"
    source.write_bytes(picture())
    name = name_of(picture())
    command = [sys.executable, "-c", KILLED, str(root), step, str(source), name]

    killed = subprocess.run(command, check=False, timeout=60, env={**os.environ})
    EvidenceFolder(root).put(picture(), sha256=name)

    assert killed.returncode == -signal.SIGKILL
    assert EvidenceFolder(root).get(name) == picture()
    assert list(EvidenceFolder(root).names()) == [name]


def test_a_misspelt_failpoint_is_refused() -> None:
    with pytest.raises(UnknownFailpoint):
        failpoint_from("intake.before_lunch")
