"""How a model is trained: one TOML file, read once, checked."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.dataset.labels import STREET_LABELS
from models.errors import ModelsError
from models.registry.card import Bilingual


class UnusableRecipe(ModelsError):
    """A training recipe does not say what it must."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(
            f"训练配方 {path.name} 不能用：{fault}", f"the recipe {path.name} is unusable: {fault}"
        )
        self.path, self.fault = path, fault


class Source(BaseModel):
    """How one source of pictures takes part.

    `share`: how often each of its pictures is shown in an epoch; `zoom`: how many times larger
    than whole, for frames in which things are small.
    `absence`: per class, how far a picture without a box says that the class is absent, 0 to 1;
    classes not named count 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    licence: str
    labels_by: Literal["people", "teacher", "renderer"] = "people"
    note: Bilingual
    share: float = Field(ge=0)
    zoom: float = Field(default=1.0, gt=0)
    absence: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = {}


class Baseline(BaseModel):
    """An earlier model's AP50 on the same pictures, as its card states it.

    `margin` is by how much the new one shall better it, `behind` why it does not where it does not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    margin: float = Field(default=0.05, ge=0)
    ap50: Mapping[str, Annotated[float, Field(ge=0, le=1)]]
    behind: Bilingual


class CardText(BaseModel):
    """What people must state in the card; the measured parts are filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    licence: str
    trained_on: str
    purpose: Bilingual
    weaknesses: tuple[Bilingual, ...] = Field(min_length=1)
    does_not_know: tuple[Bilingual, ...] = Field(min_length=1)
    baseline: Baseline | None = None


class Recipe(BaseModel):
    """Everything that decides what a training does.

    Attributes:
        labels: catalogue names of what the model shall know, in the order of its outputs.
        view: which pictures it learns from: a vehicle's, a drone's (turned freely), or those of
            faces and plates; these have a network of their own.
        shapes: (height, width) of the input, pixels; one is drawn for every batch.
        runs_at: (height, width) of the input at which it is measured and may run.
        quantised: whether the package gets a second file in 8 bits.
        half: compute in bfloat16 where precision allows it; weights stay in single precision.
        mosaic: share of views joined from four pictures of one source, 0 to 1.
        mosaic_until: share of the epochs after which views are whole again.
        workers: threads that make views.
        check_every: epochs between two looks at the pictures held out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    labels: tuple[str, ...] = Field(min_length=1)
    view: Literal["street", "overhead", "privacy"] = "street"
    seed: int
    epochs: int = Field(gt=0)
    batch: int = Field(gt=0)
    rate: float = Field(gt=0)
    warmup_steps: int = Field(gt=0)
    freeze: int = Field(ge=0)
    threads: int = Field(gt=0)
    half: bool = False
    workers: int = Field(default=1, gt=0)
    mosaic: float = Field(default=0.0, ge=0, le=1)
    mosaic_until: float = Field(default=0.8, ge=0, le=1)
    check_every: int = Field(default=1, gt=0)
    average_decay: float = Field(gt=0, lt=1)
    average_warmup: float = Field(gt=0)
    teacher_sure: float = Field(gt=0, lt=1)
    rendered_frames: int = Field(ge=0)
    shapes: tuple[tuple[int, int], ...]
    runs_at: tuple[tuple[int, int], ...] = Field(default=((384, 640), (640, 640)), min_length=1)
    quantised: bool = True
    sources: Mapping[str, Source]
    card: CardText

    @model_validator(mode="after")
    def _names_its_own_classes(self) -> Self:
        if len(set(self.labels)) < len(self.labels):
            message = f"类别重复 / a class twice: {self.labels}"
            raise ValueError(message)
        named = frozenset().union(*(source.absence for source in self.sources.values()))
        if unknown := sorted(named - set(self.labels)):
            message = f"absence 中的类别不在 labels 中 / absence names no label: {unknown}"
            raise ValueError(message)
        return self

    @property
    def numbered(self) -> tuple[str, ...]:
        """Return the names that the labels of its pictures count."""
        return self.labels if self.view == "privacy" else STREET_LABELS

    def share(self, source: str) -> float:
        """Return how often a picture of a source is shown in an epoch."""
        return self.sources[source].share

    def absence(self, source: str) -> list[float]:
        """Return per output how much its class's absence counts in a source's pictures."""
        return [self.sources[source].absence.get(name, 1.0) for name in self.labels]


def read_recipe(path: Path) -> Recipe:
    """Read a training recipe.

    A file that `extends` another beside it states only what differs; tables are taken over key by
    key, lists whole.

    Raises:
        UnusableRecipe: a file is missing or no TOML, or a value is missing, unknown, out of range.
    """
    try:
        return Recipe.model_validate(_table(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "/"
        raise UnusableRecipe(path, f"{where}: {first['msg']}") from error


def _table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableRecipe(path, error.strerror or "unreadable") from error
    except tomllib.TOMLDecodeError as error:
        raise UnusableRecipe(path, str(error)) from error
    base = table.pop("extends", None)
    if base is None:
        return table
    # Beside this file and nowhere else: a chain of files cannot be followed by a reader.
    return _over(_table(path.with_name(Path(str(base)).name)), table)


def _over(base: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in table.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _over(old, value)
        else:
            merged[key] = value
    return merged
