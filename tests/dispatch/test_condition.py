"""No device stops without anybody noticing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dispatch.city.profile import Profile
from dispatch.devices.condition import Condition, Standing, condition_of
from dispatch.devices.device import Device
from dispatch.wire import Complaint, Heartbeat, Level
from tests.dispatch import making
from tests.dispatch.city import MONDAY

HOT = Complaint(code="too_hot", level=Level.WARN, zh="太热：请通风", en="too hot: give it air")
LOST = Complaint(code="gnss_lost", level=Level.FAIL, zh="没有定位：请检查天线", en="look up")


def judged(device: Device, profile: Profile, *, at: datetime) -> Condition:
    """Judge a device as a city does."""
    silent_after = profile.patrol.silent_after
    return condition_of(device, calendar=profile.calendar, silent_after=silent_after, at=at)


def heard(at: datetime, **said: object) -> Device:
    beat: Heartbeat = making.heartbeat(at=at).model_copy(update=said)
    return Device(
        id="vehicle-07",
        name="7 号车",
        public_key=b"k" * 32,
        registered_at=at - timedelta(days=9),
        last_heartbeat=beat,
        heard_at=at,
    )


def test_a_device_heard_a_minute_ago_is_well(profile: Profile) -> None:
    found = judged(
        heard(MONDAY),
        profile,
        at=MONDAY + timedelta(minutes=1),
    )

    assert (found.standing, found.complaints) == (Standing.WELL, ())


def test_a_device_that_falls_silent_during_a_shift_is_named(profile: Profile) -> None:
    found = judged(
        heard(MONDAY),
        profile,
        at=MONDAY + timedelta(minutes=20),
    )

    assert found.standing is Standing.SILENT
    assert found.silent_for == timedelta(minutes=20)
    assert "20 分钟" in found.complaints[0].zh
    assert "revoke" in found.complaints[0].en


def test_a_vehicle_parked_overnight_is_not_missed_but_one_that_does_not_start_is(
    profile: Profile,
) -> None:
    evening = MONDAY.astimezone(profile.zone).replace(hour=23, minute=0)
    parked = heard(evening)
    morning = evening + timedelta(days=1)

    asleep = judged(
        parked,
        profile,
        at=evening + timedelta(hours=5),
    )
    missing = judged(
        parked,
        profile,
        at=morning.replace(hour=12),
    )

    assert asleep.standing is Standing.WELL
    assert missing.standing is Standing.SILENT


def test_what_a_silent_device_last_complained_of_is_still_shown(profile: Profile) -> None:
    device = heard(MONDAY, reasons=(LOST,), ok=False)

    found = judged(
        device,
        profile,
        at=MONDAY + timedelta(hours=1),
    )

    assert [each.code for each in found.complaints] == ["silent", "gnss_lost"]


@pytest.mark.parametrize(
    ("ok", "reasons", "standing"),
    [(True, (HOT,), Standing.CARE), (False, (LOST, HOT), Standing.FAILING)],
)
def test_a_complaint_decides_how_a_device_stands(
    profile: Profile, ok: bool, reasons: tuple[Complaint, ...], standing: Standing
) -> None:
    found = judged(
        heard(MONDAY, ok=ok, reasons=reasons),
        profile,
        at=MONDAY,
    )

    assert (found.standing, found.complaints) == (standing, reasons)


def test_what_an_older_device_complains_of_is_shown_as_it_said_it(profile: Profile) -> None:
    device = heard(MONDAY, ok=False, complaints=("2 refused",))

    (complaint,) = judged(device, profile, at=MONDAY).complaints

    assert (complaint.code, complaint.zh, complaint.level) == ("unnamed", "2 refused", Level.FAIL)


def test_a_new_device_has_a_while_to_report_and_then_is_missed(profile: Profile) -> None:
    new = replace(heard(MONDAY), last_heartbeat=None, heard_at=None, registered_at=MONDAY)

    at_first = judged(
        new,
        profile,
        at=MONDAY + timedelta(minutes=5),
    )
    later = judged(
        new,
        profile,
        at=MONDAY + timedelta(minutes=30),
    )

    assert (at_first.standing, later.standing) == (Standing.NEW, Standing.SILENT)
    assert "从未" in later.complaints[0].zh


def test_nobody_waits_for_a_device_that_was_shut_out(profile: Profile) -> None:
    revoked = replace(heard(MONDAY), revoked_at=MONDAY)

    found = judged(
        revoked,
        profile,
        at=MONDAY + timedelta(days=30),
    )

    assert (found.standing, found.complaints) == (Standing.REVOKED, ())


def test_a_device_that_only_sends_recordings_is_never_silent(profile: Profile) -> None:
    replays = replace(heard(MONDAY), last_heartbeat=None)

    found = judged(
        replays,
        profile,
        at=MONDAY + timedelta(days=3),
    )

    assert (found.standing, found.complaints) == (Standing.RECORDINGS, ())
