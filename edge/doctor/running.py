"""Ask the agent that runs: it holds camera and receiver, and knows more than a fresh look."""

from collections.abc import Iterator
from typing import Final

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from dispatch.wire import Complaint, Level
from edge.doctor.check import Check, Outcome, passed

TIMEOUT_S: Final = 5.0


class _Ready(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    reasons: tuple[Complaint, ...]


def check_running(listen: str | None) -> list[Check] | None:
    """Give what a running agent complains of; None if none runs or it is told not to listen."""
    if listen is None:
        return None
    try:
        with httpx.Client(trust_env=False, timeout=TIMEOUT_S) as client:
            answer = client.get(f"http://{listen}/readyz")
        told = _Ready.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError):
        return None  # No agent: whatever it would use is free, and looked at afresh.
    return list(_told(told.reasons))


def _told(reasons: tuple[Complaint, ...]) -> Iterator[Check]:
    if not reasons:
        yield passed("agent", "程序正在运行，一切正常", "the agent runs and complains of nothing")
    for reason in reasons:
        outcome = Outcome.FAIL if reason.level is Level.FAIL else Outcome.WARN
        yield Check(name=f"agent {reason.code}", outcome=outcome, zh=reason.zh, en=reason.en)
