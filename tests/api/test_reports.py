"""What a collector reports reaches its case once, joins what is known, shows nothing unredacted."""

import json
from typing import Any
from uuid import uuid4

import httpx

from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.dispatch import making

LABEL = "road.pothole"


def order(opened: OpenCentre, **changes: Any) -> dict[str, Any]:
    """Say what a phone says of a hole at the usual place."""
    place = {
        "by": "phone",
        "latitude": making.LATITUDE,
        "longitude": making.LONGITUDE,
        "accuracy_m": 8.0,
    }
    said = {"id": str(uuid4()), "label": LABEL, "taken_at": opened.watch.now.isoformat()}
    return {**said, "note": "井边塌了一块", "place": place, **changes}


def send(
    opened: OpenCentre,
    said: dict[str, Any],
    *,
    name: str = "collector",
    photos: tuple[str, ...] = ("near",),
    one_file: bool = False,
) -> httpx.Response:
    """Send a report with photos, which may all be one file."""
    files = {
        each: (
            "a.jpg",
            pictures.road(
                pothole=one_file or each != "after", mark="" if one_file else f"report {each}"
            ),
            "image/jpeg",
        )
        for each in photos
    }
    path = "/api/v1/reports"
    return opened.phone(name).post(path, data={"said": json.dumps(said)}, files=files)


def test_a_report_becomes_a_case_of_its_collector_once_however_often_it_is_sent(
    opened: OpenCentre,
) -> None:
    said = order(opened)

    answers = [send(opened, said, photos=("near", "far")) for _ in range(3)]

    assert [each.status_code for each in answers] == [201] * 3, answers[0].text
    assert len({each.json()["case"] for each in answers}) == 1
    assert not any(each.json()["joined"] for each in answers)
    story = opened.get("supervisor", f"/cases/{answers[0].json()['case']}")
    assert [step["action"] for step in story["steps"]][:2] == ["report", "file"]
    assert story["steps"][0]["by"] == "collector某"
    assert len(story["photos"]) == 2
    assert len(opened.get("supervisor", "/cases")["cases"]) == 1


def test_nobody_sees_a_reported_photo_before_it_was_redacted_and_then_it_stands_for_the_case(
    opened: OpenCentre,
) -> None:
    case = send(opened, order(opened)).json()["case"]
    before = opened.get("supervisor", f"/cases/{case}")

    opened.look_at(before["photos"][0]["id"])
    story = opened.get("supervisor", f"/cases/{case}")

    assert before["line"]["picture"] is None
    assert story["reports"][0]["evidence"] == [story["line"]["picture"]]
    shown = story["line"]["picture"]["sha256"]
    answer = opened.phone("supervisor").get(f"/api/v1/cases/{case}/evidence/{shown}")
    assert answer.status_code == 200
    assert answer.content == pictures.road(pothole=False, mark="redacted")


def test_a_report_of_what_a_patrol_found_joins_its_case_and_confirms_it(opened: OpenCentre) -> None:
    case = opened.reported()
    opened.watch.later(minutes=10)

    told = send(opened, order(opened)).json()

    assert (told["case"], told["joined"]) == (case, True)
    story = opened.get("supervisor", f"/cases/{case}")
    assert story["steps"][1]["action"] == "confirm"
    assert story["steps"][1]["by"] == "collector某"
    assert story["reports"][0]["note"] == "井边塌了一块"
    assert not [
        task for task in story["tasks"] if task["kind"] == "confirm" and task["status"] == "open"
    ]


def test_a_patrol_that_passes_later_sees_the_reported_problem_and_makes_no_second_case(
    opened: OpenCentre,
) -> None:
    case = send(opened, order(opened)).json()["case"]
    opened.watch.later(hours=1)

    opened.drive(opened.find())

    (line,) = opened.get("supervisor", "/cases")["cases"]
    story = opened.get("supervisor", f"/cases/{case}")
    assert line["id"] == case
    assert (len(story["sights"]), len(story["reports"])) == (1, 1)


def test_what_was_put_right_on_the_spot_waits_for_somebody_elses_check(opened: OpenCentre) -> None:
    said = order(opened)
    refused = send(opened, said, photos=("near", "after"), one_file=True)
    assert (refused.status_code, refused.json()["code"]) == (422, "PictureUsed")

    told = send(opened, said, photos=("near", "after")).json()

    assert (told["handled"], told["status"]) == (True, "handled")
    closed = opened.decide("collector", told["case"], "check", result="repaired")
    assert closed.json()["code"] == "OwnWork"


def test_without_a_position_a_grid_is_chosen_and_the_error_is_as_wide_as_the_grid(
    opened: OpenCentre,
) -> None:
    case = opened.reported()
    grid = opened.get("supervisor", f"/cases/{case}")["line"]["grid"]

    told = send(opened, order(opened, place={"by": "area", "area": grid})).json()

    assert told["case"] != case, "a place so vague joins nothing by itself"
    line = opened.get("supervisor", f"/cases/{told['case']}")["line"]
    assert line["grid"] == grid
    assert line["place"]["ce90_m"] > 20.0


def test_a_report_from_outside_the_city_or_without_its_class_says_what_to_do(
    opened: OpenCentre,
) -> None:
    far = {"by": "pin", "latitude": 10.0, "longitude": 10.0}

    answers = [
        send(opened, order(opened, place=far)),
        send(opened, order(opened, label="road.dragon")),
        send(opened, order(opened, place={"by": "area", "area": "123456"})),
        send(opened, order(opened, taken_at="2036-01-01T00:00:00Z")),
    ]

    codes = ["OutsideCity", "NotReportable", "NoSuchArea", "ReportFromTheFuture"]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (422, code) for code in codes
    ]
    assert opened.get("supervisor", "/cases")["cases"] == []


def test_the_classes_reported_most_of_late_come_first(opened: OpenCentre) -> None:
    send(opened, order(opened, label="sanitation.garbage_pile"))

    choices = opened.get("collector", "/reports/choices")

    assert choices["classes"][0]["label"] == "sanitation.garbage_pile"
    assert choices["areas"][0]["name"]["zh"].startswith("南园社区 ")


def test_a_report_inside_an_approved_area_is_a_case_that_a_person_decides(
    opened: OpenCentre,
) -> None:
    works = {"by": "phone", "latitude": 30.00826, "longitude": 110.0085, "accuracy_m": 1.0}

    told = send(opened, order(opened, label="road.crack", place=works)).json()

    step = opened.get("supervisor", f"/cases/{told['case']}")["steps"][-1]
    assert (told["status"], step["action"]) == ("reported", "report")
    assert step["grounds"]["suppression"]["id"] == "AP2"


def test_what_was_refused_or_looked_at_before_leaves_no_unredacted_photo_behind(
    opened: OpenCentre,
) -> None:
    inbox = opened.centre.settings.inbox_dir
    far = {"by": "pin", "latitude": 10.0, "longitude": 10.0}
    said = order(opened)

    refused = send(opened, order(opened, place=far))
    left = [each for each in inbox.rglob("*") if each.is_file()]
    case = send(opened, said).json()["case"]
    opened.look_at(opened.get("supervisor", f"/cases/{case}")["photos"][0]["id"])
    again = send(opened, said)

    assert (refused.status_code, again.status_code) == (422, 201)
    assert left == []
    assert [each for each in inbox.rglob("*") if each.is_file()] == []


def test_a_phone_that_uses_the_id_of_anothers_report_touches_nothing_of_it(
    opened: OpenCentre,
) -> None:
    said = order(opened)
    case = send(opened, said).json()["case"]
    before = opened.get("supervisor", f"/cases/{case}")["photos"]

    opened.watch.later(minutes=1)
    send(opened, {**said, "taken_at": opened.watch.now.isoformat()}, photos=("near", "far"))

    photos = opened.get("supervisor", f"/cases/{case}")["photos"]
    assert before[0] in photos
    assert len({each["id"] for each in photos}) == 3
