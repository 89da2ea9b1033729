"""A city is data: nothing that a profile that ships says of its city stands in code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dispatch.term import STANDARD_ZH
from tests.dispatch.city import CITIES, profile_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "dispatch", "edge")
DATA = ROOT / "dispatch" / "profiles"
TWINS = ("dispatch/simulation/", "edge/sources/street/")
"""What draws a street or a sight has to say of what; it says it in the detectors' words."""
DEVICES = "edge/"
"""A device knows the classes that its model sees, and how they lie on the ground."""


def names_of(city: str) -> set[str]:
    """Everything of a city that code could name: ids, names, codes that are its own."""
    profile = profile_of(city)
    areas = [*profile.areas.areas, *profile.departments.values(), *profile.boundaries.boundaries]
    zones = list(profile.zoning.zones.zones) if profile.zoning else []
    classes = profile.classes.values()
    return {
        profile.name_zh,
        profile.name_en,
        *(word for each in (*areas, *zones) for word in (each.name_zh, each.name_en)),
        *(each.filing_zh for each in classes if len(each.filing_zh) > 3),
        *(each.closing_en for each in classes if len(each.closing_en) > 12),
        *(grid.id for grid in profile.grids.grids),
        *(code.key.standard for code in classes if code.key.standard.startswith("local:")),
        *(
            {word.zh for said in profile.words.stated.values() for word in said.values() if word.zh}
            - STANDARD_ZH.keys()
        ),
    }


def ids_of(city: str) -> set[str]:
    """Short names that a city gave: a literal that is just one of them is the city's."""
    profile = profile_of(city)
    return {
        profile.county,
        *profile.departments,
        *(rule.rule for rule in profile.responsibilities),
        *(rule.owner for rule in profile.responsibilities if rule.owner != "*"),
        *(reason.code for reason in profile.reasons if not reason.code.isdigit()),
        *(row.season.id for row in profile.limits.rows if row.season),
        *(grade for grade in profile.indicators.grades if len(grade) > 1),
    }


@cache
def literals() -> tuple[tuple[str, str], ...]:
    """Every literal of the shipped code, with its file; docstrings are prose."""
    return tuple(
        (str(file.relative_to(ROOT)), said)
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*"))
        if DATA not in file.parents and "vendor" not in file.parts
        for said in _literals(file)
    )


def _literals(file: Path) -> Iterator[str]:
    if file.suffix == ".py":
        tree = ast.parse(file.read_text(encoding="utf-8"))
        prose = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # a docstring, wherever it stands
        constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
        yield from (c.value for c in constants if isinstance(c.value, str) and id(c) not in prose)
    elif file.suffix in {".js", ".html"}:
        text = file.read_text(encoding="utf-8")
        yield from (said for _, said in re.findall(r"""(["'`])((?:(?!\1).)*)\1""", text))


@pytest.mark.parametrize("city", CITIES)
def test_no_name_of_a_city_stands_in_code(city: str) -> None:
    names, ids = names_of(city), ids_of(city)

    found = {
        (file, said)
        for file, said in literals()
        if said in ids or any(name in said for name in names)
    }

    assert found == set()


def test_the_centre_names_no_class_of_things() -> None:
    labels = {label for city in CITIES for label in profile_of(city).classes}

    named = {
        (file, said)
        for file, said in literals()
        if said in labels and not file.startswith((*TWINS, DEVICES))
    }

    assert named == set()


def test_the_cities_that_ship_share_no_custom_that_a_test_could_rest_on() -> None:
    assert len(CITIES) > 1
    for one, other in ((a, b) for a in CITIES for b in CITIES if a < b):
        assert names_of(one).isdisjoint(names_of(other))
        assert ids_of(one).isdisjoint(ids_of(other))
        ours, theirs = profile_of(one), profile_of(other)
        assert ours.calendar.shifts != theirs.calendar.shifts
        assert ours.automation != theirs.automation
        assert ours.casework != theirs.casework
        assert ours.indicators.grades != theirs.indicators.grades
        assert ours.basemap.datum != theirs.basemap.datum
        for label in set(ours.classes) & set(theirs.classes):
            assert ours.classes[label].key != theirs.classes[label].key, label
