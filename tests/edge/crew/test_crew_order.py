"""The crew begins and ends a pass; what it ordered outlives a restart, but not the day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.config import CrewConfig
from edge.crew.order import LASTS, ORDER_FILE, Order, Orders
from edge.patrol.gate import PassGate

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def gate() -> PassGate:
    return PassGate(ends_standing=timedelta(seconds=300), ends_without_fix=timedelta(seconds=120))


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_without_an_order_passes_begin_and_end_by_themselves(tmp_path: Path) -> None:
    assert Orders(tmp_path, now=Clock()).in_force() is Order.AUTOMATIC


@pytest.mark.parametrize("order", [Order.ON, Order.OFF])
def test_an_order_survives_a_restart(tmp_path: Path, order: Order) -> None:
    Orders(tmp_path, now=Clock()).give(order)

    assert Orders(tmp_path, now=Clock()).in_force() is order


@pytest.mark.parametrize("away", [LASTS, -LASTS])
def test_a_forgotten_order_ends_by_itself_wherever_the_clock_went(
    tmp_path: Path, away: timedelta
) -> None:
    clock = Clock()
    orders = Orders(tmp_path, now=clock)
    orders.give(Order.OFF)

    clock.at = START + away

    assert orders.in_force() is Order.AUTOMATIC
    assert orders.ends_at() is None


def test_an_order_that_a_power_cut_spoilt_leaves_passes_to_the_vehicle(tmp_path: Path) -> None:
    (tmp_path / ORDER_FILE).write_bytes(b'{"order": "of')

    assert Orders(tmp_path, now=Clock()).in_force() is Order.AUTOMATIC


def test_a_pass_that_was_ordered_begins_while_the_vehicle_stands_and_does_not_end() -> None:
    of = gate()

    assert of.update(START, 0.0, order=Order.ON)
    assert of.update(after(4000.0), 0.0, order=Order.ON)


def test_a_pass_that_was_ended_does_not_begin_again_though_the_vehicle_drives() -> None:
    of = gate()
    of.update(START, 8.0)

    assert not of.update(after(1.0), 8.0, order=Order.OFF)
    assert not of.update(after(2.0), 8.0, order=Order.OFF)
    assert of.update(after(3.0), 8.0)


def test_back_to_automatic_a_pass_under_way_ends_by_standing_as_ever() -> None:
    of = gate()
    of.update(START, 0.0, order=Order.ON)

    assert of.update(after(200.0), 0.0)
    assert not of.update(after(301.0), 0.0)


def test_the_page_is_never_offered_to_every_network() -> None:
    with pytest.raises(ValueError, match="写明驾驶室网络的地址"):
        CrewConfig(listen="0.0.0.0:9471")
