"""Commands that look after elevation tiles."""

from pathlib import Path
from typing import Annotated

import typer

from edge.console.options import Json
from edge.console.speech import answer

dem_app = typer.Typer(help="高程瓦片 · elevation tiles", no_args_is_help=True)


@dem_app.command("import")
def import_elevation(
    geotiff: Annotated[Path, typer.Argument(help="高程 GeoTIFF · GeoTIFF of heights")],
    out: Annotated[Path, typer.Option(help="写出的瓦片 · the tile to write")],
    sigma: Annotated[
        float, typer.Option(help="高程中误差（米）· standard error of a height, metres")
    ],
    heights: Annotated[
        str | None,
        typer.Option(
            help="高程基准：msl 海拔，hae 椭球高；不写则按文件 · counted from: msl (sea level), "
            "hae (ellipsoid); by default as the file says"
        ),
    ] = None,
    geoid: Annotated[
        float | None,
        typer.Option(help="大地水准面差距（米）· the geoid above the ellipsoid there, metres"),
    ] = None,
    as_json: Json = False,
) -> None:
    """把高程 GeoTIFF 转成设备能读的瓦片 · Make an elevation tile of a GeoTIFF."""
    from edge.delivery.keys import replace_file
    from edge.placing.dem import Datum, tile_bytes
    from edge.placing.dem_import import import_geotiff

    if heights is not None and heights not in set(Datum):
        raise typer.BadParameter("应为 msl 或 hae · write msl or hae", param_hint="--heights")
    datum = None if heights is None else Datum(heights)
    tile = import_geotiff(geotiff, heights=datum, geoid_m=geoid, sigma_m=sigma)
    replace_file(out, tile_bytes(tile), mode=0o644)
    said = tile.header
    answer(
        {**said.model_dump(mode="json"), "south": said.south, "east": said.east},
        as_json=as_json,
        text=f"{out}: {said.rows} x {said.columns}, {said.post_m:.1f} m, {said.datum}, "
        f"{said.south:.5f}..{said.north:.5f}, {said.west:.5f}..{said.east:.5f}, "
        f"± {said.sigma_m:g} m",
    )
