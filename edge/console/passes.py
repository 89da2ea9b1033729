"""Commands that work on whole passes: replay, simulate, run."""

import logging
import os
import random
import signal
import sys
import time
from dataclasses import replace as replace_fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.console.options import (
    CameraFile,
    ElevationFile,
    Json,
    Model,
    State,
    TakeOff,
    Threads,
    model_folder,
    point,
    state_folder,
)
from edge.console.speech import answer, say
from edge.exits import Exit

if TYPE_CHECKING:
    from edge.replay import World


def replay(
    source: Annotated[
        Path,
        typer.Argument(
            help="录像、照片文件夹或渲染街道 *.street.json · video, photo folder or rendered street"
        ),
    ],
    telemetry: Annotated[
        Path | None, typer.Option(help="轨迹文件（GPX、CSV…）· track file (GPX, CSV…)")
    ] = None,
    camera: CameraFile = None,
    dem: ElevationFile = None,
    take_off: TakeOff = None,
    start: Annotated[
        str | None,
        typer.Option(
            help="录像第一帧的时间（ISO 8601，含时区）· time of a video's first frame (ISO 8601)"
        ),
    ] = None,
    offset: Annotated[
        float | None,
        typer.Option(
            min=-60.0, max=60.0, help="遥测时间减相机时间，秒 · telemetry minus camera time, s"
        ),
    ] = None,
    estimate_offset: Annotated[
        bool,
        typer.Option(
            "--estimate-offset", help="由转弯估计时间差 · tell the offset from the drive's turns"
        ),
    ] = False,
    model: Model = None,
    threads: Threads = 2,
    state: State = None,
    centre: Annotated[
        str | None, typer.Option(help="中心地址，默认为登记时的 · centre, if not as enrolled")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看，不登记不上报 · look only, record nothing")
    ] = False,
    no_send: Annotated[
        bool, typer.Option("--no-send", help="留在发件箱，不发送 · leave findings in the outbox")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="发现写成 GeoJSON · write findings as GeoJSON")
    ] = None,
    annotated: Annotated[
        Path | None, typer.Option(help="脱敏的标注视频 · redacted video with boxes (mp4)")
    ] = None,
    attempts: Annotated[
        int, typer.Option(min=1, help="连续失败几次后放弃发送 · failures to bear while sending")
    ] = 4,
    as_json: Json = False,
) -> None:
    """重放录制的素材：检测、定位、留证、上报 · Replay footage: detect, place, keep, report.

    Interrupted, it is simply run again: nothing is reported twice.
    """
    from edge.replay import ReplayOrder
    from edge.replay import replay as replay_footage

    if offset is not None and estimate_offset:
        raise typer.BadParameter("--offset、--estimate-offset 只用一个 · use only one of the two")
    order = ReplayOrder(
        source=source,
        telemetry=telemetry,
        camera=camera,
        dem=dem,
        take_off=point(take_off),
        starts_at=None if start is None else moment(start),
        model=model_folder(model),
        threads=threads,
        state=None if dry_run else state_folder(state),
        centre=centre,
        attempts=0 if no_send else attempts,
        out=out,
        annotated=annotated,
        failpoint=os.environ.get("XUNHUAN_FAILPOINT"),
        offset_s=offset,
        estimate_offset=estimate_offset,
    )
    done = replay_footage(order, world())
    sent = done.sent
    lines = [
        f"{done.frames} 帧，{len(done.findings)} 个发现，{done.sweeps} 段巡检覆盖，"
        f"用时 {done.seconds:.1f} 秒 · {done.frames} frames, {len(done.findings)} findings, "
        f"{done.sweeps} sweeps in {done.seconds:.1f} s"
    ]
    if sent is not None:
        lines.append(
            f"已发 {sent.sent}，待发 {sent.waiting}，被拒 {sent.refused} · {sent.sent} sent, "
            f"{sent.waiting} waiting, {sent.refused} refused"
        )
    answer(done.as_json(), as_json=as_json, text="\n".join(lines))
    if done.cut_off is not None:
        say("素材不完整，之前的已上报", done.cut_off)
        raise typer.Exit(Exit.BAD_INPUT)
    if sent is not None and sent.away:
        say(f"中心连不上：{sent.away}", f"the centre is away: {sent.away}")
        raise typer.Exit(Exit.CENTRE_AWAY)


def simulate(
    seed: Annotated[int, typer.Option(min=0, help="随机种子 · seed")],
    out: Annotated[Path, typer.Option(help="输出文件夹 · folder to write")],
    start: Annotated[
        str | None,
        typer.Option(help="首次巡查的时间（ISO 8601）· when the first pass starts (ISO 8601)"),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="街道中点 纬度,经度 · middle of the street LATITUDE,LONGITUDE"),
    ] = None,
    as_json: Json = False,
) -> None:
    """生成一条渲染街道及其各次巡查 · Write a rendered street and its passes.

    Everything in it is drawn, and labelled so wherever it is shown.
    """
    from edge.sources.street.plan import ORIGIN
    from edge.sources.street.schedule import FIRST_DRIVE
    from edge.sources.street.writing import write_street

    first_drive = FIRST_DRIVE if start is None else moment(start)
    written = write_street(seed, out, first_drive=first_drive, middle=point(at) or ORIGIN)
    files = [str(path) for path in written]
    answer({"seed": seed, "files": files}, as_json=as_json, text="\n".join(files))


def run(
    config: Annotated[
        Path | None, typer.Option(help="配置文件（TOML）· configuration file (TOML)")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="inbox：处理中心收到的照片 · inbox: the centre's photos")
    ] = None,
    state: State = None,
    model: Model = None,
    threads: Threads = 2,
    once: Annotated[
        bool, typer.Option("--once", help="做完现有的就结束 · end when nothing is left to do")
    ] = False,
    as_json: Json = False,
) -> None:
    """持续运行：看行驶中的相机，或处理新素材、照片 · Run: live cameras, footage or photos."""
    from edge.console.running import agent_of, effective_config
    from edge.logs import set_up, speaker

    settings = effective_config(config, source=source, state=state, model=model, threads=threads)
    # Standard output is the command's answer; journald takes both.
    set_up(settings.log, stream=sys.stderr)
    told = replace_fields(world(), say=speaker(logging.getLogger("edge.agent")))
    agent = agent_of(settings, told, failpoint=os.environ.get("XUNHUAN_FAILPOINT"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.stop())
    done = agent.run(once=once)
    answer(done.as_json(), as_json=as_json, text=done.text())
    if done.away:
        raise typer.Exit(Exit.CENTRE_AWAY)


def moment(text: str) -> datetime:
    """Read a time as a person writes it; without an offset it is UTC.

    Raises:
        typer.BadParameter: it is no time.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(
            f"{text}：应为 2026-11-21T08:00:00+08:00 · write it as 2026-11-21T08:00:00+08:00"
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def world() -> "World":
    """Give the real clock, sleep and chance."""
    from edge.replay import World

    return World(
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        sleep=time.sleep,
        rng=random.Random(),  # noqa: S311 - jitter is no secret
        say=say,
    )
