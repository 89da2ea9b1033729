"""The commands that make a model's package and measure it.

`export`, `quantise`, `card`, `evaluate`.
"""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from detect.errors import DetectError
from detect.manifest import Precision
from models.errors import ModelsError
from models.subcommands.console import (
    RECIPE,
    AsJson,
    Folder,
    RecipeFile,
    Samples,
    Trials,
    Work,
    refuse,
)

Shape = Annotated[
    str | None, typer.Option("--shape", help="输入高x宽，如 384x640 / input height x width")
]


def export_command(
    samples: Samples,
    work: Work,
    target: Annotated[Path, typer.Option("--out", help="写入的模型文件夹 / model folder to write")],
    recipe_file: RecipeFile = RECIPE,
    trials: Trials = None,
) -> None:
    """导出并核对 ONNX，实测后写清单和卡片。/ Export, check, measure, write the package."""
    from models.corpus.corpus import gather
    from models.corpus.recipe import read_recipe
    from models.export.export import export_onnx, largest_score_difference
    from models.export.quantise import quantise
    from models.packaging.packaging import FILE, first_manifest, package, parity_inputs
    from models.registry.card import Training
    from models.training.checkpoint import read_checkpoint

    checkpoint = work / "run" / "last.pt"
    try:
        recipe = read_recipe(recipe_file)
        target.mkdir(parents=True, exist_ok=True)
        corpus = gather(samples, work, recipe)
        export_onnx(checkpoint, target / FILE)
        parity = largest_score_difference(
            checkpoint, target / FILE, parity_inputs(corpus.validation, recipe.runs_at)
        )
        typer.echo(f"已导出 / exported, parity {parity:.4f}")
        first_manifest(target, recipe)
        if recipe.quantised:
            quantise(target, corpus.learnt)
            typer.echo("已量化 / quantised")
        made = read_checkpoint(checkpoint)[1]
        training = Training(
            trained_on=f"{recipe.card.trained_on}; last on {made.device}",
            epochs=made.epoch,
            hours=made.hours,
            parity=parity,
        )
        package(target, corpus=corpus, recipe=recipe, training=training, report=typer.echo)
        _restate(target, trials)
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=False)
    typer.echo(f"模型包 / package: {target}")


def quantise_command(
    folder: Folder, samples: Samples, work: Work, recipe_file: RecipeFile = RECIPE
) -> None:
    """用训练照片量化为 int8；随后请重写卡片。/ Make the 8-bit file; then write the card anew."""
    from models.corpus.corpus import gather
    from models.corpus.recipe import read_recipe
    from models.export.quantise import INT8_FILE, quantise

    try:
        quantise(folder, gather(samples, work, read_recipe(recipe_file)).learnt)
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=False)
    typer.echo(f"int8: {folder / INT8_FILE}；请运行 / now run: xunhuan-models card {folder}")


def card_command(
    folder: Folder,
    samples: Samples,
    work: Work,
    recipe_file: RecipeFile = RECIPE,
    trials: Trials = None,
) -> None:
    """不训练，重新实测并写卡片。/ Measure a package again and write its card, without training."""
    from models.corpus.corpus import gather
    from models.corpus.recipe import read_recipe
    from models.packaging.packaging import package
    from models.packaging.stated import training_of

    recipe = read_recipe(recipe_file)
    try:
        training = training_of(folder, recipe)
        corpus = gather(samples, work, recipe)
        package(folder, corpus=corpus, recipe=recipe, training=training, report=typer.echo)
        _restate(folder, trials)
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=False)
    typer.echo(f"卡片 / card: {folder / 'card.md'}")


def evaluate_command(
    data: Annotated[
        Path,
        typer.Option(
            "--data", help="数据集：data.yaml、sources.csv 所在文件夹 / data set's folder"
        ),
    ],
    model: Annotated[Path, typer.Option("--model", help="模型文件夹 / model folder")],
    split: Annotated[str, typer.Option("--split", help="数据划分 / split")] = "val",
    shape: Shape = None,
    precision: Annotated[
        Precision | None, typer.Option("--precision", help="精度，默认按本机 / this machine's best")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="同一批照片上比较的另一模型 / another model, side by side"),
    ] = None,
    *,
    tiles: Annotated[
        bool,
        typer.Option("--tiles", help="大照片分块看 / in tiles, as a drone's photos"),
    ] = False,
    as_json_: AsJson = False,
) -> None:
    """用上车的同一段代码评测。/ Evaluate through the code that runs on the vehicle."""
    from models.evaluation.evaluation import evaluate
    from models.evaluation.evaluation_text import tables

    try:
        found = evaluate(
            model,
            data,
            split=split,
            shape=_shape(shape),
            precision=precision,
            against=against,
            in_tiles=tiles,
        )
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=as_json_)
    if as_json_:
        typer.echo(found.model_dump_json(indent=1))
    else:
        Console().print(tables(found))


def _shape(said: str | None) -> tuple[int, int] | None:
    if said is None:
        return None
    match = re.fullmatch(r"(\d+)[x×](\d+)", said)
    if match is None:
        raise typer.BadParameter(f"{said}：应为高x宽，如 384x640 / height x width, e.g. 384x640")
    return int(match[1]), int(match[2])


def _restate(folder: Path, trials: Path | None) -> None:
    if trials is None:
        typer.echo(
            "没有 --trials：卡片上的渲染召回按单张画面计，复巡核验会因此多说看不清 / "
            "no --trials: rendered recall on the card is that of single frames, "
            "and verification will say 'cannot tell' more often"
        )
        return
    from models.evaluation.trials import read_trials, state_recall

    state_recall(folder, read_trials(trials))
