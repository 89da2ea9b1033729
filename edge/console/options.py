"""Options that several commands share, and the places they default to."""

import os
from pathlib import Path
from typing import Annotated

import typer

STATE_HELP = "设备状态文件夹：密钥、发件箱、证据 · state folder: key, outbox, evidence"

Json = Annotated[bool, typer.Option("--json", help="输出 JSON · answer in JSON")]
State = Annotated[
    Path | None, typer.Option("--state", envvar="XUNHUAN_EDGE_STATE", help=STATE_HELP)
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model", help="模型文件夹，默认随程序安装的 · model folder, by default the installed one"
    ),
]
CameraFile = Annotated[
    Path | None, typer.Option("--camera", help="相机文件（TOML）· camera file (TOML)")
]
ElevationFile = Annotated[
    Path | None,
    typer.Option(
        "--dem", help="高程瓦片（dem import 的结果）· elevation tile, as `dem import` makes it"
    ),
]
TakeOff = Annotated[
    str | None,
    typer.Option("--take-off", help="起飞点 纬度,经度 · take-off point LATITUDE,LONGITUDE"),
]
Threads = Annotated[
    int,
    typer.Option("--threads", min=1, max=64, help="推理线程数 · processor threads of the model"),
]


def point(said: str | None) -> tuple[float, float] | None:
    """Give latitude and longitude of a point as it was typed."""
    if said is None:
        return None
    try:
        latitude, longitude = (float(part) for part in said.split(","))
    except ValueError as error:
        raise typer.BadParameter(
            "应为 纬度,经度，例如 29.557,106.577 · write LATITUDE,LONGITUDE, e.g. 29.557,106.577"
        ) from error
    if not (-90.0 <= latitude <= 90.0 and -180.0 <= longitude <= 180.0):
        raise typer.BadParameter("纬度或经度超出范围 · latitude or longitude out of range")
    return latitude, longitude


def state_folder(given: Path | None) -> Path:
    """Give the state folder: the one that is named, or the user's own."""
    if given is not None:
        return given
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "xunhuan-edge"


def model_folder(given: Path | None) -> Path:
    """Give the model folder: the one that is named, or the installed one.

    Raises:
        NoModelInstalled: none is named and none is installed.
    """
    from edge.weights import default_model

    return given if given is not None else default_model()
