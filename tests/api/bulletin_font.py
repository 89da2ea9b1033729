"""Cut the bulletin's font out of Noto Sans CJK SC: python -m tests.api.bulletin_font FILE.

FILE is NotoSansCJK-Regular.ttc 2.004 as the Noto project, or a distribution's package
fonts-noto-cjk, hands it out.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

from api.reports.paper import FONT

ROOT: Final = Path(__file__).parents[2]
FACE: Final = "Noto Sans CJK SC"
NAMES: Final = [0, 1, 2, 3, 4, 5, 6, 13, 14]
"""Of the font's name table: what it is called, whose it is, under which licence."""
SIGNS: Final = "–—−“”‘’…‰′″€·•→←↑↓▲▼△▽■□●○✓×÷≥≤≠±²³μ°§№〓"
GB2312: Final = range(0xA1, 0xF8)


def wanted() -> set[int]:
    """Give what the font must draw: GB 2312, Latin 1, signs, and all that ships as data."""
    found = {*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, SIGNS), *map(ord, gb2312())}
    shipped = [*ROOT.glob("dispatch/**/*.csv"), *ROOT.glob("dispatch/**/*.toml")]
    for file in (*shipped, *ROOT.glob("dispatch/**/*.geojson")):
        found |= {ord(each) for each in file.read_text(encoding="utf-8") if each.isprintable()}
    return found


def gb2312() -> Iterator[str]:
    """Give the characters of GB 2312, row by row."""
    for row in GB2312:
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


def cut(collection: Path, out: Path) -> None:
    """Write the subset."""
    fonts = TTCollection(str(collection)).fonts
    font = next(each for each in fonts if each["name"].getDebugName(4) == FACE)
    options = Options(layout_features=[], hinting=False, name_IDs=NAMES, notdef_outline=True)
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    font.recalcTimestamp = False
    subsetter.subset(font)
    font.save(str(out))


if __name__ == "__main__":
    cut(Path(sys.argv[1]), FONT)
