"""Commands for city profiles: begin one from an example, and name every fault of one at once."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.subcommands.console import Json, told

if TYPE_CHECKING:
    from dispatch.city.profile import Profile
    from dispatch.city_files.profile_folder import Checked
    from dispatch.files.datafile import Fault

EXIT_FAULTS: Final = 1
profile_app = typer.Typer(help="城市配置 · city profiles", no_args_is_help=True)


@profile_app.callback()
def profile() -> None:
    """城市配置 · City profiles."""


@profile_app.command("new")
@told
def profile_new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新文件夹 · a new folder")],
    county: Annotated[str, typer.Option(help="行政区划代码，6 位或 4 位 · 6 or 4 digits")],
    name_zh: Annotated[str, typer.Option(help="中文名 · Chinese name")],
    name_en: Annotated[str, typer.Option(help="英文名 · English name")],
    example: Annotated[
        str, typer.Option("--from", help="示例名称或文件夹 · example, name or folder")
    ] = "demo",
) -> None:
    """从示例开始一个城市配置：带来规则，不带来地面 · Begin a profile with an example's custom."""
    from api.centre.wiring import profile_folder
    from dispatch.city_files.profile_copy import NewCity, copy_profile

    city = NewCity(name_zh=name_zh, name_en=name_en, county=county)
    for name in copy_profile(profile_folder(example), folder, city):
        typer.echo(f"  {folder / name}")
    typer.echo(
        f"下一步：放入 grids.geojson 等本市地面数据，再运行 xunhuan profile check {folder} "
        f"--against {example}\n"
        f"next: bring the city's own ground, grids.geojson first, and run the same check"
    )


@profile_app.command("check")
@told
def profile_check(
    name: Annotated[str, typer.Argument(metavar="DIR", help="文件夹或名称 · folder or name")],
    against: Annotated[
        str | None,
        typer.Option(help="列出仍与此示例相同之处 · name what is still this example's"),
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="英文显示 · speak English")] = False,
    as_json: Json = False,
) -> None:
    """一次列出城市配置的全部错误；有错误时以 1 结束 · Name every fault; ends with 1 if any."""
    from api.centre.wiring import profile_folder
    from dispatch.city.calendar_gap import gap_warnings
    from dispatch.city_files.profile_copy import still_of
    from dispatch.city_files.profile_folder import check_profile

    folder = Path(name) if Path(name).is_dir() else profile_folder(name)
    found = check_profile(folder)
    warned = list(found.warnings)
    if against is not None:
        warned += still_of(profile_folder(against), folder)
    if found.profile is not None:
        warned += gap_warnings(found.profile, now=datetime.now(UTC))
    if as_json:
        faults, warnings = map(asdict, found.faults), map(asdict, warned)
        holds = dict(_holds(found.profile, found.census)) if found.profile else None
        said = {"faults": list(faults), "warnings": list(warnings), "holds": holds}
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        for fault in found.faults:
            typer.echo(f"✗ {_line(fault, folder, english=english)}")
        for warning in warned:
            typer.echo(f"! {_line(warning, folder, english=english)}")
        typer.echo(_outcome(found, len(warned), english=english))
    if found.faults:
        raise typer.Exit(EXIT_FAULTS)


def _line(fault: "Fault", folder: Path, *, english: bool) -> str:
    words = fault.en if english else f"{fault.zh} / {fault.en}"
    return f"{folder / fault.file}:{fault.line}: {words}"


def _outcome(found: "Checked", warnings: int, *, english: bool) -> str:
    profile, faults = found.profile, len(found.faults)
    if profile is None:
        en = f"{faults} faults, {warnings} warnings: correct the faults and check again"
        return en if english else f"{faults} 处错误，{warnings} 处提醒，请改正后再检查 / {en}"
    names = {key: (zh, en) for key, zh, en in _WORDS}
    held = [(*names[key], count) for key, count in _holds(profile, found.census)]
    en = f"no fault in {profile.name_en}, {warnings} warnings: "
    en += ", ".join(f"{count} {word}" for _, word, count in held)
    zh = f"{profile.name_zh}没有错误，{warnings} 处提醒："
    zh += "，".join(f"{word} {count}" for word, _, count in held)
    return f"✓ {en}" if english else f"✓ {zh}\n  {en}"


_WORDS: Final = (
    ("districts", "区县", "districts"),
    ("streets", "街道", "streets"),
    ("communities", "社区", "communities"),
    ("grids", "单元网格", "unit grids"),
    ("classes", "类别", "classes"),
    ("departments", "部门", "departments"),
    ("rules", "责任规则", "rules of responsibility"),
    ("boundaries", "责任待定地段", "boundary strips"),
    ("census", "普查部件", "components in the census"),
    ("zones", "判定区域", "zones"),
    ("zone_rules", "区域规则", "zone rules"),
    ("approvals", "核准区域", "approved areas"),
    ("reasons", "原因代码", "reason codes"),
)


def _holds(profile: "Profile", census: int) -> Iterator[tuple[str, int]]:
    from dispatch.ground.area import Level

    levels = [area.level for area in profile.areas.areas]
    yield "districts", levels.count(Level.DISTRICT)
    yield "streets", levels.count(Level.STREET)
    yield "communities", levels.count(Level.COMMUNITY)
    yield "grids", len(profile.grids.grids)
    yield "classes", len(profile.classes)
    yield "departments", len(profile.departments)
    yield "rules", len(profile.responsibilities)
    yield "boundaries", len(profile.boundaries.boundaries)
    yield "census", census
    yield "zones", len(profile.zoning.zones.zones) if profile.zoning else 0
    yield "zone_rules", len(profile.zoning.rules) if profile.zoning else 0
    yield "approvals", len(profile.suppressions.rows) if profile.suppressions else 0
    yield "reasons", len(profile.reasons)
