"""What the commands about data say, in Chinese and English."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from models.dataset.check import Check
from models.dataset.conversion import Conversion
from models.dataset.label_checks import ERRORS, WORDS

SHOWN: Final = 3
"""Examples of each kind of flaw on the terminal; `--json` has all."""


def conversion_lines(report: Conversion) -> Iterator[str]:
    """Give what a conversion did, line by line."""
    listed = ", ".join(f"{split} {count}" for split, count in sorted(report.pictures.items()))
    yield f"来源 / source {report.source}：图片 / pictures {listed}，组 / groups {report.groups}"
    yield f"标全的类别 / labelled: {', '.join(report.labelled)}"
    for name, count in sorted(report.boxes.items()):
        yield f"  {name}: {count}"
    for zh, en, count in (
        ("不作判断的边框", "boxes left open", sum(report.open_boxes.values())),
        ("超出图片被截", "cut at the border", report.clipped),
        ("没有面积被弃", "dropped without area", report.dropped),
        ("没有标注被略过的图片", "unlabelled pictures left out", report.unlabelled),
        ("按 EXIF 旋转的标注", "pictures whose labels were turned", report.turned),
        ("带 EXIF 旋转、无法判断", "EXIF turn, labels do not say", report.turn_unknown),
    ):
        if count:
            yield f"{zh} / {en}: {count}"
    if report.ignored:
        names = ", ".join(f"{name} {count}" for name, count in report.ignored.most_common())
        yield f"略过的类别 / classes left out: {names}"


def conversion_answer(report: Conversion) -> dict[str, Any]:
    """Give what a conversion did as plain values for JSON."""
    values = {each.name: getattr(report, each.name) for each in dataclasses.fields(report)}
    return {k: dict(v) if isinstance(v, Counter) else v for k, v in values.items()}


def check_answer(found: Check) -> dict[str, Any]:
    """Give a check as plain values for JSON."""
    return {
        "fit": not found.errors,
        "flaws": [
            {**dataclasses.asdict(each), "error": each.fault in ERRORS} for each in found.flaws
        ],
        "shares": [
            {
                "split": split,
                "source": source,
                "pictures": share.pictures,
                "groups": len(share.groups),
                "boxes": dict(sorted(share.boxes.items())),
            }
            for (split, source), share in found.shares.items()
        ],
        "pairs": [
            {"likeness": likeness, "in_two_splits": apart, "pairs": count}
            for (likeness, apart), count in sorted(found.pairs.items())
        ],
    }


def check_text(found: Check) -> str:
    """Give a check as text for people, with a few examples of each kind of flaw."""
    lines = []
    for (split, source), share in found.shares.items():
        boxes = ", ".join(f"{name} {count}" for name, count in sorted(share.boxes.items()))
        lines.append(
            f"{split} {source}：{share.pictures} 张 / pictures, "
            f"{len(share.groups)} 组 / groups, {boxes}"
        )
    for fault, (zh, en) in WORDS.items():
        mine = [each for each in found.flaws if each.fault is fault]
        if not mine:
            continue
        mark = "✗" if fault in ERRORS else "!"
        lines.append(f"{mark} {zh} / {en}: {len(mine)}")
        lines += [f"    {each.where}  {each.detail}" for each in mine[:SHOWN]]
    fit = "不可用，先处理 ✗ / unfit: mend ✗ first" if found.errors else "可用 / fit for use"
    return "\n".join([*lines, fit])
