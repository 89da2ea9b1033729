"""One commit for what several requests write at the same time.

A commit waits for the disk, and while it waits others come: whoever may write next takes them all
along. Under load a hundred requests cost a few commits, and alone a request waits for nobody.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from api.errors import ApiError
from dispatch.errors import DispatchError
from dispatch.ports import UnitOfWork

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Writing:
    """What one request writes, and what came of it."""

    work: Callable[[UnitOfWork], None]
    refusal: ApiError | DispatchError | None = None
    durable: bool = False

    def run(self, uow: UnitOfWork) -> None:
        """Write; a refusal is kept for whoever asked, and the others go on."""
        self.refusal = None
        try:
            self.work(uow)
        except (ApiError, DispatchError) as error:
            self.refusal = error


class GroupCommit:
    """What joins the writing of concurrent requests into one transaction."""

    def __init__(self, begin: Callable[[], UnitOfWork]) -> None:
        """Have transactions begun so."""
        self._begin = begin
        self._alone = threading.Lock()
        self._line = threading.Lock()
        self._waiting: list[_Writing] = []
        self._last = time.monotonic()

    @property
    def quiet_s(self) -> float:
        """How long nobody has asked for anything, in seconds."""
        return 0.0 if self._alone.locked() else time.monotonic() - self._last

    def do(self, work: Callable[[UnitOfWork], T]) -> T:
        """Do some writing, and return once it is durable.

        Args:
            work: writes, but does not commit; is called again where a transaction failed; refuses
                by an error of ours, before it has written anything.

        Raises:
            ApiError, DispatchError: what the work refused with.
        """
        answer: list[T] = []

        def answered(uow: UnitOfWork) -> None:
            answer[:] = [work(uow)]

        mine = _Writing(answered)
        with self._line:
            self._waiting.append(mine)
        with self._alone:
            if not mine.durable:
                self._commit(mine)
        self._last = time.monotonic()
        if mine.refusal is not None:
            raise mine.refusal
        return answer[0]

    def _commit(self, mine: _Writing) -> None:
        """Write what waits, ours with it; if that fails, each of the others tries by itself."""
        with self._line:
            others = [each for each in self._waiting if each is not mine]
            self._waiting = []
        group = [mine, *others]
        with self._begin() as uow:
            for each in group:
                each.run(uow)
            uow.commit()
        for each in group:
            each.durable = True
