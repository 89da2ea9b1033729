"""Whole records for tests: every field is set, and set to something of its own."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

import h3.api.basic_int as h3

from dispatch import wire
from dispatch.case.case import Case, Source, case_id
from dispatch.case.photo import Photo, PhotoPurpose
from dispatch.case.step import Decision
from dispatch.case.task import Task, TaskKind, task_id
from dispatch.catalogue.catalog import CatalogClass, ClassKey, Kind, Threshold
from dispatch.clocks.clock import Alarm, Clock, Stage
from dispatch.clocks.worktime import parse_limit
from dispatch.ground.place import Place, lookup_cell
from dispatch.ids import CaseId, GridId, ObservationId, PersonId, PhotoId, ProblemId
from dispatch.people.people import MACHINE, Person, Role
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem

NOON: Final = datetime(2026, 11, 20, 4, 0, 0, 250_000, tzinfo=UTC)
LATITUDE, LONGITUDE = 30.0002, 110.0008
M_PER_DEGREE: Final = 111_195.0
MODEL: Final = wire.ModelRef(name="street-n", version="0.1.0", sha256="5e" * 32)
GRID: Final = GridId("999901001001001")


def minutes(count: float) -> timedelta:
    """Give so many minutes."""
    return timedelta(minutes=count)


def position(
    *, north_m: float = 0.0, shared_m2: float = 2.25, own_m2: float = 0.5
) -> wire.Position:
    """Place something so many metres north of where things lie."""
    return wire.Position(
        latitude=LATITUDE + north_m / M_PER_DEGREE,
        longitude=LONGITUDE,
        shared=wire.Covariance(ee=shared_m2, en=0.0, nn=shared_m2),
        own=wire.Covariance(ee=own_m2, en=0.1, nn=own_m2),
    )


def finding(
    name: str = "1",
    *,
    device: str = "vehicle-07",
    pass_id: str = "vehicle-07:1",
    at: datetime = NOON,
    label: str = "road.pothole",
    where: wire.Position | None = None,
    revision: int = 0,
    score: float = 0.7,
) -> wire.Finding:
    """Make a finding; `where` is None for the usual place."""
    sha256 = hashlib.sha256(f"{pass_id} {name}".encode()).hexdigest()
    return wire.Finding(
        id=wire.message_id(at, device, pass_id, name),
        device=device,
        revision=revision,
        pass_id=pass_id,
        platform=wire.Platform.VEHICLE,
        captured_at=at,
        first_seen_at=at,
        last_seen_at=at + timedelta(seconds=1),
        label=label,
        score=score,
        threshold=0.35,
        probabilities={label: 0.9},
        frames_seen=5,
        frames_offered=6,
        position=where or position(),
        measure=wire.Measure(quantity=wire.Quantity.AREA_M2, value=0.84, sigma=0.11),
        pixels_per_metre=90.0,
        light=wire.Light.DAY,
        model=MODEL,
        evidence=(
            wire.Evidence(
                sha256=sha256,
                kind=wire.EvidenceKind.NEAR,
                media_type="image/jpeg",
                size_bytes=40_000,
                width_px=640,
                height_px=480,
                taken_at=at,
                redaction=wire.Redaction(method="pixelate", by="street-n 0.1.0", regions=0),
            ),
        ),
    )


def without_position(found: wire.Finding) -> wire.Finding:
    """Take a finding's position away."""
    return found.model_copy(update={"position": None, "position_refused": "无定位 / no fix"})


def sweep(
    *,
    device: str = "vehicle-07",
    pass_id: str = "vehicle-07:1",
    at: datetime = NOON,
    stretch: int = 0,
    last: bool = True,
    revision: int = 0,
) -> wire.Sweep:
    """Make a sweep whose inspected and hidden ground lies about the usual place."""
    centre = h3.latlng_to_cell(LATITUDE, LONGITUDE, 13)
    cells = sorted(h3.grid_disk(centre, 3))
    return wire.Sweep(
        id=wire.message_id(at, device, pass_id, "sweep", str(stretch)),
        device=device,
        revision=revision,
        pass_id=pass_id,
        platform=wire.Platform.VEHICLE,
        stretch=stretch,
        started_at=at,
        ended_at=at + timedelta(seconds=50),
        distance_m=300.0,
        frames=500,
        frame_distance_m=0.6,
        position_sigma_m=1.5,
        model=MODEL,
        inspected=(
            wire.Inspected(
                labels=("road.pothole",),
                resolution=13,
                cells=wire.pack_cells(cells[5:]),
                pixels_per_metre=wire.pack_ppm([60.0] * len(cells[5:])),
                quality=0.9,
                light=wire.Light.DAY,
            ),
        ),
        hidden=(
            wire.Hidden(
                reason=wire.NotInspected.OCCLUDED, resolution=13, cells=wire.pack_cells(cells[:5])
            ),
        ),
        last=last,
    )


def heartbeat(
    name: str = "1", *, at: datetime = NOON, device: str = "vehicle-07"
) -> wire.Heartbeat:
    """Make a heartbeat."""
    return wire.Heartbeat(
        id=wire.message_id(at, device, "heartbeat", name),
        device=device,
        at=at,
        version="0.1.0",
        outbox_depth=3,
        oldest_unsent_s=1.5,
        disk_free_bytes=10**10,
        ok=True,
    )


def observation(found: wire.Finding | None = None, *, problem: str | None = None) -> Observation:
    """Make an observation, of a problem if one is named."""
    found = found or finding()
    where = found.position
    return Observation(
        finding=found,
        received_at=NOON + minutes(3),
        cell=None if where is None else lookup_cell(where.latitude, where.longitude),
        grid=None if where is None else GRID,
        problem=None if problem is None else ProblemId(problem),
    )


def place(*, north_m: float = 0.0) -> Place:
    """Give a place so many metres north of where things lie."""
    return Place(
        latitude=LATITUDE + north_m / M_PER_DEGREE,
        longitude=LONGITUDE,
        ee=1.5,
        en=0.1,
        nn=1.25,
        address="示范路 12 号",
    )


def problem(name: str = "p1", *, north_m: float = 0.0) -> Problem:
    """Make a problem."""
    return Problem(
        id=ProblemId(name),
        place=place(north_m=north_m),
        probabilities={"road.pothole": 0.8, "road.crack": 0.2},
        first_seen_at=NOON,
        last_seen_at=NOON + minutes(60),
        passes=2,
        observations=(ObservationId("o1"), ObservationId("o2")),
        sizes=(wire.Measure(quantity=wire.Quantity.AREA_M2, value=0.8, sigma=0.1),),
        pixels_per_metre=91.5,
        version=2,
    )


CATEGORY: Final = CatalogClass(
    key=ClassKey(standard="GB/T 47678.5-2026", kind=Kind.MATTER, code="06013"),
    name_zh="道路破损",
    name_en="Road damage",
    major_zh="市容环境",
    label="road.pothole",
    threshold=Threshold(quantity=wire.Quantity.AREA_M2, value=0.5),
    filing_zh="面积不小于 0.5 平方米",
    filing_en="0.5 m² or more",
    closing_zh="已修复",
    closing_en="repaired",
    hazard=True,
    person_always=True,
    same_hour=True,
    returns=True,
)


def clock(stage: Stage = Stage.WHOLE, *, at: datetime = NOON) -> Clock:
    """Make a running clock of five working days."""
    limit = parse_limit("5工作日")
    return Clock(
        stage=stage,
        original=limit,
        limit=limit,
        started_at=at,
        warn_at=at + minutes(80),
        due_at=at + minutes(100),
        fired=Alarm.GREEN,
    )


SUPERVISOR: Final = Person(
    id=PersonId("li"), name="李", roles=frozenset({Role.SUPERVISOR, Role.ACCEPTOR}), area="9999"
)


def case(
    name: str = "p1",
    *,
    at: datetime = NOON,
    grid: str | None = GRID,
    north_m: float = 0.0,
    recurs: Case | None = None,
) -> Case:
    """Make a case that was reported."""
    made = Case(
        id=case_id(ProblemId(name), at=at),
        problem=ProblemId(name),
        category=CATEGORY,
        place=place(north_m=north_m),
        grid=None if grid is None else GridId(grid),
        grid_share=0.75,
        source=Source.PATROL,
        rendered=True,
        reported_at=at,
        measure=wire.Measure(quantity=wire.Quantity.AREA_M2, value=0.8, sigma=0.1),
        severity="general",
        recurs=None if recurs is None else recurs.id,
    )
    made.report(Decision(by=MACHINE, at=at, grounds={"p": 0.1 + 0.2, "tiny": 1e-22, "看": [1]}))
    return made


def task(of: Case, *, kind: TaskKind = TaskKind.CONFIRM, role: Role = Role.COLLECTOR) -> Task:
    """Make an open task of a case."""
    return Task(
        id=task_id(of.id, kind, round_=1, at=of.reported_at),
        case=of.id,
        kind=kind,
        role=role,
        area=of.grid or "",
        made_at=of.reported_at,
        due_at=of.reported_at + minutes(30),
        suggestion="repaired",
    )


def photo(
    name: str,
    case: CaseId,
    *,
    imprint: str,
    before_imprint: str | None = None,
) -> Photo:
    """Make a photo that the vision worker has looked at."""
    id_ = f"0192f3aa-5b1c-4d2e-9f00-{int(name):012d}"
    result = wire.PhotoResult(
        id=wire.message_id(NOON, "worker", name),
        device="photo-worker-1",
        photo=id_,
        looked_at=NOON,
        model=MODEL,
        readable=True,
        seen={"road.pothole": 0.0},
        evidence=finding(f"photo {name}").evidence[:1],
        imprint=imprint,
        before_imprint=before_imprint,
    )
    return Photo(
        id=PhotoId(id_),
        case=case,
        purpose=PhotoPurpose.AFTER,
        by=PersonId("wang"),
        taken_at=NOON,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        result=result,
    )
