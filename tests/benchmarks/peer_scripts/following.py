"""ultralytics' trackers over given detections, and trackeval's scores over given tracks.

A question has an `act`:

    follow  {tracker, frames: [{xyxy, score, label}], pictures: null or a .npy of grey frames}
            -> {numbers: [[track of each detection, -1 for none]], seconds: [one per frame]}
    score   {sequences: [{truth: frames, tracks: frames}]}, frames: [{number: [...], xyxy: [...]}]
            -> {idf1, switches, matched}
"""

import time
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from answering import serve
from trackeval.metrics.clear import CLEAR
from trackeval.metrics.identity import Identity
from ultralytics.engine.results import Boxes
from ultralytics.trackers.track import TRACKER_MAP
from ultralytics.utils import YAML, IterableSimpleNamespace
from ultralytics.utils.checks import check_yaml

SHAPE = (720, 1280)
ENOUGH = {"THRESHOLD": 0.5, "PRINT_CONFIG": False}


def answer(question: Mapping) -> Mapping:
    """Answer one question."""
    return {"follow": follow, "score": score}[question["act"]](question)


def follow(question: Mapping) -> Mapping:
    """Run a tracker, as `model.track` would: its own settings, detections as numpy Boxes.

    A track counts from its first sight on, although the tracker shows it only from the second.
    """
    settings = YAML.load(check_yaml(f"{question['tracker']}.yaml"))
    tracker = TRACKER_MAP[settings["tracker_type"]](args=IterableSimpleNamespace(**settings))
    pictures = question.get("pictures")
    shown = np.load(pictures, mmap_mode="r") if pictures else None
    numbers, seconds = [], []
    for index, frame in enumerate(question["frames"]):
        columns = (frame["xyxy"], np.c_[frame["score"]], np.c_[frame["label"]])
        rows = np.hstack([np.reshape(c, (-1, n)) for c, n in zip(columns, (4, 1, 1), strict=True)])
        boxes = Boxes(rows.astype(np.float32), SHAPE)
        picture = None if shown is None else _whole(shown[index])
        start = time.perf_counter()
        tracker.update(boxes, picture)
        seconds.append(time.perf_counter() - start)
        mine = np.full(len(rows), -1)
        for track in tracker.tracked_stracks:
            if track.frame_id == tracker.frame_id:
                mine[int(track.idx)] = track.track_id
        numbers.append(mine.tolist())
    return {"numbers": numbers, "seconds": seconds}


def _whole(grey: np.ndarray) -> np.ndarray:
    large = cv2.resize(grey, SHAPE[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.cvtColor(large, cv2.COLOR_GRAY2BGR)


def score(question: Mapping) -> Mapping:
    """Score tracks against the truth over all sequences together."""
    identity, clear = Identity(ENOUGH), CLEAR(ENOUGH)
    given = {str(n): _tables(**one) for n, one in enumerate(question["sequences"])}
    found = {name: identity.eval_sequence(data) for name, data in given.items()}
    kept = {name: clear.eval_sequence(data) for name, data in given.items()}
    whole, all_kept = identity.combine_sequences(found), clear.combine_sequences(kept)
    return {
        "idf1": float(whole["IDF1"]),
        "idf1_each": [float(one["IDF1"]) for one in found.values()],
        "precision": float(whole["IDP"]),
        "recall": float(whole["IDR"]),
        "switches": int(all_kept["IDSW"]),
        "matched": int(all_kept["CLR_TP"]),
    }


def _tables(truth: Sequence[Mapping], tracks: Sequence[Mapping]) -> Mapping:
    """Give what trackeval reads: numbers from 0, and the overlap of all pairs of each frame."""
    (true_ids, things), (track_ids, followed) = _renumbered(truth), _renumbered(tracks)
    return {
        "gt_ids": true_ids,
        "tracker_ids": track_ids,
        "similarity_scores": [
            _iou(np.reshape(a["xyxy"], (-1, 4)), np.reshape(b["xyxy"], (-1, 4)))
            for a, b in zip(truth, tracks, strict=True)
        ],
        "num_gt_dets": sum(map(len, true_ids)),
        "num_tracker_dets": sum(map(len, track_ids)),
        "num_gt_ids": things,
        "num_tracker_ids": followed,
        "num_timesteps": len(truth),
    }


def _renumbered(frames: Sequence[Mapping]) -> tuple[list[np.ndarray], int]:
    order = {n: i for i, n in enumerate(sorted({n for frame in frames for n in frame["number"]}))}
    return [np.array([order[n] for n in frame["number"]], int) for frame in frames], len(order)


def _iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    size_a, size_b = (np.prod(c[:, 2:] - c[:, :2], axis=1) for c in (a, b))
    return shared / np.maximum(size_a[:, None] + size_b[None] - shared, 1e-9)


if __name__ == "__main__":
    serve(answer)
