"""What a training computes on: the only place that knows a GPU from a CPU."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import torch

from models.errors import ModelsError


class Processor(StrEnum):
    """What may be asked for; `auto` takes a GPU if there is one."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class NoSuchDevice(ModelsError):
    """The processor asked for is not in this machine, or torch cannot use it."""

    def __init__(self) -> None:
        super().__init__(
            "本机没有 torch 能用的 GPU；请用 --device cpu，或安装带 CUDA 的 torch",
            "there is no GPU here that torch can use; take --device cpu, or a torch with CUDA",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A processor, whether it computes in bfloat16, and its name in words."""

    kind: str
    half: bool
    name: str

    @classmethod
    def chosen(cls, wanted: Processor, *, half: bool, threads: int) -> Self:
        """Choose a processor and make it ready.

        Args:
            half: compute in bfloat16 if the processor can; it needs no scaling of the loss.
            threads: threads of a CPU.

        Raises:
            NoSuchDevice: a GPU is asked for where there is none.
        """
        there = torch.cuda.is_available()
        if wanted is Processor.CUDA and not there:
            raise NoSuchDevice
        torch.set_num_threads(threads)
        if there and wanted is not Processor.CPU:
            torch.backends.cudnn.benchmark = True
            able = half and torch.cuda.is_bf16_supported()
            name = torch.cuda.get_device_name()
            return cls(kind="cuda", half=able, name=f"{name}{', bfloat16' if able else ''}")
        exact = "bfloat16" if half else "float32"
        return cls(kind="cpu", half=half, name=f"{platform.machine()}, {threads} threads, {exact}")

    def taken(self, model: torch.nn.Module) -> torch.nn.Module:
        """Move a model there, its channels last, which convolutions are quickest with."""
        return model.to(self.kind, memory_format=torch.channels_last)

    def tensor(self, tensor: torch.Tensor) -> torch.Tensor:
        """Move a tensor there without waiting for the copy."""
        if self.kind == "cpu":
            return tensor
        return tensor.pin_memory().to(self.kind, non_blocking=True)

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Compute in the chosen precision while the context lasts."""
        with torch.autocast(self.kind, torch.bfloat16, enabled=self.half):
            yield
