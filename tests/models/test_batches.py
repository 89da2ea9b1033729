"""An epoch of views, and the course of a training; needs no training library."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.corpus.batches import Images, batches, in_order_of, plan, stacked
from models.corpus.recipe import Recipe, read_recipe
from models.dataset.labelled_pictures import Picture, hold_out
from models.dataset.labels import STREET_LABELS
from models.training.curves import draw_curves

RECIPE = Path(__file__).parents[2] / "models" / "street-n.toml"
POTHOLE, LITTER = (STREET_LABELS.index(n) for n in ("road.pothole", "sanitation.litter"))


def picture(path: Path, source: str) -> Picture:
    """A road with a pothole, and a piece of litter that nobody is sure of."""
    return Picture(
        path=path,
        source=source,
        group=path.stem,
        known=frozenset({"road.pothole"}),
        boxes=np.array([[0.2, 0.2, 0.6, 0.6]], np.float32),
        labels=np.array([POTHOLE]),
        ignored_boxes=np.array([[0.7, 0.7, 0.9, 0.9]], np.float32),
        ignored_labels=np.array([LITTER]),
    )


@pytest.fixture
def roads(tmp_path: Path) -> tuple[Picture, ...]:
    made = []
    for i, source in enumerate(["road-dnit-br"] * 8 + ["pothole-gopro-putri"] * 8):
        path = tmp_path / f"{source}-{i:02}.png"
        cv2.imwrite(str(path), np.full((60, 90, 3), 40 + 10 * i, np.uint8))
        made.append(picture(path, source))
    return tuple(made)


def recipe(**changes: object) -> Recipe:
    small = {"batch": 4, "shapes": ((64, 96),), "workers": 2}
    return read_recipe(RECIPE).model_copy(update=small | changes)


def test_boxes_of_what_a_model_shall_not_know_are_left_out() -> None:
    both = in_order_of([picture(Path("a"), "s")], ("sanitation.litter", "road.pothole"))[0]
    one = in_order_of([picture(Path("a"), "s")], ("road.pothole",))[0]
    none = in_order_of([picture(Path("a"), "s")], ("traffic.vehicle",))[0]

    assert (both.labels.tolist(), both.ignored_labels.tolist()) == ([1], [0])
    assert (one.labels.tolist(), one.ignored_labels.tolist()) == ([0], [])
    assert (len(none.boxes), len(none.ignored_boxes)) == (0, 0)


def test_a_source_takes_part_as_often_as_its_share_says(roads: tuple[Picture, ...]) -> None:
    sources = dict(recipe().sources)
    sources["road-dnit-br"] = sources["road-dnit-br"].model_copy(update={"share": 2.0})
    sources["pothole-gopro-putri"] = sources["pothole-gopro-putri"].model_copy(
        update={"share": 0.5}
    )
    rng = np.random.default_rng(2)
    shown = [
        cell[0].source
        for _ in range(20)
        for batch in plan(roads, recipe(sources=sources, batch=1), mosaic=0.0, rng=rng)
        for cell in batch
    ]

    assert shown.count("road-dnit-br") == 20 * 16
    assert 20 * 2 <= shown.count("pothole-gopro-putri") <= 20 * 6


def test_a_mosaic_is_of_one_source_for_sources_label_different_things(
    roads: tuple[Picture, ...],
) -> None:
    cells = [
        cell
        for batch in plan(roads, recipe(), mosaic=1.0, rng=np.random.default_rng(3))
        for cell in batch
    ]

    assert {len(cell) for cell in cells} == {4}
    assert all(len({p.source for p in cell}) == 1 for cell in cells)


def test_an_epoch_is_the_same_again_however_many_hands_make_it(
    roads: tuple[Picture, ...],
) -> None:
    made = []
    for workers in (1, 3):
        rng = np.random.default_rng(5)
        ours = recipe(workers=workers)
        planned = plan(roads, ours, mosaic=0.5, rng=rng)
        made.append([stacked(views) for views, _ in batches(planned, ours, Images(), rng)])

    for (pixels, boxes), (again, same) in zip(*made, strict=True):
        assert np.array_equal(pixels, again)
        assert np.array_equal(boxes["bboxes"], same["bboxes"])


def test_a_batch_is_rgb_and_its_boxes_are_shares_of_the_view(roads: tuple[Picture, ...]) -> None:
    rng = np.random.default_rng(7)
    ours = recipe()
    views, _ = next(iter(batches(plan(roads, ours, mosaic=0.0, rng=rng), ours, Images(), rng)))

    pixels, boxes = stacked(views)

    assert pixels.shape == (4, 3, 64, 96)
    assert np.array_equal(pixels[1, 0], views[1].image[..., 2])
    assert len(boxes["batch_idx"]) == len(boxes["cls"]) == len(boxes["bboxes"])
    centre, side = boxes["bboxes"][:, :2], boxes["bboxes"][:, 2:]
    assert (centre - side / 2 >= -1e-6).all()
    assert (centre + side / 2 <= 1 + 1e-6).all()


def test_a_flight_is_held_out_whole(roads: tuple[Picture, ...]) -> None:
    flights = [
        replace(p, source="aerial-cars", group=f"flight-{i // 6}") for i, p in enumerate(roads)
    ]

    learnt, held_out = hold_out(flights)

    assert held_out
    assert not {p.group for p in learnt} & {p.group for p in held_out}


def test_the_course_of_a_training_is_drawn_with_every_class_and_loss(tmp_path: Path) -> None:
    rows = [
        {"epoch": 1, "box": 1.5, "class": 2.0, "dfl": 1.1},
        {"epoch": 2, "box": 1.2, "class": 1.1, "dfl": 1.0, "ap50": {"road.<crack>": 0.31}},
        {"epoch": 3, "box": 1.1, "class": 0.9, "dfl": 1.0, "ap50": {"road.<crack>": 0.42}},
    ]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))

    draw_curves(tmp_path / "log.jsonl", tmp_path / "curves.svg")

    drawn = (tmp_path / "curves.svg").read_text(encoding="utf-8")
    assert drawn.count("<polyline") == 4
    assert "road.&lt;crack&gt; 0.420" in drawn
    assert "class 0.900" in drawn


def test_a_training_without_pictures_held_out_draws_its_losses_alone(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"epoch": 1, "box": 1.5, "class": 2.0, "dfl": 1.1}\n')

    draw_curves(tmp_path / "log.jsonl", tmp_path / "curves.svg")

    assert (tmp_path / "curves.svg").read_text(encoding="utf-8").count("<polyline") == 3
