"""A device that the centre does not let in knocks seldom, and at once when it is enrolled anew."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses, ShutOut
from edge.delivery.keys import read_identity, write_enrolment
from edge.delivery.knocking import FIRST_PAUSE_S, LONGEST_PAUSE_S, Knocking
from edge.delivery.outbox import Outbox
from edge.delivery.sending import StillToSend, check_name
from tests.edge.fake_centre import FakeCentre, fake_centre
from tests.edge.live_vehicle import enrolled
from tests.edge.messages import AT, finding_of


@dataclass
class Doorstep:
    """A device before its centre, and the clock that the test turns."""

    folder: Path
    centre: FakeCentre
    link: Centre
    knocking: Knocking
    now_s: float = 1000.0

    def speaks(self) -> bool:
        """Let the device say something, if the time has come; say whether it had."""
        kept: list[None] = []
        self.knocking.speak(self.talk, keep=lambda: kept.append(None))
        return not kept

    def talk(self) -> None:
        """Ask for what only a device gets that is let in."""
        self.link.send("GET", "/api/v1/device/inbox")

    def waits_s(self) -> float:
        """Give how long it is until it spoke again, or tried to, to the second."""
        began = self.now_s
        while not self.speaks():
            self.now_s += 1.0
        return self.now_s - began


@pytest.fixture
def doorstep(tmp_path: Path) -> Iterator[Doorstep]:
    with fake_centre() as centre:
        enrolled(tmp_path, centre)
        link = Centre(read_identity(tmp_path), now=lambda: datetime.now(UTC))
        knocking = Knocking(link, tmp_path, monotonic=lambda: stands.now_s, rng=random.Random(1))
        stands = Doorstep(folder=tmp_path, centre=centre, link=link, knocking=knocking)
        yield stands
        link.close()


def turned_away(doorstep: Doorstep) -> None:
    doorstep.centre.shut_out = True
    assert doorstep.speaks()
    assert isinstance(doorstep.knocking.refusal, ShutOut)


def test_it_knocks_ever_more_seldom_and_never_with_the_others(doorstep: Doorstep) -> None:
    turned_away(doorstep)

    waited = [doorstep.waits_s() for _ in range(13)]

    assert FIRST_PAUSE_S / 2 <= waited[0] <= FIRST_PAUSE_S + 1
    assert all(LONGEST_PAUSE_S / 2 <= each <= LONGEST_PAUSE_S + 1 for each in waited[6:])
    assert len(set(waited[6:])) > 3
    assert set(doorstep.centre.turned_away[1:]) == {"/api/v1/device/asked"}


def test_a_centre_that_is_away_when_it_is_knocked_at_is_not_knocked_at_at_once(
    doorstep: Doorstep,
) -> None:
    turned_away(doorstep)
    doorstep.centre.answers = [(503, {}, b"")]

    with pytest.raises(Exception, match="busy"):
        doorstep.waits_s()

    assert doorstep.waits_s() >= FIRST_PAUSE_S / 2
    assert doorstep.knocking.words() is not None


def test_once_the_centre_takes_it_again_nothing_is_left_to_complain_of(
    doorstep: Doorstep,
) -> None:
    turned_away(doorstep)
    doorstep.centre.shut_out = False

    doorstep.waits_s()

    assert doorstep.knocking.words() is None
    assert doorstep.waits_s() == 0.0


@pytest.mark.parametrize("damaged", [False, True])
def test_a_person_who_enrols_it_anew_is_not_waited_for(
    doorstep: Doorstep, *, damaged: bool
) -> None:
    turned_away(doorstep)
    if damaged:
        (doorstep.folder / "device.json").write_text("{", encoding="utf-8")
        assert not doorstep.speaks()

    enrolled(doorstep.folder, doorstep.centre)
    doorstep.centre.shut_out = False

    assert doorstep.waits_s() == 0.0
    assert doorstep.knocking.words() is None
    assert not doorstep.knocking.renamed


def test_a_centre_that_moved_is_spoken_to_where_it_is_now(doorstep: Doorstep) -> None:
    with fake_centre() as moved:
        enrolled(doorstep.folder, moved)

        assert doorstep.speaks()

        assert (len(moved.nonces), len(doorstep.centre.nonces)) == (1, 0)


def test_what_the_centre_does_not_take_is_no_reason_to_end_either(doorstep: Doorstep) -> None:
    problem = {"Content-Type": "application/problem+json"}
    doorstep.centre.answers = [(422, problem, '{"title": "格式不对"}'.encode())]

    assert doorstep.speaks()

    assert isinstance(doorstep.knocking.refusal, CentreRefuses)
    assert "格式不对" in (doorstep.knocking.words() or ("",))[0]
    assert doorstep.waits_s() > 0.0


def test_a_code_of_another_device_is_not_taken_while_this_one_has_things_to_say(
    doorstep: Doorstep,
) -> None:
    check_name(doorstep.folder, "car-8")
    outbox = Outbox(doorstep.folder)
    outbox.record(finding_of(1), at=AT)
    outbox.close()

    check_name(doorstep.folder, "car-7")
    with pytest.raises(StillToSend, match="car-7"):
        check_name(doorstep.folder, "car-8")


def test_a_device_under_another_name_is_to_be_started_anew(doorstep: Doorstep) -> None:
    other = read_identity(doorstep.folder).enrolment.model_copy(update={"device": "car-8"})

    write_enrolment(doorstep.folder, other)
    assert not doorstep.speaks()

    assert doorstep.knocking.renamed
    assert doorstep.link.device == "car-7"
