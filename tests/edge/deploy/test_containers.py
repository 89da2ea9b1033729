"""What the container files name is there, and what they install is what the lock says."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from edge.deploy.install import sample_config

ROOT = Path(__file__).parents[3]
FILES = {"edge": ROOT / "edge/deploy/Containerfile", "api": ROOT / "api/deploy/Containerfile"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def instructions(package: str) -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", FILES[package].read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines()]
    kept = [line for line in lines if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in kept)]


def pins(lock: Path) -> dict[str, set[str]]:
    """Give the hashes of each pinned version."""
    found: dict[str, set[str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            name = line.split(" ")[0].rstrip(" \\")
            found[name] = set()
        found[name] |= set(re.findall(r"sha256:[0-9a-f]{64}", line))
    return found


@pytest.mark.parametrize("package", FILES)
def test_everything_that_is_copied_is_there(package: str) -> None:
    for name, rest in instructions(package):
        if name == "COPY" and not rest.startswith("--from="):
            *sources, _to = rest.split()
            for source in sources:
                assert (ROOT / source).exists(), source


@pytest.mark.parametrize("package", FILES)
def test_an_image_holds_what_the_projects_lock_says_and_no_other(package: str) -> None:
    ours, all_ = pins(FILES[package].parent / "requirements.lock"), pins(ROOT / "requirements.lock")

    assert len(ours) > 20
    for pin, hashes in ours.items():
        assert hashes <= all_[pin], pin


def test_a_device_carries_no_server_and_no_training() -> None:
    names = {pin.split("==")[0] for pin in pins(FILES["edge"].parent / "requirements.lock")}

    assert names.isdisjoint({"fastapi", "sqlalchemy", "uvicorn", "torch", "ultralytics", "scipy"})
    assert {"onnxruntime", "prometheus-client", "structlog"} <= names


@pytest.mark.parametrize("package", FILES)
def test_nothing_runs_as_root_and_the_program_is_one_that_is_installed(package: str) -> None:
    said = dict(instructions(package))

    assert said["USER"] == "10001:10001"
    program = json.loads(said["ENTRYPOINT"])[-1].split(" ")[0]
    assert program in PROJECT["scripts"]


@pytest.mark.parametrize("package", FILES)
def test_the_base_is_a_python_that_the_project_runs_on(package: str) -> None:
    bases = {rest.split(" ")[0] for name, rest in instructions(package) if name == "FROM"}

    (base,) = bases
    assert base == "python:3.11-slim"
    assert PROJECT["requires-python"] == ">=3.11"


def test_the_devices_health_is_asked_where_the_sample_configuration_answers() -> None:
    listen = tomllib.loads(sample_config())["health"]["listen"]

    assert f"http://{listen}/healthz" in dict(instructions("edge"))["HEALTHCHECK"]


def test_the_centres_health_is_asked_where_it_answers() -> None:
    from api.centre.settings import Settings

    said = dict(instructions("api"))
    app = (ROOT / "api/app.py").read_text(encoding="utf-8")

    assert f"http://127.0.0.1:{Settings().port}/healthz" in said["HEALTHCHECK"]
    assert '@app.get("/healthz"' in app
