"""A rendered street, drawn once and filmed again and again by a vehicle that drives and stands."""

import math
import tempfile
import time
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.schedule import plan_passes
from edge.sources.street.source import RenderedStreet
from tests.edge.live_vehicle import Vehicle

SEED: Final = 7
SPEED_M_S: Final = 8.0
SPACING_M: Final = 0.4
LENGTH_M: Final = 64.0
DRIVES_S, STANDS_S = 45.0, 10.0
QUALITY: Final = 92


class FilmedStreet:
    """Pictures of the first metres of a street, one each `SPACING_M`, kept as JPEG."""

    def __init__(self, *, length_m: float = LENGTH_M) -> None:
        """Draw it; takes half a second a picture."""
        plan = plan_street(SEED)
        drive = plan_passes(plan)[0]
        drive = drive.model_copy(
            update={
                "to_m": drive.from_m + length_m,
                "frames_per_s": drive.speed_m_s / SPACING_M,
                "yaw": 0.0,
            }
        )
        self.optics = drive.optics
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "drive.street.json"
            path.write_text(StreetPass(plan=plan, patrol=drive).model_dump_json(), "utf-8")
            frames = RenderedStreet(path).frames()
            self._pictures = [_packed(frame.image) for frame in frames]

    def at(self, north_m: float) -> np.ndarray:
        """Give the picture after so many metres; the street begins anew at its end."""
        number = int(north_m / SPACING_M) % len(self._pictures)
        return np.asarray(cv2.imdecode(self._pictures[number], cv2.IMREAD_COLOR), np.uint8)

    def camera_file(self) -> str:
        """Give the camera file of what films it."""
        optics = self.optics
        return (
            f"[image]\nwidth = {optics.width}\nheight = {optics.height}\n"
            f"[lens]\nfx = {optics.focal_px}\nfy = {optics.focal_px}\n"
            f"cx = {optics.width / 2}\ncy = {optics.height / 2}\n"
            f"[mounting]\nheight_above_ground_m = {optics.above_ground_m}\n"
            f"pitch_deg = {math.degrees(optics.pitch)}\n"
        )


class RoundVehicle(Vehicle):
    """Drives for a while, stands for a while, and so on, ever further north."""

    def __init__(self) -> None:
        """Stand until told to go."""
        self.silent = False
        super().__init__(end_m=math.inf, speed=SPEED_M_S)

    def north_m(self) -> float:
        """Give how far it has come."""
        rounds, into_s = self._round()
        return SPEED_M_S * (rounds * DRIVES_S + min(into_s, DRIVES_S))

    def speed(self) -> float:
        """Give how fast it is."""
        into_s = self._round()[1]
        return SPEED_M_S if 0.0 < into_s < DRIVES_S else 0.0

    def _round(self) -> tuple[float, float]:
        if self._leg is None:
            return 0.0, 0.0
        return divmod(time.monotonic() - self._leg[1], DRIVES_S + STANDS_S)

    def _sentences(self) -> bytes:
        return b"" if self.silent else super()._sentences()


def _packed(image: np.ndarray) -> np.ndarray:
    done, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert done, "a picture of eight bits packs"
    return packed
