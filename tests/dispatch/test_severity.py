"""How grave a thing is: by its size where that is sure, else the lowest, or a person's word."""

from dataclasses import replace

import pytest

from dispatch.case.step import Decision
from dispatch.case.transition import Action
from dispatch.catalogue.catalog import CatalogClass
from dispatch.loop import casework
from dispatch.triage.severity import NotASeverity, grade
from dispatch.wire import Measure, NotObservable, Quantity, Unseen
from tests.dispatch.city import COLLECTOR, SUPERVISOR, City, automated, demo_profile

PROFILE = demo_profile()
POTHOLE = PROFILE.classes["road.pothole"]
FLOODING = PROFILE.classes["water.flooding"]


@pytest.fixture
def city() -> City:
    return City()


def area(value: float, sigma: float = 0.05) -> Measure:
    return Measure(quantity=Quantity.AREA_M2, value=value, sigma=sigma)


@pytest.mark.parametrize(
    ("category", "sizes", "severity"),
    [
        (POTHOLE, (), "general"),
        (POTHOLE, (area(0.6),), "general"),
        (POTHOLE, (area(1.5),), "serious"),
        (POTHOLE, (area(3.0),), "urgent"),
        (POTHOLE, (area(2.0, 0.5),), "serious"),
        (FLOODING, (area(400.0, 5.0),), "serious"),
        (PROFILE.classes["sanitation.litter"], (area(9.0),), None),
    ],
)
def test_the_gravest_level_whose_size_is_sure_is_taken(
    category: CatalogClass, sizes: tuple[Measure, ...], severity: str | None
) -> None:
    assert grade(category, sizes).severity == severity


def test_what_no_picture_tells_of_a_graver_level_is_said() -> None:
    unseen = NotObservable(quantity=Quantity.DEPTH_M, reason=Unseen.ONE_CAMERA)

    said = grade(POTHOLE, (area(1.5),), (unseen,))

    assert said.severity == "serious"
    assert "紧急" in said.why_zh
    assert "深度" in said.why_zh
    assert "urgent" in said.why_en.lower()


def test_a_reported_case_says_how_grave_it_was_measured(city: City) -> None:
    case = city.case(city.reported())

    assert case.severity == "general"
    assert "grading" in case.history[0].grounds


def test_who_confirms_may_say_that_it_is_graver_and_the_record_keeps_both(city: City) -> None:
    id_ = city.reported()

    said = Decision(by=COLLECTOR, at=city.later(minutes=5), severity="urgent")
    casework.confirm_case(id_, said, profile=city.profile, uow=city.uow)

    case = city.case(id_)
    confirmed = case.last(Action.CONFIRM)
    assert confirmed is not None
    assert case.severity == "urgent"
    assert confirmed.grounds["severity"] == {"from": "general", "to": "urgent"}


def test_who_files_may_say_how_grave_it_is(city: City) -> None:
    city.profile = automated(city.profile, file=False)
    id_ = city.reported()
    seen = Decision(by=COLLECTOR, at=city.later(minutes=5))
    casework.confirm_case(id_, seen, profile=city.profile, uow=city.uow)

    said = Decision(by=SUPERVISOR, at=city.later(minutes=5), severity="serious")
    casework.file_case(id_, said, profile=city.profile, uow=city.uow)

    assert city.case(id_).severity == "serious"


def test_a_level_that_the_class_has_not_is_refused_with_those_it_has(city: City) -> None:
    id_ = city.reported()

    said = Decision(by=COLLECTOR, at=city.later(minutes=5), severity="grave")
    with pytest.raises(NotASeverity) as refused:
        casework.confirm_case(id_, said, profile=city.profile, uow=city.uow)

    assert "serious 较重" in refused.value.zh
    assert city.case(id_).severity == "general"


def test_a_case_keeps_the_levels_it_was_made_with(city: City) -> None:
    id_ = city.reported()
    case = city.case(id_)
    plain = replace(POTHOLE, severities=())

    city.profile = replace(city.profile, classes={**city.profile.classes, "road.pothole": plain})

    assert [level.code for level in case.category.severities] == ["general", "serious", "urgent"]
    assert city.case(id_).severity == "general"
