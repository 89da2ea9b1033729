"""What a machine can run a model on: processor flags, and onnxruntime's execution providers."""

import re
from collections.abc import Collection
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

INTEGER_DOT_PRODUCTS: Final = frozenset({"avx512_vnni", "avx_vnni", "amx_int8", "asimddp"})
"""Processor flags under which int8 is quicker than fp32; without one it is slower or saturates."""


class Provider(StrEnum):
    """Where a model's run takes place."""

    TENSORRT = "tensorrt"
    CUDA = "cuda"
    CPU = "cpu"
    OPENVINO = "openvino"
    """Another library, on the processor; only when asked for (`detect.openvino_run`)."""


BY_PREFERENCE: Final = (Provider.TENSORRT, Provider.CUDA, Provider.CPU)

RUNTIME_NAMES: Final = {
    Provider.TENSORRT: "TensorrtExecutionProvider",
    Provider.CUDA: "CUDAExecutionProvider",
    Provider.CPU: "CPUExecutionProvider",
}


def providers_to_try(asked: Provider | None, listed: Collection[str]) -> tuple[Provider, ...]:
    """Give onnxruntime's providers in the order to try them; the last is always the processor.

    Args:
        asked: where to begin; what this machine has of the quickest if None.
        listed: names of the providers that onnxruntime was built with. One that was asked for is
            tried although it is not listed, so that the failure is told.
    """
    if asked is None:
        return tuple(p for p in BY_PREFERENCE if RUNTIME_NAMES[p] in listed or p is Provider.CPU)
    if asked is Provider.CPU:
        return (Provider.CPU,)
    return (asked, Provider.CPU)


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
