"""Make `edge/placing/cameras.csv` from the public list of drone cameras.

    python -m tests.edge.camera_table droneModels.json > edge/placing/cameras.csv

The list is `droneModels.json` of Theta-Limited/DroneModels (Apache-2.0). Its pixel sizes are turned
into the width and height of the sensor that a full picture shows; its fisheye rows follow another
polynomial than ours and are left out, as are a row said twice and one whose pixels are 10 % or
more from square, which no sensor's are.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

HEADER = """\
# Cameras of drones: facts from droneModels.json of Theta-Limited/DroneModels, licence Apache-2.0
# (https://www.apache.org/licenses/LICENSE-2.0), state of {state}.
# Changed: pixel sizes into sensor sizes, one row per make, model and sensor; rows of fisheyes and
# of impossible pixels are left out. What it is for: docs/reference/cameras.md.
"""
SQUARE = 0.1
COLUMNS = (
    *("make", "model", "thermal", "width_px", "height_px", "sensor_width_mm", "sensor_height_mm"),
    *("focal_mm", "k1", "k2", "p1", "p2", "k3", "name"),
)
MAKES = ("autel robotics", "teledyne flir", "hasselblad", "intertest", "skydio", "parrot", "dji")


def table(listed: Mapping[str, object]) -> str:
    """Give the table as text."""
    out = StringIO()
    out.write(HEADER.format(state=str(listed["lastUpdate"])))
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    rows = {(row["make"], row["model"], row["thermal"]): row for row in _rows(listed)}
    writer.writerows(rows[key] for key in sorted(rows))
    return out.getvalue()


def _rows(listed: Mapping[str, object]) -> Iterator[dict[str, str]]:
    cameras = listed["droneCCDParams"]
    assert isinstance(cameras, list)
    for said in cameras:
        if said["lensType"] != "perspective":
            continue
        pitch, pitch_down = _ratio(said["ccdWidthMMPerPixel"]), _ratio(said["ccdHeightMMPerPixel"])
        if abs(pitch / pitch_down - 1.0) >= SQUARE:
            continue
        make = next((m for m in MAKES if said["makeModel"].startswith(m)), "")
        width, height = int(said["widthPixels"]), int(said["heightPixels"])
        yield {
            "make": make or "dji",
            "model": said["makeModel"].removeprefix(make).upper(),
            "thermal": "yes" if said["isThermal"] else "no",
            "width_px": str(width),
            "height_px": str(height),
            "sensor_width_mm": f"{pitch * width:.6g}",
            "sensor_height_mm": f"{pitch_down * height:.6g}",
            "focal_mm": f"{said['focalLength']:g}" if "focalLength" in said else "",
            "k1": f"{said['radialR1']:.7g}",
            "k2": f"{said['radialR2']:.7g}",
            "p1": f"{said['tangentialT1']:.7g}",
            "p2": f"{said['tangentialT2']:.7g}",
            "k3": f"{said['radialR3']:.7g}",
            "name": re.split(r"//|\(?http", said["comment"])[0].strip(" ,("),
        }


def _ratio(said: str) -> float:
    above, _, below = (re.sub(r"d$", "", part) for part in said.partition("/"))
    return float(above) / float(below or 1.0)


if __name__ == "__main__":
    sys.stdout.write(table(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
