"""The colours and fonts of the crew's page, which are those of the centre: `python -m` writes them.

A device cannot import the centre's files, and the look has one source all the same.
"""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "api" / "web" / "shared" / "base.css"
COPY: Final = ROOT / "edge" / "crew" / "page" / "look.css"
_END: Final = "button, input, select, textarea {"


def look() -> str:
    """Give what the crew's page shares with every other: the palette, and the empty page."""
    text = SOURCE.read_text(encoding="utf-8")
    assert _END in text, "the shared look begins with the palette and ends before the controls"
    return text[: text.index(_END)]


if __name__ == "__main__":
    COPY.write_text(look(), encoding="utf-8")
