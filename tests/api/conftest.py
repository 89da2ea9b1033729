"""An open centre for every test, copied from one that was set up once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.open_centre import OpenCentre, SignedDevice, furnish, open_copy


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SignedDevice]:
    """A data folder with people and one device, to be copied."""
    folder = tmp_path_factory.mktemp("centre")
    return folder, furnish(folder)


@pytest.fixture
def opened(furnished: tuple[Path, SignedDevice], tmp_path: Path) -> Iterator[OpenCentre]:
    """A centre of the test's own."""
    with open_copy(*furnished, to=tmp_path / "data") as centre:
        yield centre
