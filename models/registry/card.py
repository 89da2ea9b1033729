"""A model's card: what it is for, what it learnt from, how well it does, what it does not know."""

import json
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from detect.manifest import Recall
from models.errors import ModelsError

CARD_FILE: Final = "card.json"
CARD_TEXT_FILE: Final = "card.md"
FORMAT: Final = 2

Bilingual = tuple[str, str]
"""Chinese, English."""
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Scoring = Literal["labelled classes only", "every class everywhere"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Part):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    @model_validator(mode="after")
    def _lies_in_its_interval(self) -> Self:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.value} lies outside {self.low} to {self.high}")
        return self


class DataSource(_Part):
    """A set of pictures the model learnt from."""

    name: str
    origin: str
    licence: str
    pictures: int = Field(ge=0)
    boxes: dict[str, int]
    labels_by: Literal["people", "teacher", "renderer"]
    note: Bilingual


class Score(_Part):
    """How well a class is found on one set, run as one profile.

    Attributes:
        on: what the set is called; `profile` is like `384x640 int8`.
        kind: whose word counts as truth: people's on real pictures, the renderer's on drawn ones,
            or a teacher model's.
        detections: of the class, at the threshold or above.
        ece: expected calibration error of what `detect` hands on, in bins of equal counts.
    """

    label: str
    on: str
    profile: str
    kind: Literal["real", "rendered", "teacher"]
    scoring: Scoring
    pictures: int = Field(ge=0)
    objects: int = Field(ge=1)
    ap50: Estimate
    ap50_95: Share
    threshold: Share
    detections: int = Field(ge=0)
    precision: Estimate
    recall: Estimate
    ece: Share


class Slice(_Part):
    """How well a class is found on one kind of pictures or objects, labelled classes only."""

    label: str
    on: str
    profile: str
    by: Literal["size", "light", "source"]
    name: str
    pictures: int = Field(ge=0)
    objects: int = Field(ge=1)
    ap50: Share
    precision: Share | None
    recall: Share


class FalseAlarms(_Part):
    """Detections at the threshold in pictures in which the class is labelled and absent."""

    label: str
    on: str
    profile: str
    pictures: int = Field(ge=1)
    alarms: int = Field(ge=0)
    per_1000: Estimate


class ClassRecall(_Part):
    """How likely one pass finds an object of a class, by its size in input pixels."""

    label: str
    bands: tuple[Recall, ...]


class Filing(_Part):
    """Whether a class may file by itself, and why.

    `held_out` is the precision at the threshold where the threshold was set; `measured` that on
    pictures which set nothing, None where the class is nobody's label there.
    """

    label: str
    may_file: bool
    held_out: Estimate
    measured: Estimate | None
    why: Bilingual


class Comparison(_Part):
    """AP50 of a class beside what an earlier model's card states of the same pictures."""

    label: str
    baseline: Share
    ours: Share
    reason: Bilingual | None
    """Why the class does not better the baseline by the margin asked for; None if it does."""


class Quantised(_Part):
    """What the file in 8 bits loses against the one in floats, on the same pictures and shape."""

    sha256: Sha256
    on: str
    shape: str
    ap50_loss: Estimate
    by_label: dict[str, float]


class Training(_Part):
    """How the model came to be; None is not known.

    `parity` is how far ONNX file and checkpoint differ in score.
    """

    trained_on: str
    epochs: Annotated[int, Field(ge=0)] | None
    hours: Annotated[float, Field(ge=0)] | None
    parity: Annotated[float, Field(ge=0)] | None


class ModelCard(_Part):
    """What people and the centre must know of a model before they let it run."""

    format: Literal[2] = FORMAT
    name: str
    version: str
    licence: str
    sha256: Sha256
    int8_sha256: Sha256 | None
    purpose: Bilingual
    labels: tuple[str, ...] = Field(min_length=1)
    data: tuple[DataSource, ...] = Field(min_length=1)
    scores: tuple[Score, ...] = Field(min_length=1)
    slices: tuple[Slice, ...]
    false_alarms: tuple[FalseAlarms, ...]
    recall: tuple[ClassRecall, ...]
    filing: tuple[Filing, ...]
    comparison: tuple[Comparison, ...]
    compared_with: str
    quantised: Quantised | None
    weaknesses: tuple[Bilingual, ...] = Field(min_length=1)
    does_not_know: tuple[Bilingual, ...] = Field(min_length=1)
    training: Training
    machine: str
    ms_per_frame: dict[str, float]

    @property
    def asks_a_person(self) -> tuple[str, ...]:
        """Classes that do not file by themselves."""
        return tuple(entry.label for entry in self.filing if not entry.may_file)

    @model_validator(mode="after")
    def _speaks_of_every_class(self) -> Self:
        for part, said in (
            ("recall", {entry.label for entry in self.recall}),
            ("filing", {entry.label for entry in self.filing}),
        ):
            if said != set(self.labels):
                raise ValueError(f"{part} must speak of each class: {sorted(self.labels)}")
        if (self.quantised.sha256 if self.quantised else None) != self.int8_sha256:
            raise ValueError("the file in 8 bits was not measured")
        return self


class UnusableCard(ModelsError):
    """A model has no card, or one that does not say what it must."""

    def __init__(self, folder: Path, zh: str, en: str) -> None:
        super().__init__(f"模型 {folder.name} 的卡片：{zh}", f"card of model {folder.name}: {en}")
        self.folder = folder


def read_card(folder: Path) -> ModelCard:
    """Read the card in a model's folder.

    Raises:
        UnusableCard: it is missing, incomplete or of an earlier format.
    """
    path = folder / CARD_FILE
    if not path.is_file():
        raise UnusableCard(
            folder,
            f"缺少 {CARD_FILE}，没有卡片的模型不能启用；用 xunhuan-models card 实测后生成",
            f"there is no {CARD_FILE}, and a model without a card stays inactive; "
            "xunhuan-models card measures the model and writes one",
        )
    text = path.read_bytes()
    try:
        return ModelCard.model_validate_json(text)
    except ValidationError as error:
        if _format_of(text) != FORMAT:
            raise UnusableCard(
                folder,
                "由较早的版本生成；请用 xunhuan-models card 重新实测",
                "made by an earlier version; run xunhuan-models card to measure it again",
            ) from error
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnusableCard(
            folder, f"{where} 不合要求", f"{where or 'card'}: {first['msg']}"
        ) from error


def _format_of(text: bytes) -> object:
    """Return the format a card states, 1 where it states none; ours where it is no JSON object."""
    try:
        said = json.loads(text)
    except ValueError:
        return FORMAT
    return said.get("format", 1) if isinstance(said, dict) else FORMAT
