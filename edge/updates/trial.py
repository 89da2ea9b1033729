"""Whether a model on trial does its work: judged by what it did, beside what the one before did.

No clock and no files: counts in, a verdict out. A model that fails, crawls or sees nothing goes
back; one that holds for long enough is kept.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

TRIAL_FRAMES: Final = 300
LONGEST_TRIAL_FRAMES: Final = 3000
MOST_FAILURES: Final = 3
MOST_CRASHES: Final = 3
"""Unclean ends of the process under the model; the ignition may cut the power once or twice."""
MOST_SLOWER: Final = 3.0
SLOW_S: Final = 0.1
"""Quicker than this a frame, no factor is too slow."""
FAIR_FRAMES: Final = 50
"""From so many frames on, their mean time says something."""
LEAST_EXPECTED: Final = 60.0
"""Finds by which blindness is told: of so many expected, a seeing model has more than 5 %."""
BLIND_SHARE: Final = 0.05
MEMORY_FRAMES: Final = 20_000
"""What the model before did is remembered over about so many frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a model did.

    Attributes:
        frames: that it answered.
        boxes: in its answers, at or above their classes' thresholds.
        seconds: that its answers took.
        failures: runs that broke off, or answered what cannot be used (NaN).
    """

    frames: int = 0
    boxes: int = 0
    seconds: float = 0.0
    failures: int = 0

    @property
    def mean_s(self) -> float:
        """Seconds a frame; 0 before the first."""
        return self.seconds / self.frames if self.frames else 0.0

    def answered(self, *, frames: int, boxes: int, seconds: float) -> "Tally":
        """Add frames that were answered."""
        return replace(
            self,
            frames=self.frames + frames,
            boxes=self.boxes + boxes,
            seconds=self.seconds + seconds,
        )

    def failed(self) -> "Tally":
        """Add a failure."""
        return replace(self, failures=self.failures + 1)

    def faded(self) -> "Tally":
        """Forget half of what lies long back."""
        if self.frames <= MEMORY_FRAMES:
            return self
        return Tally(frames=self.frames // 2, boxes=self.boxes // 2, seconds=self.seconds / 2)


class Outcome(StrEnum):
    """What becomes of a model on trial."""

    WAIT = "wait"
    KEEP = "keep"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict, with the reason where the model goes back."""

    outcome: Outcome
    zh: str = ""
    en: str = ""


def judge(trial: Tally, before: Tally, *, crashes: int = 0) -> Judged:
    """Judge a model on trial.

    Args:
        before: what the last good model did on this device.
        crashes: times the process ended uncleanly under the model.
    """
    fault = _failing(trial, crashes) or _slow(trial, before) or _blind(trial, before)
    if fault is not None:
        return fault
    seen_enough = expected(trial, before) >= LEAST_EXPECTED or not before.frames
    if trial.frames >= (TRIAL_FRAMES if seen_enough else LONGEST_TRIAL_FRAMES):
        return Judged(outcome=Outcome.KEEP)
    return Judged(outcome=Outcome.WAIT)


def expected(trial: Tally, before: Tally) -> float:
    """Give how many finds the model before would have had over the trial's frames."""
    return before.boxes * trial.frames / before.frames if before.frames else 0.0


def _failing(trial: Tally, crashes: int) -> Judged | None:
    if crashes >= MOST_CRASHES:
        return _return(
            f"程序在它之下异常结束 {crashes} 次", f"the program died under it {crashes} times"
        )
    if trial.failures >= MOST_FAILURES:
        return _return(f"运行失败 {trial.failures} 次", f"it failed {trial.failures} times")
    return None


def _slow(trial: Tally, before: Tally) -> Judged | None:
    if trial.frames < FAIR_FRAMES or before.frames < FAIR_FRAMES or trial.mean_s < SLOW_S:
        return None
    if trial.mean_s <= MOST_SLOWER * before.mean_s:
        return None
    now_ms, before_ms = 1000 * trial.mean_s, 1000 * before.mean_s
    return _return(
        f"一帧要 {now_ms:.0f} 毫秒，以前是 {before_ms:.0f}",
        f"it takes {now_ms:.0f} ms a frame, {before_ms:.0f} before",
    )


def _blind(trial: Tally, before: Tally) -> Judged | None:
    due = expected(trial, before)
    if due < LEAST_EXPECTED or trial.boxes > BLIND_SHARE * due:
        return None
    return _return(
        f"{trial.frames} 帧里只看到 {trial.boxes} 处，以前约 {due:.0f} 处",
        f"it saw {trial.boxes} things in {trial.frames} frames, about {due:.0f} before",
    )


def _return(zh: str, en: str) -> Judged:
    return Judged(outcome=Outcome.RETURN, zh=zh, en=en)
