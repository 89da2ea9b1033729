"""Interpolated poses against the reference poses of a real drive; `python -m` prints the table.

One minute of comma2k19 (commaai, MIT): a consumer u-blox receiver, poses of 1,200 camera frames
from a post-processed solution. The receiver's fixes are used by their own time stamps.
"""

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pymap3d
from numpy.typing import NDArray

from edge.calibrate.clock_offset import TimeOffset, Turning, UnknownOffset, estimate_offset
from edge.calibrate.drive import course_of
from edge.placing.geodesy import LocalPlane
from edge.placing.pose import NoPose
from edge.telemetry.shifted import ShiftedTelemetry
from edge.telemetry.track import Fix, TrackTelemetry
from tests.benchmarks.figure import CannotRun, Measured, benchmark

Array = NDArray[np.float64]

FOLDER: Final = Path("telemetry", "comma2k19_poses")
OFFSETS_S: Final = (-0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1)
LEAP_S: Final = 18.0
_GPS_EPOCH: Final = datetime(1980, 1, 6, tzinfo=UTC)
_MOVING_M_S: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RealDrive:
    """Fixes as telemetry, and the reference beside them.

    Attributes:
        places: (n, 2) degrees, of the camera.
        courses: (n,) radians.
        moving: (n,) whether fast enough for a course.
        turning: what the phone's gyroscope says, by the same clock as the reference.
    """

    track: TrackTelemetry
    times: tuple[datetime, ...]
    places: Array
    courses: Array
    moving: NDArray[np.bool_]
    turning: Turning


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How far interpolated poses are from the reference: median and 90 %; metres, degrees."""

    offset_s: float
    poses: int
    place_m: tuple[float, float]
    along_m: float
    course_deg: tuple[float, float]


def real_drive(rate_hz: float = 10.0) -> RealDrive:
    """Read the drive, its fixes thinned to a rate.

    Raises:
        CannotRun: the samples are not there.
    """
    folder = Path(os.environ.get("XUNHUAN_SAMPLES", "")) / FOLDER
    if not folder.is_dir():
        raise CannotRun("XUNHUAN_SAMPLES names no folder with telemetry/comma2k19_poses")
    pose, log = folder / "global_pose", folder / "processed_log"
    week, second = np.load(pose / "frame_gps_times").T
    gps = [
        _GPS_EPOCH + timedelta(weeks=w, seconds=s - LEAP_S)
        for w, s in zip(week, second, strict=True)
    ]
    latitude, longitude, _ = pymap3d.ecef2geodetic(*np.load(pose / "frame_positions").T)
    east, north, _ = _enu(np.load(pose / "frame_velocities"), latitude, longitude)
    fixes = np.load(log / "GNSS" / "live_gnss_ublox" / "value")
    every = max(1, round(10.0 / rate_hz))
    boot_s = np.load(pose / "frame_times")
    gyro_s = np.load(log / "IMU" / "gyro" / "t") - boot_s[0]
    # The third axis of this gyroscope points down in the car.
    rate = np.load(log / "IMU" / "gyro" / "value")[:, 2]
    even_s = np.arange(0.1, boot_s[-1] - boot_s[0], 0.2)
    return RealDrive(
        track=TrackTelemetry(
            Path("live_gnss_ublox"),
            [
                Fix(at=datetime.fromtimestamp(fix[3] / 1e3, UTC), latitude=fix[0], longitude=fix[1])
                for fix in fixes[::every]
            ],
            digest="comma2k19",
        ),
        times=tuple(gps),
        places=np.column_stack([latitude, longitude]),
        courses=np.arctan2(east, north),
        moving=np.hypot(east, north) > _MOVING_M_S,
        turning=Turning(
            seconds=even_s,
            rate=np.array([rate[np.abs(gyro_s - s) <= 0.1].mean() for s in even_s]),
        ),
    )


def compare(drive: RealDrive, offset_s: float) -> Row:
    """Compare the poses of a drive, its track asked `offset_s` later."""
    telemetry = ShiftedTelemetry(drive.track, offset_s=offset_s, error_s=0.0)
    off, turned = [], []
    for number, at in enumerate(drive.times):
        try:
            pose = telemetry.pose_at(at)
        except NoPose:
            continue
        plane = LocalPlane(latitude=drive.places[number, 0], longitude=drive.places[number, 1])
        course = drive.courses[number]
        way = plane.east_north(pose.latitude, pose.longitude)
        off.append((np.hypot(*way), way @ (np.sin(course), np.cos(course))))
        if drive.moving[number] and pose.course is not None:
            turned.append(abs(np.remainder(pose.course - course + np.pi, 2.0 * np.pi) - np.pi))
    place, along = np.array(off).T
    return Row(
        offset_s=offset_s,
        poses=len(off),
        place_m=(float(np.median(place)), float(np.quantile(place, 0.9))),
        along_m=float(np.median(along)),
        course_deg=(
            float(np.degrees(np.median(turned))),
            float(np.degrees(np.quantile(turned, 0.9))),
        ),
    )


def turns_tell(drive: RealDrive) -> TimeOffset:
    """Estimate the offset from gyroscope and course, the receiver being 1.7 m from the axle."""
    course = course_of(drive.track, drive.times[0], drive.times[-1])
    return estimate_offset(drive.turning, course, antenna_ahead_m=1.7)


@lru_cache(maxsize=1)
def _best() -> Row:
    drive = real_drive()
    rows = [compare(drive, float(offset)) for offset in np.arange(-0.3, 0.305, 0.02)]
    return min(rows, key=lambda row: row.place_m[0])


def _enu(velocities: Array, latitude: Array, longitude: Array) -> tuple[Array, Array, Array]:
    return tuple(pymap3d.ecef2enuv(*velocities.T, latitude, longitude))


@benchmark(name="geotag.real_drive_median_m", unit="m")
def real_drive_median_m() -> Measured:
    """Median distance of interpolated places from the reference, no offset applied."""
    row = compare(real_drive(), 0.0)
    return Measured(value=row.place_m[0], how=f"{row.poses} reference poses of comma2k19, u-blox")


@benchmark(name="geotag.real_drive_best_offset_s", unit="s")
def real_drive_best_offset_s() -> Measured:
    """Offset of the receiver's stamps that fits the reference best."""
    best = _best()
    return Measured(value=best.offset_s, how=f"{best.place_m[0]:.2f} m at the median there")


def main() -> None:
    """Print the table of the documentation."""
    print("| fixes | offset | place, median | 90 % | along the way | course, median | 90 % |")
    print("|---|---|---|---|---|---|---|")
    for rate_hz in (10.0, 1.0):
        drive = real_drive(rate_hz)
        for offset_s in OFFSETS_S:
            row = compare(drive, offset_s)
            print(
                f"| {rate_hz:.0f} Hz | {offset_s * 1e3:+.0f} ms | {row.place_m[0]:.2f} m "
                f"| {row.place_m[1]:.2f} m | {row.along_m:+.2f} m | {row.course_deg[0]:.2f}° "
                f"| {row.course_deg[1]:.2f}° |"
            )
    try:
        told = turns_tell(real_drive())
    except UnknownOffset as unknown:
        print(f"\n{unknown.en}")
    else:
        print(f"\nturns tell {told.offset_s * 1e3:+.0f} ± {told.error_s * 1e3:.0f} ms")


if __name__ == "__main__":
    sys.exit(main())
