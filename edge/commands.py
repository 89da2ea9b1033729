"""`xunhuan-edge`: the commands of a device.

Importing this loads no vision code; each command loads what it needs when it runs.
"""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from detect.errors import DetectError
from edge.console import (
    calibrating,
    cameras,
    checking,
    device,
    elevation,
    models,
    passes,
    photos,
    receiving,
    service,
)
from edge.console.resting import rest_after
from edge.console.speech import complain
from edge.errors import EdgeError
from edge.exits import Exit, exit_of
from edge.memory import give_back_freed

app = typer.Typer(
    name="xunhuan-edge",
    help="巡环车载/机载程序：发现问题、定位、留证、上报 · "
    "Xunhuan on a device: find, place, keep evidence, report.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    from edge.weights import default_model, describe_model

    typer.echo(f"xunhuan-edge {version('xunhuan')}")
    try:
        typer.echo(f"model {describe_model(default_model())}")
    except (EdgeError, DetectError) as error:
        typer.echo(f"model: {error}")
    raise typer.Exit


@app.callback()
def _xunhuan_edge(
    shown: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="显示版本和默认模型的哈希 · show the version and the default model's hash",
        ),
    ] = False,
) -> None:
    """巡环车载/机载程序 · Xunhuan on a device."""


for _command in (
    passes.replay,
    photos.detect,
    photos.locate,
    cameras.cameras,
    receiving.telemetry,
    checking.geocheck,
    calibrating.calibrate,
    checking.release,
    passes.simulate,
    passes.run,
    device.enrol,
    device.doctor,
    service.preview,
    service.crew,
):
    app.command()(_command)
app.command("install-service")(service.install_service)
app.add_typer(device.config_app, name="config")
app.add_typer(elevation.dem_app, name="dem")
app.add_typer(device.outbox_app, name="outbox")
app.add_typer(models.model_app, name="model")


def _start_lightly() -> None:
    """Spare a device threads for large matrices, of which it has none, before numpy is imported.

    Starting them takes an eighth of the time to the first detection.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end with the status of the table in `edge.exits`."""
    said = list(sys.argv[1:] if arguments is None else arguments)
    _start_lightly()
    if arguments is None:
        # Only a process of its own is told how to ask for memory.
        give_back_freed()
    try:
        app(said)
    except (EdgeError, DetectError) as error:
        status = exit_of(error)
        complain(
            error.zh,
            error.en,
            error=type(error).__name__,
            code=status,
            as_json="--json" in said,
        )
        rest_after(status, f"{error.zh} · {error.en}")
        raise SystemExit(status) from error
    except OSError as error:
        complain(
            f"读写失败：{error}",
            f"cannot read or write: {error}",
            error=type(error).__name__,
            code=Exit.CANNOT_WRITE,
            as_json="--json" in said,
        )
        raise SystemExit(Exit.CANNOT_WRITE) from error
    except SystemExit as ended:
        # Click ends with 2 after a wrong option; the table calls that 64.
        raise SystemExit(Exit.USAGE if ended.code == 2 else ended.code) from None
