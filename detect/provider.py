"""What this machine can run a model on."""

import re
from functools import cache
from pathlib import Path
from typing import Final

INTEGER_DOT_PRODUCTS: Final = frozenset({"avx512_vnni", "avx_vnni", "amx_int8", "asimddp"})
"""Processor flags under which int8 is quicker than fp32; without one it is slower or saturates."""


@cache
def has_integer_dot_products() -> bool:
    """Say whether this processor multiplies and adds 8-bit integers in one step."""
    listed = Path("/proc/cpuinfo")
    return listed.is_file() and names_integer_dot_products(listed.read_text("utf-8", "replace"))


def names_integer_dot_products(cpuinfo: str) -> bool:
    """Say whether a processor's description, as `/proc/cpuinfo` gives it, names one of the flags.

    Every core must have it, for threads run on any.
    """
    cores = re.findall(r"^(?:flags|Features)\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return bool(cores) and all(INTEGER_DOT_PRODUCTS & set(core.split()) for core in cores)
