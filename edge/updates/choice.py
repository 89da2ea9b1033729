"""The model that patrols now: what came over the air and does its work, or what was installed.

It changes between two passes only, except where a model on trial goes back: that ends the pass.
Whatever is wrong with a model that came over the air, there is one to run.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from detect.detector import Detector
from detect.errors import DetectError
from detect.statement import Role
from dispatch.wire import ModelStage, ModelState
from edge.config import ExpiredPolicy, ModelConfig
from edge.errors import EdgeError
from edge.shipped import model_ref
from edge.updates.kept import Kept, Refused, Stage
from edge.updates.private import end_private
from edge.updates.slots import Slots
from edge.updates.trial import Judged, Outcome, Tally, judge
from edge.updates.watched import WatchedDetector
from edge.weights import activated

MODELS_FOLDER: Final = "models"

_log = logging.getLogger(__name__)
Say = Callable[[str, str], None]


class Choice:
    """Chooses and watches the patrol's model; for the thread that runs it."""

    def __init__(
        self,
        folder: Path,
        slots: Slots,
        how: ModelConfig,
        *,
        installed: Path,
        now: Callable[[], datetime],
        say: Say,
    ) -> None:
        """Make ready.

        Args:
            folder: of models that came over the air.
            installed: the model that was configured, or came with the program; it never expires.
        """
        self._folder, self._slots, self._how = folder, slots, how
        self._installed, self._now, self._say = installed, now, say
        self._detector: WatchedDetector | None = None
        self._before: Tally = Tally()
        self._counted: Tally = Tally()
        self._running: Kept | None = None
        self._crashes = 0
        self._begun: tuple[int | None] | None = None

    @property
    def running(self) -> Kept | None:
        """What runs of what came over the air; None for the installed model."""
        return self._running

    def folder_now(self) -> Path:
        """Give the folder of the model to run, after putting on trial what waits.

        One whose files cannot be read goes back at once.

        Raises:
            UnusableModel, NotActivated: the installed model is damaged, and nothing else is there.
        """
        self.settle()
        fresh = self._slots.activate(Role.PATROL)
        if fresh is not None:
            self._say(
                f"开始试用模型 {fresh.name} {fresh.version}（序号 {fresh.sequence}）",
                f"model {fresh.name} {fresh.version} (sequence {fresh.sequence}) is on trial",
            )
        while (active := self._active()) is not None:
            self._begin(active)
            try:
                activated(self._folder / active.folder)
            except (EdgeError, DetectError) as error:
                self._give_up(active, error.zh, error.en)
                continue
            verdict = self._judged(Tally())
            if verdict.outcome is not Outcome.RETURN:
                return self._folder / active.folder
            self._give_up(active, verdict.zh, verdict.en)
        self._begin(None)
        activated(self._installed)
        return self._installed

    def load(self) -> Detector:
        """Load the model to run, and watch it; one on trial that does not load goes back.

        Raises:
            UnusableModel, NotActivated: the installed model cannot be used either.
        """
        while True:
            folder, active = self.folder_now(), self._running
            try:
                return self.watched(folder)
            except DetectError as error:
                if active is None:
                    raise
                self._give_up(active, error.zh, error.en)

    def watched(self, folder: Path) -> WatchedDetector:
        """Open a detector whose work counts for its model.

        Raises:
            UnusableModel: it cannot be used.
        """
        how = self._how
        self.settle()
        detector = WatchedDetector(
            folder,
            threads=how.threads,
            shape=how.shape,
            precision=how.precision,
            provider=how.provider,
        )
        self._detector, self._counted = detector, Tally()
        self._before = self._slots.tally(Role.PATROL, "good")
        return detector

    def must_change(self) -> bool:
        """Say whether the model on trial must go back now, in the middle of a pass."""
        return self._judged(self._fresh()).outcome is Outcome.RETURN

    def failed(self) -> bool:
        """Say whether the model on trial failed since its work was entered last."""
        on_trial = self._running is not None and self._running.stage is Stage.TRIAL
        return on_trial and self._fresh().failures > 0

    def may_change(self) -> bool:
        """Say whether between two passes another model is to be loaded."""
        self.settle()
        active = self._active()
        waits = any(each.stage is Stage.READY for each in self._slots.kept(Role.PATROL))
        return waits or active != self._running

    def settle(self) -> None:
        """Enter what the model did since the last time, and judge one that is on trial."""
        done, running = self._fresh(), self._running
        if done == Tally():
            return
        self._counted = self._detector.done if self._detector is not None else Tally()
        if running is None or running.stage is not Stage.TRIAL:
            total = _sum(self._slots.tally(Role.PATROL, "good"), done)
            self._slots.put_tally(Role.PATROL, "good", total.faded())
            return
        total = _sum(self._slots.tally(Role.PATROL, "trial"), done)
        self._slots.put_tally(Role.PATROL, "trial", total)
        verdict = judge(total, self._before, crashes=self._crashes)
        if verdict.outcome is Outcome.RETURN:
            self._give_up(running, verdict.zh, verdict.en)
        elif verdict.outcome is Outcome.KEEP:
            self._slots.keep(Role.PATROL, total)
            self._running = self._active()
            self._before = total
            self._say(f"模型 {running.name} 试用合格", f"model {running.name} does its work")

    def close(self) -> None:
        """Enter what is left to enter, and say that the process ends in order."""
        self.settle()
        self._slots.ended(Role.PATROL)
        end_private(self._slots)
        self._slots.close()

    def may_run(self) -> bool:
        """Say whether the model may begin another pass: not one that expired, by policy stop."""
        active = self._active()
        expired = active is not None and self._now() >= active.expires
        return not (expired and self._how.expired is ExpiredPolicy.STOP)

    def state(self) -> ModelState | None:
        """Say how it is with the model that runs; None before one does, or where none ever came."""
        detector, active, kept = self._detector, self._running, self._slots.kept(Role.PATROL)
        refused = self._slots.refusals.last(Role.PATROL, above=self._slots.slot(Role.PATROL).floor)
        if detector is None or not (kept or refused):
            return None
        given_up = next((each for each in kept if each.stage is Stage.RETURNED), None)
        overtaken = given_up is None or (active is not None and given_up.sequence < active.sequence)
        return ModelState(
            role=Role.PATROL.value,
            model=model_ref(detector.manifest, detector.precision),
            sequence=None if active is None else active.sequence,
            on_trial=active is not None and active.stage is Stage.TRIAL,
            expires=None if active is None else active.expires,
            given_up=None if overtaken else _stage(given_up),
            refused=_stage(refused),
        )

    def _begin(self, active: Kept | None) -> None:
        """Note that this process begins to run a model, once; one that died under it is counted."""
        sequence = None if active is None else active.sequence
        if self._begun != (sequence,):
            self._begun = (sequence,)
            self._crashes = self._slots.began(Role.PATROL).crashes
        self._running = active

    def _active(self) -> Kept | None:
        return self._slots.model(Role.PATROL, self._slots.slot(Role.PATROL).active)

    def _fresh(self) -> Tally:
        """Give what the detector did that is not yet entered."""
        if self._detector is None:
            return Tally()
        done, counted = self._detector.done, self._counted
        return Tally(
            frames=done.frames - counted.frames,
            boxes=done.boxes - counted.boxes,
            seconds=max(0.0, done.seconds - counted.seconds),
            failures=done.failures - counted.failures,
        )

    def _judged(self, fresh: Tally) -> Judged:
        running = self._running
        if running is None or running.stage is not Stage.TRIAL:
            return Judged(outcome=Outcome.WAIT)
        total = _sum(self._slots.tally(Role.PATROL, "trial"), fresh)
        return judge(total, self._slots.tally(Role.PATROL, "good"), crashes=self._crashes)

    def _give_up(self, active: Kept, zh: str, en: str) -> None:
        slot = self._slots.slot(Role.PATROL)
        if slot.active == slot.good:
            self._slots.lose_good(Role.PATROL, zh, en)
        else:
            self._slots.give_back(Role.PATROL, zh, en)
        self._running = self._active()
        self._detector = None
        _log.error("model %s %s given up: %s", active.name, active.version, en)
        self._say(
            f"模型 {active.name} {active.version} 已退回：{zh}",
            f"model {active.name} {active.version} was given up: {en}",
        )


def _stage(of: Kept | Refused | None) -> ModelStage | None:
    return None if of is None else ModelStage(sequence=of.sequence, zh=of.zh, en=of.en)


def _sum(one: Tally, other: Tally) -> Tally:
    return Tally(
        frames=one.frames + other.frames,
        boxes=one.boxes + other.boxes,
        seconds=one.seconds + other.seconds,
        failures=one.failures + other.failures,
    )
