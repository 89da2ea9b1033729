"""What an earlier card of a model says of its training, which measuring again cannot find out."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.corpus.recipe import Recipe
from models.registry.card import CARD_FILE, Training, UnusableCard


class _Facts(BaseModel):
    """The facts of a training, beside which a card says much else."""

    model_config = ConfigDict(extra="ignore")

    epochs: int
    hours: float
    parity: float


def training_of(folder: Path, recipe: Recipe) -> Training:
    """Return how a model was trained, from its card of whichever format; nothing without one.

    Raises:
        UnusableCard: there is a card, and it does not say.
    """
    path = folder / CARD_FILE
    if not path.is_file():
        return Training(trained_on=recipe.card.trained_on, epochs=None, hours=None, parity=None)
    try:
        card = json.loads(path.read_bytes())
        facts = _Facts.model_validate(card.get("training", card))
    except (ValueError, AttributeError, ValidationError) as error:
        raise UnusableCard(
            folder,
            "没有写明训练轮数、时长和导出差异",
            "does not say epochs, hours and parity of the training",
        ) from error
    return Training(trained_on=recipe.card.trained_on, **facts.model_dump())
