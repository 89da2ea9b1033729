"""The commands `xunhuan-models data …`: bring sets into our layout, check them, divide them."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from models.dataset.layout import By
from models.errors import ModelsError

if TYPE_CHECKING:
    from models.formats.sheet import Sheets

UNFIT: Final = 1
UNUSABLE: Final = 2

data_app = typer.Typer(
    no_args_is_help=True,
    help="数据：转换、检查、划分。/ Data: convert, check, split.",
)


class Format(StrEnum):
    """Formats that are read; `yolo` has boxes, oriented boxes and polygons."""

    YOLO = "yolo"
    COCO = "coco"
    VOC = "voc"
    DOTA = "dota"
    LABELME = "labelme"


Folder = Annotated[Path, typer.Argument(help="数据集文件夹 / folder of the set")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]


@data_app.command("convert")
def convert_command(
    source: Annotated[Path, typer.Argument(help="来源文件夹，COCO 为 JSON 文件 / folder or file")],
    format_: Annotated[Format, typer.Option("--format", help="标注格式 / format of the labels")],
    out: Annotated[
        Path, typer.Option("--out", help="写入或追加的文件夹 / folder to write or add to")
    ],
    name: Annotated[str, typer.Option("--name", help="来源名称 / what to call the source")],
    pictures: Annotated[
        Path | None, typer.Option("--pictures", help="图片文件夹 / folder of the pictures")
    ] = None,
    split: Annotated[
        str, typer.Option("--split", help="来源没有划分时算作 / split of a set without splits")
    ] = "train",
    renamed: Annotated[
        list[str] | None,
        typer.Option("--map", help="来源类别=目录名，可多次 / THEIRS=OURS, repeatable"),
    ] = None,
    ignored: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore", help="略过的来源类别，* 为其余 / class to leave out, * is the rest"
        ),
    ] = None,
    labelled: Annotated[
        list[str] | None,
        typer.Option(
            "--labelled", help="逐个标全的目录类别，可多次 / class labelled wherever it is"
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", help="从原文件名取分组的正则 / regular expression for the group"),
    ] = None,
    unlabelled_empty: Annotated[
        bool,
        typer.Option(
            "--unlabelled-empty", help="没有标注文件的图片算作空 / no label file: nothing in it"
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """把标注数据转换到本项目的格式，说明改动。/ Bring labelled pictures into our layout."""
    from models.dataset.class_map import ClassMap, check_name
    from models.dataset.conversion import convert, grouping
    from models.dataset.data_text import conversion_answer, conversion_lines

    try:
        classes = ClassMap(renamed=_pairs(renamed or []), ignored=frozenset(ignored or []))
        sheets = _read(format_, source, pictures, split=split, empty=unlabelled_empty)
        report = convert(
            sheets,
            at=source,
            target=out,
            source=name,
            classes=classes,
            labelled=[check_name(each) for each in labelled or []],
            group_of=grouping(group, at=source),
        )
    except ModelsError as error:
        raise _refused(error, as_json=as_json) from error
    if as_json:
        typer.echo(json.dumps(conversion_answer(report), ensure_ascii=False))
    else:
        typer.echo("\n".join(conversion_lines(report)))


@data_app.command("check")
def check_command(folder: Folder, as_json: AsJson = False) -> None:
    """检查标注、重复图片和划分泄漏。/ Check labels, duplicates and what splits share.

    Ends with 1 where something makes the set unfit for training or measuring.
    """
    from models.dataset.check import check
    from models.dataset.data_text import check_answer, check_text

    try:
        found = check(folder)
    except ModelsError as error:
        raise _refused(error, as_json=as_json) from error
    typer.echo(
        json.dumps(check_answer(found), ensure_ascii=False) if as_json else check_text(found)
    )
    if found.errors:
        raise typer.Exit(UNFIT)


@data_app.command("split")
def split_command(
    folder: Folder,
    by: Annotated[By, typer.Option("--by", help="不拆分的单位 / what stays whole")] = By.GROUP,
    val: Annotated[
        float, typer.Option("--val", min=0.01, max=0.9, help="验证集比例 / share of val")
    ] = 0.15,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子 / seed")] = 0,
    as_json: AsJson = False,
) -> None:
    """重新划分训练和验证，同组和重复图片不拆开。/ Divide anew; groups and copies stay whole."""
    from models.dataset.layout import read_rows
    from models.dataset.resplit import resplit

    try:
        moved = resplit(folder, by=by, share=val, seed=seed)
        rows = read_rows(folder)
    except ModelsError as error:
        raise _refused(error, as_json=as_json) from error
    counts = {s: sum(row.split == s for row in rows) for s in sorted({r.split for r in rows})}
    if as_json:
        typer.echo(json.dumps({"moved": moved, "pictures": counts}, ensure_ascii=False))
        return
    listed = ", ".join(f"{split} {count}" for split, count in counts.items())
    typer.echo(f"移动 {moved} 张 / moved {moved} pictures: {listed}")


def _pairs(texts: list[str]) -> dict[str, str]:
    from models.dataset.class_map import NoCatalogueName

    pairs = {}
    for text in texts:
        theirs, equals, ours = text.partition("=")
        if not equals:
            raise NoCatalogueName(text)
        pairs[theirs] = ours
    return pairs


def _read(
    format_: Format, source: Path, pictures: Path | None, *, split: str, empty: bool
) -> "Sheets":
    from models.formats.coco import read_coco
    from models.formats.dota import read_dota
    from models.formats.labelme import read_labelme
    from models.formats.voc import read_voc
    from models.formats.yolo import read_yolo_set

    if format_ is Format.COCO:
        return read_coco(source, pictures=pictures or source.parent, split=split)
    if format_ is Format.YOLO:
        return read_yolo_set(source, split=split, unlabelled_empty=empty)
    reader = {Format.VOC: read_voc, Format.DOTA: read_dota, Format.LABELME: read_labelme}[format_]
    return reader(source, pictures=pictures, split=split, unlabelled_empty=empty)


def _refused(error: ModelsError, *, as_json: bool) -> typer.Exit:
    if as_json:
        typer.echo(json.dumps({"fault": {"zh": error.zh, "en": error.en}}, ensure_ascii=False))
    else:
        typer.echo(str(error), err=True)
    return typer.Exit(UNUSABLE)
