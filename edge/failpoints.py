"""Named steps at which a test may kill the process, to prove that nothing is lost there.

The environment variable XUNHUAN_FAILPOINT="name" or "name:n" makes the process kill itself
(SIGKILL, as a power cut would) when it passes the named step for the n-th time. Commands read the
variable and hand a `Failpoints` down; names that are not of the device are left to the centre.
"""

import os
import signal
from collections.abc import Mapping
from typing import Final

from edge.errors import EdgeError

VARIABLE: Final = "XUNHUAN_FAILPOINT"

STEPS: Final[Mapping[str, str]] = {
    "evidence.after_write": "a picture lies in a temporary file, synced, not yet renamed",
    "evidence.after_rename": "a picture has its name, its folder is not yet synced",
    "outbox.before_insert": "the pictures are safe, the transaction is open and empty",
    "outbox.after_insert": "the message is in the transaction, not yet committed",
    "outbox.after_commit": "the message is recorded",
    "uplink.before_send": "a batch is read, nothing is sent",
    "uplink.after_response": "the centre has answered, the answer is not read",
    "uplink.before_settle": "the receipts are read, nothing is settled",
    "uplink.after_settle": "the receipts are recorded, pictures are not sent",
    "uplink.before_evidence": "a picture is read, not sent",
    "uplink.after_part": "the centre has a part of a picture, the device goes on with the next",
    "uplink.after_evidence": "the centre has a picture, the device has not recorded that",
    "update.after_piece": "a piece of a model package is on the disk, synced",
    "update.after_unpack": "a model's files are on the disk, synced, under another name",
    "update.after_admit": "a model is noted as ready to run",
    "update.before_activate": "the transaction that puts a model on trial is not yet committed",
    "update.after_activate": "a model is on trial, not yet loaded",
    "update.before_return": "the transaction that gives a model up is not yet committed",
    "update.after_return": "the last good model is active again, not yet loaded",
    "pass.after_last_frame": "every frame is looked at, the last tracks are not yet reported",
    "pass.before_end": "every finding is recorded, the last sweep is not",
    "live.after_sweep": "a live pass's sweep is recorded, what would end the pass is not renewed",
}


class MalformedFailpoint(EdgeError):
    """The failpoint variable is not of the form name or name:n."""

    def __init__(self, spec: str) -> None:
        super().__init__(
            f"{VARIABLE}={spec} 不合规：应为“步骤名”或“步骤名:次数”",
            f"{VARIABLE}={spec} is malformed: write name or name:count",
        )
        self.spec = spec


class Failpoints:
    """Counts the passings of one named step and dies at the chosen one."""

    def __init__(self, step: str | None = None, count: int = 1) -> None:
        self._step = step
        self._left = count

    @classmethod
    def parse(cls, spec: str | None) -> "Failpoints":
        """Read the variable's value; none, and steps of the centre, arm nothing.

        Raises:
            MalformedFailpoint: the count is no positive number.
        """
        if not spec:
            return cls()
        step, _, count = spec.partition(":")
        if count and not (count.isdecimal() and int(count) > 0):
            raise MalformedFailpoint(spec)
        return cls(step if step in STEPS else None, int(count or "1"))

    def passing(self, step: str) -> None:
        """Say that a step is passed; the process may end here.

        Raises:
            KeyError: the step is not in the table.
        """
        if step not in STEPS:
            raise KeyError(step)
        if step != self._step:
            return
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


UNARMED: Final = Failpoints()


def reference_page() -> str:
    """Give the table of steps as the page of the documentation."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in STEPS.items()]
    head = (
        "# 断点 Failpoints of xunhuan-edge",
        "",
        f'With `{VARIABLE}="name"` or `"name:n"` in its environment, the device kills itself',
        "(SIGKILL, as a power cut would) when it passes that step for the n-th time.",
        "Tests use it to prove that nothing found is lost or sent twice; started again, the same",
        "command finishes what was begun.",
        "This page is generated from `edge/failpoints.py`, and a test holds it to it.",
        "",
        "| step | what is then true |",
        "|---|---|",
    )
    return "\n".join((*head, *rows)) + "\n"
