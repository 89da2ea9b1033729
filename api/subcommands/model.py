"""Commands about models over the air: register a signed package, roll it out, see what runs."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.subcommands.console import Config, Json, settings_of, told

model_app = typer.Typer(help="下发的模型 · models over the air", no_args_is_help=True)

BY = "xunhuan model"

Sha256 = Annotated[str, typer.Argument(help="模型包哈希的开头 · how its hash begins")]


@model_app.command("add")
@told
def model_add(
    package: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="签名模型包 · signed package (.xhm)")
    ],
    config: Config = None,
) -> None:
    """登记一个签名模型包，先不下发 · Register a signed package; it goes to nobody yet."""
    from api.centre.wiring import open_centre
    from api.model_updates import register

    kept = register(package.read_bytes(), by=BY, centre=open_centre(settings_of(config)))
    typer.echo(
        f"已登记 {kept.name} {kept.version}，序号 {kept.sequence} · registered, "
        f"sequence {kept.sequence}\n{kept.sha256}"
    )


@model_app.command("list")
@told
def model_list(config: Config = None, as_json: Json = False) -> None:
    """列出模型包、下发范围和各设备在用的模型 · List packages, rollouts, and what devices run."""
    from api.centre.wiring import open_centre
    from api.words.model_words import packages_now

    packages = packages_now(open_centre(settings_of(config)))
    if as_json:
        typer.echo(json.dumps([each.model_dump(mode="json") for each in packages]))
        return
    for each in packages:
        out = each.rollout
        where = "未下发 nowhere"
        if out is not None:
            paused = "（暂停 paused）" if out.paused else ""
            where = f"{','.join(out.devices)} {out.share:.0%}{paused}"
        typer.echo(
            f"{each.sequence}\t{each.role}\t{each.name} {each.version}\t{where}\t"
            f"{each.expires:%Y-%m-%d}\t{each.sha256[:12]}"
        )
        for device in each.devices:
            state = device.state
            runs = "?" if state is None else str(state.sequence or "安装的 installed")
            trial = "（试用 on trial）" if state is not None and state.on_trial else ""
            typer.echo(f"\t{device.device}\t在用 runs {runs}{trial}")


@model_app.command("rollout")
@told
def model_rollout(
    sha256: Sha256,
    devices: Annotated[
        str, typer.Option(help="设备编号模式，逗号分隔 · patterns of device ids, e.g. car-*")
    ] = "*",
    share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="其中的比例 · share of those devices")
    ] = 1.0,
    paused: Annotated[bool, typer.Option("--paused", help="暂停 · offer it to nobody")] = False,
    config: Config = None,
) -> None:
    """决定下发给谁；重复执行可扩大、缩小或暂停 · Decide to whom it goes; run again to change."""
    from api.centre.wiring import open_centre
    from api.model_updates import package_of, roll_out

    centre = open_centre(settings_of(config))
    rollout = roll_out(
        package_of(sha256, centre=centre),
        devices=tuple(part.strip() for part in devices.split(",")),
        share=share,
        paused=paused,
        by=BY,
        centre=centre,
    )
    typer.echo(f"{rollout.sha256[:12]} → {','.join(rollout.devices)} {rollout.share:.0%}")
