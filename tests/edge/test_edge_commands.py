"""What a person types and gets: results, clear errors in two languages, one status an ending."""

import importlib
import json
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

import detect
import edge
from detect.errors import DetectError
from dispatch.wire import Asked, canonical_bytes
from edge import exits, failpoints
from edge.commands import main
from edge.config import UnusableConfig
from edge.config_file import line_of, read_config
from edge.delivery.outbox import Outbox
from edge.deploy.install import sample_config
from edge.errors import EdgeError
from edge.exits import EXIT_OF, MEANING, Exit
from edge.failpoints import STEPS
from tests.edge import toy
from tests.edge.fake_centre import CODE, FakeCentre, fake_centre
from tests.edge.messages import AT, finding_of, picture_of

ROOT = Path(__file__).parents[2]
UPLINK_STEPS = [
    # A picture sent in parts is larger than these; it has its own kill beside the real centre.
    name
    for name in STEPS
    if name.startswith("uplink.") and name != "uplink.after_part"
]


class City:
    """A toy drive, its model, and a device's state folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = toy.write_model(folder / "model")
        self.video, self.track, self.camera = toy.write_drive(folder / "drive")

    def replay(self, *more: str | Path) -> list[str]:
        parts = ["replay", self.video, "--telemetry", self.track, "--camera", self.camera]
        return [str(part) for part in (*parts, "--model", self.model, "--threads", "1", *more)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return City(tmp_path_factory.mktemp("city"))


@pytest.fixture
def centre() -> Iterator[FakeCentre]:
    with fake_centre() as running:
        yield running


def ends(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return int(code or 0)


def enrol(state: Path, centre: FakeCentre) -> None:
    assert ends("enrol", "--centre", centre.address, "--code", CODE, "--state", state) == 0


def test_a_dry_run_writes_findings_and_a_redacted_video_and_keeps_nothing(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, video = tmp_path / "found.geojson", tmp_path / "seen.mp4"

    code = ends(*city.replay("--dry-run", "--json", "--out", out, "--annotated", video))

    told = json.loads(capsys.readouterr().out)
    assert code == Exit.OK
    assert (told["findings"], told["sweeps"], told["sent"]) == (1, 1, 0)
    assert told["found"][0]["label"] == "road.pothole"
    assert len(json.loads(out.read_bytes())["features"]) == 1
    assert video.stat().st_size > 1000
    assert not (tmp_path / "outbox.db").exists()


def test_a_replay_reports_to_the_centre_and_a_second_one_adds_nothing(
    city: City, tmp_path: Path, centre: FakeCentre, capsys: pytest.CaptureFixture[str]
) -> None:
    enrol(tmp_path, centre)

    first = ends(*city.replay("--state", tmp_path))
    ends(*city.replay("--state", tmp_path))

    assert first == Exit.OK
    assert len(centre.messages) == 2
    assert len(centre.posted) == 2
    assert len(centre.evidence) == 2


def test_a_centre_that_is_away_leaves_findings_waiting_and_says_so(
    city: City, tmp_path: Path, centre: FakeCentre, capsys: pytest.CaptureFixture[str]
) -> None:
    enrol(tmp_path, centre)
    capsys.readouterr()

    code = ends(
        *city.replay(
            "--state", tmp_path, "--centre", "http://127.0.0.1:9", "--attempts", "1", "--json"
        )
    )

    assert code == Exit.CENTRE_AWAY
    assert json.loads(capsys.readouterr().out)["waiting"] == 2
    assert ends("outbox", "flush", "--state", tmp_path) == Exit.OK
    assert len(centre.messages) == 2


PROGRAM = "import sys; from edge.commands import main; main(sys.argv[1:])"


def dies_at(step: str, *arguments: str | Path) -> bool:
    """Run a command that is to be killed at a step; say whether it was."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        env={**os.environ, "XUNHUAN_FAILPOINT": step},
        capture_output=True,
        check=False,
    )
    return done.returncode == -signal.SIGKILL


@pytest.mark.faults
@pytest.mark.parametrize("step", [name for name in STEPS if name.startswith("pass.")])
def test_a_replay_killed_and_run_again_loses_and_doubles_nothing(
    city: City, tmp_path: Path, centre: FakeCentre, step: str
) -> None:
    enrol(tmp_path, centre)

    killed = dies_at(step, *city.replay("--state", tmp_path))
    again = ends(*city.replay("--state", tmp_path))

    assert killed
    assert again == Exit.OK
    assert len(centre.messages) == 2
    assert len(centre.evidence) == 2


@pytest.mark.faults
@pytest.mark.parametrize("step", UPLINK_STEPS)
def test_sending_killed_and_done_again_loses_and_doubles_nothing(
    tmp_path: Path, centre: FakeCentre, step: str
) -> None:
    enrol(tmp_path, centre)
    outbox = Outbox(tmp_path)
    for number in range(3):
        picture = picture_of(number)
        outbox.record(finding_of(number, pictures=(picture,)), [picture], at=AT)

    killed = dies_at(step, "outbox", "flush", "--state", tmp_path)
    again = ends("outbox", "flush", "--state", tmp_path)

    assert killed
    assert again == Exit.OK
    assert len(centre.messages) == 3
    assert set(centre.evidence.values()) == {picture_of(n).jpeg for n in range(3)}
    assert (outbox.depth().waiting, outbox.depth().evidence_waiting) == (0, 0)
    outbox.close()


def test_one_footage_is_not_reported_through_two_cameras(
    city: City, tmp_path: Path, centre: FakeCentre
) -> None:
    enrol(tmp_path, centre)
    ends(*city.replay("--state", tmp_path))
    camera = tmp_path / "camera.toml"
    camera.write_text(toy.CAMERA_FILE.replace("cx = 160.0", "cx = 161.0"), encoding="utf-8")

    code = ends(*city.replay("--state", tmp_path, "--camera", camera))

    assert code == Exit.BAD_INPUT
    assert len(centre.messages) == 2


BAD = [
    ("no such file", 66, ["replay", "{tmp}/none.mp4"]),
    ("a video that is no video", 65, ["replay", "{tmp}/notes.mp4"]),
    ("a video alone", 65, ["replay", "{video}"]),
    ("a folder without photos", 65, ["replay", "{tmp}"]),
    ("a street that is none", 65, ["replay", "{tmp}/x.street.json"]),
    (
        "a track of another day",
        65,
        ["replay", "{video}", "--telemetry", "{late}", "--camera", "{camera}"],
    ),
    (
        "a clock that was never set",
        65,
        [
            *("replay", "{video}", "--telemetry", "{old}", "--camera", "{camera}"),
            *("--start", "1970-01-01T00:00:05"),
        ],
    ),
    ("a truncated photo", 65, ["detect", "{tmp}/cut.jpg"]),
    ("a device that was never enrolled", 78, ["outbox", "flush", "--state", "{tmp}/none"]),
    ("an unknown option", 64, ["replay", "--nonsense"]),
    ("a run of nothing", 64, ["run"]),
    ("a config with faults", 78, ["config", "check", "{tmp}/bad.toml"]),
]


@pytest.mark.parametrize(("what", "status", "line"), BAD, ids=[bad[0] for bad in BAD])
def test_bad_input_ends_with_its_own_status_and_two_languages(
    city: City,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    what: str,
    status: int,
    line: list[str],
) -> None:
    (tmp_path / "notes.mp4").write_text("not a video", encoding="utf-8")
    (tmp_path / "x.street.json").write_text("{}", encoding="utf-8")
    (tmp_path / "bad.toml").write_text("state = 1\n", encoding="utf-8")
    photo = cv2.imencode(".jpg", np.zeros((64, 64, 3), np.uint8))[1].tobytes()
    (tmp_path / "cut.jpg").write_bytes(photo[: len(photo) // 2])
    late = tmp_path / "late.gpx"
    late.write_text(city.track.read_text().replace("2026-11-21", "2026-11-25"), encoding="utf-8")
    old = tmp_path / "old.gpx"
    old.write_text(
        city.track.read_text().replace("2026-11-21T08", "1970-01-01T00"), encoding="utf-8"
    )
    places = {
        "tmp": tmp_path,
        "video": city.video,
        "late": late,
        "old": old,
        "camera": city.camera,
    }
    filled = [part.format(**places) for part in line]
    if line[0] in {"replay", "detect"}:
        filled += ["--model", str(city.model)]
    if line[0] == "replay":
        filled += ["--dry-run"]

    assert ends(*filled) == status

    said = capsys.readouterr().err
    assert said
    assert status == 64 or ("错误：" in said and "error: " in said)


def test_a_model_with_a_wrong_hash_is_refused_in_json_too(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = toy.write_model(tmp_path / "model")
    (model / "model.onnx").write_bytes((model / "model.onnx").read_bytes() + b"x")

    code = ends(*city.replay("--dry-run", "--json", "--model", model))

    told = json.loads(capsys.readouterr().out)
    assert code == Exit.BAD_CONFIG
    assert (told["error"], told["exit"]) == ("UnusableModel", 78)
    assert told["zh"]
    assert told["en"]


def test_a_photo_is_looked_at(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "road.jpg"
    cv2.imwrite(str(photo), toy.road(8.0))

    code = ends("detect", photo, "--model", city.model, "--annotated", tmp_path / "seen", "--json")

    (told,) = json.loads(capsys.readouterr().out)
    assert code == Exit.OK
    assert {one["label"] for one in told["detections"]} == {"road.pothole", "traffic.person"}
    assert (tmp_path / "seen" / "road.jpg").is_file()


@pytest.mark.samples
def test_a_pixel_of_a_real_drone_photo_is_placed_with_its_error(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = samples / "flights" / "brighton" / "DJI_0020.JPG"

    code = ends("locate", photo, "--pixel", "2000,1500", "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == Exit.OK
    assert abs(told["latitude"] - 46.8425) < 0.002
    assert abs(told["longitude"] + 91.9943) < 0.002
    assert 1.0 < told["ce90_m"] < 8.0


def test_a_pixel_that_is_none_is_a_wrong_option(tmp_path: Path) -> None:
    assert ends("locate", tmp_path / "x.jpg", "--pixel", "here") == Exit.USAGE
    assert ends("locate", tmp_path / "x.jpg", "--pixel", "1,2") == Exit.BAD_INPUT


def test_the_doctor_names_what_is_wrong(
    city: City, tmp_path: Path, centre: FakeCentre, capsys: pytest.CaptureFixture[str]
) -> None:
    sick = ends("doctor", "--state", tmp_path, "--model", city.model, "--json")
    before = json.loads(capsys.readouterr().out)
    centre.photos["asked"] = canonical_bytes(Asked(zones=()))
    enrol(tmp_path, centre)
    capsys.readouterr()

    well = ends("doctor", "--state", tmp_path, "--model", city.model, "--json")

    assert (sick, well) == (Exit.BAD_CONFIG, Exit.OK)
    assert [check["name"] for check in before["checks"] if not check["ok"]] == ["centre"]
    assert json.loads(capsys.readouterr().out)["ok"]


def test_the_sample_configuration_is_valid_and_written_once(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"

    assert ends("config", "init", path) == Exit.OK
    assert ends("config", "check", path) == Exit.OK
    assert ends("config", "show", path) == Exit.OK
    assert ends("config", "init", path) == Exit.CANNOT_WRITE
    assert path.read_text(encoding="utf-8") == sample_config()


def test_a_configuration_may_say_how_the_model_is_run(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    how = '[model]\nprecision = "fp32"\nprovider = "cuda"\nshape = [640, 640]\n'
    path.write_text(f'state = "/s"\n[source]\nkind = "inbox"\n{how}', encoding="utf-8")

    model = read_config(path).model

    assert (model.precision, model.provider, model.shape) == ("fp32", "cuda", (640, 640))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('state = "/s"\n[source]\nkind = "inbox"\n[model]\nprovider = "tpu"\n', "line 5"),
        ('state = "/s"\n[source]\nkind = "cinema"\n', "line 3"),
        ('state = "/s"\n[source]\nkind = "inbox"\nspeed = 3\n', "line 4"),
        ('state = "/s"\n[source]\nkind = "watch"\n', "line 2"),
        ('[source]\nkind = "inbox"\n', "line 1"),
        ('state = "/s"\n[source\n', "line 2"),
    ],
)
def test_a_fault_in_the_configuration_is_named_by_its_line(
    tmp_path: Path, text: str, line: str
) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UnusableConfig, match=line):
        read_config(path)


def test_a_missing_configuration_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnusableConfig, match="no such file"):
        read_config(tmp_path / "none.toml")
    assert line_of("", ["a"]) == 1


def test_help_needs_no_vision_code() -> None:
    program = (
        "import sys, edge.commands; "
        "print(sorted({'cv2', 'onnxruntime', 'av', 'numpy', 'httpx'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )

    assert loaded.stdout.strip() == "[]"


def all_errors() -> set[str]:
    for package in (edge, detect):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    found: set[str] = set()
    waiting: list[type[Exception]] = [EdgeError, DetectError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith(("edge.", "detect.")):
                found.add(kind.__name__)
                waiting.append(kind)
    return found


def test_every_error_of_a_device_has_its_ending() -> None:
    assert all_errors() == set(EXIT_OF)
    assert set(MEANING) == set(Exit)


@pytest.mark.parametrize(
    ("name", "page"),
    [("exit-codes.md", exits.reference_page), ("failpoints.md", failpoints.reference_page)],
)
def test_the_reference_pages_are_the_tables(name: str, page: Callable[[], str]) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")

    assert written == page()
