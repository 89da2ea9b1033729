"""A model's card: what it is for, what it learnt from, how well it does, what it does not know."""

from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from detect.manifest import Recall
from models.errors import ModelsError

CARD_FILE: Final = "card.json"

Bilingual = tuple[str, str]
"""Chinese, English."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    """How well a class is found on one set; `low` and `high` bound AP50 at 95 %."""

    label: str
    measured_on: str
    kind: Literal["real", "rendered", "teacher"]
    scoring: Literal["labelled classes only", "every class everywhere"]
    objects: int = Field(ge=0)
    ap50: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    threshold: float = Field(ge=0, le=1)
    precision: float = Field(ge=0, le=1)
    recall: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _lies_in_its_interval(self) -> Self:
        if not self.low <= self.ap50 <= self.high:
            message = f"{self.label}: {self.ap50} outside {self.low} to {self.high}"
            raise ValueError(message)
        return self


class ClassRecall(_Part):
    """How likely one pass finds an object of a class, by its size in input pixels."""

    label: str
    bands: tuple[Recall, ...]


class ModelCard(_Part):
    """What people and the centre must know of a model before they let it run."""

    name: str
    version: str
    licence: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    purpose: Bilingual
    labels: tuple[str, ...] = Field(min_length=1)
    data: tuple[DataSource, ...] = Field(min_length=1)
    scores: tuple[Score, ...] = Field(min_length=1)
    recall: tuple[ClassRecall, ...]
    weaknesses: tuple[Bilingual, ...] = Field(min_length=1)
    does_not_know: tuple[Bilingual, ...] = Field(min_length=1)
    asks_a_person: tuple[str, ...]
    trained_on: str
    epochs: int = Field(ge=0)
    hours: float = Field(ge=0)
    machine: str
    ms_per_frame: dict[str, float]
    parity: float = Field(ge=0)


class UnusableCard(ModelsError):
    """A model has no card, or one that does not say what it must."""

    def __init__(self, folder: Path, zh: str, en: str) -> None:
        super().__init__(f"模型 {folder.name} 的卡片：{zh}", f"card of model {folder.name}: {en}")
        self.folder = folder


def read_card(folder: Path) -> ModelCard:
    """Read the card in a model's folder.

    Raises:
        UnusableCard: it is missing or incomplete.
    """
    path = folder / CARD_FILE
    if not path.is_file():
        raise UnusableCard(
            folder, "缺失，没有卡片的模型不能启用", "missing; a model without one stays inactive"
        )
    try:
        return ModelCard.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnusableCard(
            folder, f"{where} 不合要求", f"{where or 'card'}: {first['msg']}"
        ) from error


def card_text(card: ModelCard) -> str:
    """Return the card as Markdown, Chinese first."""
    lines = [f"# {card.name} {card.version}", "", card.purpose[0], "", card.purpose[1], ""]
    lines += ["## 成绩 / Scores", ""]
    lines += [
        "| 类别 | 数据 | 评分 | n | AP50 (95 %) | 阈值 | P | R |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_score_row(score) for score in card.scores]
    lines += ["", "## 一次通过的召回 / Recall of one pass", ""]
    lines += [
        "| 类别 | √面积 px | n | 均值 | 下界 | 集中度 | 依据 |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_band_row(entry.label, band) for entry in card.recall for band in entry.bands]
    lines += ["", "## 弱点 / Weaknesses", ""]
    lines += [f"- {zh}\n  {en}" for zh, en in card.weaknesses]
    lines += ["", "## 不认识 / Does not know", ""]
    lines += [f"- {zh} / {en}" for zh, en in card.does_not_know]
    lines += ["", "## 数据 / Data", ""]
    lines += [
        f"- {d.name}: {d.pictures}, {d.licence}, {d.origin}. {d.note[0]} / {d.note[1]}"
        for d in card.data
    ]
    lines += ["", "## 训练 / Training", ""]
    lines += [f"{card.trained_on}; {card.epochs} epochs, {card.hours:.1f} h, {card.machine}.", ""]
    lines += [f"{shape}: {ms:.0f} ms" for shape, ms in card.ms_per_frame.items()]
    return "\n".join(lines) + "\n"


def _score_row(score: Score) -> str:
    interval = f"{score.ap50:.2f} ({score.low:.2f}–{score.high:.2f})"
    return (
        f"| {score.label} | {score.measured_on} ({score.kind}) | {score.scoring} | {score.objects} "
        f"| {interval} | {score.threshold:.2f} | {score.precision:.2f} | {score.recall:.2f} |"
    )


def _band_row(label: str, band: Recall) -> str:
    return (
        f"| {label} | {band.min_px:.0f}–{band.max_px:.0f} | {band.objects} | {band.mean:.2f} "
        f"| {band.lower:.2f} | {band.concentration:.0f} | {band.measured_on} |"
    )
