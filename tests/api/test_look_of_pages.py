"""What can be reckoned of the look: words stand out from their ground, in the sun and by night."""

import re
from typing import Final

import pytest

from api.app import WEB

CSS: Final = (WEB / "shared" / "base.css").read_text(encoding="utf-8")
DAY, NIGHT = CSS.split("@media (prefers-color-scheme: dark)")
PAIRS: Final = (
    *((ink, ground) for ink in ("ink", "soft", "accent") for ground in ("ground", "paper")),
    *((tone, f"{tone}-bg") for tone in ("ok", "warn", "late", "wait", "held")),
    *(("ink", f"{tone}-bg") for tone in ("ok", "late", "held")),
    ("accent-ink", "accent"),
)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    # WCAG 2.2, relative luminance.
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("light", ["day", "night"])
def test_every_word_stands_out_from_its_ground(light: str) -> None:
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", DAY if light == "day" else NIGHT))

    for ink, ground in PAIRS:
        one, other = sorted((_luminance(colours[ink]), _luminance(colours[ground])))

        assert (other + 0.05) / (one + 0.05) >= 7.0, (ink, ground)
