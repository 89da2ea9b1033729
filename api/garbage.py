"""How often a process that serves looks for garbage."""

import gc
from typing import Final

MADE_BETWEEN_LOOKS: Final = 50_000
"""Objects that are made between two looks: a batch of findings has some 10,000."""


def look_seldom() -> None:
    """Keep what is there now, and look for garbage less often.

    To go through what stays again and again, for each batch of messages, doubles what one costs.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_LOOKS)
