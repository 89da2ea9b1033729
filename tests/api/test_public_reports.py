"""Citizens report without an account: once, followed by a link, guarded against floods."""

import re
from typing import Any

import httpx
import pytest

from api.doors.gate import Gate, TooMany
from dispatch.case.step import Decision
from dispatch.ids import CaseId
from dispatch.loop import casework
from tests.api import pictures
from tests.api.open_centre import MONDAY, OpenCentre, Watch
from tests.dispatch import making
from tests.dispatch.city import SUPERVISOR

PHONE = {
    "latitude": str(making.LATITUDE),
    "longitude": str(making.LONGITUDE),
    "accuracy_m": "12",
}


def _key(client: httpx.Client) -> str:
    page = client.get("/report")
    assert page.status_code == 200
    (key,) = re.findall(r'name="key" value="([^"]+)"', page.text)
    return str(key)


def _send(
    client: httpx.Client, key: str, *, photo: bytes | None = None, **said: Any
) -> httpx.Response:
    content = pictures.road(pothole=True, mark="citizen") if photo is None else photo
    facts = {"key": key, "label": "road.pothole", "note": "井边塌了", **PHONE, **said}
    return client.post("/report", data=facts, files={"photo": ("a.jpg", content, "image/jpeg")})


def _cases(opened: OpenCentre) -> list[Any]:
    return list(opened.get("acceptor", "/cases")["cases"])


def _close(opened: OpenCentre, case: str) -> None:
    with opened.centre.begin() as uow:
        version = uow.cases.get(CaseId(case)).version
    decision = Decision(by=SUPERVISOR, at=opened.watch.later(minutes=5), seen=version)
    casework.file_case(
        CaseId(case), decision, profile=opened.centre.profile, uow=opened.centre.begin()
    )
    casework.write_off_case(
        CaseId(case),
        Decision(by=SUPERVISOR, at=opened.watch.later(minutes=5), code="W1"),
        profile=opened.centre.profile,
        uow=opened.centre.begin(),
    )


def test_a_report_sent_twice_is_one_case_that_waits_for_the_acceptor(opened: OpenCentre) -> None:
    client = opened.stranger()
    key = _key(client)

    answers = [_send(client, key) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303], answers[0].text
    (line,) = _cases(opened)
    page = client.get(answers[0].headers["location"])
    assert line["number"] in page.text
    assert "已收到，正在核实" in page.text
    story = opened.get("acceptor", f"/cases/{line['id']}")
    assert (line["status"], story["reports"][0]["source"]) == ("reported", "public")
    assert {"ask_confirmation", "confirm", "void"} <= {c["action"] for c in story["choices"]}
    assert story["tasks"] == []


def test_the_acceptor_sends_a_collector_to_look_and_only_once(opened: OpenCentre) -> None:
    client = opened.stranger()
    _send(client, _key(client))
    case = _cases(opened)[0]["id"]

    first = opened.decide("acceptor", case, "ask-confirmation")
    second = opened.decide("acceptor", case, "ask-confirmation")

    assert first.status_code == 200, first.text
    assert (second.status_code, second.json()["code"]) == (409, "ConfirmationAsked")
    tasks = opened.get("collector", "/tasks/mine")["tasks"]
    assert [entry["task"]["kind"] for entry in tasks] == ["confirm"]


def test_the_contact_is_for_the_acceptor_alone_and_in_no_history(opened: OpenCentre) -> None:
    client = opened.stranger()
    _send(client, _key(client), contact="138 0000 0000")
    case = _cases(opened)[0]["id"]

    assert opened.get("acceptor", f"/cases/{case}/contacts") == {"contacts": ["138 0000 0000"]}
    refused = opened.phone("dispatcher").get(f"/api/v1/cases/{case}/contacts")
    assert refused.status_code == 403
    assert "138 0000 0000" not in str(opened.get("acceptor", f"/cases/{case}"))


def test_who_has_the_link_reopens_with_a_photo_after_closure_and_not_before(
    opened: OpenCentre,
) -> None:
    client = opened.stranger()
    key = _key(client)
    _send(client, key)
    case = _cases(opened)[0]["id"]
    photo = {"photo": ("a.jpg", pictures.road(pothole=True, mark="again"), "image/jpeg")}

    early = client.post(f"/report/{key}/reopen", data={"note": "没有修好"}, files=photo)
    _close(opened, case)
    shown = client.get(f"/report/{key}")
    other = client.post(f"/report/{_key(client)}/reopen", data={"note": "x"}, files=photo)
    opened.watch.later(days=1)
    late = client.post(f"/report/{key}/reopen", data={"note": "还是坏的"}, files=photo)

    assert (early.status_code, other.status_code, late.status_code) == (422, 404, 303)
    assert "权属单位注销或拆除" in shown.text
    assert 'id="reopen"' in shown.text
    step = opened.get("supervisor", f"/cases/{case}")["steps"][-1]
    assert (step["action"], step["note"], step["role"]["zh"]) == ("reopen", "还是坏的", "市民")


def test_the_reporter_of_a_merged_case_reads_how_the_one_that_goes_on_stands(
    opened: OpenCentre,
) -> None:
    client = opened.stranger()
    key = _key(client)
    _send(client, key)
    (mine,) = _cases(opened)
    opened.where = (opened.where[0] + 0.003, opened.where[1])
    kept = opened.handling()
    into = opened.get("supervisor", f"/cases/{kept}")["line"]["number"]
    said = {"version": mine["version"], "note": "同一处", "into": kept}
    merged = opened.phone("supervisor").post(f"/api/v1/cases/{mine['id']}/merge", json=said)

    page = client.get(f"/report/{key}").text

    assert merged.status_code == 200, merged.text
    assert f"编号 {mine['number']}" in page
    assert f"已并入 {into}" in page
    assert "责任单位正在处理" in page


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"website": "http://spam"}, 422, "不要填写"),
        ({"photo": b"GIF89a"}, 422, "JPEG"),
        ({"latitude": "", "area": ""}, 422, "选择所在区域"),
        ({"label": "road.dragon"}, 422, "没有类别"),
        ({"latitude": "1", "longitude": "1"}, 422, "不在本市"),
        ({"note": "<script>alert(1)</script>", "label": ""}, 422, "&lt;script&gt;"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_and_nothing_is_kept(
    opened: OpenCentre, said: dict[str, Any], status: int, words: str
) -> None:
    client = opened.stranger()

    answer = _send(client, _key(client), **said)

    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert "<script>alert" not in answer.text
    assert _cases(opened) == []


def test_an_address_that_reports_too_often_waits_and_others_do_not(opened: OpenCentre) -> None:
    client = opened.stranger()
    most = opened.centre.profile.public.most_of_an_address

    answers = [_send(client, _key(client)).status_code for _ in range(most + 1)]

    assert answers == [303] * most + [429]


def test_a_household_of_ipv6_counts_as_one_and_an_hour_later_there_is_room_again() -> None:
    watch = Watch(now=MONDAY)
    gate = Gate(most=3, most_of_an_address=2, now=watch)
    gate.pass_through("2001:db8::1")
    gate.pass_through("2001:db8::2")
    with pytest.raises(TooMany):
        gate.pass_through("2001:db8::3")
    gate.pass_through("192.0.2.1")
    with pytest.raises(TooMany):
        gate.pass_through("192.0.2.2")

    watch.later(hours=1)
    gate.pass_through("2001:db8::3")


def test_the_page_speaks_english_too_and_a_wrong_link_leads_nowhere(opened: OpenCentre) -> None:
    client = opened.stranger()

    assert "Report a problem in the city" in client.get("/report?lang=en").text
    assert client.get("/report/nothing").status_code == 404
