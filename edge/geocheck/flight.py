"""Check a flight's photos against each other, and mend what is turned."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.agreement import (
    Ground,
    Overlap,
    View,
    disagreement_m,
    expected_m,
    lay_out,
    overlap_of,
)
from edge.geocheck.causes import CLOCK, HEIGHT, ZOOM
from edge.geocheck.faults import Trial, faults_among, try_causes
from edge.geocheck.lateness import later_along
from edge.geocheck.matching import Features, candidates, features, held_to_one_motion
from edge.geocheck.turning import Turn, Turned, find_turned
from edge.geocheck.verdict import Outcome, PairSaid, PhotoSaid, Verdict, undecided
from edge.placing.geodesy import LocalPlane
from edge.placing.lens import Distortion
from edge.placing.pose import NoPose, Pose, Telemetry
from edge.placing.terrain import ground_of
from edge.sources.photos import PhotoFolder
from edge.telemetry.photos import NoDronePose, PhotoTelemetry, edited_by, stated_pose

Array = NDArray[np.float64]

NEIGHBOURS: Final = 12
"""Of each photo, so many nearest ones are compared with it."""
FEWEST_PAIRS: Final = 3
OBLIQUE: Final = math.radians(30.0)
"""Photos whose axis lies farther from straight down are not compared."""
STRAIGHTER: Final = 1.03
"""The lens's distortion is left out where that makes so many times the matches fit."""
STRAIN: Final = 2.0
"""A flight fails whose usual pair disagrees by more than so many expected errors."""
_SAME: Final = timedelta(milliseconds=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPoses:
    """Telemetry after a self-check: mended poses in place of those stated.

    Attributes:
        mended: poses by time, also of photos that the telemetry refuses and neighbours confirm.
        withheld: times whose pose is not to be used, with the reason in Chinese and English.
    """

    stated: Telemetry
    mended: Mapping[datetime, Pose]
    withheld: Mapping[datetime, tuple[str, str]]

    @property
    def digest(self) -> str:
        """Hash of the recorded material."""
        return self.stated.digest

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose at a time, mended where it was wrong.

        Raises:
            NoPose: none is known, or the check does not trust it.
        """
        near = min((*self.mended, *self.withheld), key=lambda known: abs(known - at), default=None)
        if near is None or abs(near - at) > _SAME:
            return self.stated.pose_at(at)
        if near in self.withheld:
            raise NoPose(at, *self.withheld[near])
        return self.mended[near]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """Photos of a flight, matched.

    Attributes:
        straightened: whether their rays agree better without the lens's stated distortion: then
            the camera has taken it out before it wrote the photos.
    """

    views: tuple[View, ...]
    edited: tuple[bool, ...]
    overlaps: tuple[Overlap, ...]
    straightened: bool


def check_flight(footage: Footage) -> tuple[Verdict, Footage]:
    """Check a flight; give the verdict, and the footage to go on with.

    Raises:
        EdgeError: the photos or the telemetry cannot be read.
    """
    flight = gather(footage)
    if len(flight.overlaps) < FEWEST_PAIRS:
        return undecided(), footage
    turned = find_turned(flight.views, flight.overlaps, edited=flight.edited)
    views = [
        replace(view, pose=one.turn.applied_to(view.pose))
        for view, one in zip(flight.views, turned, strict=True)
    ]
    verdict = _judge(flight, views, turned)
    if verdict.outcome is Outcome.FAILED:
        return verdict, footage
    lens = Distortion() if flight.straightened else footage.camera.distortion
    return verdict, replace(
        footage,
        telemetry=_mend(footage.telemetry, flight, views, turned),
        camera=replace(footage.camera, distortion=lens),
    )


def gather(footage: Footage) -> Flight:
    """Match the photos of a flight, each with its nearest neighbours.

    A photo that an editor saved again takes part by the pose it states. Photos that look far from
    straight down are left out: one similarity does not hold between them.
    """
    headers = footage.source.photos if isinstance(footage.source, PhotoFolder) else ()
    editors = {header.at: edited_by(header) for header in headers}
    by_time = {header.at: header for header in headers}
    views: list[View] = []
    edited: list[bool] = []
    described: list[Features] = []
    for frame in footage.source.frames():
        saved_again = editors.get(frame.at) is not None
        try:
            if saved_again and isinstance(footage.telemetry, PhotoTelemetry):
                pose = stated_pose(by_time[frame.at])
            else:
                pose = footage.telemetry.pose_at(frame.at)
        except (NoPose, NoDronePose):
            continue
        view = _view(frame, pose, footage)
        if not _looks_down(view):
            continue
        views.append(view)
        edited.append(saved_again)
        described.append(features(frame.image))
    alike = {
        pair: candidates(described[pair[0]], described[pair[1]]) for pair in _neighbours(views)
    }
    stated, straight = _overlaps(views, alike), [_straightened(view) for view in views]
    if straight != views:
        without = _overlaps(straight, alike)
        if _count(without) > STRAIGHTER * _count(stated):
            return Flight(
                views=tuple(straight), edited=tuple(edited), overlaps=without, straightened=True
            )
    return Flight(views=tuple(views), edited=tuple(edited), overlaps=stated, straightened=False)


def _overlaps(views: Sequence[View], alike: Mapping[tuple[int, int], Array]) -> tuple[Overlap, ...]:
    found = {
        pair: held_to_one_motion(uv, one=views[pair[0]].camera, other=views[pair[1]].camera)
        for pair, uv in alike.items()
    }
    return tuple(overlap_of(pair, uv, views) for pair, uv in found.items() if len(uv))


def _count(overlaps: Sequence[Overlap]) -> int:
    return sum(len(overlap.seen) for overlap in overlaps)


def _straightened(view: View) -> View:
    """Give a view as if the camera had taken its lens's distortion out itself."""
    return replace(view, camera=replace(view.camera, distortion=Distortion()))


def _view(frame: Frame, pose: Pose, footage: Footage) -> View:
    height, width = frame.image.shape[:2]
    return View(
        name=frame.name, at=frame.at, pose=pose, camera=footage.camera.scaled_to(width, height)
    )


def _looks_down(view: View) -> bool:
    stance = ground_of(view.camera).stance(view.pose, view.camera)
    return float(stance.rotation[2, 2]) < -math.cos(OBLIQUE)


def _reach_m(view: View) -> float:
    """Give how far from below the camera the middle of a photo's longer edge lies."""
    up_m = float(ground_of(view.camera).stance(view.pose, view.camera).position[2])
    half = math.atan(max(view.camera.width, view.camera.height) / 2.0 / view.camera.fx)
    return up_m * math.tan(min(half + OBLIQUE / 2.0, math.pi / 3.0))


def _neighbours(views: Sequence[View]) -> list[tuple[int, int]]:
    """Give the pairs of photos that are near each other, each once."""
    if not views:
        return []
    plane = LocalPlane(latitude=views[0].pose.latitude, longitude=views[0].pose.longitude)
    places = np.array([plane.east_north(v.pose.latitude, v.pose.longitude) for v in views])
    reach_m = np.array([_reach_m(view) for view in views])
    pairs = set()
    for number, place in enumerate(places):
        apart_m = np.linalg.norm(places - place, axis=1)
        overlapping = apart_m < reach_m + reach_m[number]
        order = np.argsort(apart_m, kind="stable")
        near = [int(n) for n in order if n != number and overlapping[n]][:NEIGHBOURS]
        pairs |= {(min(number, other), max(number, other)) for other in near}
    return sorted(pairs)


def _judge(flight: Flight, views: Sequence[View], turned: Sequence[Turned]) -> Verdict:
    stated, ground = lay_out(flight.views), lay_out(views)
    usable = _usable(flight, turned)
    pairs = tuple(_said(overlap, flight.views, stated, ground) for overlap in flight.overlaps)
    judged = [
        (overlap, pair)
        for overlap, pair in zip(flight.overlaps, pairs, strict=True)
        if usable[overlap.first] and usable[overlap.second]
    ]
    photos = tuple(
        PhotoSaid(name=view.name, turn=one.turn, edited=edited, usable=use)
        for view, one, edited, use in zip(views, turned, flight.edited, usable, strict=True)
        if edited or one.turn is not Turn.NONE
    )
    outcome, trials = _outcome(views, judged)
    mended = flight.straightened or any(photo.usable for photo in photos)
    if outcome is Outcome.PASSED and mended:
        outcome = Outcome.MENDED
    return Verdict(
        outcome=outcome,
        pairs=pairs,
        photos=photos,
        faults=faults_among(trials),
        trials=trials,
        straightened=flight.straightened,
        stated_m=median(pair.stated_m for pair in pairs),
        mended_m=median(pair.mended_m for pair in pairs),
    )


def _outcome(
    views: Sequence[View], judged: Sequence[tuple[Overlap, PairSaid]]
) -> tuple[Outcome, tuple[Trial, ...]]:
    """Judge the pairs whose photos may both be used."""
    if len(judged) < FEWEST_PAIRS:
        return Outcome.UNDECIDED, ()
    trials = try_causes(
        views,
        [overlap for overlap, _ in judged],
        causes=(ZOOM, HEIGHT, CLOCK),
        later=later_along(views),
    )
    strain = median(pair.mended_m / pair.expected_m for _, pair in judged)
    wrong = strain > STRAIN or bool(faults_among(trials))
    return Outcome.FAILED if wrong else Outcome.PASSED, trials


def _said(overlap: Overlap, views: Sequence[View], stated: Ground, mended: Ground) -> PairSaid:
    return PairSaid(
        first=views[overlap.first].name,
        second=views[overlap.second].name,
        matches=len(overlap.seen),
        stated_m=disagreement_m(stated, overlap),
        mended_m=disagreement_m(mended, overlap),
        expected_m=expected_m(views, overlap, mended),
    )


def _usable(flight: Flight, turned: Sequence[Turned]) -> list[bool]:
    """Say which poses may be used: those confirmed or mended, and unedited ones nobody doubts."""
    return [
        (one.certain and one.tied) or (one.turn is Turn.NONE and not edited)
        for one, edited in zip(turned, flight.edited, strict=True)
    ]


def _mend(
    stated: Telemetry,
    flight: Flight,
    views: Sequence[View],
    turned: Sequence[Turned],
) -> Telemetry:
    mended: dict[datetime, Pose] = {}
    withheld: dict[datetime, tuple[str, str]] = {}
    for view, one, edited, use in zip(
        views, turned, flight.edited, _usable(flight, turned), strict=True
    ):
        if use and (edited or one.turn is not Turn.NONE):
            mended[view.at] = replace(view.pose, note=_note(one.turn))
        elif not use and not edited:
            withheld[view.at] = (
                "相邻照片表明方向不对，但不能确定",
                "neighbouring photos doubt its direction, and do not settle it",
            )
    return CheckedPoses(stated=stated, mended=mended, withheld=withheld)


def _note(turn: Turn) -> str:
    if turn is Turn.NONE:
        return (
            "照片被重新保存过，相邻照片证实其方向 / saved again, confirmed by neighbouring photos"
        )
    return (
        "自检把这张照片转正 180°，与相邻照片吻合 / "
        "turned back by 180 degrees by the self-check, as neighbouring photos agree"
    )
