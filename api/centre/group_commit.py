"""One transaction for what several requests write at the same time.

A commit waits for the disk, and while it waits others come: whoever may write next takes them all
along, and looks up together what each of them needs. Under load a hundred requests cost a few
transactions, and alone a request waits for nobody.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from api.errors import ApiError
from dispatch.ports.unit_of_work import UnitOfWork

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Writing(Generic[T, R]):
    """What one request asks for, and what came of it once it is durable."""

    asked: T
    answer: R | ApiError | None = None


class GroupCommit(Generic[T, R]):
    """What joins the writing of concurrent requests into one transaction."""

    def __init__(
        self,
        begin: Callable[[], UnitOfWork],
        write: Callable[[Sequence[T], UnitOfWork], Sequence[R | ApiError]],
    ) -> None:
        """Have it written so.

        Args:
            begin: opens a transaction.
            write: writes what several ask for and gives each its answer, or why it is refused;
                does not commit; is called again where a transaction failed.
        """
        self._begin, self._write = begin, write
        self._alone = threading.Lock()
        self._line = threading.Lock()
        self._waiting: list[_Writing[T, R]] = []
        self._coming = 0
        self._last = time.monotonic()

    @property
    def quiet_s(self) -> float:
        """How long nothing has been under way, in seconds."""
        return 0.0 if self._coming else time.monotonic() - self._last

    @contextmanager
    def coming(self) -> Iterator[None]:
        """Count a request as under way, from before it is read to its end."""
        with self._line:
            self._coming += 1
        try:
            yield
        finally:
            with self._line:
                self._coming -= 1
                self._last = time.monotonic()

    def do(self, asked: T) -> R:
        """Write what a request asks for, and give its answer once it is durable.

        Raises:
            ApiError: what it is refused with.
        """
        mine = _Writing[T, R](asked)
        with self.coming():
            with self._line:
                self._waiting.append(mine)
            with self._alone:
                if mine.answer is None:
                    self._commit_with_others(mine)
        assert mine.answer is not None
        if isinstance(mine.answer, ApiError):
            raise mine.answer
        return mine.answer

    def _commit_with_others(self, mine: _Writing[T, R]) -> None:
        """Write what waits, ours with it; if that fails, each is written by itself."""
        with self._line:
            group, self._waiting = self._waiting, []
        together = [mine, *(each for each in group if each is not mine)]
        try:
            self._commit(together)
        except Exception:
            if len(together) == 1:
                raise
            # It may be another's fault: each is tried alone when its turn comes.
            self._commit([mine])

    def _commit(self, group: Sequence[_Writing[T, R]]) -> None:
        with self._begin() as uow:
            answers = self._write([each.asked for each in group], uow)
            uow.commit()
        for each, answer in zip(group, answers, strict=True):
            each.answer = answer
