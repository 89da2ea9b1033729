"""Bring a source of labelled pictures into our layout, and say what was changed on the way."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from models.dataset.class_map import ClassMap
from models.dataset.layout import PARTS, SourceRow, label_file, read_rows, write_names, write_rows
from models.dataset.orientation import Placing, place
from models.errors import BrokenDataset, ModelsError
from models.formats.data_yaml import read_names
from models.formats.inside import inside
from models.formats.sheet import Annotation, Sheet, Sheets
from models.pictures.picture_file import read_header

SOURCE_NAME: Final = r"[A-Za-z0-9][\w.-]*"


class UnstatedClasses(ModelsError):
    """Nobody said which classes a source labels wherever they are."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 的格式不说明标注了哪些类别；用 --labelled 写出逐个标全的目录类别。"
            "没有标全的类别不能写，否则未标的物体会被当作背景",
            f"{path}: this format does not say which classes were looked for; name those labelled "
            "wherever they are with --labelled. Leave out a class that is labelled only sometimes: "
            "what is unlabelled would count as background",
        )
        self.path = path


class LabelledOtherwise(ModelsError):
    """There are boxes of a class that is not among those said to be labelled."""

    def __init__(self, path: Path, names: Collection[str]) -> None:
        listed = ", ".join(sorted(names))
        super().__init__(
            f"{path} 有 {listed} 的标注，--labelled 里却没有：补上，或用 --ignore 略过来源类别",
            f"{path} has annotations of {listed}, which --labelled leaves out: add them, "
            "or leave the source's classes out with --ignore",
        )
        self.path, self.names = path, tuple(sorted(names))


class SourceTaken(ModelsError):
    """The target already has a source of this name, or the name cannot be used."""

    def __init__(self, source: str, zh: str, en: str) -> None:
        super().__init__(f"来源 {source}：{zh}", f"source {source}: {en}")
        self.source = source


@dataclass(kw_only=True)
class Conversion:
    """What a conversion wrote, changed and left out.

    Attributes:
        boxes: boxes written, by catalogue name.
        open_boxes: boxes about which the source claims nothing (crowds, difficult ones).
        clipped: things cut at the border of their picture.
        dropped: things of which nothing lies in the picture, or without area.
        ignored: annotations left out on request, by the source's class.
        unlabelled: pictures without a label file, left out.
        turned: pictures whose labels were drawn on the stored, unturned picture, and were turned.
        turn_unknown: pictures with an EXIF turn of which the labels do not say whether they know
            it; taken as drawn on the picture as viewers show it.
    """

    source: str
    labelled: tuple[str, ...]
    pictures: Counter[str] = field(default_factory=Counter)
    groups: int = 0
    boxes: Counter[str] = field(default_factory=Counter)
    open_boxes: Counter[str] = field(default_factory=Counter)
    clipped: int = 0
    dropped: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    unlabelled: int = 0
    turned: int = 0
    turn_unknown: int = 0


def convert(
    sheets: Sheets,
    *,
    at: Path,
    target: Path,
    source: str,
    classes: ClassMap,
    labelled: Sequence[str] = (),
    group_of: Callable[[str], str],
) -> Conversion:
    """Write a source into our layout at `target`, beside the sources that are there.

    Pictures and labels are written first and the two tables last: a conversion that was stopped
    is simply run again.

    Args:
        at: where the source was read from, for messages.
        labelled: catalogue names of the classes labelled wherever they are; needed where the
            format does not declare its classes.
        group_of: gives a picture's group from its name at the source.

    Raises:
        UnmappedClasses, UnstatedClasses, LabelledOtherwise, SourceTaken: see there.
        BrokenDataset: labels were drawn on a picture of another shape, or two names collide.
        UnreadablePicture: a picture's header is none.
    """
    rows = _other_rows(target, source)
    found = dict.fromkeys(m.name for sheet in sheets.sheets for m in sheet.annotations)
    ours = classes.translate((*(sheets.declared or ()), *found), path=at)
    known = _known(sheets, ours, found, labelled, at=at)
    names = _names(target, known)
    report = Conversion(source=source, labelled=known, unlabelled=len(sheets.unlabelled))
    written: dict[str, Sheet] = {}
    for sheet in sheets.sheets:
        image = _image_name(source, sheet)
        stem = Path(image).stem
        if stem in written:
            raise BrokenDataset(
                sheet.picture,
                f"与 {written[stem].original} 转换后同名，请改名",
                f"would have the same name as {written[stem].original}; rename one",
            )
        written[stem] = sheet
        _write_sheet(sheet, target, image, ours=ours, names=names, report=report)
        rows.append(
            SourceRow(
                split=sheet.split,
                image=image,
                source_set=source,
                labelled_classes=known,
                group=group_of(sheet.original),
                source_file=sheet.original,
            )
        )
    report.groups = len({row.group for row in rows if row.source_set == source})
    write_names(target, names)
    write_rows(target, rows)
    return report


def grouping(pattern: str | None, *, at: Path) -> Callable[[str], str]:
    """Give how pictures are grouped: by what `pattern` finds in their names, or each alone.

    The group is the pattern's first bracket, or all that it finds.

    Raises:
        BrokenDataset: the pattern is no regular expression; later, a name in which it finds none.
    """
    if pattern is None:
        return lambda name: Path(name).with_suffix("").as_posix()
    try:
        finder = re.compile(pattern)
    except re.error as error:
        raise BrokenDataset(
            at, f"--group 不是正则表达式：{pattern}", f"--group: {error}"
        ) from error

    def group_of(name: str) -> str:
        match = finder.search(name)
        if match is None:
            raise BrokenDataset(
                at, f"--group 在 {name} 里找不到", f"--group finds nothing in {name}"
            )
        return match[1] if finder.groups else match[0]

    return group_of


def _other_rows(target: Path, source: str) -> list[SourceRow]:
    if not re.fullmatch(SOURCE_NAME, source):
        raise SourceTaken(source, "名称只能用字母、数字、. _ -", "use letters, digits, . _ - only")
    rows = list(read_rows(target))
    if any(row.source_set == source for row in rows):
        raise SourceTaken(
            source,
            f"{target} 里已有；换个名称，或转换到新文件夹",
            f"is already in {target}; take another name, or convert into a new folder",
        )
    return rows


def _known(
    sheets: Sheets,
    ours: Mapping[str, str | None],
    found: Collection[str],
    labelled: Sequence[str],
    *,
    at: Path,
) -> tuple[str, ...]:
    declared = tuple(label for name in sheets.declared or () if (label := ours[name]))
    known = tuple(dict.fromkeys(labelled or declared))
    if not known:
        raise UnstatedClasses(at)
    beyond = {label for name in found if (label := ours[name])} - set(known)
    if beyond:
        raise LabelledOtherwise(at, beyond)
    return known


def _names(target: Path, known: Sequence[str]) -> tuple[str, ...]:
    present = read_names(target / "data.yaml") if (target / "data.yaml").is_file() else ()
    return tuple(dict.fromkeys((*present, *known)))


def _image_name(source: str, sheet: Sheet) -> str:
    parts = [part for part in re.split(r"[/\\]+", sheet.original) if part not in {"", "images"}]
    flat = re.sub(r"\s+", "_", "_".join(parts))
    return f"{source}_{Path(flat).stem}{sheet.picture.suffix.lower()}"


def _write_sheet(
    sheet: Sheet,
    target: Path,
    image: str,
    *,
    ours: Mapping[str, str | None],
    names: Sequence[str],
    report: Conversion,
) -> None:
    placing = place(sheet, read_header(sheet.picture))
    claimed: list[str] = []
    open_annotations: list[str] = []
    for annotation in sheet.annotations:
        label = ours[annotation.name]
        if label is None:
            report.ignored[annotation.name] += 1
        elif (line := _line(annotation, names.index(label), placing, report)) is not None:
            (claimed if annotation.claimed else open_annotations).append(line)
            (report.boxes if annotation.claimed else report.open_boxes)[label] += 1
    report.pictures[sheet.split] += 1
    report.turned += placing.turned
    report.turn_unknown += placing.turn_unknown
    for part in PARTS[:2]:
        (target / sheet.split / part).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(sheet.picture, target / sheet.split / "images" / image)
    label_file(target, sheet.split, image).write_text("".join(claimed))
    if open_annotations:
        path = label_file(target, sheet.split, image, part="ignored")
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(open_annotations))


def _line(annotation: Annotation, code: int, placing: Placing, report: Conversion) -> str | None:
    part = inside([placing.shares(each) for each in annotation.outlines])
    report.clipped += part.clipped and part.box is not None
    if part.box is None:
        report.dropped += 1
        return None
    x1, y1, x2, y2 = part.box.astype(np.float64)
    return f"{code} {(x1 + x2) / 2:.6f} {(y1 + y2) / 2:.6f} {x2 - x1:.6f} {y2 - y1:.6f}\n"
