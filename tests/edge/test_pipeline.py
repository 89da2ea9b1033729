"""One pass from footage to messages: what is there is found, placed, shown without faces, once."""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from detect.detections import Detections
from detect.detector import Detector
from detect.track import Track, TrackPoint, TrackPolicy
from dispatch.wire import MESSAGE, Finding, Platform, Sweep, canonical_bytes, unpack_cells
from edge.evidence.recall import Recall
from edge.findings.gathering import Gathering
from edge.findings.stitching import Stitching
from edge.findings.views import SPARE
from edge.footage import Footage
from edge.frame import Frame
from edge.geojson import geojson_bytes
from edge.opening import open_footage
from edge.pipeline import Pipeline
from edge.placing.camera import Camera
from edge.placing.geotag import GroundPoint
from edge.placing.pose import NoPose, Pose, PoseError, Telemetry
from edge.telling import Produced
from tests.edge import toy

ERROR = PoseError(
    horizontal_shared_m=1.0,
    horizontal_own_m=0.5,
    vertical_m=0.5,
    yaw_shared=0.01,
    yaw_own=0.01,
    pitch=0.01,
    roll=0.01,
    time_s=0.0,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    video, track, camera = toy.write_drive(tmp_path_factory.mktemp("drive"))
    return open_footage(
        video, telemetry=track, camera=camera, starts_at=None, explain=lambda zh, en: None
    )


def run(footage: Footage, model: Path) -> list[Produced]:
    return list(Pipeline(footage, Detector(model, threads=1), device="car-7").run())


@pytest.fixture(scope="module")
def produced(drive: Footage, model: Path) -> list[Produced]:
    return run(drive, model)


def findings_of(produced: list[Produced]) -> list[Finding]:
    return [p.message for p in produced if isinstance(p.message, Finding)]


def test_the_pothole_is_found_once_and_placed_within_its_error(produced: list[Produced]) -> None:
    (finding,) = findings_of(produced)

    assert finding.label == "road.pothole"
    assert finding.position is not None
    north = (finding.position.latitude - toy.LATITUDE) / toy.METRE_LATITUDE
    east = (finding.position.longitude - toy.LONGITUDE) * 96_486
    assert abs(north - toy.POTHOLE_NORTH_M) < 1.0
    assert abs(east - toy.POTHOLE_EAST_M) < 1.0
    assert finding.measure is not None
    assert 0.5 < finding.measure.value < 2.0


def test_a_pass_ends_with_a_last_sweep_that_covers_the_pothole(produced: list[Produced]) -> None:
    last = produced[-1].message

    assert isinstance(last, Sweep)
    assert last.last
    assert 20.0 < last.distance_m < 26.0
    assert any("road.pothole" in part.labels for part in last.inspected)
    assert all(unpack_cells(part.cells) for part in last.inspected)


def test_every_message_reads_back_as_the_centre_reads_it(produced: list[Produced]) -> None:
    for one in produced:
        assert MESSAGE.validate_json(canonical_bytes(one.message)) == one.message


def test_the_same_footage_gives_the_same_bytes(
    drive: Footage, model: Path, produced: list[Produced]
) -> None:
    again = run(drive, model)

    assert [canonical_bytes(p.message) for p in again] == [
        canonical_bytes(p.message) for p in produced
    ]
    assert geojson_bytes(findings_of(again)) == geojson_bytes(findings_of(produced))


def test_evidence_shows_the_pothole_and_covers_the_person(produced: list[Produced]) -> None:
    pictures = next(p.pictures for p in produced if isinstance(p.message, Finding))

    near, context = (
        cv2.imdecode(np.frombuffer(p.jpeg, np.uint8), cv2.IMREAD_COLOR) for p in pictures
    )

    reddest = np.clip(near[..., 2].astype(int) - near[..., 1], 0, 255).max()
    assert reddest > 150
    assert pictures[1].evidence.redaction.regions >= 1
    assert context.shape[:2] == (toy.HEIGHT, toy.WIDTH)


def test_geojson_of_nothing_is_an_empty_collection() -> None:
    collection = json.loads(geojson_bytes([]))

    assert collection == {"type": "FeatureCollection", "features": []}


def test_geojson_says_how_good_each_place_is(produced: list[Produced]) -> None:
    features = json.loads(geojson_bytes(findings_of(produced)))["features"]

    assert features
    for feature in features:
        assert 0.0 < feature["properties"]["ce90_m"] <= 10.0
        assert feature["properties"]["accuracy"] in {"A", "B", "C"}


class NoTrack:
    """Telemetry that never knows."""

    digest = "0" * 64

    def pose_at(self, at: datetime) -> Pose:
        raise NoPose(at, "无信号", "no signal")


def test_without_a_pose_a_finding_is_kept_and_says_why_it_has_no_place(
    drive: Footage, model: Path
) -> None:
    blind = Footage(source=drive.source, telemetry=NoTrack(), camera=drive.camera, photos=False)

    produced = run(blind, model)

    (finding,) = findings_of(produced)
    assert finding.position is None
    assert "no signal" in (finding.position_refused or "")
    last = produced[-1].message
    assert isinstance(last, Sweep)
    assert last.last
    assert last.inspected == ()


@dataclass(frozen=True)
class Mended:
    """Telemetry whose poses a self-check has mended, or not."""

    stated: Telemetry
    note: str | None
    digest: str = "0" * 64

    def pose_at(self, at: datetime) -> Pose:
        return replace(self.stated.pose_at(at), note=self.note)


@pytest.mark.parametrize("note", ["自检转正 180° / turned back by the self-check", None])
def test_a_place_that_rests_on_a_mended_pose_says_so_once_and_no_other_does(
    drive: Footage, model: Path, note: str | None
) -> None:
    footage = replace(drive, telemetry=Mended(drive.telemetry, note))

    (finding,) = findings_of(run(footage, model))

    assert finding.position is not None
    assert finding.position_note == note
    assert (b"position_note" in canonical_bytes(finding)) is (note is not None)


def test_a_model_that_cannot_redact_sends_findings_without_pictures(
    drive: Footage, tmp_path: Path
) -> None:
    labels = ("road.pothole", "road.crack", "sanitation.litter", "sanitation.garbage_pile")
    model = toy.write_model(tmp_path, labels=labels)

    produced = run(drive, model)

    assert findings_of(produced)
    assert all(p.pictures == () for p in produced)
    assert all(f.evidence == () for f in findings_of(produced))


LABELS = ("road.pothole", "traffic.person")
DRONE = Camera(width=1600, height=1200, fx=1200.0, fy=1200.0, cx=800.0, cy=600.0)


def drone_pose(number: int, *, north_m: float) -> Pose:
    return Pose(
        at=toy.STARTS + timedelta(seconds=2 * number),
        latitude=toy.LATITUDE + north_m * toy.METRE_LATITUDE,
        longitude=toy.LONGITUDE,
        height_hae_m=None,
        height_above_ground_m=20.0,
        yaw=0.0,
        pitch=-np.pi / 2,
        roll=0.0,
        speed_m_s=None,
        error=ERROR,
    )


def seen_at(*boxes: tuple[float, float, float, float], score: float = 0.8) -> Detections:
    count = len(boxes)
    return Detections(
        xyxy=np.array(boxes, np.float32).reshape(count, 4),
        score=np.full(count, score, np.float32),
        probability=np.full(count, score, np.float32),
        label=np.zeros(count, np.int64),
        labels=LABELS,
    )


def fly(*shots: tuple[float, Detections]) -> tuple[Track, ...]:
    gathering = Gathering(policy=TrackPolicy(thresholds=dict.fromkeys(LABELS, 0.4)))
    for number, (north_m, detections) in enumerate(shots):
        pose = drone_pose(number, north_m=north_m)
        frame = Frame(index=number, at=pose.at, image=np.zeros((1, 1, 3), np.uint8), name="")
        gathering.take(frame, detections, pose=pose, camera=DRONE)
    return gathering.finish()


def box(u: float, v: float) -> tuple[float, float, float, float]:
    return (u - 30, v - 30, u + 30, v + 30)


def test_overlapping_photos_show_one_pothole_not_two() -> None:
    # 6 m further north at 20 m is 360 px further down at 1200 px focal length.
    (track,) = fly((0.0, seen_at(box(800, 300))), (6.0, seen_at(box(800, 660))))

    assert track.frames_seen == 2
    assert track.is_evidence


def test_two_potholes_in_one_photo_stay_two() -> None:
    tracks = fly(
        (0.0, seen_at(box(800, 300), box(1000, 300))),
        (6.0, seen_at(box(800, 660), box(1000, 660))),
    )

    assert [track.frames_seen for track in tracks] == [2, 2]


def test_what_only_one_of_three_photos_shows_is_no_evidence() -> None:
    (track,) = fly((0.0, seen_at(box(800, 600))), (1.0, seen_at()), (2.0, seen_at()))

    assert track.frames_offered == 3
    assert not track.is_evidence


@pytest.mark.parametrize(("score", "counts"), [(0.85, True), (0.75, False)])
def test_what_no_second_photo_could_confirm_counts_only_if_sure(score: float, counts: bool) -> None:
    (track,) = fly((0.0, seen_at(box(800, 600), score=score)), (100.0, seen_at()))

    assert track.frames_offered == 1
    assert track.is_evidence is counts


def piece(number: int, north_m: float, frames: range, *, label: str = "road.pothole") -> Track:
    points = tuple(
        TrackPoint(
            frame_index=n,
            at=toy.STARTS + timedelta(seconds=n / 5),
            view=n,
            xyxy=(0.0, north_m, 1.0, 1.0),
            score=0.6,
            probability=0.6,
            label=label,
        )
        for n in frames
    )
    policy = TrackPolicy(thresholds={"road.pothole": 0.4, "road.crack": 0.4})
    return Track(
        number=number,
        label=label,
        points=points,
        offered=tuple(frames),
        threshold=0.4,
        policy=policy,
    )


def placed(track: Track) -> GroundPoint:
    """Take the number that the piece carries in its box for metres north."""
    return GroundPoint(
        latitude=toy.LATITUDE + track.points[0].xyxy[1] * toy.METRE_LATITUDE,
        longitude=toy.LONGITUDE,
        height_hae_m=None,
        shared=np.eye(2) * 4.0,
        own=np.eye(2) * 0.25,
        east_m=0.0,
        north_m=0.0,
        range_m=5.0,
        pixels_per_metre=50.0,
        foreshortening=0.3,
        sightings=1,
    )


def stitched(*pieces: Track) -> tuple[Track, ...]:
    stitching = Stitching(placed, thresholds={"road.pothole": 0.4, "road.crack": 0.4})
    taken = stitching.take(pieces, at=toy.STARTS)
    return taken + stitching.finish()


def test_a_pothole_lost_and_seen_again_is_one() -> None:
    (whole,) = stitched(piece(1, 10.0, range(3)), piece(2, 10.8, range(5, 9)))

    assert whole.number == 1
    assert whole.frames_seen == 7
    assert whole.is_evidence


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (piece(2, 10.8, range(2, 6)), "they were seen side by side"),
        (piece(2, 12.9, range(5, 9)), "they lie too far apart for their errors"),
        (piece(2, 10.8, range(5, 9), label="road.crack"), "they are different things"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_two_things_near_each_other_stay_two(other: Track, why: str) -> None:
    assert len(stitched(piece(1, 10.0, range(3)), other)) == 2, why


def boxed(track: Track, wide: float) -> Track:
    """Give a track boxes that stand around one point and carry the same metres north."""
    points = tuple(
        replace(point, xyxy=(-wide, point.xyxy[1], wide, point.xyxy[1] + 2 * wide))
        for point in track.points
    )
    return replace(track, points=points)


def test_a_hole_and_the_deepest_part_of_it_are_one_finding() -> None:
    whole, part = boxed(piece(1, 10.0, range(8)), 40.0), boxed(piece(2, 10.2, range(2, 6)), 15.0)

    (one,) = stitched(whole, part)

    assert one.frames_seen == 8
    assert [point.frame_index for point in one.points] == list(range(8))


def test_of_a_frame_that_shows_part_and_whole_the_surer_sight_counts() -> None:
    whole, part = boxed(piece(1, 10.0, range(8)), 40.0), boxed(piece(2, 10.2, range(2, 6)), 15.0)
    surer = replace(part, points=tuple(replace(point, score=0.9) for point in part.points))

    (one,) = stitched(whole, surer)

    assert [point.score for point in one.points] == [0.6] * 2 + [0.9] * 4 + [0.6] * 2


def test_a_part_boxed_in_its_whole_is_no_second_pothole_of_a_photo() -> None:
    whole, part = (700.0, 200.0, 900.0, 400.0), (780.0, 250.0, 860.0, 350.0)

    (track,) = fly((0.0, seen_at(whole, part)), (1.0, seen_at(whole, part)))

    assert track.frames_seen == 2


def test_a_track_is_reported_once_it_has_been_over_for_a_while() -> None:
    stitching = Stitching(placed, thresholds={"road.pothole": 0.4})
    ended = piece(1, 10.0, range(3))

    soon = stitching.take([ended], at=toy.STARTS + timedelta(seconds=1))
    later = stitching.take([], at=toy.STARTS + timedelta(seconds=8))

    assert soon == ()
    assert later == (ended,)


def test_platforms_and_passes_have_stable_names(drive: Footage, model: Path) -> None:
    detector = Detector(model, threads=1)

    first = Pipeline(drive, detector, device="car-7").of
    other = Pipeline(drive, detector, device="car-8").of

    assert first.platform is Platform.VEHICLE
    assert first.id == Pipeline(drive, detector, device="car-7").of.id
    assert first.id != other.id


@pytest.mark.parametrize("frames", [1, 3])
def test_forgetting_pictures_that_show_nothing_best_changes_no_finding(
    drive: Footage, model: Path, monkeypatch: pytest.MonkeyPatch, frames: int
) -> None:
    held: list[int] = []
    keep_only = Recall.keep_only

    def counted(recall: Recall, shown: Collection[int]) -> None:
        keep_only(recall, shown)
        held.append(sum(map(recall.has_pixels, range(1000))))

    # Of a camera that no dirt is looked for on, nothing need wait for it to be known.
    monkeypatch.setattr("edge.coverage.windscreen.towards_of", lambda camera: None)
    monkeypatch.setattr("edge.pipeline.FORGETS_EVERY", 10**9)
    remembering = run(drive, model)
    monkeypatch.setattr("edge.pipeline.FORGETS_EVERY", frames)
    monkeypatch.setattr(Recall, "keep_only", counted)
    forgetting = run(drive, model)

    assert [one.pictures for one in forgetting] == [one.pictures for one in remembering]
    assert any(one.pictures for one in forgetting)
    assert max(held) <= SPARE * sum(isinstance(one.message, Finding) for one in forgetting)
