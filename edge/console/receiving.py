"""Commands that show what telemetry says: telemetry."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.console.options import Json
from edge.console.speech import answer, say
from edge.exits import Exit

if TYPE_CHECKING:
    from edge.telemetry.live_state import LiveState

_LOOK_EVERY_S = 0.2


def telemetry(
    source: Annotated[
        str,
        typer.Argument(
            help="轨迹文件、照片文件夹，或接收机地址（serial:///dev/…、tcp://主机:端口）· "
            "track file, photo folder, or a receiver's address"
        ),
    ],
    start: Annotated[
        str | None,
        typer.Option(help="录像第一帧的时间（ISO 8601，含时区）· time of a video's first frame"),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1.0, max=3600.0, help="听接收机多久，秒 · how long to listen")
    ] = 10.0,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="逐条说明识别、采用和丢弃了什么 · tell what was recognised, used and dropped",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """说明轨迹文件或接收机里有什么、能不能用 · Say what a track file or a receiver holds.

    Ends with 65 if nothing of it places anything.
    """
    from edge.receiver_address import is_address

    if is_address(source):
        _listen(source, seconds=seconds, explain=explain, as_json=as_json)
    else:
        _read(Path(source), start=start, explain=explain, as_json=as_json)


def _read(path: Path, *, start: str | None, explain: bool, as_json: bool) -> None:
    from edge.console.passes import moment
    from edge.opening import NoSuchFile
    from edge.telemetry.opening import open_telemetry
    from edge.telemetry.photos import PhotoTelemetry
    from edge.telemetry.track import TrackTelemetry

    if not path.exists():
        raise NoSuchFile(path)
    opened = open_telemetry(
        path,
        explain=say if explain else None,
        starts_at=None if start is None else moment(start),
    )
    assert isinstance(opened, TrackTelemetry | PhotoTelemetry), "a file is a track or photos"
    first, last = opened.span
    answer(
        {"fixes": opened.count, "from": first.isoformat(), "to": last.isoformat()},
        as_json=as_json,
        text=f"{opened.count} 个定位点 · {opened.count} fixes, "
        f"{first:%Y-%m-%d %H:%M:%S}Z — {last:%H:%M:%S}Z",
    )


def _listen(address: str, *, seconds: float, explain: bool, as_json: bool) -> None:
    from edge.telemetry.live import open_live

    live = open_live(address, now=lambda: datetime.now(UTC))
    told: set[str] = set()
    try:
        ends_s = time.monotonic() + seconds
        while time.monotonic() < ends_s:
            time.sleep(_LOOK_EVERY_S)
            if explain:
                _tell_news(live.state(), told)
        state, known = live.state(), live.known_until()
    finally:
        live.close()
    answer(state.as_json(), as_json=as_json, text="\n".join(state.lines()))
    if known is None:
        raise typer.Exit(Exit.BAD_INPUT)


def _tell_news(state: "LiveState", told: set[str]) -> None:
    for zh, en in state.news():
        if en not in told:
            told.add(en)
            say(zh, en)
