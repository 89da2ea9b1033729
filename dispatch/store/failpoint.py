"""Named steps at which a test may kill the process, to prove that nothing acknowledged is lost.

The names, in the order in which intake passes them: `intake.before_accept` and
`intake.after_accept` about the commit after which a device is answered; `intake.before_commit` and
`intake.after_commit` about the one with which the cases have heard of it; `evidence.after_write`
and `evidence.after_rename`. In retention: `erasure.after_commit`, `erasure.after_unlink`; in a
backup: `backup.before_manifest`, `backup.before_rename`.
"""

import os
import signal
from collections.abc import Callable
from typing import Final

from dispatch.errors import DispatchError

NAMES: Final = (
    "intake.before_accept",
    "intake.after_accept",
    "intake.before_commit",
    "intake.after_commit",
    "evidence.after_write",
    "evidence.after_rename",
    "erasure.after_commit",
    "erasure.after_unlink",
    "backup.before_manifest",
    "backup.before_rename",
)


class UnknownFailpoint(DispatchError):
    """No step of the centre has this name."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"没有名为“{text}”的故障点，可用：{'、'.join(NAMES)}，可加“:次数”",
            f"no failpoint is called '{text}': use {', '.join(NAMES)}, with ':n' for the n-th time",
        )
        self.text = text


def pass_by(step: str) -> None:
    """Let the step pass: what runs everywhere but in fault tests."""


def failpoint_from(text: str | None) -> Callable[[str], None]:
    """Make what kills this process by SIGKILL at the n-th passing of a named step.

    Args:
        text: `name` or `name:n`; empty or None kills nothing. A device's names kill nothing here.

    Raises:
        UnknownFailpoint: the name begins like a step of the centre and is none.
    """
    if not text or not text.startswith(("intake.", "evidence.", "erasure.", "backup.")):
        return pass_by
    name, _, count = text.partition(":")
    if name not in NAMES or not (count or "1").isdecimal():
        raise UnknownFailpoint(text)
    return _Killer(name, int(count or "1"))


class _Killer:
    def __init__(self, name: str, left: int) -> None:
        self._name, self._left = name, left

    def __call__(self, step: str) -> None:
        if step == self._name:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
