"""The console command `xunhuan-models`."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from detect.errors import DetectError
from detect.manifest import Manifest
from models.errors import ModelsError
from models.registry.registry import DEFAULT_MODEL, SHIPPED, as_json, list_models, verify
from models.subcommands.console import AsJson, Folder, refuse
from models.subcommands.data import data_app
from models.subcommands.package import (
    card_command,
    evaluate_command,
    export_command,
    quantise_command,
)
from models.subcommands.sealing import keygen_command, sign_command, verify_package
from models.subcommands.train import train_command

if TYPE_CHECKING:
    from models.evaluation.rehearsal import Rehearsed

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="模型：训练、导出、评测、清单、核验。/ Models: train, export, evaluate, list, verify.",
)
app.add_typer(data_app, name="data")
out = Console()


@app.command("list")
def list_command(
    root: Annotated[
        Path, typer.Option("--root", help="模型所在文件夹 / where models lie")
    ] = SHIPPED,
    *,
    as_json_: AsJson = False,
) -> None:
    """列出模型及能否启用。/ List models and whether each may be activated."""
    listed = list_models(root)
    if as_json_:
        typer.echo(as_json(listed))
        return
    table = Table("模型 / model", "版本 / version", "类别 / classes", "状态 / state")
    for row in listed:
        if row.model is None:
            table.add_row(row.name, "–", "–", row.fault)
        else:
            names = row.model.manifest
            table.add_row(row.name, names.version, str(len(names.labels)), "可启用 / verified")
    out.print(table)


@app.command("recall")
def recall_command(
    folder: Folder,
    trials: Annotated[
        Path, typer.Option("--trials", help="渲染街道试验结果 / trials on rendered streets (JSON)")
    ],
) -> None:
    """把每次通过的召回写入清单和卡片。/ Put recall per pass into manifest and card."""
    from models.evaluation.trials import read_trials, state_recall

    try:
        card = state_recall(folder, read_trials(trials))
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=False)
    for entry in card.recall:
        for band in entry.bands:
            if band.measured_on == "rendered":
                typer.echo(
                    f"{entry.label} {band.min_px:.0f}-{band.max_px:.0f} px: "
                    f"{band.mean:.2f} (>= {band.lower:.2f}), n = {band.objects}"
                )


@app.command("verify")
def verify_command(
    folder: Folder = SHIPPED / DEFAULT_MODEL,
    keys: Annotated[
        list[Path] | None,
        typer.Option("--key", help="信任的公钥，核验签名包用 / trusted keys, for a signed package"),
    ] = None,
    *,
    as_json_: AsJson = False,
) -> None:
    """核验模型文件夹并试运行，或核验签名包。/ Verify and run a model, or a signed package."""
    if folder.is_file():
        verify_package(folder, keys or [], as_json=as_json_)
        return
    try:
        model = verify(folder)
        ran = _rehearsal(folder, model.manifest)
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=as_json_)
    if as_json_:
        answer = {
            "verified": True,
            "name": model.manifest.name,
            "labels": model.manifest.labels,
            "ran": None if ran is None else [way.as_json() for way in ran],
        }
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    name = f"{model.manifest.name} {model.manifest.version}"
    typer.echo(f"{name} 可以启用 / may be activated ({model.manifest.sha256[:12]}…)")
    if ran is None:
        typer.echo("未试运行：没有安装 onnxruntime / not run: onnxruntime is not installed")
    for way in ran or ():
        typer.echo(way.text())


def _rehearsal(folder: Path, manifest: Manifest) -> "tuple[Rehearsed, ...] | None":
    """Run the model if this installation can run models: the centre's cannot."""
    if any(find_spec(name) is None for name in ("onnxruntime", "cv2")):
        return None
    from models.evaluation.rehearsal import rehearse

    return rehearse(folder, manifest)


app.command("train")(train_command)
app.command("export")(export_command)
app.command("quantise")(quantise_command)
app.command("card")(card_command)
app.command("evaluate")(evaluate_command)
app.command("keygen")(keygen_command)
app.command("sign")(sign_command)
