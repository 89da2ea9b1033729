"""Drops in a watched folder, worked through: each is used once, a refusal is told beside it."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path

from detect.errors import DetectError
from edge.config import Config
from edge.delivery.outbox import Outbox
from edge.disk import DiskTrouble
from edge.errors import EdgeError
from edge.replay import ReplayOrder, World
from edge.replay import replay as replay_footage
from edge.watching import Dropped, Progress, WatchedFolder, tell_refused


class Used(Enum):
    """What became of a drop."""

    DONE = auto()
    REFUSED = auto()
    AGAIN = auto()
    """A model on trial failed on it: it is looked at again, soon by the model before."""


class Drops:
    """The drops of one agent."""

    def __init__(
        self,
        config: Config,
        world: World,
        outbox: Outbox,
        *,
        model_failed: Callable[[], bool],
        failpoint: str | None,
    ) -> None:
        """Watch the folder; one inside the state folder is made if it is not there.

        Args:
            model_failed: is told that the model could not look at a drop; says whether it is on
                trial, and to blame.
        """
        self._config, self._world, self._outbox = config, world, outbox
        self._model_failed, self._failpoint = model_failed, failpoint
        gone = config.source.unreadable_folder()
        if gone is not None and gone.is_relative_to(config.state):
            # Elsewhere it may be a disk that is not mounted: a folder made there would hide that.
            gone.mkdir(parents=True, exist_ok=True)
        self._watched = WatchedFolder(
            config.source.folder or config.state,
            settled_s=config.source.settled_s,
            monotonic=world.monotonic,
            camera=config.source.camera,
        )

    @property
    def unsettled(self) -> int:
        """How many drops are still being copied."""
        return self._watched.unsettled

    def progress(self) -> Progress:
        """Give how far the folder is; from any thread."""
        return self._watched.progress()

    def fresh(self) -> tuple[Dropped, ...]:
        """Give what is whole and was not worked through yet, in order of name."""
        return self._watched.new_footage(known=self._outbox.is_worked)

    def work(self, found: Dropped, *, model: Path) -> Used:
        """Work through a drop, and remember how that came out.

        Raises:
            DiskTrouble: the disk did not take what it brought. The drop is not to blame: it is
                looked at again.
        """
        self._watched.begins(found)
        used = self._used(found, model)
        self._watched.ended(found)
        return used

    def _used(self, found: Dropped, model: Path) -> Used:
        try:
            replayed = replay_footage(self._order(found, model), self._world)
        except DiskTrouble:
            raise
        except (EdgeError, DetectError) as error:
            if self._model_failed():
                return Used.AGAIN
            self._refuse(found, error)
            return Used.REFUSED
        tell_refused(found)
        if found.telemetry is not None:
            # It may have come before its video, and been refused alone.
            tell_refused(replace(found, source=found.telemetry))
        self._outbox.mark_worked(found.key, f"done: {replayed.pass_id}")
        return Used.DONE

    def _refuse(self, found: Dropped, error: EdgeError | DetectError) -> None:
        self._world.say(error.zh, error.en)
        tell_refused(found, error.zh, error.en)
        self._watched.refuses(found, error.zh, error.en)
        self._outbox.mark_worked(found.attempt(self._config.source.camera), f"refused: {error}")

    def _order(self, found: Dropped, model: Path) -> ReplayOrder:
        config = self._config
        return ReplayOrder(
            source=found.source,
            telemetry=found.telemetry,
            camera=config.source.camera,
            dem=config.ground.dem,
            take_off=config.ground.take_off,
            starts_at=None,
            model=model,
            threads=config.model.threads,
            precision=config.model.precision,
            provider=config.model.provider,
            shape=config.model.shape,
            state=config.state,
            centre=None,
            attempts=0,
            out=None,
            annotated=None,
            failpoint=self._failpoint,
            offset_s=config.telemetry.offset_s,
            step_m=config.frames.step_m,
        )
