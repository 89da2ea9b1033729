"""Which finds the centre lets file unasked, by the cards of the models that it knows."""

from dataclasses import dataclass

import pytest

from dispatch import wire
from dispatch.ports.unit_of_work import Question
from dispatch.triage.triage import CardWord
from tests.api.open_centre import OpenCentre
from tests.dispatch import making

ASKED = "road.pothole"
LET = "sanitation.bin_overflow"
KNOWN = wire.ModelRef(name="known-n", version="1.2.0", sha256="c0" * 32)


@dataclass(frozen=True)
class Card:
    """What the centre reads of a card."""

    labels: tuple[str, ...] = (ASKED, LET)
    asks_a_person: tuple[str, ...] = (ASKED,)


@dataclass(frozen=True)
class Model:
    """A model with its card."""

    card: Card = Card()


@pytest.fixture
def knowing(opened: OpenCentre) -> OpenCentre:
    """A centre that knows one model, whose card has a person asked about potholes alone."""
    object.__setattr__(opened.centre, "models", {KNOWN.sha256: Model()})
    return opened


@pytest.mark.parametrize(
    ("model", "label", "word"),
    [
        (KNOWN, LET, CardWord.MAY_FILE),
        (KNOWN, ASKED, CardWord.ASKS),
        (KNOWN, "street.vending", CardWord.ASKS),
        (making.MODEL, LET, CardWord.UNKNOWN),
    ],
)
def test_the_centre_reads_the_card_of_the_model_that_saw(
    knowing: OpenCentre, model: wire.ModelRef, label: str, word: CardWord
) -> None:
    assert knowing.centre.card_word(model, label) is word


def prove(opened: OpenCentre, label: str, model: wire.ModelRef) -> None:
    """Have people find a model right about a class, two thousand times."""
    with opened.centre.begin() as uow:
        for _ in range(2000):
            who = f"{model.name} {model.version}"
            uow.verdicts.add(Question.FIND_TRUE, label=label, who=who, answer=True)
        uow.commit()


@pytest.mark.parametrize(
    ("model", "label", "status", "said"),
    [
        (KNOWN, LET, "dispatched", ""),
        (KNOWN, ASKED, "reported", "模型卡写明这类发现先问人"),
        (making.MODEL, LET, "reported", "中心没有这版模型的卡片，先问人"),
    ],
)
def test_a_find_files_unasked_only_if_its_models_card_lets_it(
    knowing: OpenCentre, model: wire.ModelRef, label: str, status: str, said: str
) -> None:
    prove(knowing, label, model)
    found = knowing.find(label=label)

    knowing.drive(found.model_copy(update={"model": model, "probabilities": {label: 0.99}}))

    (line,) = knowing.get("supervisor", "/cases?limit=200")["cases"]
    story = knowing.get("supervisor", f"/cases/{line['id']}")
    why = story["steps"][0]["why"]
    assert line["status"] == status
    assert said in why["zh"]
    assert bool(said) == ("card" in why["en"])


def test_a_find_held_back_says_why_it_was_asked_about_later(opened: OpenCentre) -> None:
    heap = "sanitation.garbage_pile"
    opened.drive(opened.find(label=heap).model_copy(update={"probabilities": {heap: 0.1}}))
    opened.watch.later(days=1)

    surer = opened.find("2", label=heap).model_copy(update={"probabilities": {heap: 0.9}})
    opened.drive(surer)

    (line,) = opened.get("supervisor", "/cases?limit=200")["cases"]
    steps = opened.get("supervisor", f"/cases/{line['id']}")["steps"]
    held, asked = (each for each in steps if each["why"])
    assert "先留存观察" in held["why"]["zh"]
    assert (asked["action"], asked["role"]["zh"]) == ("ask_confirmation", "系统")
    assert "先问人" in asked["why"]["zh"]
