"""What is sent again because its answer was lost on the way: taken once, answered as at first."""

import http.client
import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from api.doors.auth import COOKIE, PAGE_HEADER
from api.reports.audit import verify_centre
from dispatch.case.step import Decision
from dispatch.ids import CaseId
from dispatch.loop import casework
from dispatch.people.people import MACHINE
from tests.api import pictures
from tests.api.open_centre import OpenCentre
from tests.dispatch import making
from tests.dispatch.city import SUPERVISOR

Said = dict[str, Any]
SWIFT: Final = 0.02


def _post(opened: OpenCentre, name: str, path: str, said: Said) -> httpx.Response:
    return opened.phone(name).post(f"/api/v1{path}", json=said)


def _version(opened: OpenCentre, case: str) -> int:
    with opened.centre.read() as uow:
        return uow.cases.get(CaseId(case)).version


def _order(opened: OpenCentre, case: str, **said: Any) -> Said:
    return {"id": str(uuid4()), "version": _version(opened, case), "note": "", **said}


def _all(opened: OpenCentre, case: str) -> Any:
    """Give all that a decision might change: the case with its clocks, and what is to be done."""
    with opened.centre.read() as uow:
        return uow.cases.get(CaseId(case)), list(uow.tasks.of_case(CaseId(case)))


def _twice(opened: OpenCentre, name: str, case: str, action: str, **said: Any) -> None:
    """Decide, and send the same again: as it was, and as a phone does that has read the case."""
    opened.watch.later(minutes=5)
    order = _order(opened, case, **said)
    first = _post(opened, name, f"/cases/{case}/{action}", order)
    assert first.status_code == 200, first.text
    after = _all(opened, case)
    opened.watch.later(minutes=5)

    again = [
        _post(opened, name, f"/cases/{case}/{action}", {**order, **seen})
        for seen in ({}, {"version": first.json()["version"]})
    ]

    assert [(each.status_code, each.json()) for each in again] == [(200, first.json())] * 2, action
    assert _all(opened, case) == after, action


def _lost(opened: OpenCentre, name: str, path: str, said: Said) -> None:
    """Send a request and break the connection before its answer."""
    where = urlsplit(opened.server.address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    headers = {
        PAGE_HEADER: "1",
        "Content-Type": "application/json",
        "Cookie": f"{COOKIE}={opened.phone(name).cookies[COOKIE]}",
    }
    connection.request("POST", f"/api/v1{path}", json.dumps(said), headers)
    connection.close()


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(SWIFT)


def test_a_decision_whose_answer_was_lost_is_answered_as_done_and_starts_no_clock_again(
    opened: OpenCentre,
) -> None:
    case = opened.handling()
    opened.hand_in(case)
    opened.watch.later(minutes=5)
    order = _order(opened, case)
    _lost(opened, "handler", f"/cases/{case}/finish", order)
    _until(lambda: _version(opened, case) > order["version"])
    done = _all(opened, case)
    opened.watch.later(hours=2)

    again = _post(opened, "handler", f"/cases/{case}/finish", order)

    assert (again.status_code, again.json()["status"]) == (200, "handled"), again.text
    assert _all(opened, case) == done


def test_every_decision_of_a_case_comes_twice_and_is_taken_once(opened: OpenCentre) -> None:
    case = opened.reported()
    _twice(opened, "acceptor", case, "remark", note="已电话核实")
    _twice(opened, "supervisor", case, "correct", note="是坍塌", label="road.collapse")
    _twice(opened, "collector", case, "confirm")
    _twice(opened, "handler", case, "accept")
    _twice(opened, "handler", case, "decline", note="不归我们管", code="D1")
    mends = opened.get("handler", "/session")["department"]
    _twice(opened, "dispatcher", case, "dispatch", department=mends)
    _twice(opened, "supervisor", case, "supervise", note="请加快")
    _twice(opened, "department", case, "reply", note="今天办")
    _twice(opened, "handler", case, "ask-extension", note="等材料")
    _twice(opened, "department", case, "endorse")
    _twice(opened, "dispatcher", case, "extend", note="同意")
    _twice(opened, "handler", case, "accept")
    until = (opened.watch.now + timedelta(days=3)).isoformat()
    _twice(opened, "handler", case, "ask-suspension", note="下雨", until=until)
    _twice(opened, "department", case, "endorse")
    _twice(opened, "dispatcher", case, "suspend", note="同意", until=until)
    _twice(opened, "dispatcher", case, "resume", note="雨停了")
    _twice(opened, "handler", case, "ask-extension", note="等材料")
    _twice(opened, "dispatcher", case, "turn-down", note="来得及")
    opened.hand_in(case)
    _twice(opened, "handler", case, "finish")
    _twice(opened, "collector", case, "check", result="still_there")
    _twice(opened, "supervisor", case, "send-back", note="没补好")
    _twice(opened, "handler", case, "accept")
    opened.hand_in(case, mark="second")
    _twice(opened, "handler", case, "finish")
    _twice(opened, "supervisor", case, "approve")
    _twice(opened, "supervisor", case, "hold", note="纠纷")
    _twice(opened, "supervisor", case, "release", note="已了结")
    shown = opened.hand_in(case, mark="now", purpose="report", name="supervisor")
    _twice(opened, "supervisor", case, "reopen", note="又坏了")
    _twice(opened, "supervisor", case, "erase", note="本人要求", photo=shown)
    _twice(opened, "dispatcher", case, "return", note="再核实")
    _twice(opened, "supervisor", case, "file")
    _twice(opened, "supervisor", case, "write-off", note="不再处理", code="W1")

    assert verify_centre(None, centre=opened.centre).troubles == ()
    story = opened.get("supervisor", f"/cases/{case}")
    assert not any("sent_as" in step["grounds"] for step in story["steps"])
    kept = [step for step in _all(opened, case)[0].history if step.by != MACHINE.id]
    assert [step.action.value for step in kept if step.sent_as is None] == []


def test_what_ends_a_report_comes_twice_and_is_taken_once(opened: OpenCentre) -> None:
    into, case, other, last = (_reported_at(opened, 200.0 * n) for n in range(4))

    _twice(opened, "supervisor", case, "merge", note="同一处", into=into)
    _twice(opened, "collector", other, "refute", note="没有", code="N1")
    _twice(opened, "supervisor", last, "void", note="重复", code="V1")
    _twice(opened, "supervisor", last, "reopen", note="不重复")


def _reported_at(opened: OpenCentre, north_m: float) -> str:
    found = opened.find(str(int(north_m)), where=making.position(north_m=north_m))
    known = {line["id"] for line in opened.get("supervisor", "/cases")["cases"]}
    opened.send(found)
    lines = opened.get("supervisor", "/cases")["cases"]
    (new,) = [line["id"] for line in lines if line["id"] not in known]
    return str(new)


def test_one_decision_that_comes_many_times_at_once_is_taken_once(opened: OpenCentre) -> None:
    case = opened.reported()
    order = _order(opened, case, note="已电话核实")
    opened.phone("acceptor")

    with ThreadPoolExecutor(8) as many:
        sent = [
            many.submit(_post, opened, "acceptor", f"/cases/{case}/remark", order) for _ in range(8)
        ]
        answers = [each.result() for each in sent]

    assert {each.status_code for each in answers} == {200}, [each.text for each in answers]
    steps = opened.get("supervisor", f"/cases/{case}")["steps"]
    assert [step["action"] for step in steps].count("remark") == 1


@pytest.mark.parametrize(
    ("name", "action", "said"),
    [
        ("acceptor", "remark", {"note": "别的话"}),
        ("acceptor", "confirm", {}),
        ("supervisor", "remark", {"note": "已电话核实"}),
    ],
)
def test_an_id_that_names_another_decision_is_refused_in_words_and_nothing_changes(
    opened: OpenCentre, name: str, action: str, said: Said
) -> None:
    case = opened.reported()
    order = _order(opened, case, note="已电话核实")
    assert _post(opened, "acceptor", f"/cases/{case}/remark", order).status_code == 200
    before = _all(opened, case)
    other = {**_order(opened, case), "id": order["id"], **said}

    refused = _post(opened, name, f"/cases/{case}/{action}", other)

    assert (refused.status_code, refused.json()["code"]) == (422, "DecisionTaken")
    assert "办理编号已用于这件案卷的另一项办理" in refused.json()["title"]
    assert _all(opened, case) == before


def test_who_sends_no_id_is_answered_as_ever_and_the_history_has_none(opened: OpenCentre) -> None:
    case = opened.reported()
    order = {"version": _version(opened, case), "note": "已电话核实"}

    answers = [_post(opened, "acceptor", f"/cases/{case}/remark", order) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 409]
    assert answers[1].json()["code"] == "StaleCase"
    assert all("sent_as" not in step.grounds for step in _all(opened, case)[0].history)


def test_a_batch_that_was_half_done_does_the_rest_and_answers_for_all(opened: OpenCentre) -> None:
    cases = [_reported_at(opened, 200.0 * n) for n in range(3)]
    seen = [{"id": each, "version": _version(opened, each)} for each in cases]
    batch = {
        "id": str(uuid4()),
        "action": "file",
        "note": "",
        "severities": {"road.pothole": "urgent"},
    }
    half = _post(opened, "supervisor", "/cases/batch", {**batch, "cases": seen[:2]})
    assert half.json()["done"] == 2, half.text
    before = [_all(opened, each) for each in cases[:2]]

    whole = _post(opened, "supervisor", "/cases/batch", {**batch, "cases": seen})
    other = _post(
        opened, "supervisor", "/cases/batch", {**batch, "cases": seen, "note": "另一句话"}
    )

    assert (whole.json()["done"], whole.json()["refused"]) == (3, 0), whole.text
    assert [_all(opened, each) for each in cases[:2]] == before
    refusals = {each["refused"]["code"] for each in other.json()["cases"]}
    assert refusals == {"DecisionTaken"}


def test_a_photo_is_answered_as_kept_also_after_the_case_went_to_another_department(
    opened: OpenCentre,
) -> None:
    case = opened.handling()
    opened.hand_in(case)
    opened.watch.later(minutes=5)
    declined = opened.decide("department", case, "decline", note="不归我们管", code="D1")
    assert declined.status_code == 200, declined.text
    other = opened.get("sweeper", "/session")["department"]
    opened.watch.later(minutes=5)
    assert opened.decide("dispatcher", case, "dispatch", department=other).status_code == 200

    opened.hand_in(case)

    assert len(opened.get("supervisor", f"/cases/{case}")["photos"]) == 1


def test_a_citizen_who_says_twice_that_it_is_not_repaired_is_heard_once(
    opened: OpenCentre,
) -> None:
    client = opened.stranger()
    (key,) = re.findall(r'name="key" value="([^"]+)"', client.get("/report").text)
    facts = {
        "key": key,
        "label": "road.pothole",
        "latitude": str(making.LATITUDE),
        "longitude": str(making.LONGITUDE),
        "accuracy_m": "12",
    }
    files = {"photo": ("a.jpg", pictures.road(pothole=True, mark="citizen"), "image/jpeg")}
    client.post("/report", data=facts, files=files)
    case = opened.get("acceptor", "/cases")["cases"][0]["id"]
    _close(opened, case)
    shown = {"photo": ("a.jpg", pictures.road(pothole=True, mark="again"), "image/jpeg")}

    answers = []
    for note in ("还是坏的", " 还是坏的 ", "别的话"):
        opened.watch.later(minutes=1)
        answers.append(client.post(f"/report/{key}/reopen", data={"note": note}, files=shown))
    _close(opened, case)
    opened.watch.later(minutes=1)
    anew = client.post(f"/report/{key}/reopen", data={"note": "还是坏的"}, files=shown)

    assert [each.status_code for each in (*answers, anew)] == [303, 303, 422, 303]
    actions = [step["action"] for step in opened.get("supervisor", f"/cases/{case}")["steps"]]
    assert actions.count("reopen") == 2
    assert len(list(opened.centre.inbox.names())) == 2


def _close(opened: OpenCentre, case: str) -> None:
    """File a case and close it at once."""
    profile = opened.centre.profile
    if opened.get("supervisor", f"/cases/{case}")["line"]["status"] == "reported":
        filing = Decision(by=SUPERVISOR, at=opened.watch.later(minutes=5))
        casework.file_case(CaseId(case), filing, profile=profile, uow=opened.centre.begin())
    ending = Decision(by=SUPERVISOR, at=opened.watch.later(minutes=5), code="W1")
    casework.write_off_case(CaseId(case), ending, profile=profile, uow=opened.centre.begin())
