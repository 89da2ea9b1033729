"""What the machine itself says: room on its disk, and how hot it is."""

import shutil
from pathlib import Path
from typing import Final

from edge.vitals.signs import DiskSigns

THERMAL: Final = Path("/sys/class/thermal")
PLAUSIBLE_C: Final = (-60.0, 150.0)
"""Zones without a sensor report -274 or 0 K; those are no temperatures."""


def disk_of(folder: Path) -> DiskSigns:
    """Give room and size of the disk that a folder lies on.

    Raises:
        OSError: the folder is gone.
    """
    usage = shutil.disk_usage(folder)
    return DiskSigns(free_bytes=usage.free, total_bytes=usage.total)


def hottest_c(zones: Path = THERMAL) -> float | None:
    """Give the highest temperature of the kernel's thermal zones, degrees Celsius; None without.

    Source: Documentation/driver-api/thermal/sysfs-api.rst of Linux: `temp` is in millidegrees.
    """
    found = [
        degrees for path in sorted(zones.glob("thermal_zone*/temp")) if (degrees := _read(path))
    ]
    return max(found, default=None)


def _read(path: Path) -> float | None:
    try:
        degrees = int(path.read_text(encoding="ascii").strip()) / 1000.0
    except (OSError, ValueError):  # A zone may be switched off: it then has no temperature.
        return None
    return degrees if PLAUSIBLE_C[0] < degrees < PLAUSIBLE_C[1] else None
