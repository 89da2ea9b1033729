"""Divide a set anew, in its folder, with pictures that show the same on one side."""

from pathlib import Path

from models.dataset.layout import By, read_rows
from models.dataset.splits import apply, lying, plan
from models.pictures.duplicates import clusters
from models.pictures.seen import pairs_of, see


def resplit(root: Path, *, by: By, share: float, seed: int) -> int:
    """Divide a set's train and val anew and return how many pictures moved.

    Raises:
        BrokenDataset: there is no sources.csv, or a picture or its labels are missing.
        UnreadablePicture: a picture does not decode.
        NothingToDivide: fewer than two units that may be torn apart.
    """
    seen = [
        see(path, split=split, source=row.source_set, group=row.group)
        for row in read_rows(root)
        for path, split in [lying(root, row)]
    ]
    pairs = [(pair.first, pair.second) for pair in pairs_of(seen)]
    together = dict(zip((s.path for s in seen), clusters(len(seen), pairs), strict=True))
    return apply(root, plan(root, together, by=by, share=share, seed=seed))
