"""A batch is understood alike on the spot and by the reader, and a reader's end loses nothing."""

import asyncio
import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.doors.uploads import BrokenPacking
from api.reading import reader, reading
from api.reading.batch import read_by_glances, read_on_the_spot
from api.reading.reader import LENGTH, glanced
from api.reading.reading import Reading
from dispatch import wire
from dispatch.sights.head import head_of
from tests.api.open_centre import OpenCentre
from tests.api.signed_device import batch
from tests.dispatch import making

SAMPLES = Path(__file__).parents[1] / "data" / "wire" / "v1"
DEVICE = "vehicle-07"


def _every_message() -> list[object]:
    """Give one message of each kind and state that is kept as an example."""
    return [json.loads(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))]


def test_every_kind_of_message_is_understood_as_on_the_spot() -> None:
    packed = batch(_every_message())

    there = read_by_glances(packed, glanced(packed), device=DEVICE)
    here = read_on_the_spot(packed, "gzip", device=DEVICE)

    assert [each.said for each in there.messages] == [each.said for each in here.messages]
    assert [each.message for each in there.messages] == [each.message for each in here.messages]
    assert [each.fault for each in there.messages] == [each.fault for each in here.messages]
    assert any(each.fault for each in there.messages), "no message of another device among them"
    assert there.packed == here.packed == packed


def test_a_head_says_of_a_finding_what_acceptance_looks_at() -> None:
    finding = making.finding("1", where=making.position(own_m2=3.0, shared_m2=25.0))

    head = head_of(finding)

    assert (head.id, head.revision, head.label) == (finding.id, finding.revision, finding.label)
    assert head.spot is not None
    assert (head.spot.place.ee, head.spot.place.nn) == (28.0, 28.0)
    assert head.pictures == tuple(each.sha256 for each in finding.evidence)


@pytest.mark.parametrize(
    "packed",
    [
        batch([{"kind": "finding"}]),
        batch([making.finding("1"), {"kind": "no such thing"}]),
        gzip.compress(b"[]"),
        gzip.compress(b"\xff"),
        batch([making.finding("1")])[:-9],
        b"no gzip",
        gzip.compress(b" " * 5_000_000),
    ],
    ids=["no message", "an unknown kind", "a list", "no text", "cut off", "no gzip", "blown up"],
)
def test_what_is_not_sound_is_left_to_be_read_message_by_message(packed: bytes) -> None:
    assert glanced(packed) == b""


def test_a_reader_ends_with_its_input_and_answers_what_was_asked_before() -> None:
    packed = batch([making.finding("1")])
    asked = LENGTH.pack(len(packed)) + packed

    done = subprocess.run(
        [sys.executable, "-m", reader.__name__], input=asked * 2, capture_output=True, check=True
    )

    assert done.stdout == (LENGTH.pack(len(glanced(packed))) + glanced(packed)) * 2


def _in_a_loop(told: Callable[[Reading], Awaitable[None]], *, pressed: int = 0) -> None:
    async def run() -> None:
        readings = Reading(pressed=pressed)
        readings.open()
        try:
            await told(readings)
        finally:
            await readings.close()

    asyncio.run(run())


async def _until_it_answers(readings: Reading, packed: bytes) -> bytes:
    async with asyncio.timeout(60.0):
        while (answer := await readings.glances(packed)) is None:
            await asyncio.sleep(0.01)
    return answer


def test_under_load_a_reader_answers_many_at_once_each_with_their_own() -> None:
    packed = [batch([making.finding(str(number))]) for number in range(20)]

    async def told(readings: Reading) -> None:
        await _until_it_answers(readings, packed[0])
        answers = await asyncio.gather(*(readings.glances(each) for each in packed))
        assert answers == [glanced(each) for each in packed]

    _in_a_loop(told)


def test_a_quiet_centre_has_no_reader() -> None:
    packed = batch([making.finding("1")])

    async def told(readings: Reading) -> None:
        for _ in range(20):
            assert await readings.glances(packed) is None
        assert _readers() == []

    _in_a_loop(told, pressed=1_000_000)


def test_what_a_reader_cannot_say_is_read_on_the_spot() -> None:
    async def told(readings: Reading) -> None:
        await _until_it_answers(readings, batch([making.finding("1")]))
        assert await readings.glances(batch([{"kind": "finding"}])) is None

    _in_a_loop(told)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_reader_that_is_killed_or_stands_still_leaves_nobody_waiting(
    how: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "START_EVERY_S", 0.0)
    packed = batch([making.finding("1")])

    async def told(readings: Reading) -> None:
        await _until_it_answers(readings, packed)
        (first,) = _readers()
        os.kill(first, how)
        # Shorter for this one alone: a reader that starts on a busy machine takes longer.
        with monkeypatch.context() as impatient:
            impatient.setattr(reading, "ANSWER_WITHIN_S", 0.5)
            asked = await asyncio.gather(*(readings.glances(packed) for _ in range(8)))
        assert set(asked) <= {None, glanced(packed)}
        assert await _until_it_answers(readings, packed) == glanced(packed)
        assert first not in _readers()

    _in_a_loop(told)
    assert _readers() == []


def _readers() -> list[int]:
    """Give the processes that this one started and that read batches."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            with _still_there():
                if reader.__name__ in Path(f"/proc/{child}/cmdline").read_text():
                    found.append(int(child))
    return found


@contextmanager
def _still_there() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        return


def test_what_came_by_a_reader_is_known_revised_and_refused_like_any_other(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def always(_self: Reading, packed: bytes) -> bytes:
        return glanced(packed)

    monkeypatch.setattr(Reading, "glances", always)
    found = opened.find()
    other = found.model_copy(update={"score": 0.91})
    later = found.model_copy(update={"revision": 1, "score": 0.92})
    foreign = making.finding("9", device="vehicle-99", pass_id="vehicle-99:1")

    told = [
        [each["status"] for each in opened.send(*messages)["receipts"]]
        for messages in ((found, found), (other, found), (later, other), (foreign,))
    ]

    assert told == [
        ["accepted", "known"],
        ["conflict", "known"],
        ["accepted", "superseded"],
        ["quarantined"],
    ]


def test_a_broken_body_is_refused_where_it_is_read_on_the_spot() -> None:
    with pytest.raises(BrokenPacking):
        read_on_the_spot(b"no gzip", "gzip", device=DEVICE)


def test_a_plain_body_is_kept_packed() -> None:
    plain = batch([making.finding("1")], packed=False)

    understood = read_on_the_spot(plain, None, device=DEVICE)

    assert gzip.decompress(understood.packed) == plain
    assert isinstance(understood.messages[0].message, wire.Finding)
