"""Telemetry read by a camera's clock that is known to be off."""

import hashlib
import math
from dataclasses import replace
from datetime import datetime, timedelta

from edge.placing.pose import Pose, Telemetry


class ShiftedTelemetry:
    """Another telemetry, asked for a moment later (offset > 0) than the camera's time says."""

    def __init__(self, inner: Telemetry, *, offset_s: float, error_s: float) -> None:
        """Take an offset over.

        Args:
            offset_s: what to add to the camera's time to get the telemetry's.
            error_s: its standard error, which takes the place of the telemetry's own.
        """
        if not (math.isfinite(offset_s) and math.isfinite(error_s) and error_s >= 0.0):
            raise ValueError((offset_s, error_s))
        self._inner, self._shift, self._error_s = inner, timedelta(seconds=offset_s), error_s

    @property
    def digest(self) -> str:
        """Hash of the recorded material and of the offset, which makes another pass of it."""
        said = f"{self._inner.digest} {self._shift.total_seconds():.3f}"
        return hashlib.sha256(said.encode()).hexdigest()

    def pose_at(self, at: datetime) -> Pose:
        """Give the pose at a camera's time.

        Raises:
            NoPose: the telemetry has none there.
        """
        pose = self._inner.pose_at(at + self._shift)
        return replace(pose, at=at, error=replace(pose.error, time_s=self._error_s))
