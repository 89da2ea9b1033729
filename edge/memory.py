"""How the process asks for memory: so that what a frame took is given back when it is done with.

glibc keeps freed blocks for later, in an arena for each thread, and learns to keep ever larger
ones: a device that turns over megabytes a frame in five threads grows by hundreds of megabytes
that nobody uses. Source: mallopt(3), malloc_trim(3).
"""

import ctypes
import gc
import logging
from typing import Final

ARENAS: Final = 2
MAPPED_BYTES: Final = 1 << 17
"""Blocks from here on are given back at once; stating it stops glibc from raising it."""
KEPT_BYTES: Final = 1 << 20
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8

_log = logging.getLogger(__name__)


def give_back_freed() -> bool:
    """Make the process give back what it frees; say whether its C library can be told."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt") or not hasattr(library, "gnu_get_libc_version"):
        _log.info("this C library decides itself what memory it keeps / C 库自行决定保留多少内存")
        return False
    wanted = (
        (_M_ARENA_MAX, ARENAS),
        (_M_MMAP_THRESHOLD, MAPPED_BYTES),
        (_M_TRIM_THRESHOLD, KEPT_BYTES),
    )
    return all(library.mallopt(option, value) == 1 for option, value in wanted)


def tidy() -> None:
    """Give back what circles of objects hold, and the free pages between blocks in use.

    Frames that hang in a circle are megabytes, but few objects: the collector alone would leave
    them for minutes.
    """
    gc.collect()
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
