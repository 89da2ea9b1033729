"""Footage with its telemetry read by the camera's clock, by a stated or an estimated offset."""

from dataclasses import replace
from typing import Final

from edge.calibrate.drive import watch_drive
from edge.footage import Footage
from edge.telemetry.shifted import ShiftedTelemetry
from edge.telemetry.wording import Explain

STATED_ERROR_S: Final = 0.05
"""How well a person states an offset: two frames of a common camera."""


def with_stated_offset(footage: Footage, offset_s: float) -> Footage:
    """Give footage whose telemetry is asked `offset_s` later than the camera's time says."""
    return _shifted(footage, offset_s=offset_s, error_s=STATED_ERROR_S)


def with_estimated_offset(footage: Footage, *, explain: Explain) -> Footage:
    """Give footage on the offset that its turns tell; the drive is looked at once for it.

    Raises:
        UnknownOffset: the drive does not tell.
        NotAVehicleCamera: photos, or a camera that is not mounted to look ahead.
    """
    found = watch_drive(footage).offset()
    explain(
        f"遥测时间 = 相机时间 {found.offset_s:+.2f} ± {found.error_s:.2f} 秒",
        f"telemetry time = camera time {found.offset_s:+.2f} ± {found.error_s:.2f} s",
    )
    return _shifted(footage, offset_s=found.offset_s, error_s=found.error_s)


def _shifted(footage: Footage, *, offset_s: float, error_s: float) -> Footage:
    telemetry = ShiftedTelemetry(footage.telemetry, offset_s=offset_s, error_s=error_s)
    return replace(footage, telemetry=telemetry)
