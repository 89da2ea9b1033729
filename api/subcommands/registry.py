"""The commands that look after the registry of components: take a census in, tell of one."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from api.subcommands.console import Config, Json, settings_of, told
from dispatch.ground.datum import Datum

EXIT_TROUBLE: Final = 1
registry_app = typer.Typer(help="部件库 · the registry of components", no_args_is_help=True)


@registry_app.command("import")
@told
def registry_import(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="普查 .csv 或 .geojson · census")
    ],
    day: Annotated[
        datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="普查日期 · day of the survey")
    ],
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="DIR", help="城市配置，默认为设置中的 · city profile"),
    ] = None,
    datum: Annotated[
        Datum | None, typer.Option(help="坐标系，默认为城市配置所写 · datum of the positions")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="全量普查，未列出的即已拆除 · what it lacks is gone")
    ] = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """导入部件普查，可重复运行；有错误则全不导入 · Take a census in; all of it or nothing."""
    from dataclasses import asdict

    from api.centre.wiring import open_centre, profile_folder
    from api.keeping.census import import_census
    from dispatch.files.datafile import FaultyData

    settings = settings_of(config)
    if profile is not None:
        folder = Path(profile) if Path(profile).is_dir() else profile_folder(profile)
        settings = settings.model_copy(update={"profile": str(folder)})
    centre = open_centre(settings)
    try:
        taken = import_census(file, day=day.date(), datum=datum, whole=whole, centre=centre)
    except FaultyData as error:
        for fault in error.faults:
            typer.echo(f"✗ {file.parent / fault.file}:{fault.line}: {fault.zh} / {fault.en}")
        typer.echo(
            f"{len(error.faults)} 处错误，没有导入 / {len(error.faults)} faults: took nothing in"
        )
        raise typer.Exit(EXIT_TROUBLE) from error
    if as_json:
        typer.echo(json.dumps(asdict(taken.census) | {"held": taken.held}, ensure_ascii=False))
    else:
        for warning in taken.warnings:
            typer.echo(f"! {warning}")
        for older in taken.census.older:
            typer.echo(f"! {older} 已有更新的记录，未改 / something newer is known: left as it is")
        one = taken.census
        typer.echo(
            f"新增 new {one.new}，移位 moved {one.moved}，变更 changed {one.changed}，"
            f"消失 gone {one.gone}，不变 same {one.same}；现有 now held {taken.held}"
        )


@registry_app.command("show")
@told
def registry_show(
    component: Annotated[str, typer.Argument(help="部件标识码 · component id")],
    config: Config = None,
) -> None:
    """列出一个部件的全部记录；没有则以 1 结束 · Tell what a component was; ends with 1 if none."""
    from api.centre.wiring import open_centre

    with open_centre(settings_of(config)).read() as uow:
        records = uow.components.history(component)
    for each in records:
        until = each.valid_until or "…"
        standard, code = each.type
        typer.echo(
            f"{each.valid_from} – {until}\t{standard} {code}\t{each.name}\t{each.owner}\t"
            f"{each.condition.value}\t{each.latitude:.7f}, {each.longitude:.7f} ({each.accuracy})"
        )
    if not records:
        typer.echo(f"部件库中没有 {component} · the registry has no {component}", err=True)
        raise typer.Exit(EXIT_TROUBLE)
