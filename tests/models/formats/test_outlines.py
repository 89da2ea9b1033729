"""Outlines of DOTA and labelme, and what of an outline lies in the picture."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BrokenDataset
from models.formats.dota import read_dota
from models.formats.inside import inside
from models.formats.labelme import read_labelme
from models.formats.sheet import outline, upright
from tests.models.formats.drawn import bounds, picture, wrote


def test_an_oriented_box_of_an_aerial_picture_is_read_in_pixels(tmp_path: Path) -> None:
    picture(tmp_path / "images" / "P1.png", width=300, height=200)
    lines = "imagesource:GoogleEarth\ngsd:0.15\n100 50 150 100 100 150 50 100 small-vehicle 0\n"
    wrote(tmp_path / "labelTxt" / "P1.txt", lines + "10 10 20 10 20 20 10 20 plane 1\n")

    (sheet,) = read_dota(tmp_path, pictures=None, split="train", unlabelled_empty=False).sheets

    assert sheet.size == (300, 200)
    assert [(m.name, bounds(m), m.claimed, m.line) for m in sheet.annotations] == [
        ("small-vehicle", [50, 50, 150, 150], True, 3),
        ("plane", [10, 10, 20, 20], False, 4),
    ]


@pytest.mark.parametrize("line", ["1 2 3 4 5 6 7 8", "1 2 3 4 5 6 7 x car 0", "car 0"])
def test_a_line_that_is_no_oriented_box_is_refused(tmp_path: Path, line: str) -> None:
    picture(tmp_path / "images" / "P1.png")
    wrote(tmp_path / "labelTxt" / "P1.txt", f"gsd:null\n{line}\n")

    with pytest.raises(BrokenDataset, match=r"P1\.txt:2"):
        read_dota(tmp_path, pictures=None, split="train", unlabelled_empty=False)


def labelme(tmp_path: Path, *shapes: dict[str, Any]) -> Path:
    picture(tmp_path / "a.png")
    file = {
        "imagePath": "..\\..\\secret.png",
        "imageData": None,
        "imageWidth": 200,
        "imageHeight": 100,
        "shapes": [{"label": "pothole", **shape} for shape in shapes],
    }
    wrote(tmp_path / "a.json", json.dumps(file))
    return tmp_path


def test_every_shape_with_an_extent_is_read(tmp_path: Path) -> None:
    root = labelme(
        tmp_path,
        {"shape_type": "polygon", "points": [[10, 10], [30, 20], [20, 40]]},
        {"shape_type": "rectangle", "points": [[60, 50], [40, 20]]},
        {"shape_type": "circle", "points": [[100, 50], [100, 60]]},
        {"shape_type": "linestrip", "points": [[0, 0], [5, 5], [9, 30]]},
    )

    (sheet,) = read_labelme(root, pictures=None, split="train", unlabelled_empty=False).sheets

    assert [bounds(m) for m in sheet.annotations] == [
        [10, 10, 30, 40],
        [40, 20, 60, 50],
        pytest.approx([90, 40, 110, 60], abs=0.1),
        [0, 0, 9, 30],
    ]


@pytest.mark.parametrize(
    "shape",
    [
        {"shape_type": "point", "points": [[10, 10]]},
        {"shape_type": "polygon", "points": [[10, 10]]},
        {"shape_type": "polygon", "points": []},
        {"shape_type": "polygon", "points": [[10, float("nan")], [1, 1], [2, 2]]},
        {"shape_type": "rectangle", "points": [[1, 1], [2, 2], [3, 3]]},
        {"shape_type": "star", "points": [[1, 1], [2, 2], [3, 3]]},
    ],
)
def test_a_shape_without_an_extent_is_refused(tmp_path: Path, shape: dict[str, Any]) -> None:
    with pytest.raises(BrokenDataset, match=r"a\.json"):
        read_labelme(labelme(tmp_path, shape), pictures=None, split="x", unlabelled_empty=False)


def test_a_slanted_outline_is_cut_before_it_is_boxed() -> None:
    square_on_its_corner = outline([0.0, 0.3, 0.2, 0.5, 0.0, 0.7, -0.2, 0.5])
    arrow_outside = outline([-0.5, 0.0, 0.1, 0.5, -0.5, 1.0])

    half = inside([square_on_its_corner])
    tip = inside([arrow_outside])

    assert half.clipped
    assert half.box == pytest.approx([0, 0.3, 0.2, 0.7], abs=1e-6)
    assert tip.box == pytest.approx([0, 5 / 12, 0.1, 7 / 12], abs=1e-6)


def test_what_lies_outside_or_has_no_area_leaves_nothing() -> None:
    assert inside([upright(1.2, 0.2, 1.5, 0.4)]).box is None
    assert inside([upright(0.2, 0.2, 0.2, 0.4)]).box is None
    assert inside([upright(0.5, 0.2, 0.3, 0.4)]).box is None


def test_rounding_at_the_border_is_no_clipping() -> None:
    assert not inside([upright(0.5, 0.5, 1.001, 1.0)]).clipped


near = st.floats(-1.5, 2.5, allow_nan=False)


@given(st.lists(st.tuples(near, near), min_size=3, max_size=8))
def test_what_is_left_lies_in_the_picture_and_in_the_outlines_bounds(
    corners: list[tuple[float, float]],
) -> None:
    whole = np.array(corners)

    left = inside([whole]).box

    if left is not None:
        assert (left >= 0).all()
        assert (left <= 1).all()
        assert (left[:2] >= whole.min(0) - 1e-6).all()
        assert (left[2:] <= whole.max(0) + 1e-6).all()


@given(near, near, st.floats(0.01, 2), st.floats(0.01, 2))
def test_an_upright_box_is_cut_side_by_side(x: float, y: float, w: float, h: float) -> None:
    left = inside([upright(x, y, x + w, y + h)]).box

    expected = np.clip([x, y, x + w, y + h], 0, 1).astype(np.float32)
    if math.isclose(expected[0], expected[2], abs_tol=1e-6) or math.isclose(
        expected[1], expected[3], abs_tol=1e-6
    ):
        return
    assert left == pytest.approx(expected, abs=1e-6)
