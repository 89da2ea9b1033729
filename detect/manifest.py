"""What a model file must say about itself: `manifest.json` beside `model.onnx`.

`models` writes it, `detect` runs by it, and the centre's registry reads it without numpy.
"""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from detect.errors import DetectError

MANIFEST_FILE: Final = "manifest.json"
FILE_PATTERN: Final = r"^[A-Za-z0-9_.-]+\.onnx$"
HASH_PATTERN: Final = r"^[0-9a-f]{64}$"
LABEL_PATTERN: Final = r"^[a-z]+(?:_[a-z]+)*\.[a-z0-9]+(?:_[a-z0-9]+)*$"

Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Pixels = Annotated[int, Field(ge=32, le=4096, multiple_of=32)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OutputLayout(StrEnum):
    """How the model's first output is laid out."""

    YOLO = "yolo"
    """(batch, 4 + classes, anchors): centre x, y, width, height in input pixels, then scores."""
    END_TO_END = "end_to_end"
    """(batch, k, 6): left, top, right, bottom in input pixels, score, class; no suppression."""


class Precision(StrEnum):
    """How a model computes."""

    FP32 = "fp32"
    INT8 = "int8"


class ChannelOrder(StrEnum):
    """Which colour the model's first input channel is."""

    RGB = "rgb"
    BGR = "bgr"
    """As frames are decoded; `models/export/fold.py` makes a model take them so."""


class Input(_Part):
    """How a frame becomes the model's input: letterboxed, its bytes times `scale`, NCHW float32."""

    name: str
    shapes: Annotated[tuple[tuple[Pixels, Pixels], ...], Field(min_length=1)]
    """(height, width) pairs that were measured; the first is the default."""
    pad: Annotated[int, Field(ge=0, le=255)] = 114
    scale: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0 / 255.0
    channels: ChannelOrder = ChannelOrder.RGB


class Calibration(_Part):
    """Chance of being true from a raw score s: 1 / (1 + exp(-(slope · logit(s) + offset)))."""

    slope: Annotated[float, Field(gt=0.0, le=100.0)] = 1.0
    offset: Annotated[float, Field(ge=-50.0, le=50.0)] = 0.0
    measured_on: str


class Recall(_Part):
    """Share of objects of a size that one pass detects, as a spread over objects.

    The size is the square root of the box area in pixels of the model's input.
    Mean and lower bound (one-sided 95 %) are of the share; concentration is a + b of the Beta,
    assumed unless repeated views of the same objects told it.
    """

    min_px: Annotated[float, Field(ge=0.0)]
    max_px: Annotated[float, Field(gt=0.0)]
    light: Literal["day", "dim", "night"] = "day"
    mean: Share
    lower: Share
    concentration: Annotated[float, Field(gt=0.0, le=1000.0)]
    concentration_assumed: bool = True
    objects: Annotated[int, Field(ge=0)]
    measured_on: Literal["real", "rendered", "assumed"]

    @model_validator(mode="after")
    def _is_a_band(self) -> Self:
        if not (self.min_px < self.max_px and self.lower <= self.mean):
            raise ValueError("a recall band needs min_px < max_px and lower <= mean")
        return self


class Missed(_Part):
    """How many things of a class a model misses, of those that people marked.

    Measured on pictures that it did not learn from; the bound is the upper one of a two-sided 95 %
    interval of the share (Wilson 1927).
    """

    marked: Annotated[int, Field(ge=1)]
    missed: Annotated[int, Field(ge=0)]
    upper: Share
    min_px: Annotated[float, Field(ge=0.0)]
    """The smallest size that was asked for, pixels of the picture."""

    @model_validator(mode="after")
    def _bounds_the_share(self) -> Self:
        if not self.missed / self.marked <= self.upper:
            raise ValueError("missed is more than marked, or upper lies below their ratio")
        return self


class ClassEntry(_Part):
    """One class: its catalogue name, when to report it, and how far to trust it."""

    label: Annotated[str, StringConstraints(pattern=LABEL_PATTERN, max_length=64)]
    threshold: Share
    calibration: Calibration
    recall: tuple[Recall, ...] = ()
    missed: Missed | None = None


class Quantised(_Part):
    """The same model in 8-bit integers, beside the first file."""

    file: Annotated[str, StringConstraints(pattern=FILE_PATTERN)]
    sha256: Annotated[str, StringConstraints(pattern=HASH_PATTERN)]
    shapes: Annotated[tuple[tuple[Pixels, Pixels], ...], Field(min_length=1)]
    """(height, width) pairs at which its accuracy was measured; some or all of the input's."""


class Manifest(_Part):
    """The contract of a model file."""

    format: Literal[1] = 1
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    licence: Annotated[str, StringConstraints(min_length=1)]
    file: Annotated[str, StringConstraints(pattern=FILE_PATTERN)]
    sha256: Annotated[str, StringConstraints(pattern=HASH_PATTERN)]
    int8: Quantised | None = None
    input: Input
    output: OutputLayout
    suppression_iou: Annotated[float, Field(gt=0.0, lt=1.0)] = 0.6
    max_detections: Annotated[int, Field(ge=1, le=3000)] = 300
    classes: Annotated[tuple[ClassEntry, ...], Field(min_length=1, max_length=1000)]

    @property
    def labels(self) -> tuple[str, ...]:
        """Catalogue names in the order of the model's outputs."""
        return tuple(entry.label for entry in self.classes)

    @property
    def hashes(self) -> tuple[str, ...]:
        """The hashes of the model's files, any of which may be the one that ran."""
        return (self.sha256,) if self.int8 is None else (self.sha256, self.int8.sha256)

    def entry(self, label: str) -> ClassEntry | None:
        """Give what the manifest says of one class, or None if the model does not know it."""
        return next((entry for entry in self.classes if entry.label == label), None)

    def offers(self, precision: Precision, shape: tuple[int, int]) -> bool:
        """Say whether a precision was measured at an input of (height, width)."""
        if precision is Precision.FP32:
            return shape in self.input.shapes
        return self.int8 is not None and shape in self.int8.shapes

    def file_of(self, precision: Precision) -> str:
        """Give the name of the file that computes in a precision.

        Raises:
            LookupError: the model does not have it.
        """
        if precision is Precision.FP32:
            return self.file
        if self.int8 is None:
            raise LookupError(f"{self.name} has no {precision.value} file")
        return self.int8.file

    def sha256_of(self, precision: Precision) -> str:
        """Give the hash of the file that computes in a precision.

        Raises:
            LookupError: the model does not have it.
        """
        if precision is Precision.FP32:
            return self.sha256
        if self.int8 is None:
            raise LookupError(f"{self.name} has no {precision.value} file")
        return self.int8.sha256

    @model_validator(mode="after")
    def _measured_its_second_file_where_it_runs(self) -> Self:
        if self.int8 is None:
            return self
        if not set(self.int8.shapes) <= set(self.input.shapes):
            raise ValueError("int8.shapes names a shape that input.shapes does not")
        if self.int8.file == self.file:
            raise ValueError("int8.file is the file of full precision")
        return self

    @model_validator(mode="after")
    def _names_each_class_once(self) -> Self:
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("a class is named twice")
        return self


class UnusableModel(DetectError):
    """A model folder cannot be used, and why."""

    def __init__(self, folder: Path, zh: str, en: str) -> None:
        super().__init__(f"模型 {folder} 不能用：{zh}", f"model {folder} cannot be used: {en}")
        self.folder = folder


def read_manifest(folder: Path) -> Manifest:
    """Read and check a model folder's manifest and the hashes of its files.

    Raises:
        UnusableModel: no manifest, a manifest that says too little, a missing file, a wrong hash.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise UnusableModel(folder, f"缺少 {MANIFEST_FILE}", f"there is no {MANIFEST_FILE}")
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "/"
        raise UnusableModel(
            folder, f"清单 {where} 有误：{first['msg']}", f"manifest {where}: {first['msg']}"
        ) from error
    _check_file(folder, manifest.file, manifest.sha256)
    if manifest.int8 is not None:
        _check_file(folder, manifest.int8.file, manifest.int8.sha256)
    return manifest


def _check_file(folder: Path, file: str, sha256: str) -> None:
    weights = folder / file
    if not weights.is_file():
        raise UnusableModel(
            folder,
            f"缺少 {file}；请重新取得完整的模型包",
            f"there is no {file}; fetch the whole package again",
        )
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != sha256:
        raise UnusableModel(
            folder,
            f"{file} 的哈希是 {found[:12]}…，清单写的是 {sha256[:12]}…；请重新取得完整的模型包",
            f"{file} has hash {found[:12]}…, its manifest says {sha256[:12]}…; "
            "fetch the whole package again",
        )
