"""What was recorded is there after any power cut; and a careless outbox would be found out."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from edge.durable import Rows, SqlValue
from tests.edge.faults.lossy_disk import LossyFiles
from tests.edge.faults.lossy_sqlite import LossyConnection
from tests.edge.faults.power_cuts import survey_cuts

pytestmark = pytest.mark.faults

SEED: Final = 20_261_121
WORLDS: Final = 60
LONG_WORLDS: Final = 3000


def test_five_hundred_power_cuts_lose_and_double_nothing(tmp_path: Path) -> None:
    long = os.environ.get("XUNHUAN_TEST_FAULTS") == "long"

    survey = survey_cuts(tmp_path, worlds=LONG_WORLDS if long else WORLDS, seed=SEED)

    assert survey.cuts >= 500
    assert survey.kills >= 100
    assert survey.findings >= 500
    assert (survey.lost, survey.doubled) == ([], [])


class NormalSync(LossyConnection):
    """Syncs as SQLite does with synchronous=NORMAL, and says otherwise."""

    def execute(self, sql: str, parameters: Sequence[SqlValue] = (), /) -> Rows:
        """Run one statement, after turning the wish for FULL around."""
        if sql == "PRAGMA synchronous":
            return Rows([(2,)])
        said = sql.replace("synchronous = FULL", "synchronous = NORMAL")
        return super().execute(said, parameters)


class TrustsTheLog(LossyConnection):
    """Does not sync what a killed process left in the log."""

    def execute(self, sql: str, parameters: Sequence[SqlValue] = (), /) -> Rows:
        """Run one statement, but no checkpoint."""
        if "wal_checkpoint" in sql:
            return Rows([])
        return super().execute(sql, parameters)


@pytest.mark.parametrize(("link", "worlds"), [(NormalSync, 10), (TrustsTheLog, WORLDS)])
def test_an_outbox_that_syncs_too_little_is_found_out(
    tmp_path: Path, link: type[LossyConnection], worlds: int
) -> None:
    # The first is found out in each world; what dies with the log shows in one of dozens.
    survey = survey_cuts(tmp_path, worlds=worlds, seed=SEED, link=link)

    assert survey.lost


class ForgetsNames(LossyFiles):
    """Never syncs a folder."""

    def sync_folder(self, path: Path) -> None:
        """Do nothing."""


class ForgetsBytes(LossyFiles):
    """Never syncs a file."""

    def write(self, path: Path, content: bytes) -> None:
        """Write a file and leave it to the cache."""
        name = self._disk.relative(path)
        self._disk.step()
        path.write_bytes(content)
        self._disk.open(name)
        self._disk.truncate(name, 0)
        self._disk.write(name, 0, content)


@pytest.mark.parametrize("fill", [ForgetsNames, ForgetsBytes])
def test_pictures_that_are_not_synced_are_found_out(tmp_path: Path, fill: type[LossyFiles]) -> None:
    survey = survey_cuts(tmp_path, worlds=10, seed=SEED, fill=fill)

    assert survey.lost
