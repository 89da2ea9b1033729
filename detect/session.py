"""A model file opened by onnxruntime; the only place of `detect` that loads it."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from detect.errors import DetectError
from detect.provider import RUNTIME_NAMES, Provider, providers_to_try

_log = logging.getLogger(__name__)

_FAILURES: Final = (
    failures.EPFail,
    failures.EngineError,
    failures.Fail,
    failures.InvalidArgument,
    failures.InvalidGraph,
    failures.InvalidProtobuf,
    failures.NoModel,
    failures.NotImplemented,
    failures.RuntimeException,
    UnicodeDecodeError,  # the message of a refusal quotes the damaged file
)

_AS_REQUESTED: Final = {"arena_extend_strategy": 1}
"""The arena asks for as much as a run needs; by default it doubles what it has."""
_GIVE_BACK: Final = ("memory.enable_memory_arena_shrinkage", "cpu:0")
_sharing = threading.Lock()


class DoesNotLoad(DetectError):
    """A model file that cannot be opened."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(f"{path.name} 无法加载：{said}", f"{path.name} does not load: {said}")


class RunFailed(DetectError):
    """A run of a model broke off."""

    def __init__(self, path: Path, said: str) -> None:
        super().__init__(
            f"模型 {path.name} 运行失败：{said}；请核对内存和模型文件",
            f"a run of model {path.name} failed: {said}; check memory and the model file",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """An input or output as a model file declares it; a free dimension is None."""

    name: str
    kind: str
    dims: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A provider that was tried and does not run the model, and why."""

    provider: Provider
    reason: str


class Session(Protocol):
    """A model that can be run."""

    provider: Provider
    passed_over: tuple[PassedOver, ...]

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the first output for a batch, (n, 3, height, width).

        Raises:
            RunFailed: the run broke off.
        """


def providers_here(asked: Provider | None) -> tuple[Provider, ...]:
    """Give the providers to try on this machine, see `providers_to_try`."""
    return providers_to_try(asked, onnxruntime.get_available_providers())


class OnnxSession:
    """A model file on the first of its providers that runs it.

    A provider that fails, when the file is opened or later, is passed over for the processor; that
    is logged and stands in `passed_over`.
    """

    def __init__(
        self, path: Path, *, threads: int, providers: Sequence[Provider], seldom: bool = False
    ) -> None:
        """Open a model file.

        Args:
            path: the ONNX file.
            threads: processor threads of one run.
            providers: in the order to try them, as `providers_here` gives them.
            seldom: give the memory of a run back after it, which takes a few hundredths of its
                time; otherwise it is kept for the next.

        Raises:
            DoesNotLoad: no provider can read it.
        """
        self._path, self._threads = path, threads
        self._how = onnxruntime.RunOptions()
        if seldom:
            self._how.add_run_config_entry(*_GIVE_BACK)
        self.passed_over: tuple[PassedOver, ...] = ()
        self._queue = tuple(providers)
        self._open_next()

    @property
    def inputs(self) -> tuple[Port, ...]:
        """What the model takes."""
        return tuple(_port(part) for part in self._session.get_inputs())

    @property
    def outputs(self) -> tuple[Port, ...]:
        """What the model answers."""
        return tuple(_port(part) for part in self._session.get_outputs())

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the first output for a batch, (n, 3, height, width).

        Raises:
            RunFailed: the processor failed too.
        """
        try:
            answer = self._session.run([self._output], {self._input: batch}, self._how)[0]
        except _FAILURES as error:
            if self.provider is Provider.CPU:
                raise RunFailed(self._path, _first_line(error)) from error
            self._pass_over(self.provider, _first_line(error))
            self._open_next()
            return self.run(batch)
        return np.asarray(answer, np.float32)

    def _open_next(self) -> None:
        """Open the file on the first provider left that takes it."""
        while True:
            self.provider, *rest = self._queue
            self._queue = tuple(rest)
            fault = self._opened_on(self.provider)
            if fault is None:
                self._input = self._session.get_inputs()[0].name
                self._output = self._session.get_outputs()[0].name
                return
            if self.provider is Provider.CPU:
                raise DoesNotLoad(self._path, fault)
            self._pass_over(self.provider, fault)

    def _opened_on(self, provider: Provider) -> str | None:
        """Open the file on one provider; say why it does not run there, or None."""
        name, processor = RUNTIME_NAMES[provider], RUNTIME_NAMES[Provider.CPU]
        if name not in onnxruntime.get_available_providers():
            return f"onnxruntime {onnxruntime.__version__} was built without {name}"
        options = _sparing_options()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Idle threads that spin take the processor from a second session (79 against 45 ms).
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        chain = [name] if name == processor else [name, processor]
        try:
            # Its own way back to the processor would be silent but for a print.
            self._session = onnxruntime.InferenceSession(
                str(self._path), options, providers=chain, enable_fallback=0
            )
        except _FAILURES as error:
            return _first_line(error)
        if name not in self._session.get_providers():
            return f"{name} did not start; its libraries or its device are missing"
        return None

    def _pass_over(self, provider: Provider, reason: str) -> None:
        self.passed_over += (PassedOver(provider=provider, reason=reason),)
        _log.warning(
            "%s 不能运行 %s：%s / %s does not run %s: %s",
            provider.value,
            self._path.name,
            reason,
            provider.value,
            self._path.name,
            reason,
        )


def _sparing_options() -> onnxruntime.SessionOptions:
    """Make all models of a process work in one memory, as large as the largest run needs.

    Each session would have an arena of its own, twice as large as needed, and plan a second block
    for the same values: 190 MiB where this takes 100, for the models of a device, as quick.
    """
    with _sharing:
        _share_arena()
    options = onnxruntime.SessionOptions()
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.use_env_allocators", "1")
    return options


@cache
def _share_arena() -> None:
    """Give the runtime its one arena; it refuses a second."""
    arena = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    place = onnxruntime.OrtMemoryInfo("Cpu", arena, 0, onnxruntime.OrtMemType.DEFAULT)
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(_AS_REQUESTED))


def _port(part: onnxruntime.NodeArg) -> Port:
    dims = tuple(size if isinstance(size, int) else None for size in part.shape)
    return Port(name=str(part.name), kind=str(part.type), dims=dims)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def described(ports: Sequence[Port]) -> str:
    """Say what ports a model has, for a message."""
    return ", ".join(
        f"{port.name} {port.kind} ({', '.join(str(size or 'n') for size in port.dims)})"
        for port in ports
    )
