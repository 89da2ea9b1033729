"""When each row of a picture was exposed, and where its carrier was then.

A rolling shutter reads a sensor row by row: row v of H is taken at t0 + (v - H/2) / H * readout
for a picture dated t0. A readout below zero reads from the last row upwards (a sensor mounted
upside down and turned by the recorder).
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from edge.placing.camera import ENU_FROM_NED, Camera
from edge.placing.geodesy import LocalPlane, moved
from edge.placing.pose import (
    Motion,
    NoPose,
    Pose,
    Telemetry,
    body_angles,
    ned_from_body,
    rotation_by,
    turn_of,
)

Array = NDArray[np.float64]


def row_delay_s(row_px: float, camera: Camera) -> float:
    """Give by how many seconds a row is exposed after the picture's time; negative for before."""
    return (row_px / camera.height - 0.5) * camera.readout_s


def at_row(pose: Pose, row_px: float, camera: Camera) -> Pose:
    """Give the pose at which a row was exposed.

    It is the pose itself where the whole picture is taken at once, or no motion is known.
    """
    delay_s = row_delay_s(row_px, camera)
    if pose.motion is None or delay_s == 0.0:
        return pose
    east_m, north_m, up_m = (delay_s * speed for speed in pose.motion.velocity)
    latitude, longitude = moved(pose.latitude, pose.longitude, east_m=east_m, north_m=north_m)
    ned_turn = ENU_FROM_NED.T @ np.array(pose.motion.turning) * delay_s
    yaw, pitch, roll = body_angles(
        rotation_by(ned_turn) @ ned_from_body(pose.yaw, pose.pitch, pose.roll)
    )
    return replace(
        pose,
        at=pose.at + timedelta(seconds=delay_s),
        latitude=latitude,
        longitude=longitude,
        height_hae_m=_raised(pose.height_hae_m, up_m),
        height_above_ground_m=_raised(pose.height_above_ground_m, up_m),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
    )


def with_motion(pose: Pose, telemetry: Telemetry, camera: Camera) -> Pose:
    """Give a pose with its motion while its picture was read; as it is without a readout.

    Where the track ends within the readout, the motion up to there counts.
    """
    half = timedelta(seconds=abs(camera.readout_s) / 2.0)
    if not half:
        return pose
    before, after = (_pose_near(pose, telemetry, step) for step in (-half, half))
    span_s = (after.at - before.at).total_seconds()
    return replace(pose, motion=_motion_between(before, after, span_s)) if span_s > 0.0 else pose


def _pose_near(pose: Pose, telemetry: Telemetry, step: timedelta) -> Pose:
    try:
        return telemetry.pose_at(pose.at + step)
    except NoPose:
        return pose


def _motion_between(before: Pose, after: Pose, span_s: float) -> Motion:
    plane = LocalPlane(latitude=before.latitude, longitude=before.longitude)
    east, north = plane.east_north(after.latitude, after.longitude) / span_s
    first = ned_from_body(before.yaw, before.pitch, before.roll)
    last = ned_from_body(after.yaw, after.pitch, after.roll)
    turning = ENU_FROM_NED @ turn_of(last @ first.T) / span_s
    heights = [
        (one, other)
        for one, other in (
            (before.height_hae_m, after.height_hae_m),
            (before.height_above_ground_m, after.height_above_ground_m),
        )
        if one is not None and other is not None
    ]
    climb = (heights[0][1] - heights[0][0]) / span_s if heights else 0.0
    return Motion(
        velocity=(float(east), float(north), climb),
        turning=(float(turning[0]), float(turning[1]), float(turning[2])),
    )


def _raised(height_m: float | None, by_m: float) -> float | None:
    return None if height_m is None else height_m + by_m
