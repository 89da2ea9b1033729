"""The console command `xunhuan-models`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from detect.errors import DetectError
from models.errors import ModelsError
from models.registry import DEFAULT_MODEL, SHIPPED, as_json, list_models, verify

RECIPE: Final = Path(__file__).parent / "street-n.toml"
UNUSABLE: Final = 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="模型：训练、导出、评测、清单、核验。/ Models: train, export, evaluate, list, verify.",
)
out = Console()

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
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
Folder = Annotated[Path, typer.Argument(help="模型文件夹 / model folder")]


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
    from models.trials import read_trials, state_recall

    try:
        card = state_recall(folder, read_trials(trials))
    except (DetectError, ModelsError) as error:
        _refuse(error, as_json_=False)
        return
    for entry in card.recall:
        for band in entry.bands:
            if band.measured_on == "rendered":
                typer.echo(
                    f"{entry.label} {band.min_px:.0f}-{band.max_px:.0f} px: "
                    f"{band.mean:.2f} (>= {band.lower:.2f}), n = {band.objects}"
                )


@app.command("verify")
def verify_command(folder: Folder = SHIPPED / DEFAULT_MODEL, *, as_json_: AsJson = False) -> None:
    """核验模型包：哈希、清单、卡片。/ Verify a package: hash, manifest, card."""
    try:
        model = verify(folder)
    except (DetectError, ModelsError) as error:
        _refuse(error, as_json_=as_json_)
        return
    if as_json_:
        answer = {"verified": True, "name": model.manifest.name, "labels": model.manifest.labels}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    name = f"{model.manifest.name} {model.manifest.version}"
    typer.echo(f"{name} 可以启用 / may be activated ({model.manifest.sha256[:12]}…)")


@app.command("train")
def train_command(
    samples: Samples,
    work: Work,
    recipe_file: RecipeFile = RECIPE,
    start: Annotated[
        Path | None, typer.Option("--start", help="起始检查点 / checkpoint to start from")
    ] = None,
    *,
    resume: Annotated[bool, typer.Option("--resume", help="接着上次训练 / go on")] = False,
) -> None:
    """训练（每轮保存，可随时中断）。/ Train; saved after every epoch, may be stopped any time."""
    # Training's libraries are heavy and not part of the core install.
    from models.corpus import gather
    from models.recipe import read_recipe
    from models.train import train

    recipe = read_recipe(recipe_file)
    corpus = gather(samples, work, recipe)
    begin = start or samples / "weights" / "baseline-street-n" / "best.pt"
    last = train(
        corpus.learnt, recipe, start=begin, out=work / "run", resume=resume, report=typer.echo
    )
    typer.echo(f"检查点 / checkpoint: {last}")


@app.command("export")
def export_command(
    samples: Samples,
    work: Work,
    target: Annotated[Path, typer.Option("--out", help="写入的模型文件夹 / model folder to write")],
    recipe_file: RecipeFile = RECIPE,
) -> None:
    """导出并核对 ONNX，实测后写清单和卡片。/ Export, check, measure, write the package."""
    from models.corpus import gather
    from models.export import export_onnx, largest_score_difference, progress_of
    from models.packaging import FILE, TrainingRun, package, parity_inputs
    from models.recipe import read_recipe

    recipe = read_recipe(recipe_file)
    corpus = gather(samples, work, recipe)
    checkpoint = work / "run" / "last.pt"
    target.mkdir(parents=True, exist_ok=True)
    try:
        export_onnx(checkpoint, target / FILE)
        parity = largest_score_difference(
            checkpoint, target / FILE, parity_inputs(corpus.validation)
        )
    except ModelsError as error:
        _refuse(error, as_json_=False)
        return
    epochs, hours = progress_of(checkpoint)
    training = TrainingRun(epochs=epochs, hours=hours, parity=parity)
    package(target, corpus=corpus, recipe=recipe, training=training)
    typer.echo(f"模型包 / package: {target}")


@app.command("evaluate")
def evaluate_command(
    samples: Samples,
    model: Annotated[Path, typer.Option("--model", help="模型文件夹 / model folder")],
    split: Annotated[str, typer.Option("--split", help="数据划分 / split")] = "val",
    *,
    as_json_: AsJson = False,
) -> None:
    """用上车的同一段代码评测。/ Evaluate through the code that runs on the vehicle."""
    from detect.detector import Detector
    from models.datasets import read_yolo
    from models.evaluate import FLOOR, run, scores, text_of
    from models.labels import STREET_LABELS

    try:
        detector = Detector(model, floor=FLOOR, shape=None)
        outcome = run(detector, read_yolo(samples / "detection", split=split))
    except (DetectError, ModelsError) as error:
        _refuse(error, as_json_=as_json_)
        return
    limits = {entry.label: entry.threshold for entry in detector.manifest.classes}
    rows = scores(outcome, limits, on=split, by_people=frozenset(STREET_LABELS), seed=0)
    if as_json_:
        typer.echo(json.dumps([row.model_dump() for row in rows], ensure_ascii=False, indent=1))
    else:
        typer.echo(text_of(rows))


def _refuse(error: Exception, *, as_json_: bool) -> None:
    if as_json_:
        typer.echo(json.dumps({"verified": False, "fault": str(error)}, ensure_ascii=False))
    else:
        print(str(error), file=sys.stderr)
    raise typer.Exit(UNUSABLE)
