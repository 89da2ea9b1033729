"""A device whose disk or clock would lose findings is found before it goes out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from edge.config import Config, HealthConfig, SourceConfig, SourceKind
from edge.doctor.check import Check, Outcome
from edge.doctor.machine import check_footage, check_machine

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
ANY_ROOM = HealthConfig(min_disk_free_mib=16)


def seconds(step: float) -> Callable[[], float]:
    ticks: Iterator[int] = count()
    return lambda: next(ticks) * step


def checks_of(
    folder: Path,
    *,
    at: datetime = NOON,
    limits: HealthConfig = ANY_ROOM,
    sync_s: float = 0.004,
    mounts: str = "/dev/mmcblk0p2 / ext4 rw 0 0\n",
) -> dict[str, Check]:
    table = next(each for each in folder.parents if each.is_dir()) / "mounts"
    table.write_text(mounts, encoding="utf-8")
    found = check_machine(
        folder, limits, now=lambda: at, monotonic=seconds(8 * sync_s), mounts=table
    )
    return {check.name: check for check in found}


def test_a_sound_machine_passes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    state = tmp_path / "state"

    found = checks_of(state)

    assert {check.outcome for check in found.values()} == {Outcome.OK}
    assert "4.0 ms" in found["sync"].en
    assert list(state.iterdir()) == []


@pytest.mark.parametrize(
    ("spoilt", "name", "outcome", "word"),
    [
        ({"at": datetime(1970, 1, 1, 0, 2, tzinfo=UTC)}, "clock", Outcome.FAIL, "never set"),
        ({"limits": HealthConfig(min_disk_free_mib=10_000_000)}, "disk", Outcome.FAIL, "clear"),
        ({"sync_s": 0.9}, "sync", Outcome.WARN, "worn out"),
        ({"sync_s": 1e-6}, "sync", Outcome.WARN, "mount options"),
        ({"mounts": "tmpfs / tmpfs rw 0 0\n"}, "sync", Outcome.WARN, "memory"),
    ],
)
def test_what_would_lose_findings_is_named(
    tmp_path: Path, spoilt: dict[str, object], name: str, outcome: Outcome, word: str
) -> None:
    check = checks_of(tmp_path / "state", **spoilt)[name]

    assert check.outcome is outcome
    assert word in check.en


def test_a_state_folder_that_cannot_be_made_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    check = checks_of(tmp_path / "file" / "state")["disk"]

    assert check.outcome is Outcome.FAIL
    assert "permissions" in check.en


def test_a_watched_folder_that_is_not_there_is_found_before_and_while_the_device_works(
    tmp_path: Path,
) -> None:
    def outcome(folder: Path) -> Outcome:
        source = SourceConfig(kind=SourceKind.WATCH, folder=folder)
        (check,) = check_footage(Config(state=tmp_path / "state", source=source))
        return check.outcome

    card = tmp_path / "card"
    unmounted = outcome(card)
    card.mkdir()

    assert unmounted is Outcome.FAIL
    assert outcome(card) is Outcome.OK
    # The agent makes it when it starts.
    assert outcome(tmp_path / "state" / "footage") is Outcome.OK
