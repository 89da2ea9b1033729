"""An open centre for every test, copied from one that was set up once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.open_centre import Building, OpenCentre, furnish, open_copy


@pytest.fixture(scope="session")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    """A data folder with people and one device, to be copied, and a port."""
    with furnish(tmp_path_factory.mktemp("centre")) as furnished:
        yield furnished


@pytest.fixture
def opened(building: Building, tmp_path: Path) -> Iterator[OpenCentre]:
    """A centre of the test's own."""
    with open_copy(building, to=tmp_path / "data") as centre:
        yield centre
