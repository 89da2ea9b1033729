"""An open centre for every test, copied from one that was set up once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.accounts import add_account
from api.settings import Settings
from api.wiring import open_centre
from dispatch.device import Device
from tests.api.open_centre import PEOPLE, OpenCentre, SignedDevice, Watch, knowing
from tests.dispatch.city import MONDAY


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SignedDevice]:
    """A data folder with people and one device, to be copied."""
    folder = tmp_path_factory.mktemp("centre")
    centre = open_centre(Settings(data_dir=folder))
    for order in PEOPLE:
        add_account(order, centre=centre)
    device = SignedDevice("vehicle-07")
    key = device.key.public_key().public_bytes_raw()
    with centre.begin() as uow:
        uow.devices.save(
            Device(id=device.name, name="巡检车七号", public_key=key, registered_at=MONDAY)
        )
        uow.commit()
    centre.engine.dispose()
    return folder, device


@pytest.fixture
def opened(furnished: tuple[Path, SignedDevice], tmp_path: Path) -> Iterator[OpenCentre]:
    """A centre of the test's own."""
    folder, device = furnished
    shutil.copytree(folder, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    watch, door = Watch(), Watch()
    centre = knowing(open_centre(settings), watch=watch, door=door)
    opened = OpenCentre(centre, watch, door, device)
    yield opened
    opened.close()
