"""Which classes may file by themselves."""

import pytest

from detect.manifest import Calibration
from models.packaging.filing import decide
from models.packaging.fitting import Fitted
from models.registry.card import Estimate, Score

SURE = Estimate(value=0.93, low=0.87, high=0.97)


def fitted(label: str = "road.pothole", *, files: bool = True) -> Fitted:
    return Fitted(
        label=label,
        threshold=0.4,
        calibration=Calibration(measured_on="a test"),
        files=files,
        precision=SURE,
    )


def measured(
    precision: float, *, profile: str = "384x640 fp32", label: str = "road.pothole"
) -> Score:
    figure = Estimate(value=precision, low=precision - 0.05, high=min(1.0, precision + 0.05))
    return Score(
        label=label,
        on="val",
        profile=profile,
        kind="real",
        scoring="every class everywhere",
        pictures=10,
        objects=3,
        ap50=figure,
        ap50_95=0.3,
        threshold=0.4,
        detections=40,
        precision=figure,
        recall=figure,
        ece=0.05,
    )


def test_a_class_that_held_out_and_validation_both_trust_files_by_itself() -> None:
    filing = decide(fitted(), [measured(0.9)])

    assert filing.may_file
    assert filing.held_out == SURE
    assert filing.measured is not None


def test_validation_takes_the_permission_back_but_never_gives_it() -> None:
    assert not decide(fitted(), [measured(0.84)]).may_file
    assert not decide(fitted(files=False), [measured(0.99)]).may_file


def test_the_worst_way_of_running_decides() -> None:
    filing = decide(fitted(), [measured(0.9), measured(0.8, profile="384x640 int8")])

    assert not filing.may_file
    assert "384x640 int8" in filing.why[0]


@pytest.mark.parametrize("scores", [[], [measured(0.99, label="asset.bin")]])
def test_a_class_that_nobody_measured_asks_a_person(scores: list[Score]) -> None:
    assert not decide(fitted(), scores).may_file


def test_vehicles_never_file_by_themselves_however_precise() -> None:
    scores = [measured(1.0, label="traffic.vehicle")]

    assert not decide(fitted("traffic.vehicle"), scores).may_file
