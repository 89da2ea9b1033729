"""Who gets in, who stays in, and what those outside can learn."""

from datetime import timedelta

import httpx
import pytest

from api.doors.auth import FREE_FAILURES, PAGE_HEADER
from tests.api.open_centre import PASSWORD, OpenCentre


def _knock(client: httpx.Client, name: str, password: str) -> httpx.Response:
    return client.post("/api/v1/session", json={"name": name, "password": password})


def test_somebody_signs_in_is_known_and_signs_out(opened: OpenCentre) -> None:
    client = opened.stranger()

    answer = _knock(client, "collector", PASSWORD)
    known = client.get("/api/v1/session")
    left = client.delete("/api/v1/session")
    gone = client.get("/api/v1/session")

    assert answer.json() == known.json() and known.json()["roles"] == ["collector"]
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    assert (left.status_code, gone.status_code) == (204, 401)


def test_a_session_that_was_ended_stays_ended_for_whoever_kept_the_cookie(
    opened: OpenCentre,
) -> None:
    client = opened.stranger()
    _knock(client, "collector", PASSWORD)
    kept = dict(client.cookies)

    client.delete("/api/v1/session")
    again = httpx.get(opened.server.address + "/api/v1/session", cookies=kept)

    assert again.status_code == 401


def test_wrong_passwords_make_an_account_wait_and_then_let_in_again(opened: OpenCentre) -> None:
    client = opened.stranger()

    refused = [_knock(client, "collector", "wrong").status_code for _ in range(FREE_FAILURES + 1)]
    waiting = _knock(client, "collector", PASSWORD)
    opened.door.later(minutes=1)
    after = _knock(client, "collector", PASSWORD)

    assert refused == [401] * (FREE_FAILURES + 1)
    assert waiting.status_code == 401
    assert after.status_code == 200


def test_whoever_guesses_learns_nothing_of_which_accounts_exist_or_wait(
    opened: OpenCentre,
) -> None:
    client = opened.stranger()

    known = [_knock(client, "collector", "wrong").json() for _ in range(FREE_FAILURES + 2)]
    waiting = _knock(client, "collector", PASSWORD).json()
    unknown = [_knock(client, "nobody", "wrong").json() for _ in range(FREE_FAILURES + 2)]

    assert known == unknown
    assert waiting == unknown[0]


def test_whoever_does_nothing_for_long_is_signed_out(opened: OpenCentre) -> None:
    client = opened.phone("collector")
    idle = opened.centre.settings.session_idle

    opened.door.now += idle + timedelta(seconds=1)

    assert client.get("/api/v1/session").status_code == 401


def test_whoever_works_stays_signed_in_but_not_beyond_a_shift(opened: OpenCentre) -> None:
    client = opened.phone("collector")
    settings = opened.centre.settings
    answers = []

    for _ in range(int(settings.session_absolute / settings.session_idle * 2) + 1):
        opened.door.now += settings.session_idle / 2
        answers.append(client.get("/api/v1/session").status_code)

    assert answers[:-2] == [200] * (len(answers) - 2)
    assert answers[-1] == 401


def test_somebody_who_was_put_off_duty_is_out_at_once(opened: OpenCentre) -> None:
    from dataclasses import replace

    client = opened.phone("collector")
    with opened.centre.begin() as uow:
        person = next(each for each in uow.people.all() if each.id == "collector")
        uow.people.save(replace(person, active=False))
        uow.commit()

    assert client.get("/api/v1/session").status_code == 401
    assert _knock(opened.stranger(), "collector", PASSWORD).status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/session"), ("DELETE", "/session"), ("POST", "/cases/x/confirm")],
)
def test_a_change_that_another_sites_page_asks_for_is_refused(
    opened: OpenCentre, method: str, path: str
) -> None:
    client = opened.phone("collector")
    del client.headers[PAGE_HEADER]

    answer = client.request(method, f"/api/v1{path}", json={"name": "a", "password": "b"})

    assert (answer.status_code, answer.json()["code"]) == (403, "ForeignPage")


def test_an_error_is_said_in_both_languages_with_a_code(opened: OpenCentre) -> None:
    answer = opened.stranger().get("/api/v1/cases")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "status": 401,
        "code": "SignedOut",
        "title": "请先登录",
        "title_en": "sign in first",
    }


def test_every_answer_keeps_foreign_code_and_frames_out(opened: OpenCentre) -> None:
    client = opened.stranger()

    for path in ("/centre", "/worker", "/web/shared/api.js", "/api/v1/cases", "/nowhere"):
        headers = client.get(path).headers

        assert "default-src 'self'" in headers["content-security-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path


def test_what_the_centre_tells_of_cases_is_kept_by_no_cache_on_the_way(opened: OpenCentre) -> None:
    answer = opened.phone("collector").get("/api/v1/tasks/mine")

    assert answer.headers["cache-control"] == "no-store"
