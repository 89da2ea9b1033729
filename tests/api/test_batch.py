"""One decision on many cases: each by its own guards, and every outcome is told."""

from typing import Any

import httpx

from tests.api.open_centre import OpenCentre


def _batch(
    opened: OpenCentre, name: str, action: str, cases: list[Any], **said: Any
) -> httpx.Response:
    body = {"action": action, "cases": cases, **said}
    return opened.phone(name).post("/api/v1/cases/batch", json=body)


def _seen(opened: OpenCentre, case: str) -> dict[str, Any]:
    line = opened.get("supervisor", f"/cases/{case}")["line"]
    return {"id": case, "version": line["version"]}


def test_each_case_of_a_batch_is_decided_or_refused_by_itself(opened: OpenCentre) -> None:
    case = opened.handled()
    fresh, stale = _seen(opened, case), {"id": case, "version": 0}
    opened.watch.later(minutes=1)

    answer = _batch(opened, "supervisor", "approve", [stale, fresh, {"id": "none", "version": 0}])

    told = answer.json()
    assert (told["done"], told["refused"]) == (1, 2), told
    assert [each["refused"] and each["refused"]["code"] for each in told["cases"]] == [
        "StaleCase",
        None,
        "CaseNotFound",
    ]
    assert told["cases"][1]["status"] == "closed"
    assert opened.get("supervisor", f"/cases/{case}")["steps"][-1]["action"] == "approve"


def test_a_batch_says_how_grave_the_cases_of_a_class_are_or_leaves_them_as_graded(
    opened: OpenCentre,
) -> None:
    case = opened.reported()
    (file,) = [
        each
        for each in opened.get("supervisor", "/cases/batch/choices?status=reported")
        if each["action"] == "file"
    ]
    levels = {each["label"]: [one["id"] for one in each["levels"]] for each in file["graded"]}
    seen = [_seen(opened, case)]

    unknown = _batch(opened, "supervisor", "file", seen, severities={"road.pothole": "dire"})
    unasked = _batch(
        opened, "supervisor", "ask_confirmation", seen, severities={"road.pothole": "urgent"}
    )
    filed = _batch(
        opened,
        "supervisor",
        "file",
        seen,
        severities={"road.pothole": "urgent", "road.collapse": "serious"},
    )

    assert levels["road.pothole"] == ["general", "serious", "urgent"]
    assert "sanitation.litter" not in levels
    assert unknown.json()["cases"][0]["refused"]["code"] == "NotASeverity"
    assert unasked.json()["code"] == "NotGraded"
    assert filed.json()["done"] == 1, filed.json()
    story = opened.get("supervisor", f"/cases/{case}")
    (step,) = [each for each in story["steps"] if each["action"] == "file"]
    assert step["grounds"]["severity"] == {"from": "serious", "to": "urgent"}
    assert story["line"]["severity"]["zh"] == "紧急"


def test_a_batch_is_held_to_role_reason_and_area_like_a_single_decision(opened: OpenCentre) -> None:
    case = opened.reported()
    seen = [_seen(opened, case)]

    refusals = {
        "handler": _batch(opened, "handler", "void", seen, note="重复"),
        "far-supervisor": _batch(opened, "far-supervisor", "file", seen),
        "supervisor": _batch(opened, "supervisor", "refute", seen),
    }

    codes = {name: each.json()["cases"][0]["refused"]["code"] for name, each in refusals.items()}
    assert codes["handler"] in {"NotYourStep", "UnknownReason"}
    assert codes["far-supervisor"] == "CaseNotFound"
    assert codes["supervisor"] in {"ReasonMissing", "UnknownReason"}
    assert refusals["far-supervisor"].json()["cases"][0]["number"] is None
    assert opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "reported"


def test_what_needs_its_own_photo_and_too_many_at_once_are_refused_whole(
    opened: OpenCentre,
) -> None:
    case = {"id": "x", "version": 0}

    assert _batch(opened, "handler", "finish", [case]).json()["code"] == "NotInBatches"
    assert _batch(opened, "supervisor", "approve", [case] * 201).status_code == 422
    assert _batch(opened, "supervisor", "approve", []).status_code == 422


def test_the_choices_for_a_queue_are_those_of_the_persons_roles(opened: OpenCentre) -> None:
    def choices(name: str, status: str) -> set[str]:
        path = f"/cases/batch/choices?status={status}"
        return {each["action"] for each in opened.get(name, path)}

    assert choices("supervisor", "handled") >= {"approve", "send_back"}
    assert choices("dispatcher", "filed") == {"dispatch", "return"}
    assert choices("evaluator", "reported") == set()


def test_of_two_people_one_is_told_who_decided_what_meanwhile(opened: OpenCentre) -> None:
    case = opened.reported()
    seen = _seen(opened, case)["version"]
    opened.decide("collector", case, "confirm")

    late = opened.phone("supervisor").post(
        f"/api/v1/cases/{case}/file", json={"version": seen, "note": ""}
    )

    assert (late.status_code, late.json()["code"]) == (409, "StaleCase")
    assert "collector某（采集员）办理“核实属实”" in late.json()["title"], late.json()["title"]
    assert "待接单" in late.json()["title"]
