"""Lists, queues, the map and the figures behind the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.api.open_centre import SURE, OpenCentre
from tests.dispatch import making


def _scatter(opened: OpenCentre, count: int) -> None:
    found = [
        opened.find(str(n), where=making.position(north_m=30.0 * n)).model_copy(
            update={"measure": SURE}
        )
        for n in range(count)
    ]
    opened.send(*found)


def test_a_long_list_is_leafed_through_without_loss_or_repetition(opened: OpenCentre) -> None:
    _scatter(opened, 5)
    seen, after = [], ""

    for _ in range(3):
        page = opened.get("supervisor", f"/cases?limit=2{after}")
        seen += [line["id"] for line in page["cases"]]
        after = f"&after={page['next']}"

    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)
    assert page["next"] is None


def grave(opened: OpenCentre) -> dict[float, str]:
    """Have potholes of some sizes dispatched, in this order: the larger, the less time there is."""
    found = {}
    for number, area in enumerate((0.9, 2.6, 1.5)):
        size = SURE.model_copy(update={"value": area, "sigma": 0.05})
        where = making.position(north_m=40.0 * number)
        sight = opened.find(str(number), where=where).model_copy(update={"measure": size})
        opened.send(sight)
        opened.watch.later(minutes=1)
        (case, *_) = opened.get("supervisor", "/cases?limit=1")["cases"]
        for name, action in (("collector", "confirm"), ("supervisor", "file")):
            status = opened.get("supervisor", f"/cases/{case['id']}")["line"]["status"]
            if status in {"reported", "confirmed"}:
                assert opened.decide(name, case["id"], action).status_code == 200
        found[area] = case["id"]
    return found


def test_a_queue_comes_by_deadline_and_goes_on_where_a_page_ended(opened: OpenCentre) -> None:
    by_size = grave(opened)
    status = opened.get("supervisor", f"/cases/{by_size[0.9]}")["line"]["status"]
    seen, after = [], ""

    for _ in range(3):
        page = opened.get("supervisor", f"/cases?status={status}&limit=1{after}")
        seen += [line["id"] for line in page["cases"]]
        after = f"&after={page['next']}"

    assert page["order"] == "deadline"
    assert seen == [by_size[area] for area in (2.6, 1.5, 0.9)]
    assert page["next"] is None


def test_every_list_gives_the_newest_first_to_who_asks_for_that(opened: OpenCentre) -> None:
    by_size = grave(opened)
    status = opened.get("supervisor", f"/cases/{by_size[0.9]}")["line"]["status"]
    newest = [by_size[area] for area in (1.5, 2.6, 0.9)]

    for path in (f"/cases?status={status}&order=newest", "/cases"):
        page = opened.get("supervisor", path)
        assert page["order"] == "newest"
        assert [line["id"] for line in page["cases"]] == newest
    ended = opened.get("supervisor", "/cases?status=closed")
    assert ended["order"] == "newest"


def test_what_is_overdue_comes_with_the_longest_overdue_on_top(opened: OpenCentre) -> None:
    by_size = grave(opened)
    opened.watch.later(days=30)

    page = opened.get("supervisor", "/cases?overdue=yes")

    assert page["order"] == "deadline"
    assert [line["id"] for line in page["cases"]] == [by_size[area] for area in (2.6, 1.5, 0.9)]


def test_reports_are_listed_by_when_they_shall_be_confirmed(opened: OpenCentre) -> None:
    for number in range(2):
        where = making.position(north_m=40.0 * number)
        opened.send(opened.find(str(number), where=where).model_copy(update={"measure": SURE}))
        opened.watch.later(minutes=5)
    mine = opened.get("collector", "/tasks/mine")["tasks"]

    lines = opened.get("supervisor", "/cases?status=reported")["cases"]
    opened.watch.later(days=3)
    late = opened.get("supervisor", "/cases?overdue=yes")["cases"]

    assert [line["id"] for line in lines] == [each["line"]["id"] for each in mine]
    assert [line["due_at"] for line in lines] == [each["task"]["due_at"] for each in mine]
    assert [line["alarm"] for line in lines] == ["green", "green"]
    assert [(line["id"], line["alarm"]) for line in late] == [(x["id"], "red") for x in lines]


def test_a_key_of_another_order_is_refused(opened: OpenCentre) -> None:
    answer = opened.phone("supervisor").get("/api/v1/cases?status=filed&after=c1")

    assert answer.status_code == 422
    assert answer.json()["code"] == "NotADueKey"


def test_a_list_is_narrowed_by_status_and_class(opened: OpenCentre) -> None:
    _scatter(opened, 2)

    assert opened.get("supervisor", "/cases?status=closed")["cases"] == []
    assert len(opened.get("supervisor", "/cases?label=road.pothole")["cases"]) == 2
    assert opened.get("supervisor", "/cases?label=road.crack")["cases"] == []
    assert opened.phone("supervisor").get("/api/v1/cases?status=lost").status_code == 422
    assert opened.phone("supervisor").get("/api/v1/cases?limit=100000").status_code == 422


def test_a_list_is_narrowed_to_what_is_overdue_and_by_number(opened: OpenCentre) -> None:
    opened.handling()
    (line,) = opened.get("supervisor", "/cases")["cases"]

    assert opened.get("supervisor", "/cases?overdue=yes")["cases"] == []
    opened.watch.later(hours=80)
    assert len(opened.get("supervisor", "/cases?overdue=yes")["cases"]) == 1
    assert len(opened.get("supervisor", f"/cases?number={line['number']}")["cases"]) == 1
    assert opened.get("supervisor", "/cases?number=19990101")["cases"] == []
    refused = opened.phone("supervisor").get("/api/v1/cases?number=pothole")
    assert refused.status_code == 422
    assert "编号" in refused.text


@pytest.mark.parametrize(("who", "path"), [("supervisor", "/cases"), ("collector", "/tasks/mine")])
def test_a_long_list_asks_the_database_no_more_often_than_a_short_one(
    opened: OpenCentre, who: str, path: str
) -> None:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    def questions() -> int:
        asked.clear()
        assert opened.get(who, path)
        return len(asked)

    opened.get(who, path)
    _scatter(opened, 1)
    event.listen(opened.centre.engine, "before_cursor_execute", note)
    short = questions()
    _scatter(opened, 12)
    long = questions()
    event.remove(opened.centre.engine, "before_cursor_execute", note)

    assert long == short


def test_queues_tell_how_many_wait_since_when_and_how_many_are_late(opened: OpenCentre) -> None:
    start = opened.watch.now
    _scatter(opened, 3)
    before = {each["status"]: each for each in opened.get("supervisor", "/queues")}

    opened.watch.later(hours=80)
    after = {each["status"]: each for each in opened.get("supervisor", "/queues")}

    assert (before["reported"]["count"], before["reported"]["overdue"]) == (3, 0)
    assert before["reported"]["oldest"] == start.isoformat().replace("+00:00", "Z")
    assert before["closed"] == {
        "status": "closed",
        "words": {"zh": "已结案", "en": "Closed"},
        "count": 0,
        "more": False,
        "oldest": None,
        "overdue": 0,
    }
    assert after["reported"]["count"] == 3


def test_a_case_past_its_limit_counts_as_overdue_in_its_queue(opened: OpenCentre) -> None:
    opened.handling()

    opened.watch.later(hours=80)

    queues = {each["status"]: each for each in opened.get("supervisor", "/queues")}
    assert queues["handling"]["overdue"] == 1


def test_tasks_come_with_the_first_due_first(opened: OpenCentre) -> None:
    opened.reported()
    opened.watch.later(minutes=10)
    opened.send(opened.find("2", where=making.position(north_m=60.0)))

    queue = opened.get("collector", "/tasks/mine")

    due = [entry["task"]["due_at"] for entry in queue["tasks"]]
    assert len(due) == 2 and due == sorted(due)
    assert queue["as_of"] == opened.watch.now.isoformat().replace("+00:00", "Z")


def test_the_map_shows_grids_and_inspected_ground_with_its_age(opened: OpenCentre) -> None:
    opened.drive()
    opened.watch.now += timedelta(days=2)

    ground = opened.get("supervisor", "/map/inspected")
    grids = opened.get("supervisor", "/map/grids")

    (feature,) = ground["features"]
    assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert 2.0 <= feature["properties"]["age_days"] < 2.1
    assert grids["type"] == "FeatureCollection" and len(grids["features"]) > 100


def test_a_case_has_its_ellipse_around_its_place(opened: OpenCentre) -> None:
    case = opened.reported()

    place = opened.get("supervisor", f"/cases/{case}")["line"]["place"]

    ring = place["ellipse"]
    assert ring[0] == ring[-1] and len(ring) > 30
    north = max(latitude for _, latitude in ring) - place["latitude"]
    assert 0.5 * place["ce90_m"] < north * 111_195 < 1.5 * place["ce90_m"]


def test_every_figure_leads_to_its_cases(opened: OpenCentre) -> None:
    case = opened.handled()

    sheet = opened.get("evaluator", "/indicators?period=2026-11")
    counted = {figure["name"]: figure for figure in sheet["indicators"]}
    behind = opened.get("evaluator", "/indicators/filed/cases?period=2026-11")

    assert counted["filed"]["numerator"] == 1
    assert [(each["id"], each["counted"]) for each in behind] == [(case, True)]
    assert opened.phone("evaluator").get("/api/v1/indicators?period=11").status_code == 422
    assert opened.phone("evaluator").get("/api/v1/indicators/fame/cases").status_code == 422


def test_indicators_are_told_apart_by_department_and_each_leads_to_its_cases(
    opened: OpenCentre,
) -> None:
    case = opened.handled()

    told = opened.get("evaluator", "/indicators/by/department?period=2026-11")
    where = "/indicators/dispatched/cases?period=2026-11&by=department&group="
    behind = opened.get("evaluator", f"{where}roads")
    elsewhere = opened.get("evaluator", f"{where}sanitation")

    groups = {each["group"]: each for each in told["groups"]}
    dispatched = next(i for i in groups["roads"]["indicators"] if i["name"] == "dispatched")
    assert groups["roads"]["words"]["zh"] != "roads"
    assert dispatched["value"] == 1
    assert [each["id"] for each in behind] == [case]
    assert elsewhere == []


def test_departments_get_a_mark_and_people_none_for_what_they_left_has_no_name(
    opened: OpenCentre,
) -> None:
    case = opened.handled()
    opened.watch.later(hours=3)
    assert opened.decide("supervisor", case, "approve").status_code == 200
    opened.watch.later(minutes=1)

    marks = {
        by: {
            each["mark"]
            for each in opened.get("evaluator", f"/indicators/by/{by}?period=2026-11")["groups"]
        }
        for by in ("department", "person")
    }

    print(
        [
            (
                g["group"],
                g["mark"],
                [
                    (i["name"], i["numerator"], i["denominator"])
                    for i in g["indicators"]
                    if i["name"]
                    in ("closure", "on_time_handling", "rework", "due_closure", "on_time_closure")
                ],
            )
            for g in opened.get("evaluator", "/indicators/by/department?period=2026")["groups"]
        ]
    )
    assert marks["department"] - {None}
    assert marks["person"] == {None}
