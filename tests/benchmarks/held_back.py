"""Hold a class back from a training, add it from 200 photos, and measure what that gives.

    python -m tests.benchmarks.held_back --data SAMPLES --work DIR --start COCO.pt [--label NAME]

Needs the training extra and, on two cores, about half an hour; hence no figure of `make bench`.
It prints one JSON object: AP50 on `detection/val`, labelled classes only, at 384x640, of the base
before and after, and of the shipped model, which learnt the class from all photos.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from models.dataset.labels import STREET_LABELS, TRAFFIC_LABELS

RECIPE: Final = Path(__file__).parents[2] / "models" / "street-n.toml"
SHIPPED: Final = Path(__file__).parents[2] / "models" / "weights" / "street-n"
HELD_BACK: Final = "sanitation.bin_overflow"
PHOTOS: Final = 200
BACKGROUND: Final = 200
SEED: Final = 20261121
MEASURED: Final = ((384, 640),)


def main(arguments: list[str]) -> int:
    """Run the trial; the base is trained once and found again in `--work`."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.held_back")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--start", type=Path, required=True, help="a checkpoint that knows COCO")
    parser.add_argument("--label", default=HELD_BACK)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=300)
    asked = parser.parse_args(arguments)
    base = _base(asked)
    added = _added(asked, base)
    print(json.dumps(_measured(asked, base, added), indent=1))
    return 0


def _recipe(asked: argparse.Namespace):
    """The street recipe without the class and what a teacher labels, short and on small inputs."""
    from models.corpus.recipe import read_recipe

    recipe = read_recipe(RECIPE)
    labels = tuple(n for n in STREET_LABELS if n != asked.label and n not in TRAFFIC_LABELS)
    sources = {
        name: source.model_copy(
            update={"absence": {k: v for k, v in source.absence.items() if k in labels}}
        )
        for name, source in recipe.sources.items()
    }
    changes = {
        "name": "held-back",
        "labels": labels,
        "sources": sources,
        "epochs": asked.epochs,
        "rate": 1e-3,
        "shapes": ((352, 352), (288, 480)),
        "half": True,
        "average_decay": 0.99,
        "check_every": asked.epochs,
    }
    return recipe.model_copy(update=changes)


def _base(asked: argparse.Namespace) -> Path:
    from models.dataset.labelled_pictures import hold_out, read_yolo
    from models.training.train import train

    last = asked.work / "base" / "last.pt"
    if last.is_file() and not (asked.work / "base" / "going").exists():
        return last
    asked.work.joinpath("base").mkdir(parents=True, exist_ok=True)
    asked.work.joinpath("base", "going").touch()
    learnt, _ = hold_out(read_yolo(asked.data / "detection", split="train"))
    train(
        learnt,
        _recipe(asked),
        start=asked.start,
        out=asked.work / "base",
        resume=False,
        report=_say,
    )
    asked.work.joinpath("base", "going").unlink()
    return last


def _added(asked: argparse.Namespace, base: Path) -> Path:
    import numpy as np

    from models.training.add_class import Adding, add_class, photos_of
    from models.training.device import Device, Processor
    from models.training.restore import model_of

    rng = np.random.default_rng(SEED)
    pictures = photos_of(asked.data / "detection", asked.label)
    showing = [p for p in pictures if len(p.boxes)]
    others = [p for p in pictures if not len(p.boxes) and asked.label not in p.known]
    adding = Adding(label=asked.label, steps=asked.steps, seed=SEED)
    return add_class(
        model_of(base),
        [showing[int(i)] for i in rng.permutation(len(showing))[:PHOTOS]],
        [others[int(i)] for i in rng.permutation(len(others))[:BACKGROUND]],
        adding,
        out=asked.work / "added",
        device=Device.chosen(Processor.AUTO, half=adding.half, threads=adding.threads),
        report=_say,
    )


def _measured(asked: argparse.Namespace, base: Path, added: Path) -> dict[str, object]:
    from models.corpus.batches import Images, in_order_of
    from models.corpus.recipe import read_recipe
    from models.dataset.labelled_pictures import read_yolo
    from models.training.device import Device, Processor
    from models.training.held_out import measure
    from models.training.restore import model_of

    validation = read_yolo(asked.data / "detection", split="val")
    device = Device.chosen(Processor.AUTO, half=False, threads=2)
    images = Images()
    found = {}
    for name, path in (("base", base), ("added", added), ("shipped", SHIPPED)):
        model = model_of(path).eval()
        labels = tuple(model.names.values())
        recipe = read_recipe(RECIPE).model_copy(update={"labels": labels, "shapes": MEASURED})
        pictures = in_order_of(validation, labels)
        found[name] = measure(device.taken(model), pictures, recipe, images=images, device=device)
    share = found["added"][asked.label] / found["shipped"][asked.label]
    loss = max(found["base"][n] - found["added"][n] for n in found["base"])
    return {"label": asked.label, "share": round(share, 3), "loss": round(loss, 4), **found}


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
