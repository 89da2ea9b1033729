"""How the picture moved by what the poses say: for frames in which nothing can be followed."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detect.motion import CameraMotion, motion_over_ground
from edge.placing.camera import STRAIGHT, Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.placing.terrain import NoHeight, ground_of

Array = NDArray[np.float64]

_ACROSS: Final = 16
_DOWN: Final = 8
_FEWEST: Final = 12


def motion_by_poses(before: Pose, now: Pose, *, camera: Camera) -> CameraMotion:
    """Give the motion of level ground in the picture between two poses; unknown without height.

    Through a lens that bends, it is the plane motion that fits the ground in the picture best.

    Args:
        camera: of the picture's size.
    """
    plane = LocalPlane(latitude=before.latitude, longitude=before.longitude)
    frame = (camera.height, camera.width)
    try:
        earlier, later = (_pixel_from_ground(pose, camera, plane) for pose in (before, now))
    except NoHeight:
        return CameraMotion.unknown(frame)
    motion = motion_over_ground(earlier, later, frame=frame)
    if not motion.known or camera.distortion == STRAIGHT:
        return motion
    return _as_bent(motion, camera)


def _as_bent(motion: CameraMotion, camera: Camera) -> CameraMotion:
    """Fit the motion of straight pixels to those that the lens shows, over the lower picture."""
    across, down = np.meshgrid(np.linspace(0.02, 0.98, _ACROSS), np.linspace(0.5, 0.98, _DOWN))
    seen = np.column_stack([across.ravel(), down.ravel()]) * (camera.width, camera.height)
    middle, focal = np.array([camera.cx, camera.cy]), np.array([camera.fx, camera.fy])
    straight = camera.distortion.straighten((seen - middle) / focal)
    ends = np.column_stack([straight * focal + middle, np.ones(len(seen))]) @ motion.matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = (ends[:, :2] / ends[:, 2:] - middle) / focal
    told = camera.project(np.column_stack([moved, np.where(ends[:, 2] > 0.0, 1.0, -1.0)]))
    size = np.array([camera.width, camera.height])
    kept = ((told > -0.5 * size) & (told < 1.5 * size)).all(axis=1)
    if int(kept.sum()) < _FEWEST:
        return CameraMotion.unknown(motion.frame)
    matrix, _ = cv2.findHomography(seen[kept], told[kept], 0)
    if matrix is None:
        return CameraMotion.unknown(motion.frame)
    return replace(motion, matrix=np.asarray(matrix, np.float64))


def _pixel_from_ground(pose: Pose, camera: Camera, plane: LocalPlane) -> Array:
    """Give the homography (3, 3) from metres east and north of a plane's origin to pixels."""
    stance = ground_of(camera).stance(pose, camera)
    east, north = plane.east_north(pose.latitude, pose.longitude).tolist()
    place = stance.position + np.array([east, north, 0.0])
    camera_from_enu = stance.rotation.T
    columns = np.column_stack((camera_from_enu[:, :2], -camera_from_enu @ place))
    lens = np.array([[camera.fx, 0, camera.cx], [0, camera.fy, camera.cy], [0, 0, 1.0]])
    return np.asarray(lens @ columns, np.float64)
