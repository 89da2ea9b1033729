"""A model's way: signed, registered, rolled out, fetched in pieces, tried, kept or given back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import edge.updates.fetch
from api.app import create_app
from api.commands import app
from dispatch import wire
from dispatch.store.packages import PackageFolder
from edge.config import Config, ModelConfig, SourceConfig, SourceKind
from edge.delivery.centre import Centre
from edge.delivery.keys import Enrolment, Identity
from edge.failpoints import UNARMED
from edge.updates.choice import Choice
from edge.updates.keys import trust_first
from edge.updates.opening import Updates, open_choice
from edge.updates.trial import TRIAL_FRAMES
from tests.api.open_centre import Building, OpenCentre, furnish, open_copy
from tests.edge import signed_models, toy
from tests.edge.signed_models import public
from tests.edge.updates.device import drive, version_of


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Building]:
    with furnish(tmp_path_factory.mktemp("centre")) as furnished:
        yield furnished


@pytest.fixture
def opened(building: Building, tmp_path: Path) -> Iterator[OpenCentre]:
    with open_copy(building, to=tmp_path / "data") as centre:
        settings = centre.centre.settings.model_copy(update={"model_keys": (public(),)})
        centre.centre = replace(centre.centre, settings=settings)
        centre.server.app = create_app(centre.centre)
        yield centre


@pytest.fixture
def car(opened: OpenCentre, tmp_path: Path) -> Iterator["Car"]:
    car = Car(opened, tmp_path / "car")
    yield car
    car.close()


class Car:
    """The device's side, of the parts that its program is put together from."""

    def __init__(self, opened: OpenCentre, root: Path) -> None:
        self.opened, self.said = opened, []
        self.config = Config(
            state=root / "state",
            source=SourceConfig(kind=SourceKind.INBOX),
            model=ModelConfig(folder=toy.write_model(root / "installed")),
        )
        enrolment = Enrolment(
            device=opened.device.name, centre=opened.server.address, model_keys=(public(),)
        )
        trust_first(self.config.state, enrolment.model_keys)
        identity = Identity(enrolment=enrolment, key=opened.device.key)
        self.centre = Centre(identity, now=lambda: opened.door.now)
        self.choice: Choice = open_choice(
            self.config,
            now=lambda: opened.door.now,
            say=lambda zh, en: self.said.append(en),
            failpoints=UNARMED,
        )
        self.beats = 0

    def updates(self) -> Updates:
        """Start what fetches anew, as after a restart."""
        return Updates(
            self.config,
            now=lambda: self.opened.door.now,
            monotonic=lambda: 0.0,
            failpoints=UNARMED,
        )

    def fetch(self) -> None:
        updates = self.updates()
        while updates.step(self.centre):
            pass
        updates.close()

    def close(self) -> None:
        self.choice.close()
        self.centre.close()

    def beat(self) -> None:
        self.beats += 1
        self.opened.watch.later(minutes=1)
        state = self.choice.state()
        self.opened.send(
            wire.Heartbeat(
                id=wire.message_id(self.opened.watch.now, str(self.beats)),
                device=self.opened.device.name,
                at=self.opened.watch.now,
                version="0.1.0",
                outbox_depth=0,
                oldest_unsent_s=0.0,
                disk_free_bytes=1 << 30,
                ok=True,
                models=() if state is None else (state,),
            )
        )


def publish(opened: OpenCentre, folder: Path, sequence: int) -> dict[str, object]:
    path = folder.with_suffix(".xhm")
    signed_models.write_full_card(folder)
    signed_models.package(folder, path, sequence=sequence, at=opened.door.now)
    answer = opened.phone("administrator").post("/api/v1/models", content=path.read_bytes())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def roll_out(opened: OpenCentre, sha256: object, **order: object) -> None:
    body = {"devices": ["vehicle-*"], "share": 1.0, **order}
    answer = opened.phone("administrator").post(f"/api/v1/models/{sha256}/rollout", json=body)
    assert answer.status_code == 204, answer.text


def told(opened: OpenCentre, sequence: int) -> dict[str, object]:
    (package,) = [
        each for each in opened.get("administrator", "/models") if each["sequence"] == sequence
    ]
    (device,) = package["devices"]
    return dict(device["state"])


def test_a_good_model_is_kept_a_blind_one_goes_back_and_the_old_one_returns_by_a_higher_number(
    opened: OpenCentre, car: Car, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge.updates.fetch, "PIECE_BYTES", 3000)
    drive(car.choice.load(), 60)

    good = publish(opened, signed_models.write_version(tmp_path / "m1"), 1)
    car.fetch()
    assert not car.choice.may_change()
    roll_out(opened, good["sha256"])
    car.fetch()
    assert car.choice.may_change()
    running = car.choice.load()
    drive(running, TRIAL_FRAMES)
    car.choice.settle()
    car.beat()
    state = told(opened, 1)
    assert (version_of(running), state["sequence"], state["on_trial"]) == ("1.1.0", 1, False)
    assert state["model"]["sha256"] == running.manifest.sha256

    blind = publish(opened, signed_models.blind(tmp_path / "m2"), 2)
    roll_out(opened, blind["sha256"])
    car.fetch()
    running = car.choice.load()
    assert version_of(running) == "2.0.0"
    car.beat()
    assert told(opened, 2)["on_trial"]
    drive(running, 100)
    assert car.choice.must_change()
    running = car.choice.load()
    assert (version_of(running), drive(running, 3)) == ("1.1.0", 3)
    car.beat()
    given_up = told(opened, 2)["given_up"]
    assert given_up["sequence"] == 2
    assert "saw 0 things" in given_up["en"]

    car.fetch()
    assert not car.choice.may_change()
    again = publish(opened, signed_models.write_version(tmp_path / "m3"), 3)
    roll_out(opened, again["sha256"])
    car.fetch()
    assert version_of(car.choice.load()) == "1.1.0"
    car.beat()
    assert told(opened, 3)["sequence"] == 3
    assert "given_up" not in told(opened, 3)


def test_fetching_goes_on_where_it_was_cut_off(
    opened: OpenCentre, car: Car, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge.updates.fetch, "PIECE_BYTES", 700)
    package = publish(opened, signed_models.write_version(tmp_path / "m1"), 1)
    roll_out(opened, package["sha256"])
    first = car.updates()
    assert first.step(car.centre)
    first.close()
    (part,) = (car.config.state / "models" / "incoming").iterdir()
    had = part.stat().st_size
    assert 0 < had < package["size_bytes"]

    served, piece = [], PackageFolder.piece

    def noted(self: PackageFolder, sha256: str, *, offset: int, length: int) -> bytes:
        served.append(offset)
        return piece(self, sha256, offset=offset, length=length)

    monkeypatch.setattr(PackageFolder, "piece", noted)
    car.fetch()

    assert min(served) == had
    assert version_of(car.choice.load()) == "1.1.0"


def test_a_paused_rollout_reaches_nobody_and_a_share_only_its_devices(
    opened: OpenCentre, tmp_path: Path
) -> None:
    package = publish(opened, signed_models.write_version(tmp_path / "m1"), 1)
    offers = lambda: opened.signed("GET", "/device/models").json()["offers"]

    roll_out(opened, package["sha256"], share=0.0)
    assert offers() == []
    roll_out(opened, package["sha256"], devices=["drone-*"])
    assert offers() == []
    roll_out(opened, package["sha256"])
    assert [each["sequence"] for each in offers()] == [1]
    roll_out(opened, package["sha256"], paused=True)
    assert offers() == []


def test_the_centre_registers_no_package_that_devices_would_refuse(
    opened: OpenCentre, tmp_path: Path
) -> None:
    folder = signed_models.write_full_card(signed_models.write_version(tmp_path / "m"))
    publish(opened, signed_models.write_version(tmp_path / "m5"), 5)
    older = signed_models.package(folder, tmp_path / "4.xhm", sequence=4, at=opened.door.now)
    strange = signed_models.package(
        folder, tmp_path / "6.xhm", sequence=6, key=signed_models.OTHER_KEY
    )

    for path in (older, strange):
        answer = opened.phone("administrator").post("/api/v1/models", content=path.read_bytes())
        assert answer.status_code == 422, answer.text
    assert [each["sequence"] for each in opened.get("administrator", "/models")] == [5]


def test_the_centre_knows_the_card_of_a_registered_model_by_the_file_that_ran(
    opened: OpenCentre, tmp_path: Path
) -> None:
    folder = signed_models.write_version(tmp_path / "m1")
    publish(opened, folder, 1)
    sha256 = toy.hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()

    assert opened.centre.models[sha256].manifest.version == "1.1.0"


def test_the_administrator_registers_and_rolls_out_on_the_command_line(
    opened: OpenCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "XUNHUAN_DATA_DIR": str(opened.centre.settings.data_dir),
        "XUNHUAN_MODEL_KEYS": f'["{public()}"]',
    }.items():
        monkeypatch.setenv(name, value)
    folder = signed_models.write_full_card(signed_models.write_version(tmp_path / "m1"))
    path = signed_models.package(folder, tmp_path / "1.xhm", at=opened.door.now)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["model", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    sha256 = run("add", str(path)).split()[-1]
    run("rollout", sha256[:12], "--devices", "vehicle-*", "--share", "1")

    assert "vehicle-*" in run("list")
    offers = opened.signed("GET", "/device/models").json()["offers"]
    assert [each["sha256"] for each in offers] == [sha256]
