"""What people read of a thing's size: measured, judged, or not to be told from a picture."""

import re
from typing import Any

import pytest

from dispatch.wire import Finding, Measure, NotObservable, Quantity, Unseen
from tests.api.open_centre import OpenCentre

DEPTH = NotObservable(quantity=Quantity.DEPTH_M, reason=Unseen.ONE_CAMERA)


def area(value: float, sigma: float = 0.05) -> Measure:
    return Measure(quantity=Quantity.AREA_M2, value=value, sigma=sigma)


def line_of(opened: OpenCentre, found: Finding) -> dict[str, Any]:
    opened.drive(found)
    (line,) = opened.get("supervisor", "/cases")["cases"]
    assert isinstance(line, dict)
    return line


@pytest.mark.parametrize(
    ("measure", "answer", "zh"),
    [
        (area(1.2), "meets", "达到立案标准"),
        (area(0.52), "needs_person", "由人判断"),
        (area(0.2), "falls_short", "未达到立案标准"),
        (None, "needs_person", "由人判断"),
    ],
)
def test_a_case_says_whether_its_size_is_one_to_file(
    opened: OpenCentre, measure: Measure | None, answer: str, zh: str
) -> None:
    line = line_of(opened, opened.find().model_copy(update={"measure": measure}))

    assert line["sizing"]["answer"] == answer
    assert line["sizing"]["words"]["zh"] == zh
    assert "0.5 m²" in line["sizing"]["why"]["en"]


def test_a_case_shows_every_size_and_what_one_camera_cannot_tell(opened: OpenCentre) -> None:
    width = Measure(quantity=Quantity.WIDTH_M, value=0.9, sigma=0.1)
    found = opened.find().model_copy(update={"also_measured": (width,), "not_observable": (DEPTH,)})

    line = line_of(opened, found)

    assert [each["quantity"] for each in line["sizes"]] == ["area_m2", "width_m"]
    assert [each["words"]["zh"] for each in line["unseen"]] == ["深度：单个相机测不出"]
    assert [each["words"]["en"] for each in line["unseen"]] == [
        "depth: one camera cannot observe it"
    ]


def test_the_report_keeps_the_sentence_by_which_the_size_was_judged(opened: OpenCentre) -> None:
    line = line_of(opened, opened.find().model_copy(update={"measure": area(0.52)}))

    story = opened.get("supervisor", f"/cases/{line['id']}")

    assert re.search(
        r"测得面积 0\.52 ± 0\.05 m²，要求面积 0\.5 m² 以上", story["steps"][0]["why"]["zh"]
    )


def test_a_place_names_its_class_of_accuracy(opened: OpenCentre) -> None:
    line = line_of(opened, opened.find())

    assert line["place"]["ce90_m"] <= 10.0
    assert line["place"]["accuracy"] in {"A", "B", "C"}
