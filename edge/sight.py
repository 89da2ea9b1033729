"""One look at a frame: from where it was taken, what the model finds, and how the camera moved."""

from datetime import datetime
from typing import Final

from detect.detections import Detections
from detect.detector import Detector
from detect.motion import CameraMotion, Glance, camera_motion, glance
from detect.pixels import Image
from detect.quality import judge
from detect.tiling import detect_tiled
from edge.coverage.travel import motion_by_poses
from edge.evidence.recall import Look
from edge.findings.report import Pass
from edge.findings.tiling import tiling_of
from edge.footage import Footage
from edge.frame import Frame
from edge.placing.pose import NoPose, Pose
from edge.placing.shutter import with_motion

LARGE: Final = 1.6
"""A photo this many times larger than the model's input is looked at in tiles."""
SKY_SHARE: Final = 0.3
"""What of a road camera's picture lies above the ground, and is not followed."""


class Sight:
    """Looks at the frames of one pass, one after the other."""

    def __init__(self, footage: Footage, detector: Detector, *, of: Pass) -> None:
        """Begin a pass."""
        self._footage, self._detector, self._of = footage, detector, of
        self._before: tuple[Glance, Pose | None] | None = None

    def look(self, frame: Frame, small: Image) -> tuple[Detections, Look]:
        """Look at a frame.

        Args:
            small: the frame, grey and of `detect.quality.WIDTH`.

        Raises:
            EdgeError, DetectError: the frame or the model's answer cannot be used.
        """
        pose, no_pose = self._pose(frame.at)
        detections, input_scale = self._detect(frame, pose)
        redactor = self._of.redactor
        look = Look(
            at=frame.at,
            size=(frame.image.shape[1], frame.image.shape[0]),
            pose=pose,
            no_pose=no_pose,
            quality=judge(small),
            input_scale=input_scale,
            private=() if redactor is None else redactor.private_boxes(detections),
        )
        return detections, look

    def motion(self, small: Image, look: Look) -> CameraMotion:
        """Give the motion that the pictures show; where they show none, what the poses say."""
        width, height = look.size
        now, pose = glance(small, frame=(height, width)), look.pose
        before, self._before = self._before, (now, pose)
        if before is None:
            return CameraMotion.unknown(now.frame)
        earlier, pose_before = before
        motion = camera_motion(earlier, now, ignore_top=SKY_SHARE)
        if motion.known or pose is None or pose_before is None:
            return motion
        camera = self._footage.camera.scaled_to(width, height)
        return motion_by_poses(pose_before, pose, camera=camera)

    def _pose(self, at: datetime) -> tuple[Pose | None, str | None]:
        """Give the pose, or why there is none."""
        try:
            pose = self._footage.telemetry.pose_at(at)
        except NoPose as error:
            return None, str(error)
        if self._footage.photos:
            # Between two photos a flight's telemetry knows nothing.
            return pose, None
        return with_motion(pose, self._footage.telemetry, self._footage.camera), None

    def _detect(self, frame: Frame, pose: Pose | None) -> tuple[Detections, float]:
        height, width = frame.image.shape[:2]
        if self._footage.photos:
            tiling = tiling_of(
                self._of.manifest,
                shape=self._detector.shape,
                pose=pose,
                camera=self._footage.camera.scaled_to(width, height),
                ground=self._footage.ground,
                rendered=self._of.rendered,
            )
            tile = tiling.tile
            if height > LARGE * tile[0] or width > LARGE * tile[1]:
                found = detect_tiled(self._detector, frame.image, tile=tile, overlap=tiling.overlap)
                return found, tiling.input_scale
        return self._detector.detect(frame.image), self._detector.input_scale(frame.image)
