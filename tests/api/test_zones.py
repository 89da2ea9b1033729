"""Devices are told where vehicles are asked for and what cannot wait; a case names its rule."""

from dispatch import wire
from tests.api.open_centre import OpenCentre
from tests.dispatch import zoned


def test_a_device_is_told_the_zones_of_vehicles_and_not_those_of_heaps(
    opened: OpenCentre,
) -> None:
    answer = opened.signed("GET", "/device/asked")

    asked = wire.Asked.model_validate_json(answer.content)
    assert {zone.zone for zone in asked.zones} == {"NS1", "NS2", "FL1"}
    assert {label for zone in asked.zones for label in zone.labels} == set(wire.MOVABLE)
    assert opened.stranger().get("/api/v1/device/asked").status_code == 401


def test_the_case_of_a_parked_car_says_where_how_long_and_how_sure(opened: OpenCentre) -> None:
    object.__setattr__(opened.centre, "profile", zoned.profile([zoned.zone()]))
    for number, minutes in enumerate((0, 34)):
        opened.watch.later(minutes=minutes)
        found = zoned.seen(opened.watch.now, pass_id=f"vehicle-07:{number}", east_m=0.8 * number)
        opened.send(found.model_copy(update={"evidence": ()}))

    (line,) = opened.get("supervisor", "/cases?limit=10")["cases"]
    story = opened.get("supervisor", f"/cases/{line['id']}")
    why = story["steps"][0]["why"]

    assert line["category"]["code"] == "09009"
    assert [task["kind"] for task in story["tasks"]] == ["confirm"]
    assert "在“示范路北侧”内的可能性 100%" in why["zh"]
    assert "相隔 34 分钟两次看到" in why["zh"]
    assert "这类问题一律由人判断" in why["zh"]
    assert "34 min" in why["en"]


def test_a_device_is_told_what_the_city_calls_hazards(opened: OpenCentre) -> None:
    answer = opened.signed("GET", "/device/hazards")

    told = wire.Hazards.model_validate_json(answer.content)
    city = opened.centre.profile.classes
    assert set(told.labels) == {label for label, each in city.items() if each.hazard}
    assert "road.collapse" in told.labels
    assert "road.crack" not in told.labels
