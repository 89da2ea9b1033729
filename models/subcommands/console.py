"""What the commands of `xunhuan-models` share: options, and how they refuse."""

import json
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

RECIPE: Final = Path(__file__).parents[1] / "street-n.toml"
UNUSABLE: Final = 2

Samples = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="XUNHUAN_SAMPLES",
        help="样本文件夹（含 detection/、aerial/、weights/）/ sample folder",
    ),
]
Work = Annotated[
    Path, typer.Option("--work", help="工作文件夹：绘制画面、教师标签、检查点 / working folder")
]
RecipeFile = Annotated[Path, typer.Option("--recipe", help="训练配方 TOML / training recipe")]
Trials = Annotated[
    Path | None,
    typer.Option("--trials", help="渲染街道试验结果 / trials on rendered streets (JSON)"),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
Folder = Annotated[Path, typer.Argument(help="模型文件夹 / model folder")]


def refuse(error: Exception, *, as_json: bool) -> NoReturn:
    """Print why a command cannot do what it was asked, and end it."""
    if as_json:
        typer.echo(json.dumps({"verified": False, "fault": str(error)}, ensure_ascii=False))
    else:
        typer.echo(str(error), err=True)
    raise typer.Exit(UNUSABLE)
