"""Cameras of drones that are known by make and model: `edge/placing/cameras.csv`.

A row says how wide the sensor is that a full picture shows, and the lens's distortion; the focal
length is the photo's own. `tests/edge/camera_table.py` makes the file.
"""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from edge.placing.lens import Distortion


@dataclass(frozen=True, slots=True, kw_only=True)
class DroneCamera:
    """A sensor with its lens.

    Attributes:
        make, model: as EXIF says them, in lower and upper case.
        width, height: of a full still picture, pixels.
        sensor_mm: width and height of what that picture shows of the sensor.
        focal_mm: of a fixed lens whose photos do not say it; None where they do.
    """

    make: str
    model: str
    thermal: bool
    width: int
    height: int
    sensor_mm: tuple[float, float]
    focal_mm: float | None
    distortion: Distortion
    name: str

    @property
    def pixels_per_mm(self) -> float:
        """Give the pixels of a full picture per millimetre of the sensor."""
        wide, high = self.sensor_mm
        return math.sqrt(self.width / wide * self.height / high)

    @property
    def scale_error(self) -> float:
        """Give how far (a share) the sensor's two sides contradict each other about that."""
        wide, high = self.sensor_mm
        return abs(math.log(self.width / wide * high / self.height)) / 2.0


@cache
def drone_cameras() -> tuple[DroneCamera, ...]:
    """Give the table."""
    text = files("edge.placing").joinpath("cameras.csv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(_camera(row) for row in csv.DictReader(lines))


def find_camera(make: str, model: str, *, width: int, height: int) -> DroneCamera | None:
    """Give the camera of a photo, or None where the table does not know it.

    Where one name stands for a colour and a thermal sensor, the picture's size tells them apart;
    a size of neither is taken for the colour camera's.
    """
    named = [
        camera
        for camera in drone_cameras()
        if (camera.make, camera.model) == (make.strip().lower(), model.strip().upper())
    ]
    exact = [camera for camera in named if (camera.width, camera.height) == (width, height)]
    colour = [camera for camera in named if not camera.thermal]
    return next(iter((*exact, *colour, *named)), None)


def _camera(row: dict[str, str]) -> DroneCamera:
    return DroneCamera(
        make=row["make"],
        model=row["model"],
        thermal=row["thermal"] == "yes",
        width=int(row["width_px"]),
        height=int(row["height_px"]),
        sensor_mm=(float(row["sensor_width_mm"]), float(row["sensor_height_mm"])),
        focal_mm=float(row["focal_mm"]) if row["focal_mm"] else None,
        distortion=Distortion(
            **{name: float(row[name]) for name in ("k1", "k2", "p1", "p2", "k3")}
        ),
        name=row["name"],
    )
