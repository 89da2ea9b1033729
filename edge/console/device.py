"""Commands about the device itself: enrolment, health, configuration, outbox."""

import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.console.options import Json, Model, State, state_folder
from edge.console.speech import answer, say
from edge.exits import Exit

if TYPE_CHECKING:
    from edge.config import Config

config_app = typer.Typer(help="配置文件 · the configuration file", no_args_is_help=True)
outbox_app = typer.Typer(help="发件箱 · what waits for the centre", no_args_is_help=True)


def enrol(
    centre: Annotated[str, typer.Option(help="中心地址 · the centre's address (https://…)")],
    code: Annotated[
        str,
        typer.Option(
            envvar="XUNHUAN_ENROL_CODE", help="一次性登记码 · one-time code from the centre"
        ),
    ],
    state: State = None,
    name: Annotated[str | None, typer.Option(help="设备名称 · what to call this device")] = None,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="换一把新密钥 · make a new key for it")
    ] = False,
    as_json: Json = False,
) -> None:
    """在中心登记本机：密钥在本机生成，从不离开 · Make this device known to a centre.

    The device makes its own key; only the public half travels.
    """
    from edge.delivery.centre import enrol as enrol_at
    from edge.delivery.keys import (
        KEY_FILE,
        NEXT_KEY_FILE,
        adopt_next_key,
        ensure_key,
        write_enrolment,
    )
    from edge.delivery.sending import check_name
    from edge.updates.keys import trust_first

    folder = state_folder(state)
    # Kept before it is told to the centre: whoever loses the answer asks again with the same.
    key = ensure_key(folder, file=NEXT_KEY_FILE if new_key else KEY_FILE)
    enrolment = enrol_at(centre, code=code, key=key, name=name, now=datetime.now(UTC))
    check_name(folder, enrolment.device)
    if new_key:
        adopt_next_key(folder)
    write_enrolment(folder, enrolment)
    trust_first(folder, enrolment.model_keys)
    answer(
        {
            "device": enrolment.device,
            "centre": enrolment.centre,
            "clock_offset_s": enrolment.clock_offset_s,
        },
        as_json=as_json,
        text=f"已登记为 {enrolment.device} · enrolled as {enrolment.device}",
    )


def doctor(
    config: Annotated[
        Path | None,
        typer.Option(
            help="配置文件；有它才检查相机和接收机 · configuration; cameras and receiver need it"
        ),
    ] = None,
    state: State = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """检查本机：磁盘、时钟、模型、中心、相机、定位 · Check disk, clock, model, centre, camera, fix.

    Ends with 78 if anything would keep the device from inspecting; warnings do not.
    """
    from edge.config_file import read_config
    from edge.doctor.check import Outcome
    from edge.doctor.examination import Clocks, examine

    told = _config_of_options(state, model) if config is None else read_config(config)
    clocks = Clocks(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=time.sleep)
    checks = []
    for check in examine(told, clocks):
        checks.append(check)
        if not as_json:
            typer.echo(check.line())
    healthy = all(check.outcome is not Outcome.FAIL for check in checks)
    if as_json:
        each = [check.as_json() for check in checks]
        answer({"ok": healthy, "checks": each}, as_json=True, text="")
    if not healthy:
        raise typer.Exit(Exit.BAD_CONFIG)


def _config_of_options(state: Path | None, model: Path | None) -> "Config":
    from edge.config import Config, ModelConfig, SourceConfig, SourceKind

    return Config(
        state=state_folder(state),
        source=SourceConfig(kind=SourceKind.INBOX),
        model=ModelConfig(folder=model),
    )


@config_app.command("init")
def config_init(
    path: Annotated[Path, typer.Argument(help="新配置文件 · the new file")],
) -> None:
    """写一份带注释的样例，不覆盖已有文件 · Write a commented sample; an existing file is kept."""
    from edge.deploy.install import write_sample

    write_sample(path)
    say(f"已写入 {path}", f"wrote {path}")


@config_app.command("check")
def config_check(
    path: Annotated[Path, typer.Argument(help="配置文件 · the file")], as_json: Json = False
) -> None:
    """检查配置文件，指出错误所在的行 · Check a file and name faults by line."""
    from edge.config_file import read_config

    read_config(path)
    answer({"ok": True}, as_json=as_json, text="配置有效 · the configuration is valid")


@config_app.command("show")
def config_show(
    path: Annotated[Path, typer.Argument(help="配置文件 · the file")],
    effective: Annotated[
        bool,
        typer.Option(
            "--effective",
            help="写成 TOML，注明来自默认、文件还是环境变量 · as TOML, with where each comes from",
        ),
    ] = False,
) -> None:
    """显示生效的全部设置，含默认值 · Show every setting in effect, defaults too, as JSON."""
    from edge.config_file import read_with_origins
    from edge.console.config_text import effective_text

    read = read_with_origins(path, os.environ)
    if effective:
        typer.echo(effective_text(read), nl=False)
    else:
        typer.echo(read.config.model_dump_json(indent=1))


@outbox_app.command("status")
def outbox_status(state: State = None, as_json: Json = False) -> None:
    """显示有多少在等、被拒及原因 · Show what waits, and what was refused and why."""
    from edge.delivery.outbox import Outbox

    outbox = Outbox(state_folder(state))
    depth, refusals, holds = outbox.depth(), outbox.refusals(), outbox.holds.all()
    outbox.close()
    lines = [
        f"待发 {depth.waiting}（发现 {depth.waiting_findings}），已确认 {depth.settled}，"
        f"被拒 {depth.refused} · {depth.waiting} waiting, {depth.settled} settled, "
        f"{depth.refused} refused",
        f"证据待发 {depth.evidence_waiting}，占用 {depth.evidence_bytes} 字节 · "
        f"{depth.evidence_waiting} pictures waiting, {depth.evidence_bytes} bytes",
        *(f"  {id_} {status} {reason}" for id_, status, reason in refusals),
        *(
            f"扣留 {hold.pass_id}（{hold.messages} 条）：{hold.zh} · "
            f"held {hold.pass_id} ({hold.messages} messages): {hold.en}"
            for hold in holds
        ),
    ]
    answer(
        {
            "waiting": depth.waiting,
            "held": depth.held,
            "holds": [
                {"pass_id": h.pass_id, "messages": h.messages, "zh": h.zh, "en": h.en}
                for h in holds
            ],
            "waiting_findings": depth.waiting_findings,
            "settled": depth.settled,
            "refused": depth.refused,
            "evidence_waiting": depth.evidence_waiting,
            "evidence_refused": depth.evidence_refused,
            "evidence_dropped": depth.evidence_dropped,
            "evidence_bytes": depth.evidence_bytes,
            "refusals": [
                {"id": id_, "status": status, "reason": reason} for id_, status, reason in refusals
            ],
        },
        as_json=as_json,
        text="\n".join(lines),
    )


@outbox_app.command("flush")
def outbox_flush(
    state: State = None,
    attempts: Annotated[int, typer.Option(min=1, help="连续失败几次后放弃 · failures to bear")] = 4,
    as_json: Json = False,
) -> None:
    """现在就把等待的发给中心 · Send now what waits."""
    from edge.delivery.sending import flush_outbox

    done = flush_outbox(
        state_folder(state),
        attempts=attempts,
        centre=None,
        failpoint=os.environ.get("XUNHUAN_FAILPOINT"),
        now=lambda: datetime.now(UTC),
        sleep=time.sleep,
        rng=random.Random(),  # noqa: S311 - jitter is no secret
    )
    answer(
        done.as_json(),
        as_json=as_json,
        text=f"已发 {done.sent}，待发 {done.waiting}，被拒 {done.refused} · "
        f"{done.sent} sent, {done.waiting} waiting, {done.refused} refused",
    )
    if done.away:
        raise typer.Exit(Exit.CENTRE_AWAY)
