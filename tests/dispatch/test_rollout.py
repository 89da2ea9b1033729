"""Who is offered which model: always the same devices, the highest number, never a paused one."""

from datetime import timedelta

import pytest

from dispatch.devices.rollout import Registered, Rollout, offered
from tests.dispatch.city import MONDAY

CARS = [f"car-{number:03}" for number in range(400)]


def package(sequence: int, role: str = "patrol") -> Registered:
    return Registered(
        sha256=f"{sequence:064x}",
        size_bytes=10,
        role=role,
        name="street-n",
        version="1.0.0",
        sequence=sequence,
        not_before=MONDAY,
        expires=MONDAY + timedelta(days=30),
        labels=("road.pothole",),
        registered_at=MONDAY,
        registered_by="administrator",
    )


def rollout(
    sequence: int, *, share: float = 1.0, devices: str = "*", paused: bool = False
) -> Rollout:
    return Rollout(
        sha256=f"{sequence:064x}",
        devices=(devices,),
        share=share,
        paused=paused,
        changed_at=MONDAY,
        changed_by="administrator",
    )


def sequences(device: str, *rollouts: Rollout, after: timedelta = timedelta(days=1)) -> list[int]:
    known = {each.sha256: each for each in (package(1), package(2), package(9, "privacy"))}
    at = MONDAY + after
    return [e.sequence for e in offered(device, packages=known, rollouts=rollouts, at=at)]


def test_nothing_rolled_out_is_offered_to_nobody() -> None:
    assert sequences("car-001") == []


def test_each_role_is_offered_its_highest_number() -> None:
    assert sequences("car-001", rollout(1), rollout(9), rollout(2)) == [2, 9]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_a_share_is_about_that_share_of_the_devices(share: float) -> None:
    reached = [car for car in CARS if rollout(1, share=share).reaches(car)]

    assert abs(len(reached) / len(CARS) - share) < 0.08


def test_a_larger_share_keeps_the_devices_of_the_smaller_one() -> None:
    few = {car for car in CARS if rollout(1, share=0.1).reaches(car)}
    more = {car for car in CARS if rollout(1, share=0.4).reaches(car)}

    assert few < more


def test_a_kind_of_devices_is_named_by_a_pattern() -> None:
    assert sequences("drone-1", rollout(1, devices="car-*")) == []
    assert sequences("car-1", rollout(1, devices="car-*")) == [1]


def test_a_paused_rollout_and_an_expired_package_are_not_offered() -> None:
    assert sequences("car-1", rollout(2, paused=True), rollout(1)) == [1]
    assert sequences("car-1", rollout(2), after=timedelta(days=31)) == []
    assert sequences("car-1", rollout(2), after=timedelta(days=-1)) == []
