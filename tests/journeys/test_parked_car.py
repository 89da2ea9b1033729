"""A car that stands where stopping is forbidden: drawn, driven past twice, and put before a person.

The street is rendered; camera, detector, tracks, intake and rules are those that are shipped.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely

from detect.detector import Detector
from dispatch import wire
from dispatch.case.case import Case
from dispatch.case.task import TaskKind
from dispatch.case.transition import Status
from dispatch.city.profile import Profile, Zoning
from dispatch.devices.asking import asked_of_devices
from dispatch.ground.zone import ZoneMap
from dispatch.ports.unit_of_work import CaseFilter
from dispatch.store.memory import MemoryStore
from edge.delivery.asked import NOTHING, AskedGround
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.placing.geodesy import LocalPlane
from edge.sources.street.layout import plan_street
from edge.sources.street.passes import PassPlan, StreetPass
from edge.sources.street.plan import StreetPlan
from edge.sources.street.schedule import plan_passes
from edge.telling import Produced
from models.registry.registry import default_model
from tests.dispatch import taking, zoned
from tests.dispatch.city import demo_profile

STREET = plan_street(7)
FIRST = plan_passes(STREET)[0].model_copy(update={"from_m": 14.0, "to_m": 40.0})
CAR = FIRST.parked[0]
ONE_CAR = FIRST.model_copy(update={"parked": (CAR,)})
AGAIN = timedelta(minutes=34)


def ground(
    street: StreetPlan, along: tuple[float, float], right: tuple[float, float]
) -> shapely.Polygon:
    """Give a rectangle of the street in degrees."""
    plane = LocalPlane(latitude=street.latitude, longitude=street.longitude)
    corners = [
        (along[0], right[0]),
        (along[1], right[0]),
        (along[1], right[1]),
        (along[0], right[1]),
    ]
    degrees = [plane.latitude_longitude(np.array(street.east_north(*corner))) for corner in corners]
    return shapely.Polygon([(float(longitude), float(latitude)) for latitude, longitude in degrees])


ZONE = zoned.zone(ground=ground(STREET, (CAR.along_m - 6.0, CAR.along_m + 10.0), (-0.5, 9.5)))


def city() -> Profile:
    zoning = Zoning(zones=ZoneMap([ZONE]), rules=(zoned.TWICE,), policy=zoned.POLICY)
    return replace(demo_profile(), zoning=zoning)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(default_model(), threads=2)


ASKED = AskedGround(asked_of_devices(city().zoning, day=ONE_CAR.starts_at.date()))


@pytest.fixture(scope="module")
def first(detector: Detector, tmp_path_factory: pytest.TempPathFactory) -> list[Produced]:
    """The first drive past the car."""
    return drive(ONE_CAR, detector, tmp_path_factory.mktemp("first"), asked=ASKED)


def drive(
    patrol: PassPlan,
    detector: Detector,
    folder: Path,
    *,
    asked: AskedGround,
    device: str = "vehicle-07",
) -> list[Produced]:
    """Drive along the street and give what the device has to say."""
    file = folder / f"{device}-{patrol.starts_at:%H%M}.street.json"
    file.write_text(StreetPass(plan=STREET, patrol=patrol).model_dump_json(), encoding="utf-8")
    footage = open_footage(
        file, telemetry=None, camera=None, starts_at=None, explain=lambda zh, en: None
    )
    return list(Pipeline(footage, detector, device=device, asked=asked).run())


def later(**changes: object) -> PassPlan:
    """Give the drive of another vehicle over half an hour later, with errors of its own."""
    return ONE_CAR.model_copy(
        update={"starts_at": ONE_CAR.starts_at + AGAIN, "seed": ONE_CAR.seed + 1, **changes}
    )


def findings(produced: Sequence[Produced], label: str = zoned.CAR) -> list[wire.Finding]:
    messages = [each.message for each in produced]
    return [each for each in messages if isinstance(each, wire.Finding) and each.label == label]


def cases(store: MemoryStore, *passes: Sequence[Produced]) -> list[Case]:
    """Have the centre take passes in, and give its cases about parking."""
    for produced in passes:
        messages = [each.message for each in produced]
        taking.take_messages(
            [each.model_dump(mode="json") for each in messages],
            device=messages[0].device,
            at=ONE_CAR.starts_at + 3 * AGAIN,
            uow=store.unit_of_work(),
            profile=city(),
        )
    with store.unit_of_work() as uow:
        wanted = CaseFilter(label="street.vehicle_parking")
        return list(uow.cases.find(wanted, limit=10))


def test_a_car_that_two_patrols_pass_in_a_no_stopping_zone_awaits_a_person(
    first: list[Produced], detector: Detector, tmp_path: Path
) -> None:
    store = MemoryStore()
    second = drive(later(), detector, tmp_path, asked=ASKED, device="vehicle-12")

    assert len(findings(first)) == len(findings(second)) == 1
    assert cases(store, first) == []
    (case,) = cases(store, second)

    with store.unit_of_work() as uow:
        (task,) = uow.tasks.of_case(case.id)
    assert case.status is Status.REPORTED
    assert case.category.key.code == "09009"
    assert case.rendered
    assert task.kind is TaskKind.CONFIRM
    said = case.history[0].grounds["zone"]
    assert isinstance(said, dict)
    assert "相隔 34 分钟两次看到" in str(said["why_zh"])


def test_where_the_car_drove_off_in_between_no_case_is_made(
    first: list[Produced], detector: Detector, tmp_path: Path
) -> None:
    second = drive(later(parked=()), detector, tmp_path, asked=ASKED, device="vehicle-12")

    assert cases(MemoryStore(), first, second) == []


def test_a_device_that_nobody_asked_tells_of_no_car(detector: Detector, tmp_path: Path) -> None:
    produced = drive(ONE_CAR, detector, tmp_path, asked=NOTHING)

    assert findings(produced) == []
