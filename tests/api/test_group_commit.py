"""Requests that write at the same time share a commit, and none pays for another."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from api.centre.group_commit import GroupCommit
from api.errors import ApiError
from dispatch.devices.device import Quarantined
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.store.memory import MemoryStore, MemoryUnitOfWork
from tests.dispatch.making import NOON

WRITERS = 12


class Refused(ApiError):
    """What a request is refused with."""

    def __init__(self) -> None:
        super().__init__("拒绝", "refused")


class Disk(MemoryUnitOfWork):
    """A transaction whose commit waits for a slow disk, and may fail."""

    def __init__(self, store: MemoryStore, commits: list[int], turn: Callable[[], None]) -> None:
        super().__init__(store)
        self._commits, self._turn = commits, turn

    def commit(self) -> None:
        self._turn()
        super().commit()
        self._commits.append(1)


def entry(name: str) -> Quarantined:
    return Quarantined(
        id=name, device="d", received_at=NOON, reason_zh="z", reason_en="e", body=name
    )


def written(store: MemoryStore) -> set[str]:
    with store.unit_of_work() as uow:
        return {each.id for each in uow.quarantine.latest(limit=99)}


def writes(asked: Sequence[int], uow: UnitOfWork) -> list[str | ApiError]:
    """Refuse every fourth, fail on those below zero, and keep the others."""
    if min(asked) < 0:
        raise ValueError("what nobody foresaw")
    for each in asked:
        if each % 4 != 3:
            uow.quarantine.add(entry(str(each)))
    return [Refused() if each % 4 == 3 else str(each) for each in asked]


def many(grouped: GroupCommit[int, str], asked: Sequence[int]) -> list[str]:
    """Write from many threads at once; gives what each was answered, or its error's name."""

    def one(number: int) -> str:
        try:
            return grouped.do(number)
        except (ApiError, OSError, ValueError) as error:
            return type(error).__name__

    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(one, asked))


def slow_first() -> Callable[[], None]:
    """Hold the first commit up until all the others have come."""
    first = [True]

    def turn() -> None:
        if first.pop() if first else False:
            threading.Event().wait(0.2)

    return turn


def test_concurrent_writers_share_commits_and_each_gets_its_own_answer() -> None:
    store, commits, slow = MemoryStore(), list[int](), slow_first()
    grouped = GroupCommit(lambda: Disk(store, commits, slow), writes)

    answers = many(grouped, range(WRITERS))

    assert answers == ["Refused" if n % 4 == 3 else str(n) for n in range(WRITERS)]
    assert written(store) == {str(n) for n in range(WRITERS) if n % 4 != 3}
    assert len(commits) < WRITERS


def test_a_commit_that_fails_is_tried_again_by_each_by_itself() -> None:
    store, commits, fails = MemoryStore(), list[int](), [True]

    def turn() -> None:
        threading.Event().wait(0.1)
        if fails:
            fails.pop()
            raise OSError("no space left")

    grouped = GroupCommit(lambda: Disk(store, commits, turn), writes)

    answers = many(grouped, range(WRITERS))

    assert answers.count("OSError") <= 1
    told = {answer for answer in answers if answer.isdecimal()}
    assert written(store) == told


def test_what_cannot_be_written_keeps_none_of_those_beside_it_from_being_written() -> None:
    store, commits, slow = MemoryStore(), list[int](), slow_first()
    grouped = GroupCommit(lambda: Disk(store, commits, slow), writes)

    answers = many(grouped, [0, 1, -1, 2, 4, 5])

    assert answers == ["0", "1", "ValueError", "2", "4", "5"]
    assert written(store) == {"0", "1", "2", "4", "5"}


def test_nobody_is_answered_before_the_commit() -> None:
    store, commits = MemoryStore(), list[int]()
    grouped = GroupCommit(lambda: Disk(store, commits, lambda: None), writes)

    answer = grouped.do(1)

    assert answer == "1"
    assert commits == [1]


def test_a_request_that_is_still_being_read_is_no_pause() -> None:
    grouped = GroupCommit[int, str](MemoryStore().unit_of_work, writes)

    with grouped.coming():
        with grouped.coming():
            pass
        assert grouped.quiet_s == 0.0
        grouped.do(1)
        assert grouped.quiet_s == 0.0

    assert grouped.quiet_s > 0.0
