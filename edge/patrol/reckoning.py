"""Where the vehicle is by what is known of it by now: the last pose, carried on straight ahead.

Good enough to choose frames by the way driven; findings are placed by poses that are interpolated,
once the receiver has said what came after the frame.
"""

import math
from datetime import datetime, timedelta
from typing import Final, Protocol

from edge.placing.pose import NoPose, Pose, Telemetry
from edge.sources.choice import STANDING_M_S, Spot

MOST_AHEAD: Final = timedelta(seconds=3)
"""Beyond this the last pose says nothing of where the vehicle is."""
_M_PER_DEGREE: Final = 111_195.0


class LivePoses(Telemetry, Protocol):
    """Poses of a receiver that is listened to."""

    def known_until(self) -> datetime | None:
        """Give the device's time up to which poses are known; None while none is."""

    def utc_of(self, at: datetime) -> datetime | None:
        """Give UTC, as the receiver has it, of a time of the device's clock; None if unknown."""


class Reckoning:
    """What captures must know of the drive."""

    def __init__(self, poses: LivePoses) -> None:
        """Begin between passes."""
        self._poses = poses
        self.is_driving = False
        self._speed_m_s = 0.0
        self._stands = False

    def is_wanted(self) -> bool:
        """Say whether a pass is under way."""
        return self.is_driving

    def speed_m_s(self) -> float:
        """Give how fast the vehicle was when last asked; 0 where that is not known."""
        return self._speed_m_s

    def stands(self) -> bool:
        """Say whether the vehicle was known to stand when last asked how fast it is.

        What flies turns on the spot and sees other ground: it never stands.
        """
        return self._stands

    def speed_at(self, at: datetime) -> float | None:
        """Give how fast the vehicle is; None without a fix of the last seconds."""
        pose = self._last(at)
        speed = None if pose is None else pose.speed_m_s
        self._speed_m_s = speed or 0.0
        on_ground = pose is not None and pose.height_above_ground_m is None
        self._stands = on_ground and speed is not None and speed < STANDING_M_S
        return speed

    def spot(self, at: datetime) -> Spot | None:
        """Give about where the vehicle was at a time of the device's clock, or will have been."""
        pose = self._last(at)
        if pose is None:
            return None
        ahead_s = max(0.0, (at - pose.at).total_seconds())
        way_m = ahead_s * (pose.speed_m_s or 0.0)
        course = pose.yaw if pose.course is None else pose.course
        narrow = math.cos(math.radians(pose.latitude))
        return Spot(
            latitude=pose.latitude + way_m * math.cos(course) / _M_PER_DEGREE,
            longitude=pose.longitude + way_m * math.sin(course) / (_M_PER_DEGREE * narrow),
            yaw=pose.yaw,
            speed_m_s=pose.speed_m_s,
            height_m=pose.height_above_ground_m,
        )

    def _last(self, at: datetime) -> Pose | None:
        known = self._poses.known_until()
        if known is None or at - known > MOST_AHEAD:
            return None
        try:
            return self._poses.pose_at(min(at, known))
        except NoPose:
            return None
