"""Whether our evaluation and ultralytics' `val` say the same of the same weights and photos."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.models import GOALS, SHIPPED
from tests.benchmarks.peers import Peer

if TYPE_CHECKING:
    from models.dataset.labelled_pictures import Picture

SQUARE: Final = (640, 640)
TIMEOUT_S: Final = 900.0

Scores = Mapping[tuple[str, str], float]
"""AP50 by source of photos and class."""


@benchmark(name="detect.ap_difference_vs_ultralytics", unit="AP50", goal="<= 0.005")
def difference_of_both_evaluations() -> Measured:
    """Compare AP50 at 640x640 fp32 of each source's labelled classes; the largest difference.

    ultralytics knows no photo that labels only some classes: it is asked source by source, and
    only of what a source labels.
    """
    named = os.environ.get("XUNHUAN_SAMPLES")
    if not named or not Path(named, "detection").is_dir():
        raise CannotRun("XUNHUAN_SAMPLES names no folder with detection/")
    from models.dataset.labelled_pictures import read_yolo

    pictures = read_yolo(Path(named, "detection"), split="val")
    theirs, ours = _theirs(pictures), _ours(pictures)
    rows = sorted(set(ours) & set(theirs))
    apart = {row: ours[row] - theirs[row] for row in rows}
    listed = ", ".join(f"{s}/{n.split('.')[1]} {v:+.4f}" for (s, n), v in apart.items())
    return Measured(
        value=max(abs(v) for v in apart.values()),
        how=f"mean {sum(ours[r] for r in rows) / len(rows):.4f} against "
        f"{sum(theirs[r] for r in rows) / len(rows):.4f}, {len(pictures)} photos; {listed}",
    )


def _ours(pictures: Sequence["Picture"]) -> Scores:
    from detect.detector import Detector
    from detect.manifest import Precision
    from models.evaluation.evaluate import FLOOR, run
    from models.evaluation.scoring import curve

    detector = Detector(SHIPPED, shape=SQUARE, precision=Precision.FP32, floor=FLOOR)
    outcome = run(detector, pictures)
    return {
        (source, name): curve(matches).average_precision()
        for source in sorted({p.source for p in pictures})
        for name, matches in outcome.from_source(source).labelled.items()
        if name in GOALS
    }


def _theirs(pictures: Sequence["Picture"]) -> Scores:
    from detect.manifest import read_manifest
    from models.evaluation.evaluate import FLOOR
    from tests.benchmarks.peer_model import write_peer_model

    manifest = read_manifest(SHIPPED)
    found: dict[tuple[str, str], float] = {}
    with tempfile.TemporaryDirectory() as folder:
        model = write_peer_model(SHIPPED, Path(folder) / "street-n.onnx", shape=SQUARE)
        question = {
            "model": str(model),
            "names": manifest.labels,
            "side": SQUARE[0],
            "floor": FLOOR,
            "iou": manifest.suppression_iou,
            "most": manifest.max_detections,
        }
        with Peer("ultralytics_val.py", timeout_s=TIMEOUT_S) as peer:
            for source in sorted({p.source for p in pictures}):
                mine = [p for p in pictures if p.source == source]
                photos = {str(p.path): _rows(p) for p in mine}
                scores = peer.ask(question | {"name": source, "photos": photos})["ap50"]
                known = mine[0].known
                found |= {(source, n): v for n, v in scores.items() if n in known}
    return found


def _rows(picture: "Picture") -> list[list[float]]:
    low, high = picture.boxes[:, :2], picture.boxes[:, 2:]
    middle, size = (low + high) / 2, high - low
    return [
        [float(label), *map(float, (*centre, *extent))]
        for label, centre, extent in zip(picture.labels, middle, size, strict=True)
    ]
