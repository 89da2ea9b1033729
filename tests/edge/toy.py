"""A toy city: a straight road with coloured things, filmed from a car; a model that sees colours.

Red is a pothole, green a person, blue a vehicle. Everything is real but the city: an MP4 file, a
GPX track, a camera file, and an ONNX model that answers with one exact box a colour.
"""

import hashlib
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from detect.manifest import Calibration, ClassEntry, Input, Manifest, OutputLayout, Recall

LABELS = ("road.pothole", "traffic.person", "traffic.vehicle", "traffic.two_wheeler")
HEIGHT, WIDTH, FOCAL = 192, 320, 220.0
CAMERA_M, PITCH = 1.6, math.radians(-8.0)
SPEED, FPS, SECONDS = 5.0, 10, 5.0
STARTS = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LATITUDE, LONGITUDE = 30.0, 110.0
POTHOLE_NORTH_M, POTHOLE_EAST_M = 15.0, 0.8
RECALL = Recall(
    min_px=4,
    max_px=400,
    mean=0.99,
    lower=0.95,
    concentration=50,
    objects=100,
    measured_on="real",
)
METRE_LATITUDE = 1.0 / 110_852.4
CAMERA_FILE = f"""
[image]
width = {WIDTH}
height = {HEIGHT}
[lens]
fx = {FOCAL}
fy = {FOCAL}
cx = {WIDTH / 2}
cy = {HEIGHT / 2}
[mounting]
height_above_ground_m = {CAMERA_M}
pitch_deg = {math.degrees(PITCH)}
"""


def write_model(folder: Path, *, labels: tuple[str, ...] = LABELS, threshold: float = 0.5) -> Path:
    """Write a model folder: each class is one colour, and has one box round all of it."""
    folder.mkdir(parents=True, exist_ok=True)
    model = helper.make_model(_graph(), opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    content = model.SerializeToString()
    (folder / "model.onnx").write_bytes(content)
    calibration = Calibration(measured_on="rendered")
    manifest = Manifest(
        name="toy-colours",
        version="1.0.0",
        licence="AGPL-3.0-or-later",
        file="model.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        input=Input(name="images", shapes=((HEIGHT, WIDTH),)),
        output=OutputLayout.YOLO,
        classes=tuple(
            ClassEntry(label=label, threshold=threshold, calibration=calibration, recall=(RECALL,))
            for label in labels
        ),
    )
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    card = {"version": manifest.version, "sha256": manifest.sha256}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


def _graph() -> onnx.GraphProto:
    classes = len(LABELS)
    colours = np.array([[1, -1, -1], [-1, 1, -1], [-1, -1, 1], [0, 0, 0]], np.float32)
    constants = {
        "colours": colours.reshape(classes, 3, 1, 1) * 1.3,
        "half": np.array(0.5, np.float32),
        "columns": np.arange(WIDTH, dtype=np.float32),
        "rows": np.arange(HEIGHT, dtype=np.float32),
        "one": np.array(1, np.float32),
        "zero": np.array(0, np.float32),
        "far": np.array(1e4, np.float32),
        "two": np.array(2, np.float32),
        "eye": np.eye(classes, dtype=np.float32)[None],
        "flat": np.array([1, 1, classes], np.int64),
    }
    nodes = [
        helper.make_node("Conv", ["images", "colours"], ["raw"]),
        helper.make_node("Clip", ["raw", "zero", "one"], ["seen"]),
        helper.make_node("Greater", ["seen", "half"], ["there"]),
        helper.make_node("Cast", ["there"], ["counted"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["counted"], ["in_column"], axes=[2], keepdims=0),
        helper.make_node("ReduceMax", ["counted"], ["in_row"], axes=[3], keepdims=0),
        *_extent("in_column", "columns", "left", "right"),
        *_extent("in_row", "rows", "top", "bottom"),
        *_middle("left", "right", "x", "w"),
        *_middle("top", "bottom", "y", "h"),
        helper.make_node("ReduceMax", ["seen"], ["best"], axes=[2, 3], keepdims=0),
        helper.make_node("Reshape", ["best", "flat"], ["best_row"]),
        helper.make_node("Mul", ["eye", "best_row"], ["scores"]),
        helper.make_node("Concat", ["x", "y", "w", "h", "scores"], ["output0"], axis=1),
    ]
    return helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, HEIGHT, WIDTH])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 4 + classes, classes])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )


def _extent(mask: str, places: str, low: str, high: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("Greater", [mask, "half"], [f"{mask}_on"]),
        helper.make_node("Where", [f"{mask}_on", places, "far"], [f"{low}_of"]),
        helper.make_node("ReduceMin", [f"{low}_of"], [low], axes=[2], keepdims=0),
        helper.make_node("Where", [f"{mask}_on", places, "zero"], [f"{high}_of"]),
        helper.make_node("ReduceMax", [f"{high}_of"], [f"{high}_last"], axes=[2], keepdims=0),
        helper.make_node("Add", [f"{high}_last", "one"], [high]),
    ]


def _middle(low: str, high: str, centre: str, size: str) -> list[onnx.NodeProto]:
    return [
        helper.make_node("Add", [low, high], [f"{centre}_sum"]),
        helper.make_node("Div", [f"{centre}_sum", "two"], [f"{centre}_flat"]),
        helper.make_node("Reshape", [f"{centre}_flat", "flat"], [centre]),
        helper.make_node("Sub", [high, low], [f"{size}_flat"]),
        helper.make_node("Reshape", [f"{size}_flat", "flat"], [size]),
    ]


def write_drive(
    folder: Path,
    *,
    track_offset_s: float = 0.0,
    film: Callable[[float], np.ndarray] | None = None,
    starts: datetime = STARTS,
) -> tuple[Path, Path, Path]:
    """Film the road and give video, track and camera file.

    Args:
        track_offset_s: by how much the track's clock is ahead of the video's.
        film: gives what is stored after so many metres; None for what the camera sees.
        starts: when its first frame was taken.
    """
    film = film or road
    folder.mkdir(parents=True, exist_ok=True)
    video, track, camera = folder / "drive.mp4", folder / "drive.gpx", folder / "camera.toml"
    camera.write_text(CAMERA_FILE, encoding="utf-8")
    with av.open(str(video), "w") as file:
        file.metadata["creation_time"] = starts.isoformat()
        stream = file.add_stream("h264", rate=FPS)
        stream.height, stream.width = film(0.0).shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 4_000_000
        for number in range(int(FPS * SECONDS)):
            picture = av.VideoFrame.from_ndarray(film(SPEED * number / FPS), format="bgr24")
            file.mux(stream.encode(picture))
        file.mux(stream.encode(None))
    points = "".join(
        _point(second / 2, starts + timedelta(seconds=track_offset_s)) for second in range(-2, 14)
    )
    track.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="toy" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        f"{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    return video, track, camera


def _point(seconds: float, starts: datetime) -> str:
    at = starts + timedelta(seconds=seconds)
    latitude = LATITUDE + SPEED * seconds * METRE_LATITUDE
    return (
        f'<trkpt lat="{latitude:.9f}" lon="{LONGITUDE:.9f}"><ele>300</ele>'
        f"<time>{at.isoformat()}</time></trkpt>"
    )


def road(north_m: float) -> np.ndarray:
    """Draw the road as the camera sees it after so many metres."""
    image = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
    image[int(HEIGHT / 2 + FOCAL * math.tan(PITCH)) :] = 110
    rng = np.random.default_rng(5)
    for north, east in zip(rng.uniform(2, 60, 400), rng.uniform(-8, 8, 400), strict=True):
        shade = int(rng.integers(40, 180))
        _patch(image, north - north_m, east, 0.3, 0.3, (shade, shade, shade))
    _patch(image, POTHOLE_NORTH_M - north_m, POTHOLE_EAST_M, 1.4, 1.0, (20, 20, 235))
    _stand(image, 20.0 - north_m, -3.0, (20, 235, 20))
    return image


def _patch(
    image: np.ndarray,
    ahead: float,
    right: float,
    long: float,
    wide: float,
    colour: tuple[int, int, int],
) -> None:
    if ahead - long / 2 < 2.2:
        return
    corners = [
        _pixel(ahead + long / 2 * a, right + wide / 2 * b, 0.0)
        for a, b in ((1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    cv2.fillPoly(image, [np.round(corners).astype(np.int32)], colour)


def _stand(image: np.ndarray, ahead: float, right: float, colour: tuple[int, int, int]) -> None:
    if ahead < 2.0:
        return
    left, foot = _pixel(ahead, right - 0.3, 0.0)
    edge, head = _pixel(ahead, right + 0.3, 1.7)
    cv2.rectangle(image, (round(left), round(head)), (round(edge), round(foot)), colour, -1)


def _pixel(ahead: float, right: float, up: float) -> tuple[float, float]:
    down = CAMERA_M - up
    depth = ahead * math.cos(PITCH) - down * math.sin(PITCH)
    below = ahead * math.sin(PITCH) + down * math.cos(PITCH)
    return WIDTH / 2 + FOCAL * right / depth, HEIGHT / 2 + FOCAL * below / depth
