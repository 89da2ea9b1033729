"""Commands that say whether footage can be trusted: geocheck, release."""

from pathlib import Path
from typing import Annotated

import typer

from edge.console.options import CameraFile, Json, State, state_folder
from edge.console.speech import answer, say
from edge.exits import Exit


def geocheck(
    source: Annotated[
        Path, typer.Argument(help="照片文件夹、录像或渲染街道 · photo folder, video or street")
    ],
    telemetry: Annotated[
        Path | None, typer.Option(help="轨迹文件（GPX、CSV…）· track file (GPX, CSV…)")
    ] = None,
    camera: CameraFile = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="录像第一帧的时间（ISO 8601，含时区）· time of a video's first frame (ISO 8601)"
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="说明比较了什么、权衡了哪些原因 · tell what was weighed"),
    ] = False,
    as_json: Json = False,
) -> None:
    """自检：重叠画面的定位是否互相吻合 · Check that overlapping frames place ground alike.

    Names a picture turned by 180 degrees, a wrong field of view, height, pitch or time offset.
    """
    from edge.console.passes import moment
    from edge.geocheck.checking import check_footage
    from edge.geocheck.explaining import explained
    from edge.geocheck.verdict import Outcome
    from edge.opening import open_footage

    footage = open_footage(
        source,
        telemetry=telemetry,
        camera=camera,
        starts_at=None if start is None else moment(start),
        explain=say,
    )
    verdict = check_footage(footage)
    text = explained(verdict) if explain else verdict.text()
    answer(verdict.as_json(), as_json=as_json, text=text)
    if verdict.outcome is Outcome.FAILED:
        raise typer.Exit(Exit.BAD_INPUT)


def release(
    pass_id: Annotated[str, typer.Argument(metavar="PASS", help="巡检趟次 · the pass")],
    state: State = None,
    as_json: Json = False,
) -> None:
    """人工核对后放行扣留的趟次 · Let a held pass be sent, after a person has looked at it."""
    from edge.delivery.outbox import Outbox

    outbox = Outbox(state_folder(state))
    try:
        count = outbox.holds.release(pass_id)
    finally:
        outbox.close()
    answer(
        {"pass_id": pass_id, "released": count},
        as_json=as_json,
        text=f"已放行 {count} 条，等待发送 · {count} messages released, they wait to be sent",
    )
