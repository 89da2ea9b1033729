"""Divide a set into what is learnt from and what measures, so that nothing leaks.

A unit that is never torn apart is a group (a road, a clip, a flight) or a whole source, together
with all others that share a picture with it. Of many seeded draws the one is taken whose held-out
part comes nearest to the wanted share in pictures and in boxes of every class, source by source.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from models.dataset.layout import PARTS, By, SourceRow, label_file, read_rows, write_rows
from models.errors import BrokenDataset, ModelsError
from models.formats.data_yaml import read_names
from models.formats.yolo import read_annotations
from models.pictures.duplicates import clusters

DRAWS: Final = 300
DIVIDED: Final = ("train", "val")


class NothingToDivide(ModelsError):
    """A set has too few units to hold any out."""

    def __init__(self, root: Path, units: int) -> None:
        super().__init__(
            f"{root} 只有 {units} 个不可拆分的组，分不出验证集；补充别处的数据，或转换时用 --group",
            f"{root} has {units} units that must stay whole, so none can be held out; "
            "add pictures from elsewhere, or convert with --group",
        )
        self.units = units


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Pictures that stay together, by their places among the rows.

    `weight` counts its pictures under "" and its boxes by class, for each source under
    (source, what).
    """

    places: tuple[int, ...]
    weight: Mapping[tuple[str, str], int]


def units_of(
    rows: Sequence[SourceRow], boxes: Sequence[Counter[str]], together: Sequence[int], *, by: By
) -> tuple[Unit, ...]:
    """Give the units of a set.

    Args:
        boxes: boxes of each picture by class.
        together: for each picture the lowest place of those that show the same.
        by: what is kept together beside pictures that show the same.
    """
    keys = [(row.source_set, row.group if by is By.GROUP else "") for row in rows]
    first: dict[tuple[str, str], int] = {}
    pairs = [(place, first.setdefault(key, place)) for place, key in enumerate(keys)]
    members: dict[int, list[int]] = defaultdict(list)
    for place, root in enumerate(clusters(len(rows), [*pairs, *enumerate(together)])):
        members[root].append(place)
    return tuple(
        Unit(places=tuple(places), weight=_weight(rows, boxes, places))
        for places in members.values()
    )


def hold_out_units(units: Sequence[Unit], *, share: float, seed: int) -> frozenset[int]:
    """Give the units to hold out, by their places among `units`.

    A draw goes through the units in random order and holds one out while that brings the held-out
    part nearer to the wanted share. Nearness is the mean over (source, class) of the square of
    what is missing or too much, in parts of what is there.

    Args:
        share: wanted share of pictures and boxes, above 0 and below 1.
    """
    keys = sorted({key for unit in units for key in unit.weight})
    table = np.array([[unit.weight.get(key, 0) for key in keys] for unit in units], np.float64)
    table /= np.maximum(table.sum(0), 1)
    rng = np.random.default_rng(seed)
    best, least = frozenset[int](), np.inf
    for _ in range(DRAWS):
        missing = np.full(len(keys), share)
        held: set[int] = set()
        for place in rng.permutation(len(units)):
            after = missing - table[place]
            if after @ after < missing @ missing:
                missing, held = after, held | {int(place)}
        if missing @ missing < least and len(held) < len(units):
            best, least = frozenset(held), float(missing @ missing)
    return best


def plan(
    root: Path, together: Mapping[Path, int], *, by: By, share: float, seed: int
) -> tuple[SourceRow, ...]:
    """Give the rows of a set with their new splits; the same for the same seed, however it lies.

    Args:
        together: pictures that show the same have the same number; others may be left out.
        share: wanted share of `val`. Pictures of other splits than train and val stay there.

    Raises:
        BrokenDataset: there is no sources.csv, or labels cannot be read.
        NothingToDivide: fewer than two units.
    """
    rows = sorted(read_rows(root), key=lambda row: (row.source_set, row.image))
    if not rows:
        raise BrokenDataset(
            root,
            "没有 sources.csv；先用 xunhuan-models data convert 转换",
            "there is no sources.csv; bring the set here with xunhuan-models data convert",
        )
    divided = [row for row in rows if row.split in DIVIDED]
    units = units_of(divided, _boxes(root, divided), _places(root, divided, together), by=by)
    if len(units) < 2:
        raise NothingToDivide(root, len(units))
    held = {
        place
        for unit in hold_out_units(units, share=share, seed=seed)
        for place in units[unit].places
    }
    moved = [
        row.model_copy(update={"split": DIVIDED[place in held]})
        for place, row in enumerate(divided)
    ]
    return tuple(moved + [row for row in rows if row.split not in DIVIDED])


def apply(root: Path, rows: Sequence[SourceRow]) -> int:
    """Move pictures and labels to where `rows` put them; return how many pictures moved.

    The table is written last and every move can be done again: a run that was stopped is
    completed by running it once more.

    Raises:
        BrokenDataset: a picture is in none of the splits.
    """
    moved = 0
    for row in rows:
        lying(root, row)
        moved += bool(sum(_move(root, row, part) for part in PARTS))
    write_rows(root, rows)
    return moved


def lying(root: Path, row: SourceRow) -> tuple[Path, str]:
    """Give a row's picture and the split in which it truly lies.

    Raises:
        BrokenDataset: it is in none.
    """
    split = _split_of(root, row, "images")
    if split is None:
        raise BrokenDataset(root, f"找不到图片 {row.image}", f"the picture {row.image} is missing")
    return _file(root, split, row, "images"), split


def _move(root: Path, row: SourceRow, part: str) -> bool:
    now = _split_of(root, row, part)
    if now is None or now == row.split:
        return False
    (root / row.split / part).mkdir(parents=True, exist_ok=True)
    _file(root, now, row, part).replace(_file(root, row.split, row, part))
    return True


def _file(root: Path, split: str, row: SourceRow, part: str) -> Path:
    if part == "images":
        return root / split / part / row.image
    return label_file(root, split, row.image, part=part)


def _split_of(root: Path, row: SourceRow, part: str) -> str | None:
    """Give the split in which a part of a picture truly lies, whatever its row says."""
    splits = dict.fromkeys((row.split, *DIVIDED))
    return next((s for s in splits if _file(root, s, row, part).is_file()), None)


def _weight(
    rows: Sequence[SourceRow], boxes: Sequence[Counter[str]], places: Sequence[int]
) -> Counter[tuple[str, str]]:
    weight: Counter[tuple[str, str]] = Counter()
    for place in places:
        source = rows[place].source_set
        weight[source, ""] += 1
        weight.update({(source, name): count for name, count in boxes[place].items()})
    return weight


def _boxes(root: Path, rows: Sequence[SourceRow]) -> list[Counter[str]]:
    names = read_names(root / "data.yaml")
    counts = []
    for row in rows:
        split = _split_of(root, row, "labels") or row.split
        annotations = read_annotations(label_file(root, split, row.image), names)
        counts.append(Counter(annotation.name for annotation in annotations))
    return counts


def _places(root: Path, rows: Sequence[SourceRow], together: Mapping[Path, int]) -> list[int]:
    lowest: dict[int, int] = {}
    places = []
    for place, row in enumerate(rows):
        path, _ = lying(root, row)
        cluster = together.get(path)
        places.append(place if cluster is None else lowest.setdefault(cluster, place))
    return places
