"""What ground a pass truly inspected, cell by cell, and what it did not and why.

A cell is a claim: had a problem of the class and of filing size lain in it, the model's stated
recall would apply. So it counts for a class only where the model would have had enough pixels at
its best view, the frames were usable, and the core of the cell, widened by what the pose may be
off within the pass, lay in view, near and clear of every occluder, in as many frames as the tracker
asks of evidence.
The bias that the whole pass shares is stated beside it (`position_sigma_m`), not eroded.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.manifest import Manifest
from detect.quality import FrameQuality, QualityFault
from detect.veil import Veil
from dispatch.wire import Hidden, Inspected, Light, NotInspected, pack_cells, pack_ppm
from edge.coverage.occlusion import Occluders
from edge.coverage.outlook import BEYOND_M, RANGE_M, RESOLUTION, Glance, Outlook
from edge.coverage.steadiness import Comparison, Steadiness
from edge.frame import Frame
from edge.needs import needs_of
from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.placing.terrain import Ground, ground_of
from edge.subjects import Footing

Array = NDArray[np.float64]

STRETCH: Final = timedelta(seconds=60)
_LEAST_MOVE_M: Final = 0.3
_MOST_VEILED: Final = 0.2
"""Share of a cell on the veil up to which it counts as seen."""
_WORSE: Final[Mapping[Light, int]] = {Light.DAY: 0, Light.DIM: 1, Light.NIGHT: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """At most a minute of a pass: what a sweep reports.

    Attributes:
        position_sigma_m: standard error of the ground's place, shared by the stretch.
        frame_distance_m: mean way between frames that counted.
    """

    number: int
    started_at: datetime
    ended_at: datetime
    distance_m: float
    frames: int
    frame_distance_m: float
    position_sigma_m: float
    inspected: tuple[Inspected, ...]
    hidden: tuple[Hidden, ...]


@dataclass(slots=True)
class _Cell:
    """What was seen of one cell, by group of classes; once from near enough to be placed?"""

    place: Array
    views: list[int]
    best: list[float]
    light: Light = Light.DAY
    placeable: bool = False
    refused: Counter[NotInspected] = field(default_factory=Counter)


@dataclass(slots=True)
class _Open:
    """The stretch under way."""

    started_at: datetime
    ended_at: datetime
    distance_m: float = 0.0
    frames: int = 0
    counted: int = 0
    sharpness: float = 0.0
    sigma_m: float = 0.0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A look that counts once it is known through what it was taken; (height, width) of frame."""

    glance: Glance
    quality: FrameQuality
    frame: tuple[int, int]


class Coverage:
    """The inspected ground of one pass, stretch by stretch."""

    def __init__(
        self,
        camera: Camera,
        *,
        manifest: Manifest,
        rendered: bool = False,
        ground: Ground | None = None,
        seen: int = 3,
        waits: bool = False,
    ) -> None:
        """Begin a pass.

        Args:
            rendered: whether the frames are drawn.
            seen: frames that must show a cell; those the tracker asks of evidence.
            waits: whether looks wait for the camera's veil to be known; at the end of a stretch
                they count as they are.
        """
        self._camera, self._needs, self._seen = camera, needs_of(manifest, rendered=rendered), seen
        self._ground = ground or ground_of(camera)
        self._on_vehicle = camera.mounting.height_above_ground_m is not None
        self._occluders = Occluders(self._ground, remembers=self._on_vehicle)
        self._steadiness = Steadiness()
        self._plane: LocalPlane | None = None
        self._outlook: Outlook | None = None
        self._cells: dict[int, _Cell] = {}
        self._open: _Open | None = None
        self._last: Array | None = None
        self._last_counted: Array | None = None
        self._number = 0
        self._waits = waits
        self._waiting: list[_Waiting] = []

    def add(
        self,
        frame: Frame,
        pose: Pose,
        quality: FrameQuality,
        detections: Detections,
        *,
        input_scale: float,
        veil: Veil | None = None,
    ) -> Stretch | None:
        """Take one frame; give the stretch that ended before it, if one did.

        Args:
            detections: of the frame, with low scores, so that no occluder is missed.
            input_scale: pixels of the model's input per pixel of the frame.
            veil: what hides the ground from the camera, as far as is known by now.

        Raises:
            NoHeight: nothing says how high the camera is.
            CroppedPicture: the frame has not the camera's shape.
        """
        camera = self._camera.scaled_to(frame.image.shape[1], frame.image.shape[0])
        stance = self._ground.stance(pose, camera)
        plane = self._plane = self._plane or LocalPlane(
            latitude=pose.latitude, longitude=pose.longitude
        )
        outlook = self._outlook = self._outlook or Outlook(
            self._ground, plane, on_vehicle=self._on_vehicle
        )
        origin = plane.east_north(pose.latitude, pose.longitude)
        ended = None
        if self._open is not None and frame.at - self._open.started_at >= STRETCH:
            ended = self._end(going_on=True)
        moved = self._begin_or_go_on(frame.at, origin, pose)
        boxes = self._occluders.boxes(
            frame.at, detections, stance=stance, origin=origin, camera=camera
        )
        if moved:
            glance = outlook.look(stance, origin, boxes, camera=camera, input_scale=input_scale)
            if self._on_vehicle:
                comparison = self._steadiness.compare(
                    frame.image, stance=stance, origin=origin, camera=camera
                )
                glance = _only_steady(glance, comparison)
            self._waiting.append(_Waiting(glance, quality, (camera.height, camera.width)))
            if veil is not None or not self._waits:
                self._count_waiting(veil)
        return ended

    def finish(self) -> Stretch | None:
        """Give the last stretch; None if no frame was taken."""
        return None if self._open is None else self._end(going_on=False)

    def _begin_or_go_on(self, at: datetime, origin: Array, pose: Pose) -> bool:
        """Account for a frame; say whether it shows more than the last one that counted."""
        stretch = self._open = self._open or _Open(started_at=at, ended_at=at)
        if self._last is not None:
            stretch.distance_m += float(np.linalg.norm(origin - self._last))
        self._last, stretch.ended_at = origin, at
        stretch.frames += 1
        error = pose.error
        place_m = math.hypot(error.horizontal_shared_m, error.horizontal_own_m)
        turn = math.hypot(error.yaw_shared, self._camera.error.yaw if self._on_vehicle else 0.0)
        drift_m = (pose.speed_m_s or 0.0) * error.time_s
        reach_m = RANGE_M / 2.0 if self._on_vehicle else pose.height_above_ground_m or 0.0
        stretch.sigma_m = max(stretch.sigma_m, math.hypot(place_m, turn * reach_m, drift_m))
        before = self._last_counted
        if before is not None and float(np.linalg.norm(origin - before)) < _LEAST_MOVE_M:
            return False
        self._last_counted = origin
        return True

    def _count_waiting(self, veil: Veil | None) -> None:
        waiting, self._waiting = self._waiting, []
        for look in waiting:
            veiled = np.zeros(len(look.glance.cells), dtype=np.bool_)
            if veil is not None:
                boxes = np.hstack([look.glance.low, look.glance.high])
                shown = look.glance.in_view
                veiled[shown] = veil.over(boxes[shown], look.frame) > _MOST_VEILED
            self._count(look.glance, look.quality, veiled)

    def _count(self, glance: Glance, quality: FrameQuality, veiled: NDArray[np.bool_]) -> None:
        assert self._open is not None, "a frame opens its stretch"
        light = Light(quality.light)
        if quality.usable:
            self._open.counted += 1
            self._open.sharpness += min(1.0, max(0.0, quality.sharpness))
        for number in np.flatnonzero(glance.in_view):
            cell = self._cells.get(glance.cells[number])
            if cell is None:
                groups = len(self._needs)
                cell = _Cell(glance.places[number], [0] * groups, [0.0] * groups)
                self._cells[glance.cells[number]] = cell
            reason = _reason(glance, int(number), quality, veiled=bool(veiled[number]))
            if reason is not None:
                cell.refused[reason] += 1
                continue
            scales = {footing: float(scale[number]) for footing, scale in glance.scale.items()}
            cell.placeable |= bool(glance.placeable[number])
            self._see(cell, scales, light)

    def _see(self, cell: _Cell, scales: Mapping[Footing, float], light: Light) -> None:
        for group, need in enumerate(self._needs):
            least, scale = need.scale.get(light), scales[need.footing]
            if least is None:
                cell.refused[NotInspected.DARK] += 1
                continue
            if scale < least:
                cell.refused[NotInspected.TOO_FAR] += 1
            cell.views[group] += 1
            cell.best[group] = max(cell.best[group], scale)
            cell.light = max(cell.light, light, key=_WORSE.__getitem__)

    def _end(self, *, going_on: bool) -> Stretch:
        self._count_waiting(None)
        stretch = self._open
        assert stretch is not None, "only an open stretch ends"
        self._open = None
        counted = max(stretch.counted, 1)
        quality = round(stretch.sharpness / counted, 3)
        done = {
            number: cell
            for number, cell in self._cells.items()
            if not (going_on and self._is_near(cell))
        }
        # What still lies ahead is told with the stretch that leaves it behind.
        self._cells = {n: cell for n, cell in self._cells.items() if n not in done}
        inspected = _told_once(
            part
            for group in range(len(self._needs))
            for light in Light
            if (part := self._inspected(done, group, light, quality)) is not None
        )
        hidden = self._hidden(done)
        number, self._number = self._number, self._number + 1
        return Stretch(
            number=number,
            started_at=stretch.started_at,
            ended_at=stretch.ended_at,
            distance_m=round(stretch.distance_m, 2),
            frames=stretch.frames,
            frame_distance_m=round(stretch.distance_m / counted, 3),
            position_sigma_m=round(stretch.sigma_m, 3),
            inspected=inspected,
            hidden=hidden,
        )

    def _inspected(
        self, done: Mapping[int, _Cell], group: int, light: Light, quality: float
    ) -> Inspected | None:
        cells = sorted(
            number
            for number, cell in done.items()
            if self._is_inspected(cell, group) and cell.light is light
        )
        if not cells:
            return None
        return Inspected(
            labels=self._needs[group].labels,
            resolution=RESOLUTION,
            cells=pack_cells(cells),
            pixels_per_metre=pack_ppm([done[cell].best[group] for cell in cells]),
            quality=quality,
            light=light,
        )

    def _hidden(self, done: Mapping[int, _Cell]) -> tuple[Hidden, ...]:
        """Give the cells on which nothing was inspected, each under what mostly prevented it."""
        hidden: dict[NotInspected, list[int]] = {}
        for number, cell in done.items():
            if any(self._is_inspected(cell, group) for group in range(len(self._needs))):
                continue
            # What was clear but in too few frames was not near for long enough.
            ranked = cell.refused.most_common(1)
            reason = ranked[0][0] if ranked else NotInspected.TOO_FAR
            hidden.setdefault(reason, []).append(number)
        return tuple(
            Hidden(reason=reason, resolution=RESOLUTION, cells=pack_cells(hidden[reason]))
            for reason in NotInspected
            if reason in hidden
        )

    def _is_inspected(self, cell: _Cell, group: int) -> bool:
        """Say whether recall applies: evidence's frames in view, the best of them near enough.

        The card's recall is by size at the best view of a pass, so the others may be farther.
        """
        least = self._needs[group].scale.get(cell.light)
        near_enough = least is not None and cell.best[group] >= least
        return near_enough and cell.placeable and cell.views[group] >= self._seen

    def _is_near(self, cell: _Cell) -> bool:
        assert self._last is not None and self._outlook is not None, "a stretch has a frame"
        reach_m = self._outlook.range_m + BEYOND_M
        return float(np.linalg.norm(cell.place - self._last)) <= reach_m


def _told_once(parts: Iterable[Inspected]) -> tuple[Inspected, ...]:
    """Join the classes of groups that differ in their needs, but saw the same ground as well."""
    alike: dict[tuple[str, str, Light], Inspected] = {}
    for part in parts:
        key = (part.cells, part.pixels_per_metre, part.light)
        labels = alike[key].labels if key in alike else ()
        alike[key] = part.model_copy(update={"labels": (*labels, *part.labels)})
    return tuple(alike.values())


def _only_steady(glance: Glance, comparison: Comparison | None) -> Glance:
    """Leave clear what also moved as the ground does since the last frame that counted."""
    steady = np.zeros(len(glance.cells), dtype=np.bool_)
    if comparison is not None:
        shown = glance.in_view
        steady[shown] = comparison.steady(glance.low[shown], glance.high[shown])
    return replace(glance, clear=glance.clear & steady)


def _reason(
    glance: Glance, number: int, quality: FrameQuality, *, veiled: bool
) -> NotInspected | None:
    """Say why one cell of a frame does not count, if it does not."""
    if not glance.near[number]:
        return NotInspected.TOO_FAR
    if quality.reason is QualityFault.DARK:
        return NotInspected.DARK
    if not quality.usable:
        return NotInspected.BLURRED
    if veiled:
        return NotInspected.VEILED
    return None if glance.clear[number] else NotInspected.OCCLUDED
