"""The demo: whenever it is run its story is the same, and what cannot start says why."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from api.demo.processes import CentreProcess, CentreSilent
from api.demo.run import SPAN, first_drive
from api.demo.truth import Parts, Planted, cast_parts
from dispatch.ground.place import Place
from tests.dispatch.city import CITIES, city_of

HERE = Place(latitude=30.0, longitude=110.0, ee=0.0, en=0.0, nn=0.0)


@pytest.mark.parametrize("name", CITIES)
def test_a_demo_plays_on_working_days_of_one_month_that_are_over(name: str) -> None:
    calendar = city_of(name).profile.calendar
    moments = [datetime(2026, 1, 1, 3, tzinfo=UTC) + n * timedelta(hours=31) for n in range(280)]

    starts = [first_drive(now, calendar=calendar) for now in moments]

    for now, start in zip(moments, starts, strict=True):
        days = [(start + timedelta(days=n)).astimezone(calendar.zone).date() for n in range(4)]
        assert start + SPAN <= now
        assert all(map(calendar.works_on, days)), days
        assert len({day.month for day in days}) == 1
    assert all(before <= after for before, after in pairwise(starts))


@pytest.mark.parametrize(
    ("stories", "parts"),
    [
        ("", (None, None, None)),
        ("n", (None, None, None)),
        ("r", ("p1", None, None)),
        ("rnr", ("p1", None, "p3")),
        ("nrrhr", ("p2", "p3", "p5")),
    ],
)
def test_no_planted_problem_plays_two_parts(
    stories: str, parts: tuple[str | None, str | None, str | None]
) -> None:
    full = {"r": "repair", "n": "not_repaired", "h": "hidden_later"}
    truth = tuple(
        Planted(id=f"p{n}", label="road.pothole", story=full[each], place=HERE)
        for n, each in enumerate(stories, start=1)
    )

    assert cast_parts(truth) == Parts(reworked=parts[0], returned=parts[1], checked=parts[2])


def test_a_centre_that_cannot_start_is_given_up_with_its_reason_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "xunhuan"
    broken.write_text("#!/bin/sh\necho no such profile >&2\nexit 78\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr("api.demo.processes.command", lambda _: str(broken))
    process = CentreProcess({}, log=tmp_path / "centre.log")

    with pytest.raises(CentreSilent):
        process.ensure()
    process.stop()

    assert "no such profile" in (tmp_path / "centre.log").read_text(encoding="utf-8")
