"""Training recipes as people write them."""

from pathlib import Path

import pytest

from models.corpus.recipe import UnusableRecipe, read_recipe
from models.dataset.labels import STREET_LABELS

RECIPES = Path(__file__).parents[2] / "models"


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda p: p.name)
def test_every_recipe_of_ours_can_be_read(path: Path) -> None:
    recipe = read_recipe(path)

    assert recipe.labels
    assert all(len(recipe.absence(name)) == len(recipe.labels) for name in recipe.sources)


def test_a_recipe_that_extends_another_says_only_what_differs() -> None:
    plain, gpu = (read_recipe(RECIPES / name) for name in ("street-n.toml", "street-n-gpu.toml"))

    assert gpu.labels == plain.labels == STREET_LABELS
    assert gpu.epochs > plain.epochs
    assert gpu.sources["trash-e-taco29"].share > plain.sources["trash-e-taco29"].share
    assert gpu.sources["trash-e-taco29"].absence == plain.sources["trash-e-taco29"].absence
    assert gpu.card.weaknesses == plain.card.weaknesses


@pytest.mark.parametrize(
    ("line", "replaced", "fault"),
    [
        ("epochs = 9", "epochs = 0", "epochs"),
        ("epochs = 9", "epocks = 9", "epo"),
        ('"asset.bin",', "", "absence names no label"),
        ('"asset.bin",', '"asset.bin", "asset.bin",', "a class twice"),
        ("epochs = 9", "epochs = ", "Invalid value"),
    ],
)
def test_a_recipe_with_a_slip_is_refused_with_the_place(
    tmp_path: Path, line: str, replaced: str, fault: str
) -> None:
    text = (RECIPES / "street-n.toml").read_text(encoding="utf-8")
    assert line in text
    (tmp_path / "mine.toml").write_text(text.replace(line, replaced, 1), encoding="utf-8")

    with pytest.raises(UnusableRecipe, match=f"mine.toml.*{fault}"):
        read_recipe(tmp_path / "mine.toml")


def test_a_recipe_that_extends_what_is_not_there_names_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('extends = "theirs.toml"\n')

    with pytest.raises(UnusableRecipe, match=r"theirs\.toml"):
        read_recipe(tmp_path / "mine.toml")
