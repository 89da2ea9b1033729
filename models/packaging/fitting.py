"""What is decided on training pictures that were held out: thresholds and calibration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from detect.manifest import Calibration
from models.dataset.labels import TRAFFIC_LABELS
from models.evaluation.calibration import balanced_threshold, calibrate, filing_threshold
from models.evaluation.evaluate import Outcome
from models.evaluation.intervals import share_of
from models.evaluation.scoring import curve
from models.registry.card import Estimate

MEASURED_ON: Final = "training pictures held out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What one class's held-out pictures say.

    Attributes:
        threshold: raw score from which the class is reported.
        files: whether its precision there is surely enough to file by itself.
        precision: at the threshold, with its interval, every class scored everywhere.
    """

    label: str
    threshold: float
    calibration: Calibration
    files: bool
    precision: Estimate


def fit(held_out: Outcome, labels: Sequence[str]) -> tuple[Fitted, ...]:
    """Set thresholds and calibration; a class that is nobody's label there asks a person.

    A class that cannot file is reported at the score of its best F1, people and vehicles always.
    Every class is scored everywhere: on a street nobody says beforehand which classes a frame may
    show.
    """
    matches = held_out.everywhere
    fitted = []
    for name in labels:
        line = curve(matches.get(name, ()))
        surely = None if name in TRAFFIC_LABELS else filing_threshold(line)
        threshold = balanced_threshold(line) if surely is None else surely
        given = line.taken(threshold)
        fitted.append(
            Fitted(
                label=name,
                threshold=threshold,
                calibration=calibrate(matches.get(name, ()), measured_on=MEASURED_ON),
                files=surely is not None,
                precision=share_of(round(line.at(threshold)[0] * given), given),
            )
        )
    return tuple(fitted)
