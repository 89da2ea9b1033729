"""The audit bundle: checked by nothing but Python, and no single change to it goes unseen."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from api.reports.audit import BundleExists, Extra, export_bundle, verify_centre
from dispatch.proof.ledger import START
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.verify import canonical, found
from dispatch.proof.verify_kept import Kept
from tests.api.open_centre import Building, OpenCentre, open_copy

Lines = list[dict[str, Any]]
COUNTING = partial(Tally, patrols=Patrols)


@dataclass(frozen=True)
class Handed:
    """A bundle as it was handed out, unpacked, and a folder to play in."""

    files: dict[str, bytes]
    file: Path
    room: Path

    def lines(self, name: str) -> Lines:
        return [json.loads(line) for line in self.files[name].splitlines()]

    def troubles(self, **changed: bytes | None) -> list[tuple[str, str, str]]:
        """Check the bundle with some files changed as they are, the manifest left alone."""
        files = {**self.files, **changed}
        folder = self.room / "played"
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in files.items():
            if content is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        return list(found(folder, COUNTING, Kept))

    def careful(self, name: str, content: bytes) -> list[tuple[str, str, str]]:
        """Check it after somebody changed a file and made the manifest fit."""
        manifest = json.loads(self.files["manifest.json"])
        manifest["files"][name] = hashlib.sha256(content).hexdigest()
        del manifest["seal"]
        manifest["seal"] = hashlib.sha256(canonical(manifest)).hexdigest()
        return self.troubles(**{name: content, "manifest.json": json.dumps(manifest).encode()})

    def relined(self, name: str, change: Callable[[Lines], None]) -> list[tuple[str, str, str]]:
        """Check it after somebody changed a file's lines and made the manifest fit."""
        lines = self.lines(name)
        change(lines)
        return self.careful(name, b"".join(canonical(line) + b"\n" for line in lines))


@pytest.fixture(scope="module")
def handed(building: Building, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handed]:
    """The bundle of a centre with a case that was handled and one that was just reported."""
    room = tmp_path_factory.mktemp("audit")
    with open_copy(building, to=room / "data") as opened:
        opened.handled()
        opened.told()
        file = room / "bundle.zip"
        export_bundle(file, "2026-11", frozenset({Extra.PICTURES}), centre=opened.centre)
    with zipfile.ZipFile(file) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    yield Handed(files=files, file=file, room=room)


def run_verifier(place: Path, *args: str) -> subprocess.CompletedProcess[str]:
    # -S, -s, -E: neither our packages nor anybody's, only what Python itself brings.
    return subprocess.run(
        [sys.executable, "-S", "-s", "-E", "verify.py", *args],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_bundle_is_checked_by_python_alone_unpacked_or_as_it_is(handed: Handed) -> None:
    folder = handed.room / "unpacked"
    shutil.unpack_archive(handed.file, folder)

    unpacked, packed = run_verifier(folder), run_verifier(folder, str(handed.file))

    assert (unpacked.returncode, packed.returncode) == (0, 0), unpacked.stdout + unpacked.stderr
    assert "全部相符" in unpacked.stdout and "all is as written" in packed.stdout


def test_the_verifier_says_which_step_of_which_case_was_altered(handed: Handed) -> None:
    folder = handed.room / "forged"
    shutil.unpack_archive(handed.file, folder)
    lines = handed.lines("cases.jsonl")
    lines[0]["steps"][1]["by"] = "somebody"
    (folder / "cases.jsonl").write_bytes(b"".join(canonical(line) + b"\n" for line in lines))

    answer = run_verifier(folder)

    assert answer.returncode == 1
    assert f"[案卷 case {lines[0]['number']} 第 2 步 step 2]" in answer.stdout
    assert "[cases.jsonl]" in answer.stdout


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_bit_that_flips_in_any_file_is_found(handed: Handed, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(n for n, c in handed.files.items() if c)))
    content = bytearray(handed.files[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    if name == "manifest.json" and json_equal(bytes(content), handed.files[name]):
        return  # another blank: the same manifest

    assert handed.troubles(**{name: bytes(content)})


@pytest.mark.parametrize("gone", ["cases.jsonl", "people.jsonl", "verify.py", "evidence.jsonl"])
def test_a_file_that_is_gone_or_was_added_is_found(handed: Handed, gone: str) -> None:
    found_wrong = handed.troubles(**{gone: b"x" if gone not in handed.files else None})

    assert gone in {where for where, _, _ in found_wrong} or len(found_wrong) == 1


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_change_of_a_record_is_found_though_the_manifest_fits(
    handed: Handed, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["cases.jsonl", "ledger.jsonl", "evidence.jsonl"]))

    def change(lines: Lines) -> None:
        number = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["drop", "twice", "alter"]))
        if how == "drop":
            del lines[number]
        elif how == "twice":
            lines.insert(number, lines[number])
        else:
            place, key = data.draw(st.sampled_from(list(leaves(lines[number]))))
            place[key] = other(place[key])

    assert handed.relined(name, change)


def _drop_last(lines: Lines) -> None:
    lines[0]["steps"].pop()


def _drop_middle(lines: Lines) -> None:
    del lines[0]["steps"][2]


def _swap(lines: Lines) -> None:
    steps = lines[0]["steps"]
    steps[1], steps[2] = steps[2], steps[1]


def _swap_and_renumber(lines: Lines) -> None:
    _swap(lines)
    for number, step in enumerate(lines[0]["steps"], start=1):
        step["number"] = number


@pytest.mark.parametrize(
    ("change", "step", "words"),
    [
        (_drop_last, -1, "missing from the case"),
        (_drop_middle, 3, "missing, added or out of order"),
        (_swap, 2, "missing, added or out of order"),
        (_swap_and_renumber, 2, "altered"),
    ],
)
def test_a_step_dropped_or_moved_is_located(
    handed: Handed, change: Callable[[Lines], None], step: int, words: str
) -> None:
    case = handed.lines("cases.jsonl")[0]
    step = step if step > 0 else len(case["steps"])

    found_wrong = handed.relined("cases.jsonl", change)

    where = f"案卷 case {case['number']} 第 {step} 步 step {step}"
    assert any(each == where and words in en for each, _, en in found_wrong), found_wrong


def test_a_case_that_is_missing_whole_is_named(handed: Handed) -> None:
    case = handed.lines("cases.jsonl")[0]

    found_wrong = handed.relined("cases.jsonl", lambda lines: lines.pop(0) and None)

    steps = len(case["steps"])
    assert (f"案卷 case {case['case']}", f"整卷缺失，总账载有 {steps} 步") in {
        (where, zh) for where, zh, _ in found_wrong
    }


def test_a_corrected_case_is_as_written_and_its_first_class_cannot_be_put_back(
    opened: OpenCentre, tmp_path: Path
) -> None:
    case = opened.reported()
    said = {"label": "road.crack", "note": "是裂缝"}
    assert opened.decide("acceptor", case, "correct", **said).status_code == 200
    opened.told()
    file = tmp_path / "bundle.zip"
    export_bundle(file, "2026-11", frozenset(), centre=opened.centre)
    with zipfile.ZipFile(file) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    handed = Handed(files=files, file=file, room=tmp_path)

    troubles = handed.relined("cases.jsonl", lambda lines: lines[0].update(label="road.pothole"))

    assert handed.lines("cases.jsonl")[0]["label"] == "road.crack"
    assert handed.troubles() == []
    assert any("road.crack" in en for _, _, en in troubles)


def test_a_figure_that_does_not_follow_from_the_cases_is_found(handed: Handed) -> None:
    stated = json.loads(handed.files["indicators.json"])
    stated["figures"]["department"]["roads"]["on_time_handling"][0] += 1

    found_wrong = handed.careful("indicators.json", json.dumps(stated).encode())

    assert [where for where, _, _ in found_wrong] == [
        "indicators.json on_time_handling (department roads)"
    ]


def test_a_bundle_made_anew_as_a_whole_does_not_have_the_head_that_was_noted(
    handed: Handed,
) -> None:
    head = handed.lines("ledger.jsonl")[3]["head"]

    assert list(found(handed.file, COUNTING, Kept, head=head)) == []
    ((where, _, en),) = found(
        handed.file, COUNTING, Kept, head=hashlib.sha256(b"other").hexdigest()
    )
    assert "never had" in en and "ledger" in where


def test_names_and_pictures_are_in_a_bundle_only_where_asked_for(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    export_bundle(tmp_path / "plain.zip", None, frozenset(), centre=opened.centre)
    export_bundle(tmp_path / "all.zip", None, frozenset(Extra), centre=opened.centre)

    with (
        zipfile.ZipFile(tmp_path / "plain.zip") as plain,
        zipfile.ZipFile(tmp_path / "all.zip") as full,
    ):
        assert not {n for n in plain.namelist() if n.startswith(("people", "evidence/"))}
        assert "handler某" not in "".join(plain.read(n).decode() for n in plain.namelist())
        assert "handler某" in full.read("people.jsonl").decode()
        assert sum(n.startswith("evidence/") for n in full.namelist()) == 2
    assert list(found(tmp_path / "plain.zip", COUNTING, Kept)) == []
    assert list(found(tmp_path / "all.zip", COUNTING, Kept)) == []


def test_the_same_record_gives_the_same_bytes_and_nothing_is_written_over(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    one = export_bundle(tmp_path / "1.zip", "2026-11", frozenset(), centre=opened.centre)
    two = export_bundle(tmp_path / "2.zip", "2026-11", frozenset(), centre=opened.centre)

    assert one == two
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with pytest.raises(BundleExists):
        export_bundle(tmp_path / "1.zip", None, frozenset(), centre=opened.centre)


def test_an_empty_centre_is_as_written(opened: OpenCentre, tmp_path: Path) -> None:
    written = export_bundle(tmp_path / "none.zip", None, frozenset(), centre=opened.centre)

    assert (written.entries, written.head) == (0, START)
    assert list(found(tmp_path / "none.zip", COUNTING, Kept)) == []
    assert verify_centre(None, centre=opened.centre).troubles == ()


@pytest.mark.parametrize(
    ("tampering", "where"),
    [
        ("UPDATE steps SET note = 'x' WHERE number = 2", "step 2"),
        ("DELETE FROM steps WHERE number = (SELECT max(number) FROM steps)", "案卷 case"),
        ("UPDATE steps SET action = 'wished' WHERE number = 3", "database"),
        ("UPDATE ledger SET subject = 'x:1' WHERE number = 2", "ledger 2"),
        ("DELETE FROM ledger WHERE number = 4", "ledger 4"),
        (
            "UPDATE facts SET due_at = due_at - 9000000000000 WHERE kind = 'handling'",
            "indicators.json",
        ),
        ("UPDATE cases SET grid = '999902001001001'", "案卷 case"),
    ],
)
def test_who_tampers_with_the_database_is_found_out(
    opened: OpenCentre, tampering: str, where: str
) -> None:
    opened.handled()
    assert verify_centre(None, centre=opened.centre).troubles == ()

    with opened.centre.engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        connection.execute(text(tampering))

    troubles = verify_centre(None, centre=opened.centre).troubles
    assert any(where in trouble[0] for trouble in troubles), troubles


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("UPDATE stretches SET distance_cm = distance_cm + 100000", "was altered"),
        ("UPDATE stretches SET known_from = known_from + 1", "was altered"),
        ("DELETE FROM stretches", "is missing"),
        ("UPDATE patches SET cells = CAST(cells || cells AS BLOB)", "its ground was altered"),
        ("UPDATE patches SET cells = x''", "went unrecorded"),
    ],
)
def test_who_tampers_with_what_passes_did_is_found_out(
    opened: OpenCentre, tampering: str, words: str
) -> None:
    opened.drive()
    opened.told()
    assert verify_centre(None, centre=opened.centre).troubles == ()

    with opened.centre.engine.begin() as connection:
        connection.execute(text(tampering))

    troubles = verify_centre(None, centre=opened.centre).troubles
    assert any(where.startswith("patrols.jsonl") and words in en for where, _, en in troubles)


def test_a_picture_that_is_lost_is_named(opened: OpenCentre) -> None:
    opened.handled()
    name = next(opened.centre.evidence.names())
    opened.centre.evidence.delete(name)

    ((where, _, en),) = verify_centre(None, centre=opened.centre).troubles

    assert where == f"图片 picture {name}" and "lost" in en


def leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        if isinstance(each, dict | list) and each:
            yield from leaves(each)
        else:
            yield value, key


def other(value: Any) -> Any:
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, bool) or value is None:
        return 1 if value is None else not value
    return value + 1 if isinstance(value, int | float) else ["x"]


def json_equal(one: bytes, two: bytes) -> bool:
    try:
        return bool(json.loads(one) == json.loads(two))
    except ValueError:
        return False
