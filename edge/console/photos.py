"""Commands that look at single photos: detect, locate."""

from pathlib import Path
from typing import Annotated

import typer

from edge.console.options import (
    CameraFile,
    ElevationFile,
    Json,
    Model,
    TakeOff,
    Threads,
    model_folder,
    point,
)
from edge.console.speech import answer, say

_WORTH_SAYING_M = 0.05


def detect(
    photos: Annotated[list[Path], typer.Argument(help="照片（JPEG）· photos (JPEG)")],
    model: Model = None,
    threads: Threads = 2,
    annotated: Annotated[
        Path | None,
        typer.Option(help="脱敏标注图片的输出文件夹 · folder for redacted pictures with boxes"),
    ] = None,
    as_json: Json = False,
) -> None:
    """检测照片里有什么 · Say what photos show."""
    from edge.looking import look_at

    looked = look_at(photos, model=model_folder(model), threads=threads, annotated=annotated)
    lines = [
        f"{one.name}: " + (", ".join(f"{d.label} {d.score:.2f}" for d in one.detections) or "—")
        for one in looked
    ]
    answer([one.as_json() for one in looked], as_json=as_json, text="\n".join(lines))


def locate(
    photo: Annotated[Path, typer.Argument(help="带位姿的无人机照片（JPEG）· drone photo and pose")],
    pixel: Annotated[str, typer.Option(help="像素 U,V，左上角为 0,0 · pixel U,V from top left")],
    camera: CameraFile = None,
    dem: ElevationFile = None,
    take_off: TakeOff = None,
    as_json: Json = False,
) -> None:
    """求照片上一个像素的地面位置和误差 · Place a pixel on the ground, with its error."""
    from edge.locate import locate as locate_pixel

    start = point(take_off)
    located = locate_pixel(photo, _pixel(pixel), camera=camera, dem=dem, take_off=start)
    found = located.point
    if located.lens_doubt_m >= _WORTH_SAYING_M:
        say(
            f"不知道相机是否已校正镜头畸变，因此增加 {located.lens_doubt_m:.1f} 米误差；"
            "用 --camera 指定相机文件可消除",
            "whether the camera had straightened this photo is unknown, which adds "
            f"{located.lens_doubt_m:.1f} m of error: give a camera file with --camera",
        )
    answer(
        {
            "latitude": round(found.latitude, 7),
            "longitude": round(found.longitude, 7),
            "height_hae_m": found.height_hae_m,
            "ce90_m": round(found.ce90_m, 3),
            "accuracy": found.accuracy,
            "ground": "level" if dem is None else f"dem:{dem.name}",
            "covariance_m2": found.covariance.round(4).tolist(),
            "lens_doubt_m": round(located.lens_doubt_m, 3),
            "range_m": round(found.range_m, 2),
            "pixels_per_metre": round(found.pixels_per_metre, 2),
        },
        as_json=as_json,
        text=f"{found.latitude:.7f}, {found.longitude:.7f} ± {found.ce90_m:.1f} m (CE90, "
        f"精度等级 class {found.accuracy or '—'})",
    )


def _pixel(text: str) -> tuple[float, float]:
    try:
        u, v = (float(part) for part in text.split(","))
    except ValueError as error:
        raise typer.BadParameter("应为 U,V，例如 2000,1500 · write U,V, e.g. 2000,1500") from error
    return u, v
