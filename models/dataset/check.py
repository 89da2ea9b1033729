"""Look through a whole set: its tables, its pictures, its labels, and what its splits share."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.dataset.label_checks import ERRORS, Fault, Flaw, check_annotations
from models.dataset.labels import catalogue_name
from models.dataset.layout import SourceRow, label_file, pictures_of, read_rows, splits_of
from models.errors import BrokenDataset
from models.formats.data_yaml import read_names
from models.formats.inside import inside
from models.formats.yolo import read_annotations
from models.pictures.picture_file import UPRIGHT, UnreadablePicture
from models.pictures.seen import Seen, pairs_of, see


@dataclass(kw_only=True)
class Share:
    """What one source has in one split."""

    pictures: int = 0
    groups: set[str] = field(default_factory=set)
    boxes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """All that was found, and how the set is divided.

    `shares` is by (split, source); `pairs` counts pictures that show the same, by how they do and
    whether they lie in two splits.
    """

    flaws: tuple[Flaw, ...]
    shares: Mapping[tuple[str, str], Share]
    pairs: Counter[tuple[str, bool]]

    @property
    def errors(self) -> tuple[Flaw, ...]:
        """What must be put right before the set trains or measures anything."""
        return tuple(each for each in self.flaws if each.fault in ERRORS)


def check(root: Path, *, progress: Callable[[int], None] = lambda _: None) -> Check:
    """Check a set in our layout or a YOLO folder like it.

    Args:
        progress: told how many pictures were looked at so far.

    Raises:
        BrokenDataset: `data.yaml` or `sources.csv` is not to be read, or there are no pictures.
    """
    return _Look(root, progress).result()


class _Look:
    """One look through a set, gathering as it goes."""

    def __init__(self, root: Path, progress: Callable[[int], None]) -> None:
        self.root, self.progress = root, progress
        self.names = read_names(root / "data.yaml")
        self.ours = {name: catalogue_name(name) or name for name in self.names}
        self.rows = {(row.split, row.image): row for row in read_rows(root)}
        self.splits = splits_of(root)
        if not self.splits:
            raise BrokenDataset(root, "没有 SPLIT/images 文件夹", "there is no SPLIT/images folder")
        self.flaws: list[Flaw] = []
        self.shares: dict[tuple[str, str], Share] = defaultdict(Share)
        self.seen: list[Seen] = []
        self.claimed: dict[str, set[str]] = defaultdict(set)

    def result(self) -> Check:
        self._unknown_classes()
        for split in self.splits:
            self._split(split)
        self._never_seen()
        self._torn_groups()
        pairs = self._pairs()
        order = {fault: place for place, fault in enumerate(Fault)}
        return Check(
            flaws=tuple(sorted(self.flaws, key=lambda f: (order[f.fault], f.where))),
            shares=dict(sorted(self.shares.items())),
            pairs=pairs,
        )

    def _note(self, fault: Fault, where: str, detail: str = "") -> None:
        self.flaws.append(Flaw(fault=fault, where=where, detail=detail))

    def _unknown_classes(self) -> None:
        for name in self.names:
            if catalogue_name(name) is None and "." not in name:
                self._note(Fault.UNKNOWN_CLASS, "data.yaml", name)

    def _split(self, split: str) -> None:
        pictures = pictures_of(self.root, split)
        stems: dict[str, str] = {}
        for path in pictures:
            if path.stem in stems:
                self._note(
                    Fault.BROKEN_FILE, self._within(path), f"same labels as {stems[path.stem]}"
                )
            stems[path.stem] = path.name
            self._picture(path, split)
            self.progress(len(self.seen))
        names = {path.name for path in pictures}
        for name, row in ((n, r) for (s, n), r in self.rows.items() if s == split):
            if name not in names:
                self._note(Fault.ROW_ALONE, f"{split}/images/{name}", row.source_set)
        for part in ("labels", "ignored"):
            for path in sorted((self.root / split / part).glob("*.txt")):
                if path.stem not in stems:
                    self._note(Fault.NO_PICTURE, self._within(path))

    def _picture(self, path: Path, split: str) -> None:
        row = self.rows.get((split, path.name))
        if row is None and self.rows:
            self._note(Fault.NO_ROW, self._within(path))
        source, group = (row.source_set, row.group) if row else ("", path.stem)
        share = self.shares[split, source]
        share.pictures += 1
        share.groups.add(group)
        try:
            seen = see(path, split=split, source=source, group=group)
        except UnreadablePicture as error:
            self._note(Fault.UNREADABLE, self._within(path), error.reason[1])
            return
        if seen.header.orientation != UPRIGHT:
            self._note(Fault.TURNED, self._within(path), f"orientation {seen.header.orientation}")
        self.seen.append(seen)
        self._labels(path, split, row, seen.header.upright, share)

    def _labels(
        self, path: Path, split: str, row: SourceRow | None, size: tuple[int, int], share: Share
    ) -> None:
        file = label_file(self.root, split, path.name)
        known = row.labelled_classes if row else self.names
        labelled = frozenset(self.ours.get(n) or catalogue_name(n) or n for n in known)
        self.claimed[row.source_set if row else ""] |= labelled
        if not file.is_file():
            self._note(Fault.NO_LABELS, self._within(path))
            return
        try:
            annotations = read_annotations(file, self.names)
        except BrokenDataset as error:
            line = f":{error.line}" if error.line else ""
            self._note(Fault.BROKEN_FILE, f"{self._within(file)}{line}", error.en.split(": ", 1)[1])
            return
        self.flaws += check_annotations(
            annotations, where=self._within(file), size=size, labelled=labelled, ours=self.ours
        )
        share.boxes.update(
            self.ours[m.name] for m in annotations if inside(m.outlines).box is not None
        )

    def _never_seen(self) -> None:
        for source, classes in sorted(self.claimed.items()):
            met = {
                name for (_, s), share in self.shares.items() if s == source for name in share.boxes
            }
            for name in sorted(classes - met):
                self._note(Fault.NEVER_SEEN, source or "data.yaml", name)

    def _torn_groups(self) -> None:
        at: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (split, source), share in self.shares.items():
            for group in share.groups:
                at[source, group].add(split)
        for (source, group), splits in sorted(at.items()):
            if len(splits) > 1 and self.rows:
                self._note(Fault.LEAKING_GROUP, f"{source}: {group}", " + ".join(sorted(splits)))

    def _pairs(self) -> Counter[tuple[str, bool]]:
        counts: Counter[tuple[str, bool]] = Counter()
        for pair in pairs_of(self.seen):
            a, b = self.seen[pair.first], self.seen[pair.second]
            apart = a.split != b.split
            counts[str(pair.likeness), apart] += 1
            if apart or a.group != b.group:
                way = ", mirrored or turned" if pair.symmetry else ""
                points = f", {pair.points} points agree" if pair.points else ""
                self._note(
                    Fault.LEAKING_PICTURE if apart else Fault.SAME_PICTURE,
                    self._within(a.path),
                    f"{self._within(b.path)} ({pair.likeness}{way}{points})",
                )
        return counts

    def _within(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()
