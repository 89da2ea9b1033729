"""Every route names its callers; who is none of them is refused, who lies outside finds nothing."""

import re
from typing import Final

from fastapi.routing import APIRoute

from api.app import create_app
from api.routes import public
from dispatch.people.people import Role
from tests.api.callers import Operation, operations
from tests.api.open_centre import OpenCentre

PUBLIC: Final = {"sign_in": "/api/v1/session", "enrol_device": "/api/v1/device/enrol"}
PAGES: Final = {
    "/",
    "/centre",
    "/worker",
    "/shell.js",
    "/web",
    "/web/shared/terms.js",
    "/healthz",
    "/metrics",
    "/api/v1/openapi.json",
}
FORMS: Final = {"/report", "/report/{key}", "/report/{key}/reopen"}
"""Pages for citizens, who have no account."""
PERSONS: Final = {
    Role.COLLECTOR: "collector",
    Role.ACCEPTOR: "acceptor",
    Role.SUPERVISOR: "supervisor",
    Role.DISPATCHER: "dispatcher",
    Role.DEPARTMENT: "department",
    Role.HANDLER: "handler",
    Role.EVALUATOR: "evaluator",
    Role.ADMINISTRATOR: "administrator",
}


def _path(operation: Operation, case: str) -> str:
    path = operation.path.replace("{id_}", case).replace("{key}", "filed")
    return re.sub(r"\{\w+\}", "0" * 64, path)


def test_every_route_names_its_callers_and_the_public_ones_are_few(opened: OpenCentre) -> None:
    app = create_app(opened.centre)
    described = {
        (method.upper(), path)
        for path, operation in app.openapi()["paths"].items()
        for method in operation
    }
    others = {getattr(route, "path", None) for route in app.routes} - {None}

    assert {each.name: each.path for each in operations() if each.public} == PUBLIC
    assert {(each.method, each.path) for each in operations()} == described
    assert others == PAGES
    assert {route.path for route in public.router.routes if isinstance(route, APIRoute)} == FORMS


def test_every_operation_is_named_once_and_says_what_it_does() -> None:
    named = [each.name for each in operations()]

    assert len(named) == len(set(named))
    assert all(each.summary for each in operations())


def test_every_route_for_some_roles_refuses_all_others(opened: OpenCentre) -> None:
    case = opened.reported()
    tried = 0

    for operation in operations():
        for role, name in PERSONS.items():
            if operation.roles is None or role in operation.roles:
                continue
            answer = opened.phone(name).request(operation.method, _path(operation, case), json={})
            tried += 1

            assert answer.status_code == 403, (operation.name, role, answer.text)
            assert answer.json()["code"] == "NotForYourRole"
    assert tried > 80


def test_who_is_not_signed_in_is_told_so_by_every_route_for_people(opened: OpenCentre) -> None:
    client = opened.stranger()

    for operation in (each for each in operations() if each.signed_in):
        answer = client.request(operation.method, _path(operation, "x"), json={})

        assert answer.status_code == 401, operation.name


def test_who_does_not_sign_is_refused_by_every_route_for_devices(opened: OpenCentre) -> None:
    client = opened.phone("administrator")

    for operation in (each for each in operations() if each.device):
        answer = client.request(operation.method, _path(operation, "x"))

        assert (answer.status_code, answer.json()["code"]) == (401, "BadSignature"), operation.name


def test_a_case_outside_a_persons_area_is_not_there_for_them(opened: OpenCentre) -> None:
    case = opened.reported()
    body = {
        "version": 0,
        "note": "原因",
        "department": "roads",
        "into": case,
        "result": "repaired",
        "until": "2026-12-01T00:00:00Z",
    }
    fields = {
        "dispatch": "department",
        "merge": "into",
        "check": "result",
        "suspend": "until",
        "ask-suspension": "until",
    }
    tried = 0

    for operation in operations():
        if "{id_}" not in operation.path or operation.name == "hand_in_photo":
            continue
        far = "far-supervisor"
        if operation.roles is not None and Role.SUPERVISOR not in operation.roles:
            far = "far-handler"
            if Role.HANDLER not in operation.roles:
                continue
        extra = fields.get(operation.path.rpartition("/")[2])
        said = {name: body[name] for name in ("version", "note", *([extra] if extra else []))}
        sent = said if operation.method == "POST" else None
        answer = opened.phone(far).request(operation.method, _path(operation, case), json=sent)
        tried += 1

        assert (answer.status_code, answer.json()["code"]) == (404, "CaseNotFound"), operation.name
    assert tried >= 15


def test_a_photo_for_a_case_outside_the_area_is_not_even_kept(opened: OpenCentre) -> None:
    from tests.api import pictures

    case = opened.handling()

    answer = opened.phone("far-handler").post(
        f"/api/v1/cases/{case}/photos",
        files={"file": ("a.jpg", pictures.road(pothole=False), "image/jpeg")},
        data={
            "purpose": "after",
            "taken_at": opened.watch.now.isoformat(),
            "id": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        },
    )

    assert answer.status_code == 404
    assert not list(opened.centre.inbox.names())


def test_what_lies_outside_the_area_is_in_no_list_count_map_or_figure(opened: OpenCentre) -> None:
    opened.reported()

    assert opened.get("far-supervisor", "/cases")["cases"] == []
    assert sum(queue["count"] for queue in opened.get("far-supervisor", "/queues")) == 0
    assert opened.get("far-supervisor", "/tasks/mine")["tasks"] == []
    grids = opened.get("far-supervisor", "/map/grids")["features"]
    assert [each["properties"]["id"] for each in grids] == ["999901001001001"]
    figures = opened.get("far-supervisor", "/indicators")["indicators"]
    assert all(figure["denominator"] == 0 for figure in figures)


def test_who_handles_is_shown_the_cases_of_their_own_department(opened: OpenCentre) -> None:
    case = opened.dispatched()

    assert [each["id"] for each in opened.get("handler", "/cases")["cases"]] == [case]
    assert opened.get("sweeper", "/cases")["cases"] == []
    assert opened.get("sweeper", "/tasks/mine")["tasks"] == []
    refused = opened.decide("sweeper", case, "accept")
    assert (refused.status_code, refused.json()["code"]) == (403, "OtherDepartment")
