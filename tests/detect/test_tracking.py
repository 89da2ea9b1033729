"""Tracks: one thing on the road is one track, and evidence needs several views of it."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from detect.detections import MalformedDetections
from detect.motion import CameraMotion, camera_motion, glance
from detect.track import Track, TrackPoint, TrackPolicy
from detect.tracking import FrameOutOfOrder, Tracker
from tests.detect.imperfect import Imperfect, Shown
from tests.detect.painting import paint
from tests.detect.patrol import patrol
from tests.detect.road import (
    FRAME,
    LABELS,
    START,
    Camera,
    Drive,
    Thing,
    detections,
    straight,
)

POLICY = TrackPolicy(thresholds=dict.fromkeys(LABELS, 0.4))
STREET = [
    Thing(0.4, 22),
    Thing(-1.6, 25, wide=1.1, long=0.6),
    Thing(4.2, 27, wide=0.7, long=0.7, high=1.1, label=1),
    Thing(-0.3, 36, wide=0.5, long=0.5),
    Thing(4.3, 38, wide=0.7, long=0.7, high=1.1, label=2),
    Thing(1.5, 45),
]


def follow(drive: Drive, *, known: bool = True, policy: TrackPolicy = POLICY) -> list[Track]:
    tracker, tracks = Tracker(LABELS, policy=policy), []
    for index, at, seen, motion in drive.frames():
        moved = motion if known else CameraMotion.unknown(FRAME)
        tracks += tracker.update(index, at, seen, moved)
    return tracks + list(tracker.finish())


def things_of(
    track: Track, drive: Drive, seen: dict[tuple[int, tuple[float, ...]], int]
) -> set[int]:
    return {seen[point.frame_index, point.xyxy] for point in track.points}


def who_is_who(drive: Drive) -> dict[tuple[int, tuple[float, ...]], int]:
    """Give the thing that each box of a drive shows."""
    drive.truth.clear()
    frames = list(drive.frames())
    return {
        (index, tuple(box)): drive.truth[index][row]
        for index, _, seen, _ in frames
        for row, box in enumerate(seen.xyxy.tolist())
    }


@pytest.mark.parametrize("speed", [4.0, 10.0, 14.0])
def test_each_thing_on_the_road_is_one_track(speed) -> None:
    drive = Drive(STREET, straight(int(250 / speed), speed=speed, bumps=0.005))
    truth = who_is_who(drive)

    tracks = follow(drive)

    assert [things_of(track, drive, truth) for track in tracks].count({0}) == 1
    assert len(tracks) == len(STREET)
    assert all(len(things_of(track, drive, truth)) == 1 for track in tracks)


def test_a_turn_does_not_break_a_track() -> None:
    cameras = [
        Camera(east=0.06 * i * i / 2, north=1.2 * i, heading=0.05 * i, pitch=0.1) for i in range(12)
    ]
    drive = Drive([Thing(2.0, 20), Thing(4.5, 24, high=1.1, label=1)], cameras)

    tracks = follow(drive)

    assert [track.label for track in tracks] == ["road.pothole", "asset.bin"]


def test_things_are_still_followed_where_the_motion_is_not_known() -> None:
    drive = Drive(STREET, straight(30))
    truth = who_is_who(drive)

    tracks = follow(drive, known=False)

    assert len(tracks) <= len(STREET) + 1
    assert sum(len(things_of(track, drive, truth)) > 1 for track in tracks) <= 1


@pytest.mark.parametrize("seed", range(4))
def test_a_thing_missed_in_every_third_frame_is_one_track(seed) -> None:
    drive = Drive(STREET, straight(40, speed=7, bumps=0.003), seed=seed, recall=0.67, noise=0.03)
    truth = who_is_who(drive)

    tracks = [track for track in follow(drive) if track.is_evidence]

    found = [things_of(track, drive, truth) for track in tracks]
    assert len(tracks) == len(set().union(*found))
    assert len(tracks) >= 5


def test_a_thing_behind_a_passing_lorry_is_the_same_thing_afterwards() -> None:
    drive = Drive([Thing(0.2, 24)], straight(40, speed=2.5))
    tracker, tracks = Tracker(LABELS, policy=POLICY), []
    for index, at, seen, motion in drive.frames():
        hidden = 12 <= index < 22
        tracks += tracker.update(index, at, detections([], [], []) if hidden else seen, motion)

    assert len([*tracks, *tracker.finish()]) == 1


def test_two_bins_side_by_side_keep_their_tracks_when_one_is_named_overflowing() -> None:
    bins = [
        Thing(4.0, 24, wide=0.6, long=0.7, high=1.1, label=1),
        Thing(4.9, 24, wide=0.6, long=0.7, high=1.1, label=1),
    ]
    drive = Drive(bins, straight(20, speed=5))
    truth = who_is_who(drive)
    tracker, tracks = Tracker(LABELS, policy=POLICY), []
    for index, at, seen, motion in drive.frames():
        label = np.where((np.array(drive.truth[index]) == index % 2) & (index % 3 == 0), 2, 1)
        renamed = detections(seen.xyxy, seen.score, label[: len(seen)])
        tracks += tracker.update(index, at, renamed, motion)
    tracks += tracker.finish()

    assert sorted(map(sorted, (things_of(track, drive, truth) for track in tracks))) == [[0], [1]]


def test_on_a_rendered_patrol_few_things_change_their_number() -> None:
    made = patrol(7, seconds=12)
    detector = Imperfect(made, seed=7)
    tracker, tracks, shown = Tracker(LABELS, policy=POLICY), [], []
    before = None
    for index in range(len(made.cameras)):
        shown.append(detector.look(made.truth(index)))
        now = glance(paint(made, index))
        motion = camera_motion(before, now, ignore_top=0.3) if before else None
        at = START + timedelta(seconds=index / 5)
        seen = shown[-1].detections
        tracks += tracker.update(index, at, seen, motion or CameraMotion.unknown(FRAME))
        before = now
    tracks += tracker.finish()

    evidence = [track for track in tracks if track.is_evidence]
    whose = [Counter(number_of(point, shown) for point in track.points) for track in evidence]
    assert len(evidence) >= 10
    assert sum(votes.most_common(1)[0][1] for votes in whose) >= 0.93 * sum(
        len(track.points) for track in evidence
    )
    assert all(votes.most_common(1)[0][0] >= 0 for votes in whose)


def number_of(point: TrackPoint, shown: list[Shown]) -> int:
    """Give the number of the thing that a sight shows, -1 for none."""
    boxes = [tuple(box) for box in shown[point.frame_index].detections.xyxy.tolist()]
    return shown[point.frame_index].truth[boxes.index(point.xyxy)]


@pytest.mark.parametrize("seed", range(4))
def test_false_alarms_that_come_once_are_no_evidence(seed) -> None:
    drive = Drive([], straight(60), seed=seed, false_alarms=0.5)

    assert not [track for track in follow(drive) if track.is_evidence]


def at_one_spot(count: int, *, score: float = 0.8, moving: float = 0.0) -> list[Track]:
    """Watch one box for some frames while the picture moves by `moving` pixels a frame."""
    tracker, tracks = Tracker(LABELS, policy=POLICY), []
    for i in range(count):
        box = (600 - moving * i, 400, 680 - moving * i, 440)
        motion = CameraMotion.still(FRAME)
        if moving:
            matrix = np.array([[1, 0, -moving], [0, 1, 0], [0, 0, 1.0]])
            motion = CameraMotion(matrix=matrix, known=True, frame=FRAME)
        tracks += tracker.update(
            i, START + timedelta(seconds=i / 5), detections([box], [score], [0]), motion
        )
    return tracks + list(tracker.finish())


def test_a_parked_camera_has_seen_a_thing_once() -> None:
    (track,) = at_one_spot(50)

    assert (len(track.points), track.frames_seen, track.frames_offered) == (50, 1, 1)
    assert not track.is_evidence


def test_a_camera_that_creeps_gathers_views_by_distance() -> None:
    (track,) = at_one_spot(50, moving=2)

    assert 3 <= track.frames_seen <= 5
    assert track.is_evidence


@pytest.mark.parametrize(("views", "evidence"), [(1, False), (2, False), (3, True), (9, True)])
def test_evidence_needs_three_views(views, evidence) -> None:
    (track,) = at_one_spot(views, moving=40)

    assert (track.frames_seen, track.is_evidence) == (views, evidence)


def test_a_median_score_below_the_threshold_is_no_evidence() -> None:
    tracker = Tracker(LABELS, policy=POLICY)
    for i, score in enumerate([0.5, 0.3, 0.2, 0.3, 0.45]):
        shift = CameraMotion(
            matrix=np.array([[1, 0, -40], [0, 1, 0], [0, 0, 1.0]]), known=True, frame=FRAME
        )
        box = (900 - 40 * i, 400, 980 - 40 * i, 440)
        tracker.update(i, START + timedelta(seconds=i), detections([box], [score], [0]), shift)

    (track,) = tracker.finish()

    assert (track.frames_seen, track.score) == (5, pytest.approx(0.3))
    assert not track.is_evidence


def test_a_weak_sight_carries_a_track_on_but_begins_none() -> None:
    tracker = Tracker(LABELS, policy=POLICY)
    still = CameraMotion.still(FRAME)
    known, new = (100, 300, 180, 340), (700, 300, 780, 340)
    tracker.update(0, START, detections([known], [0.8], [0]), still)
    tracker.update(
        1, START + timedelta(seconds=1), detections([known, new], [0.2, 0.2], [0, 0]), still
    )

    tracks = tracker.finish()

    assert [len(track.points) for track in tracks] == [2]


def test_a_thing_in_view_but_not_seen_was_offered_all_the_same() -> None:
    drive = Drive([Thing(0.2, 24)], straight(24, speed=4))
    tracker = Tracker(LABELS, policy=POLICY)
    for index, at, seen, motion in drive.frames():
        shown = detections([], [], []) if index in {14, 15} else seen
        tracker.update(index, at, shown, motion)

    (track,) = tracker.finish()

    assert track.frames_offered - track.frames_seen == 2


def test_the_class_with_most_probability_names_the_track() -> None:
    tracker = Tracker(LABELS, policy=POLICY)
    box = (100, 300, 180, 400)
    for i, (score, label) in enumerate([(0.9, 1), (0.5, 2), (0.6, 2), (0.7, 2)]):
        at = START + timedelta(seconds=i)
        tracker.update(i, at, detections([box], [score], [label]), CameraMotion.unknown(FRAME))

    (track,) = tracker.finish()

    assert (track.label, track.frames_seen) == ("sanitation.bin_overflow", 3)
    assert track.score == pytest.approx(0.6)
    assert track.probabilities == {
        "sanitation.bin_overflow": pytest.approx(0.45),
        "asset.bin": pytest.approx(0.225),
    }


def test_a_thing_ends_when_it_leaves_the_frame() -> None:
    drive = Drive([Thing(0.2, 20)], straight(30))
    tracker = Tracker(LABELS, policy=POLICY)

    ended = [tracker.update(*frame) for frame in drive.frames()]

    last_seen = max(i for i, row in enumerate(drive.truth) if row)
    when = next(i for i, tracks in enumerate(ended) if tracks)
    assert when - last_seen <= POLICY.patience + 1
    assert tracker.finish() == ()


def test_the_same_drive_gives_the_same_tracks() -> None:
    drives = [
        Drive(STREET, straight(40), seed=3, recall=0.7, noise=0.04, false_alarms=1)
        for _ in range(2)
    ]

    first, second = (follow(drive) for drive in drives)

    assert first == second
    assert [track.number for track in first] == [track.number for track in second]


def test_an_empty_pass_has_no_tracks() -> None:
    assert Tracker(LABELS, policy=POLICY).finish() == ()


@pytest.mark.parametrize("index", [3, 4])
def test_a_frame_that_comes_late_is_refused(index) -> None:
    tracker = Tracker(LABELS, policy=POLICY)
    none = detections([], [], [])
    tracker.update(4, START, none, CameraMotion.unknown(FRAME))

    with pytest.raises(FrameOutOfOrder, match="按时间顺序"):
        tracker.update(index, START, none, CameraMotion.unknown(FRAME))


def test_detections_of_another_model_are_refused() -> None:
    tracker = Tracker(("road.crack",), policy=TrackPolicy(thresholds={"road.crack": 0.3}))

    with pytest.raises(MalformedDetections):
        tracker.update(0, START, detections([], [], []), CameraMotion.unknown(FRAME))
