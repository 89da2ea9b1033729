"""The commands that look into directories of codes and take a city's own lists in."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.subcommands.console import Json, told

if TYPE_CHECKING:
    from dispatch.catalogue.catalog import Catalog

EXIT_FAULTS: Final = 1
Profile = Annotated[
    Path | None,
    typer.Option(exists=True, file_okay=False, help="连同城市自己的目录 · with a city's own"),
]
catalog_app = typer.Typer(
    help="类别目录：查代码、导入 · catalogues: look up, import",
    no_args_is_help=True,
)


@catalog_app.command("import")
@told
def catalog_import(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="目录 CSV · list of codes, CSV")
    ],
    standard: Annotated[
        str,
        typer.Option(help="标准，如 gbt30428.2-2013 或 local:城市 · standard, or local:CITY"),
    ],
    into: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="城市配置文件夹 · profile's folder")
    ],
    source: Annotated[
        str, typer.Option(help="未逐行注明的来源 · source of rows that state none")
    ] = "",
    overrule: Annotated[
        bool, typer.Option("--overrule", help="与已有名称矛盾时以本表为准 · this list goes before")
    ] = False,
    as_json: Json = False,
) -> None:
    """把目录导入城市配置；有错则全部列出、什么也不写 · Import a list, or name all its faults."""
    from dispatch.catalogue.catalog_import import import_list, standard_named
    from dispatch.files.datafile import FaultyData

    name = standard_named(standard)
    try:
        done = import_list(file, standard=name, into=into, source=source, overrule=overrule)
    except FaultyData as error:
        for fault in error.faults:
            typer.echo(f"✗ {fault}", err=True)
        wrong = len(error.faults)
        typer.echo(f"{wrong} 处错误，没有写入 · {wrong} faults, nothing was written", err=True)
        raise typer.Exit(EXIT_FAULTS) from error
    if as_json:
        said = {"added": done.added, "corrected": done.corrected, "known": done.known}
        typer.echo(json.dumps({"file": str(done.file), "standard": name, **said}))
        return
    typer.echo(
        f"{name}：新增 {done.added}，更正 {done.corrected}，已有 {done.known} · "
        f"{done.added} added, {done.corrected} corrected, {done.known} known before\n{done.file}"
    )


@catalog_app.command("show")
@told
def catalog_show(
    words: Annotated[
        str, typer.Argument(help="代码开头或名称中的字 · beginning of a code, or part of a name")
    ] = "",
    standard: Annotated[str, typer.Option(help="只看一个标准 · of one standard")] = "",
    profile: Profile = None,
    as_json: Json = False,
) -> None:
    """按代码或名称查类别，并列出另一标准的对应 · Look classes up by code or word."""
    from dispatch.catalogue.catalog_import import standard_named

    catalog = _catalog(profile)
    wanted = standard_named(standard) if standard else ""
    found = [
        entry
        for key, entry in sorted(catalog.entries.items(), key=lambda each: str(each[0]))
        if (key.code.startswith(words) or words in entry.name_zh) and wanted in {"", key.standard}
    ]
    rows = [
        {
            "standard": entry.key.standard,
            "kind": entry.key.kind.value,
            "code": entry.key.code,
            "major": entry.major_zh,
            "name": entry.name_zh,
            "counterparts": [
                f"{each.relation.value} {each.key.standard} {each.key.code} {each.name_zh}"
                for each in catalog.counterparts.get(entry.key, ())
            ],
            "source": entry.source,
        }
        for entry in found
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo("\t".join(_shown(value) for name, value in row.items() if name != "source"))
    typer.echo(f"{len(rows)} 个类别 · {len(rows)} classes", err=True)


@catalog_app.command("read")
@told
def catalog_read(
    code: Annotated[
        str, typer.Argument(help="类别、事项、部件、网格或区划编码 · code of any kind")
    ],
    profile: Profile = None,
    as_json: Json = False,
) -> None:
    """拆读一个编码，指出错在哪一段 · Take a code apart, or say which part of it is wrong."""
    from dispatch.catalogue.codes import EVERY, Part, read_code

    catalog = _catalog(profile)
    read = read_code(code, EVERY)
    standard = read.form.standard
    parts = {part.value: read[part] for part, _ in read.form.parts}
    classes = [
        entry
        for key, entry in catalog.entries.items()
        if standard is not None and (key.standard, key.code) == (standard.name, read.type_code)
    ]
    named = [{"kind": each.key.kind.value, "name": each.name_zh} for each in classes]
    if as_json:
        said = {"what": read.form.en, "standard": standard.name if standard else None}
        typer.echo(json.dumps({**said, "parts": parts, "classes": named}, ensure_ascii=False))
        return
    of = f" {standard.name}" if standard else ""
    typer.echo(f"{read.form.zh} {read.form.en}{of}")
    for name, digits in parts.items():
        typer.echo(f"  {digits}\t{Part(name).zh} {name}")
    for each in classes:
        typer.echo(f"  {each.key.kind.zh}\t{each.major_zh} · {each.name_zh}")
    if standard is not None and not classes:
        zh, en = f"目录中没有类别 {read.type_code}", f"no list has the type {read.type_code}"
        typer.echo(f"  ! {zh} · {en}")


def _catalog(profile: Path | None) -> "Catalog":
    from dispatch.catalogue.catalog_file import read_city_catalog, shipped_catalog
    from dispatch.files.datafile import DataFolder

    if profile is None:
        return shipped_catalog()
    data = DataFolder(path=profile)
    catalog = read_city_catalog(data)
    data.refuse()
    return catalog


def _shown(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
