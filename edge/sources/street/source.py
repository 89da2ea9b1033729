"""A rendered pass as a source of frames: the simulated twin of a camera."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from dispatch.wire import Platform
from edge.frame import Frame
from edge.placing.camera import Camera, CameraError, Mounting
from edge.sources.street.finish import Finish, Sensor
from edge.sources.street.motion import LEVER_M, true_view
from edge.sources.street.passes import PassPlan, StreetPass, read_pass
from edge.sources.street.scene import scene_of
from edge.sources.street.view import Lens


class RenderedStreet:
    """The frames of one pass over a rendered street; the same bytes on every replay."""

    def __init__(self, path: Path) -> None:
        """Open a pass file.

        Raises:
            UnusableStreetFile: the file is no pass over a rendered street.
        """
        self._pass = read_pass(path)
        self._name = path.name
        said = self._pass.model_dump_json().encode()
        self._digest = hashlib.sha256(said).hexdigest()

    @property
    def digest(self) -> str:
        """Hash of what the pass file says."""
        return self._digest

    @property
    def platform(self) -> Platform:
        """What carried the camera."""
        return self._pass.patrol.platform

    @property
    def rendered(self) -> bool:
        """Always true: no frame of this source was taken."""
        return True

    @property
    def street_pass(self) -> StreetPass:
        """The pass file's contents, truth included."""
        return self._pass

    def camera(self) -> Camera:
        """Give the camera that took the pass, as its file would say."""
        return camera_of(self._pass.patrol)

    def frames(self) -> Iterator[Frame]:
        """Give the frames in order of time."""
        patrol = self._pass.patrol
        scene = scene_of(self._pass.plan, patrol)
        sensor = sensor_of(patrol)
        for index in range(patrol.frame_count):
            seconds = index / patrol.frames_per_s
            image = sensor.develop(scene.paint(true_view(patrol, seconds)), index=index)
            yield Frame(
                index=index,
                at=patrol.starts_at + timedelta(seconds=seconds),
                image=image,
                name=f"{self._name}#{index}",
            )


def camera_of(patrol: PassPlan) -> Camera:
    """Give the camera of a pass."""
    optics = patrol.optics
    vehicle = patrol.platform is Platform.VEHICLE
    mounting = Mounting(
        height_above_ground_m=optics.above_ground_m if vehicle else None,
        pitch=optics.pitch if vehicle else 0.0,
        lever_m=LEVER_M if vehicle else (0.0, 0.0, 0.0),
    )
    return Camera(
        width=optics.width,
        height=optics.height,
        fx=optics.focal_px,
        fy=optics.focal_px,
        cx=optics.width / 2,
        cy=optics.height / 2,
        mounting=mounting,
        error=CameraError(pixel_px=2.0, height_m=0.03, yaw=0.0, pitch=0.0, roll=0.0),
    )


def sensor_of(patrol: PassPlan) -> Sensor:
    """Make a pass's sensor ready."""
    optics = patrol.optics
    return Sensor(
        Lens(width=optics.width, height=optics.height, focal_px=optics.focal_px),
        Finish(
            exposure=optics.exposure,
            warmth=optics.warmth,
            grain=optics.grain,
            blur_px=optics.blur_px,
            smear_px=optics.smear_px,
            seed=patrol.seed,
        ),
    )
