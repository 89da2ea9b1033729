"""Evaluate a model on a labelled folder, alone or beside another."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from detect.detector import Detector
from detect.manifest import Precision
from models.dataset.labelled_pictures import Picture, read_yolo
from models.errors import ModelsError
from models.evaluation.compare import difference
from models.evaluation.evaluate import FLOOR, Outcome, run
from models.evaluation.measures import Setting, false_alarms, scores, slices
from models.evaluation.profiles import Profile, ms_per_frame
from models.registry.card import Estimate, FalseAlarms, Score, Slice


class NothingInCommon(ModelsError):
    """No picture labels a class that the model knows, so that there is nothing to score."""

    def __init__(self, data: Path, model: str, labels: Sequence[str]) -> None:
        super().__init__(
            f"数据集 {data} 没有模型 {model} 认识且有边框的类别（模型认识：{'、'.join(labels)}）",
            f"data set {data} has no boxes of a class that model {model} knows "
            f"({', '.join(labels)})",
        )
        self.data = data


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Against(_Part):
    """How much higher the model's AP50 is than another's on the same pictures, with 95 %."""

    name: str
    version: str
    profile: str
    mean: Estimate
    by_label: dict[str, Estimate]


class Evaluation(_Part):
    """What a model did on one split of a data set.

    `unlabelled` are classes that the model knows and the set does not label, `unknown` those that
    the set labels and the model does not know: neither is scored.
    """

    name: str
    version: str
    profile: str
    data: str
    split: str
    pictures: int
    unlabelled: tuple[str, ...]
    unknown: tuple[str, ...]
    scores: tuple[Score, ...]
    slices: tuple[Slice, ...]
    false_alarms: tuple[FalseAlarms, ...]
    ms_per_frame: float
    against: Against | None


def evaluate(
    model: Path,
    data: Path,
    *,
    split: str,
    shape: tuple[int, int] | None,
    precision: Precision | None,
    against: Path | None,
    in_tiles: bool = False,
) -> Evaluation:
    """Measure a model at the thresholds of its manifest.

    Args:
        data: folder with data.yaml and, if its sources label different classes, sources.csv.
        shape: (height, width) of the input, the model's default if not given.
        precision: what this machine runs best if not given.
        against: another model, run at the same shape and precision on the same pictures.
        in_tiles: look at pictures larger than the input in tiles of its size, as at a drone's.

    Raises:
        UnusableModel: a folder's model cannot be run so.
        BrokenDataset: the data set is not whole.
        NothingInCommon: nothing can be scored.
    """
    pictures = read_yolo(data, split=split, default_source=data.name)
    detector = Detector(model, shape=shape, floor=FLOOR, precision=precision)
    outcome = run(detector, pictures, in_tiles=in_tiles)
    profile = Profile(shape=detector.shape, precision=detector.precision)
    setting = Setting(
        on=split,
        profile=str(profile),
        thresholds={entry.label: entry.threshold for entry in detector.manifest.classes},
        by_people=frozenset(detector.labels),
    )
    rows = scores(outcome, setting)
    if not rows:
        raise NothingInCommon(data, detector.manifest.name, detector.labels)
    known = frozenset().union(*(p.known for p in pictures))
    return Evaluation(
        name=detector.manifest.name,
        version=detector.manifest.version,
        profile=str(profile),
        data=data.name,
        split=split,
        pictures=len(pictures),
        unlabelled=tuple(n for n in detector.labels if n not in known),
        unknown=tuple(sorted(known - frozenset(detector.labels))),
        scores=rows,
        slices=slices(outcome, setting),
        false_alarms=false_alarms(outcome, setting),
        ms_per_frame=ms_per_frame(model, profile),
        against=_against(against, outcome, pictures, profile, in_tiles=in_tiles)
        if against
        else None,
    )


def _against(
    folder: Path,
    outcome: Outcome,
    pictures: Sequence[Picture],
    profile: Profile,
    *,
    in_tiles: bool,
) -> Against:
    other = Detector(folder, shape=profile.shape, floor=FLOOR, precision=profile.precision)
    theirs = run(other, pictures, in_tiles=in_tiles)
    shared = [n for n in outcome.labels if n in theirs.labels and _has_objects(outcome, n)]
    if not shared:
        raise NothingInCommon(folder, other.manifest.name, other.labels)
    found = difference(outcome, theirs, shared)
    return Against(
        name=other.manifest.name,
        version=other.manifest.version,
        profile=str(profile),
        mean=found.mean,
        by_label=dict(found.by_label),
    )


def _has_objects(outcome: Outcome, label: str) -> bool:
    return any(len(each.found_at) for each in outcome.labelled[label])
