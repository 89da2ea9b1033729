"""Commands that tell from a drive how its camera is mounted: calibrate."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.console.options import Json
from edge.console.speech import answer, say
from edge.exits import Exit

if TYPE_CHECKING:
    from edge.calibrate.boresight import Boresight, Told
    from edge.calibrate.drive import Drive
    from edge.placing.camera import Camera


def calibrate(
    source: Annotated[
        Path, typer.Argument(help="车载录像或渲染街道 · a vehicle's video, or a rendered street")
    ],
    telemetry: Annotated[
        Path | None, typer.Option(help="轨迹文件（GPX、CSV…）· track file (GPX, CSV…)")
    ] = None,
    camera: Annotated[
        Path | None,
        typer.Option(help="相机文件，须有镜头和高度 · camera file, with its lens and height"),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="录像第一帧的时间（ISO 8601，含时区）· time of a video's first frame (ISO 8601)"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="写出新的相机文件 · write a new camera file")
    ] = None,
    as_json: Json = False,
) -> None:
    """由一段行驶求相机的安装角和时间差 · Tell a camera's boresight and clock from a drive.

    Needs a straight road for the boresight, and turns for the clock.
    """
    from edge.calibrate.boresight import boresight_of
    from edge.calibrate.camera_text import as_lines, mounting_values, with_values
    from edge.calibrate.drive import watch_drive
    from edge.console.passes import moment
    from edge.delivery.keys import replace_file
    from edge.opening import open_footage
    from edge.placing.camera_file import read_camera

    if out is not None and camera is None:
        raise typer.BadParameter("--out 需要 --camera · --out needs --camera")
    footage = open_footage(
        source,
        telemetry=telemetry,
        camera=camera,
        starts_at=None if start is None else moment(start),
        explain=say,
    )
    drive = watch_drive(footage)
    found = boresight_of(drive, footage.camera)
    fits = _say_height(found, footage.camera)
    values = mounting_values(found)
    told = {
        "yaw_deg": _degrees(found.yaw),
        "pitch_deg": _degrees(found.pitch),
        "roll_deg": None if found.roll is None else _degrees(found.roll),
        "height_m": None if found.height_m is None else _rounded(found.height_m, 3),
        "height_fits": fits,
        "straight_s": round(found.straight_s, 1),
        "offset_s": _offset(drive),
    }
    answer(told, as_json=as_json, text=as_lines(values))
    if fits is False:
        raise typer.Exit(Exit.BAD_INPUT)
    if out is not None and camera is not None:
        replace_file(out, with_values(camera.read_text("utf-8"), values).encode(), mode=0o644)
        read_camera(out)


def _say_height(found: "Boresight", camera: "Camera") -> bool | None:
    """Hold the flow of the road against the stated height, and say where they differ."""
    stated_m = camera.mounting.height_above_ground_m
    if stated_m is None or found.height_m is None:
        say("路面看不清，没有核对相机高度", "no road was made out: the height is unchecked")
        return None
    fits = found.height_fits(stated_m, camera.error.height_m)
    if fits is False:
        say(
            f"路面流动表明相机高 {found.height_m.value:.2f} 米，相机文件写的是 {stated_m:.2f} 米："
            "请检查高度、焦距和轨迹，没有写出文件",
            f"the road flows as below a camera at {found.height_m.value:.2f} m, the file says "
            f"{stated_m:.2f} m: check height, focal length and track; nothing was written",
        )
    return fits


def _offset(drive: "Drive") -> dict[str, float] | None:
    from edge.calibrate.clock_offset import UnknownOffset

    try:
        offset = drive.offset()
    except UnknownOffset as unknown:
        say(unknown.zh, unknown.en)
        return None
    say(
        f"时间差：遥测时间 = 相机时间 {offset.offset_s:+.2f} ± {offset.error_s:.2f} 秒",
        f"time offset: telemetry = camera {offset.offset_s:+.2f} ± {offset.error_s:.2f} s",
    )
    return {"value": round(offset.offset_s, 3), "error": round(offset.error_s, 3)}


def _degrees(told: "Told") -> dict[str, float]:
    return {
        "value": round(math.degrees(told.value), 3),
        "error": round(math.degrees(told.error), 3),
    }


def _rounded(told: "Told", digits: int) -> dict[str, float]:
    return {"value": round(told.value, digits), "error": round(told.error, digits)}
