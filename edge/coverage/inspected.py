"""What ground a pass truly inspected, cell by cell, and what it did not and why.

A cell is a claim: had a problem of the class and of filing size lain in it, the model's stated
recall would apply. So it counts for a class only where the model would have had enough pixels at
its best view, the frames were usable, and the core of the cell, widened by what the pose may be
off within the pass, lay in view, near and clear of every occluder, in as many frames as the tracker
asks of evidence.
The bias that the whole pass shares is stated beside it (`position_sigma_m`), not eroded.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detect.detections import Detections
from detect.manifest import Manifest
from detect.quality import FrameQuality, QualityFault
from detect.veil import Veil
from dispatch.wire import Hidden, Inspected, Light, NotInspected, pack_cells, pack_ppm
from edge.coverage.cell import Cell, Look
from edge.coverage.occlusion import Occluders
from edge.coverage.outlook import BEYOND_M, RANGE_M, RESOLUTION, Glance, Outlook
from edge.coverage.steadiness import Steadiness
from edge.coverage.stretch import Stretch, Way
from edge.frame import Frame
from edge.needs import needs_of
from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.placing.terrain import Ground, Stance, ground_of

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MOST_VEILED: Final = 0.2
"""Share of a cell on the veil up to which it counts as seen."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A look that counts once it is known through what it was taken.

    Attributes:
        steady: (n,) what moved as ground does; None where there was nothing to compare it with.
        frame: (height, width).
    """

    glance: Glance
    quality: FrameQuality
    steady: Flags | None
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
            ground: what findings are placed on; a vehicle's own plane or level ground by default.
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
        self._cells: dict[int, Cell] = {}
        self._way = Way()
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
            GroundNotMet: an elevation tile does not hold the take-off point.
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
        ended = self._end(going_on=True) if self._way.is_over(frame.at) else None
        moved = self._way.take(frame, origin, quality, sigma_m=self._shared_sigma_m(pose))
        boxes = self._occluders.boxes(
            frame.at, detections, stance=stance, origin=origin, camera=camera
        )
        if moved:
            glance = outlook.look(stance, origin, boxes, camera=camera, input_scale=input_scale)
            steady = self._steady(frame, glance, stance=stance, origin=origin, camera=camera)
            size = (camera.height, camera.width)
            self._waiting.append(_Waiting(glance, quality, steady, size))
            if veil is not None or not self._waits:
                self._count_waiting(veil)
        return ended

    def finish(self) -> Stretch | None:
        """Give the last stretch; None if no frame was taken."""
        return self._end(going_on=False) if self._way.is_open else None

    def _shared_sigma_m(self, pose: Pose) -> float:
        error = pose.error
        place_m = math.hypot(error.horizontal_shared_m, error.horizontal_own_m)
        turn = math.hypot(error.yaw_shared, self._camera.error.yaw if self._on_vehicle else 0.0)
        drift_m = (pose.speed_m_s or 0.0) * error.time_s
        reach_m = RANGE_M / 2.0 if self._on_vehicle else pose.height_above_ground_m or 0.0
        return math.hypot(place_m, turn * reach_m, drift_m)

    def _steady(
        self, frame: Frame, glance: Glance, *, stance: Stance, origin: Array, camera: Camera
    ) -> Flags | None:
        """Say what moved as the ground does since the last frame; all that a drone shows."""
        steady = np.ones(len(glance.cells), dtype=np.bool_)
        if not self._on_vehicle:
            return steady
        comparison = self._steadiness.compare(
            frame.image, stance=stance, origin=origin, camera=camera
        )
        if comparison is None:
            return None
        shown = glance.in_view
        steady[shown] = comparison.steady(glance.low[shown], glance.high[shown])
        return steady

    def _count_waiting(self, veil: Veil | None) -> None:
        waiting, self._waiting = self._waiting, []
        for look in waiting:
            self._way.count(look.quality)
            self._count(look, _veiled(look, veil))

    def _count(self, look: _Waiting, veiled: Flags) -> None:
        glance, light = look.glance, Light(look.quality.light)
        for number in np.flatnonzero(glance.in_view):
            cell = self._cells.get(glance.cells[number])
            if cell is None:
                cell = Cell(glance.places[number], self._needs)
                self._cells[glance.cells[number]] = cell
            if not glance.near[number]:
                continue
            scales = {footing: float(scale[number]) for footing, scale in glance.scale.items()}
            seen = Look(scales, light, bool(glance.placeable[number]))
            reason = _known_reason(look, int(number), veiled=bool(veiled[number]))
            if reason is not None:
                cell.refuse(seen, reason)
            elif look.steady is not None and look.steady[number]:
                cell.see(seen)
            elif look.steady is not None:
                cell.refuse(seen, NotInspected.OCCLUDED)

    def _end(self, *, going_on: bool) -> Stretch:
        self._count_waiting(None)
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
            if (part := self._inspected(done, group, light)) is not None
        )
        return self._way.end(inspected=inspected, hidden=self._hidden(done))

    def _inspected(self, done: Mapping[int, Cell], group: int, light: Light) -> Inspected | None:
        cells = sorted(
            number
            for number, cell in done.items()
            if cell.light is light and cell.is_inspected(group, views=self._seen)
        )
        if not cells:
            return None
        return Inspected(
            labels=self._needs[group].labels,
            resolution=RESOLUTION,
            cells=pack_cells(cells),
            pixels_per_metre=pack_ppm([done[cell].best(group) for cell in cells]),
            quality=self._way.quality,
            light=light,
        )

    def _hidden(self, done: Mapping[int, Cell]) -> tuple[Hidden, ...]:
        """Give the cells on which nothing was inspected, each under what prevented it."""
        hidden: dict[NotInspected, list[int]] = {}
        groups = range(len(self._needs))
        for number, cell in done.items():
            if not any(cell.is_inspected(group, views=self._seen) for group in groups):
                hidden.setdefault(cell.why_not(views=self._seen), []).append(number)
        return tuple(
            Hidden(reason=reason, resolution=RESOLUTION, cells=pack_cells(hidden[reason]))
            for reason in NotInspected
            if reason in hidden
        )

    def _is_near(self, cell: Cell) -> bool:
        assert self._outlook is not None, "a stretch has a frame"
        return math.dist(cell.place, self._way.place) <= self._outlook.range_m + BEYOND_M


def _told_once(parts: Iterable[Inspected]) -> tuple[Inspected, ...]:
    """Join the classes of groups that differ in their needs, but saw the same ground as well."""
    alike: dict[tuple[str, str, Light], Inspected] = {}
    for part in parts:
        key = (part.cells, part.pixels_per_metre, part.light)
        labels = alike[key].labels if key in alike else ()
        alike[key] = part.model_copy(update={"labels": (*labels, *part.labels)})
    return tuple(alike.values())


def _veiled(look: _Waiting, veil: Veil | None) -> Flags:
    veiled = np.zeros(len(look.glance.cells), dtype=np.bool_)
    if veil is not None:
        boxes = np.hstack([look.glance.low, look.glance.high])
        shown = look.glance.in_view
        veiled[shown] = veil.over(boxes[shown], look.frame) > _MOST_VEILED
    return veiled


def _known_reason(look: _Waiting, number: int, *, veiled: bool) -> NotInspected | None:
    """Say what is known to keep a look from counting; what does not move as ground does is not."""
    if not look.glance.clear[number]:
        return NotInspected.OCCLUDED
    if veiled:
        return NotInspected.VEILED
    if look.quality.reason is QualityFault.DARK:
        return NotInspected.DARK
    return None if look.quality.usable else NotInspected.BLURRED
