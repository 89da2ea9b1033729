"""ultralytics' `val` on an ONNX file: AP50 of each class on photos that all label the same ones."""

from collections.abc import Mapping
from pathlib import Path

from answering import serve


def answer(question: Mapping) -> Mapping:
    """Score photos, given as path to rows of (class, x, y, width, height) in shares."""
    import ultralytics
    import yaml

    root = Path(question["name"])
    for kind in ("images", "labels"):
        (root / kind).mkdir(parents=True)
    for number, (path, rows) in enumerate(sorted(question["photos"].items())):
        # Names in order, so that both sides see the photos in the same one.
        name = f"{number:05d}"
        (root / "images" / f"{name}{Path(path).suffix}").symlink_to(path)
        lines = [" ".join(map(str, [int(row[0]), *row[1:]])) for row in rows]
        (root / "labels" / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    names = dict(enumerate(question["names"]))
    data = root / "data.yaml"
    whole = str(root.resolve())
    data.write_text(
        yaml.safe_dump({"path": whole, "train": "images", "val": "images", "names": names}),
        encoding="utf-8",
    )
    found = ultralytics.YOLO(question["model"], task="detect").val(
        data=str(data.resolve()),
        imgsz=question["side"],
        rect=False,
        conf=question["floor"],
        iou=question["iou"],
        max_det=question["most"],
        batch=1,
        workers=0,
        device="cpu",
        plots=False,
        verbose=False,
    )
    classes = [int(c) for c in found.box.ap_class_index]
    return {"ap50": {names[c]: float(v) for c, v in zip(classes, found.box.ap50, strict=True)}}


if __name__ == "__main__":
    serve(answer)
