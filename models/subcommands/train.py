"""The command that trains: from a recipe, or one class more onto a model that stands."""

from pathlib import Path
from typing import Annotated, Final

import typer

from detect.errors import DetectError
from models.errors import ModelsError
from models.registry.registry import DEFAULT_MODEL, SHIPPED
from models.subcommands.console import RECIPE, RecipeFile, Work, refuse

HELD_OUT_SHARE: Final = 0.2
"""Share of the photos of a new class on which it is measured."""
ADDING: Final = "加类别 / adding a class"

SamplesIfAny = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="XUNHUAN_SAMPLES",
        help="样本文件夹；加类别时不需要 / sample folder; not needed to add a class",
    ),
]


def train_command(
    work: Work,
    samples: SamplesIfAny = None,
    recipe_file: RecipeFile = RECIPE,
    start: Annotated[
        Path | None,
        typer.Option(
            "--start",
            help="起始检查点或模型包 / checkpoint or model package to start from",
        ),
    ] = None,
    device: Annotated[
        str, typer.Option("--device", help="auto、cpu 或 cuda / auto, cpu or cuda")
    ] = "auto",
    added: Annotated[
        str | None,
        typer.Option("--add-class", help="新类别的目录名 / catalogue name", rich_help_panel=ADDING),
    ] = None,
    pictures: Annotated[
        Path | None,
        typer.Option(
            "--pictures",
            help="标有新类别的照片 / photos with the class labelled",
            rich_help_panel=ADDING,
        ),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            "--background",
            help="少有新类别的照片 / pictures that hardly show it",
            rich_help_panel=ADDING,
        ),
    ] = None,
    steps: Annotated[
        int, typer.Option("--steps", help="训练步数 / steps", rich_help_panel=ADDING)
    ] = 600,
    *,
    resume: Annotated[bool, typer.Option("--resume", help="接着上次训练 / go on")] = False,
) -> None:
    """训练（每轮保存，可随时中断）。/ Train; saved after every epoch, may be stopped any time."""
    try:
        if added is not None:
            if pictures is None:
                raise typer.BadParameter("--add-class 需要 --pictures / needs --pictures")
            last = _add(
                added,
                pictures,
                background,
                start=start or SHIPPED / DEFAULT_MODEL,
                work=work,
                device=device,
                steps=steps,
            )
        else:
            if samples is None:
                raise typer.BadParameter("需要 --data / --data is needed")
            last = _train(samples, work, recipe_file, start=start, device=device, resume=resume)
    except (DetectError, ModelsError) as error:
        refuse(error, as_json=False)
    typer.echo(f"检查点 / checkpoint: {last}")


def _train(
    samples: Path,
    work: Path,
    recipe_file: Path,
    *,
    start: Path | None,
    device: str,
    resume: bool,
) -> Path:
    # Training's libraries are heavy and not part of the core install.
    from models.corpus.corpus import gather
    from models.corpus.recipe import read_recipe
    from models.training.device import Processor
    from models.training.restore import checkpoint_of
    from models.training.train import train

    recipe = read_recipe(recipe_file)
    corpus = gather(samples, work, recipe)
    begin = start or samples / "weights" / "baseline-street-n" / "best.pt"
    if recipe.view == "privacy" and not resume:
        from models.training.small_network import write_start

        begin = write_start(begin, recipe.labels, work / "start.pt")
    elif begin.is_dir() and not resume:
        begin = checkpoint_of(begin, corpus.learnt, work / "start.pt")
    return train(
        corpus.learnt,
        recipe,
        start=begin,
        out=work / "run",
        resume=resume,
        report=typer.echo,
        held_out=corpus.held_out,
        processor=Processor(device),
    )


def _add(
    label: str,
    pictures: Path,
    background: Path | None,
    *,
    start: Path,
    work: Path,
    device: str,
    steps: int,
) -> Path:
    from models.dataset.class_map import check_name
    from models.dataset.labelled_pictures import hold_out
    from models.packaging.added_package import package_added
    from models.training.add_class import Adding, add_class, photos_of
    from models.training.device import Device, Processor
    from models.training.restore import model_of

    adding = Adding(label=check_name(label), steps=steps)
    learnt, held_out = hold_out(photos_of(pictures, label), share=HELD_OUT_SHARE)
    others = photos_of(background, label) if background else ()
    last = add_class(
        model_of(start),
        learnt,
        [picture for picture in others if not len(picture.boxes)],
        adding,
        out=work / "run",
        device=Device.chosen(Processor(device), half=adding.half, threads=adding.threads),
        report=typer.echo,
    )
    if start.is_dir():
        target = work / "model"
        package_added(start, last, target, learnt=learnt, held_out=held_out, report=typer.echo)
        typer.echo(f"模型包 / package: {target}")
    return last
