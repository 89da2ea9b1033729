"""What the desk is told and shown of components, of open ground, and of earlier decisions."""

from datetime import date
from typing import Any

import pytest

from dispatch.catalogue.component import AccuracyClass, Component, Condition
from dispatch.ids import DepartmentId
from tests.api.open_centre import OpenCentre
from tests.dispatch import making

COVER = "99990101002000901"
DRAINAGE = DepartmentId("drainage")


def hold(opened: OpenCentre, *components: tuple[str, str, float]) -> None:
    with opened.centre.begin() as uow:
        for id_, owner, north_m in components:
            place = making.place(north_m=north_m)
            uow.components.save(
                Component(
                    id=id_,
                    type=("GB/T 47678.5-2026", "01002"),
                    latitude=place.latitude,
                    longitude=place.longitude,
                    accuracy=AccuracyClass.B,
                    owner=owner,
                    condition=Condition.INTACT,
                    name="污水井",
                    valid_from=date(2026, 1, 1),
                )
            )
        uow.commit()


def filed(opened: OpenCentre) -> dict[str, Any]:
    """Have a missing cover found and confirmed, and give its story."""
    found = making.finding("cover", at=opened.watch.now, label="road.manhole_missing")
    opened.send(found.model_copy(update={"evidence": ()}))
    (line,) = opened.get("supervisor", "/cases?limit=10")["cases"]
    if line["status"] == "reported":
        opened.watch.later(minutes=5)
        assert opened.decide("collector", line["id"], "confirm").status_code == 200
    return story(opened, line["id"])


def story(opened: OpenCentre, id_: str) -> dict[str, Any]:
    told: dict[str, Any] = opened.get("dispatcher", f"/cases/{id_}")
    return told


def test_a_case_names_its_component_and_owner(opened: OpenCentre) -> None:
    hold(opened, (COVER, "drainage", 0.0))

    told = filed(opened)

    assert told["component"]["standing"] == "known"
    assert (told["component"]["id"], told["component"]["owner"]) == (COVER, "drainage")
    assert told["line"]["department"] == "drainage"
    assert told["undecided"] is None


def test_the_dispatcher_names_one_of_several_and_the_rule_goes_on(opened: OpenCentre) -> None:
    other = COVER[:-1] + "2"
    hold(opened, (COVER, "drainage", 0.0), (other, "municipal", 0.4))
    told = filed(opened)
    id_ = told["line"]["id"]

    assert told["component"]["standing"] == "several"
    assert {each["id"] for each in told["component"]["fitting"]} == {COVER, other}
    assert "权属不同" in told["undecided"]["zh"]

    assert opened.decide("dispatcher", id_, "component", component=COVER).status_code == 200

    after = story(opened, id_)
    assert (after["component"]["standing"], after["component"]["id"]) == ("known", COVER)
    assert after["line"]["department"] == "drainage"
    assert after["history_intact"]


def test_a_component_that_the_registry_does_not_have_is_refused(opened: OpenCentre) -> None:
    told = filed(opened)

    answer = opened.decide("dispatcher", told["line"]["id"], "component", component=COVER)

    assert answer.status_code == 422
    assert answer.json()["code"] == "NoSuchComponent"


def test_the_map_shows_the_components_in_view_and_says_where_there_are_too_many(
    opened: OpenCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(opened, (COVER, "drainage", 0.0), ("99990101002000902", "telecom", 400.0))
    here = making.place()
    west, south = here.longitude - 0.001, here.latitude - 0.001
    box = f"bbox={west},{south},{west + 0.002},{south + 0.002}"

    near = opened.get("dispatcher", f"/map/components?{box}")
    far = opened.get("dispatcher", "/map/components?bbox=109.9,29.9,110.1,30.1")
    monkeypatch.setattr("api.routes.maps.COMPONENTS_AT_MOST", 0)
    many = opened.get("dispatcher", f"/map/components?{box}")

    (cover,) = near["components"]
    assert (cover["id"], cover["class_name"], cover["condition"]) == (COVER, "污水井盖", "intact")
    assert cover["owner_words"]["zh"] == opened.centre.profile.departments[DRAINAGE].name_zh
    assert not near["more"]
    assert far == many == {"components": [], "more": True}
    assert opened.get("dispatcher", f"/map/components/{COVER}") == cover
    gone = opened.phone("dispatcher").get("/api/v1/map/components/99990101002009999")
    assert (gone.status_code, gone.json()["code"]) == (404, "ComponentNotFound")
