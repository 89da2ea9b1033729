"""Pascal VOC XML: one file a picture.

Pixels are counted from 1 and both corners are inside the box (VOC2012 development kit), so a box
covers xmin - 1 to xmax of the picture's width.
"""

from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from models.errors import BrokenDataset
from models.formats.folder import Said, read_folder
from models.formats.pictures import first_folder
from models.formats.sheet import Annotation, Sheets, coordinate, text_of, upright

MOST_BYTES: Final = 16 << 20
LABELS: Final = ("Annotations", "annotations/xmls", "annotations", "labels")
PICTURES: Final = ("JPEGImages", "images")


def read_voc(root: Path, *, pictures: Path | None, split: str, unlabelled_empty: bool) -> Sheets:
    """Read a folder of VOC files; a picture belongs to the XML of its own name.

    Args:
        root: the folder of a set (`Annotations` with `JPEGImages`), or of XML files.
        pictures: where pictures lie if not in the usual folder or beside the XML files.
        split: what the pictures count as.
        unlabelled_empty: take a picture without an XML file as one without things in it.

    Raises:
        BrokenDataset: a file is no VOC file, is an XML bomb, or has no picture.
    """
    labels = first_folder(root, LABELS) or root
    return read_folder(
        labels,
        pictures or first_folder(root, PICTURES) or labels,
        suffix=".xml",
        parse=_parsed,
        split=split,
        unlabelled_empty=unlabelled_empty,
    )


def _parsed(path: Path, _picture: Path) -> Said:
    text = text_of(path, most_bytes=MOST_BYTES)
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BrokenDataset(
            path, "XML 里有实体或 DTD，拒绝读取", "the XML holds entities or a DTD; it is not read"
        ) from error
    except (ParseError, ValueError) as error:
        line = getattr(error, "position", (None,))[0]
        raise BrokenDataset(path, "不是 XML", f"no XML: {error}", line=line) from error
    size = (_number(path, root, "size/width"), _number(path, root, "size/height"))
    if min(size) < 1:
        raise BrokenDataset(path, "没有图片尺寸", "the picture's size is 0")
    annotations = tuple(
        _annotation(path, number, each) for number, each in enumerate(root.iter("object"), 1)
    )
    return (int(size[0]), int(size[1])), annotations


def _annotation(path: Path, number: int, thing: Element) -> Annotation:
    name = (thing.findtext("name") or "").strip()
    if not name:
        raise BrokenDataset(
            path, f"第 {number} 个 object 没有 name", f"object {number} has no name"
        )
    x1, y1, x2, y2 = (
        _number(path, thing, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")
    )
    difficult = (thing.findtext("difficult") or "0").strip() == "1"
    return Annotation(name=name, outlines=(upright(x1 - 1, y1 - 1, x2, y2),), claimed=not difficult)


def _number(path: Path, within: Element, name: str) -> float:
    text = within.findtext(name)
    if text is None:
        raise BrokenDataset(path, f"缺少 {name}", f"{name} is missing")
    return coordinate(text, path=path)
