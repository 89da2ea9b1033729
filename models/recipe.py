"""How a model is trained: one TOML file, read once, checked."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.card import Bilingual
from models.labels import STREET_LABELS


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
    absence: Mapping[str, float] = {}

    @model_validator(mode="after")
    def _names_known_classes(self) -> Self:
        unknown = set(self.absence) - set(STREET_LABELS)
        if unknown:
            message = f"unknown classes {sorted(unknown)}"
            raise ValueError(message)
        return self


class CardText(BaseModel):
    """What people must state in the card; the measured parts are filled in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    licence: str
    trained_on: str
    purpose: Bilingual
    weaknesses: tuple[Bilingual, ...] = Field(min_length=1)
    does_not_know: tuple[Bilingual, ...] = Field(min_length=1)


class Recipe(BaseModel):
    """Everything that decides what a training does; `shapes` are (height, width) in pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    seed: int
    epochs: int = Field(gt=0)
    batch: int = Field(gt=0)
    rate: float = Field(gt=0)
    warmup_steps: int = Field(gt=0)
    freeze: int = Field(ge=0)
    threads: int = Field(gt=0)
    average_decay: float = Field(gt=0, lt=1)
    average_warmup: float = Field(gt=0)
    teacher_sure: float = Field(gt=0, lt=1)
    rendered_frames: int = Field(ge=0)
    shapes: tuple[tuple[int, int], ...]
    sources: Mapping[str, Source]
    card: CardText

    def share(self, source: str) -> float:
        """Return how often a picture of a source is shown in an epoch."""
        return self.sources[source].share

    def absence(self, source: str) -> list[float]:
        """Return per street class how much its absence counts in a source's pictures."""
        return [self.sources[source].absence.get(name, 1.0) for name in STREET_LABELS]


def read_recipe(path: Path) -> Recipe:
    """Read a training recipe.

    Raises:
        ValidationError: a value is missing, unknown or out of range.
    """
    with path.open("rb") as file:
        return Recipe.model_validate(tomllib.load(file))
