"""How the picture moved by what the poses say: for frames in which nothing can be followed."""

import numpy as np
from numpy.typing import NDArray

from detect.motion import CameraMotion, motion_over_ground
from edge.placing.camera import Camera
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import Pose
from edge.placing.terrain import NoHeight, ground_of

Array = NDArray[np.float64]


def motion_by_poses(before: Pose, now: Pose, *, camera: Camera) -> CameraMotion:
    """Give the motion of level ground in the picture between two poses; unknown without height.

    The lens's distortion is left out: it moves a box far less than an ordinary receiver's error.

    Args:
        camera: of the picture's size.
    """
    plane = LocalPlane(latitude=before.latitude, longitude=before.longitude)
    frame = (camera.height, camera.width)
    try:
        earlier, later = (_pixel_from_ground(pose, camera, plane) for pose in (before, now))
    except NoHeight:
        return CameraMotion.unknown(frame)
    return motion_over_ground(earlier, later, frame=frame)


def _pixel_from_ground(pose: Pose, camera: Camera, plane: LocalPlane) -> Array:
    """Give the homography (3, 3) from metres east and north of a plane's origin to pixels."""
    stance = ground_of(camera).stance(pose, camera)
    east, north = plane.east_north(pose.latitude, pose.longitude).tolist()
    place = stance.position + np.array([east, north, 0.0])
    camera_from_enu = stance.rotation.T
    columns = np.column_stack((camera_from_enu[:, :2], -camera_from_enu @ place))
    lens = np.array([[camera.fx, 0, camera.cx], [0, camera.fy, camera.cy], [0, 0, 1.0]])
    return np.asarray(lens @ columns, np.float64)
