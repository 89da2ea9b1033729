"""Put together what a device needs for models over the air, of its configuration."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from edge.config import Config
from edge.delivery.centre import Centre
from edge.evidence.finder import choose_finder
from edge.failpoints import Failpoints
from edge.updates.admission import Admission
from edge.updates.choice import MODELS_FOLDER, Choice, Say
from edge.updates.fetch import Fetch
from edge.updates.private import begin_private
from edge.updates.slots import Slots
from edge.weights import default_model


def open_choice(
    config: Config, *, now: Callable[[], datetime], say: Say, failpoints: Failpoints
) -> Choice:
    """Open the choice of the patrol's model, and clear away what a killed process left.

    Raises:
        NoModelInstalled: none is configured and none came with the program.
        UnsafeOutbox, DiskTrouble: what is kept of models cannot be opened.
    """
    folder = config.state / MODELS_FOLDER
    slots = Slots(folder, failpoints=failpoints)
    admission_of(config, slots, now=now, failpoints=failpoints).clear_strays()
    choose_finder(begin_private(folder, slots))
    how = config.model
    return Choice(
        folder,
        slots,
        how,
        installed=how.folder if how.folder is not None else default_model(),
        now=now,
        say=say,
    )


def admission_of(
    config: Config, slots: Slots, *, now: Callable[[], datetime], failpoints: Failpoints
) -> Admission:
    """Make what lets models in."""
    return Admission(
        config.state / MODELS_FOLDER,
        slots,
        config.model,
        now=now,
        software=version("xunhuan"),
        failpoints=failpoints,
    )


class Updates:
    """Fetches models; made and used in the thread that speaks to the centre."""

    def __init__(
        self,
        config: Config,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        failpoints: Failpoints,
    ) -> None:
        """Open a connection of its own to what is kept of models.

        Raises:
            UnsafeOutbox, DiskTrouble: it cannot be opened.
        """
        folder: Path = config.state / MODELS_FOLDER
        self._slots = Slots(folder, failpoints=failpoints)
        self._fetch = Fetch(
            folder,
            self._slots,
            admission_of(config, self._slots, now=now, failpoints=failpoints),
            monotonic=monotonic,
            failpoints=failpoints,
        )

    def step(self, centre: Centre) -> bool:
        """Fetch a few pieces of what the centre offers; say whether there is more.

        Raises:
            CentreAway, CentreRefuses, DiskTrouble: what came lies ready to go on with.
        """
        return self._fetch.step(centre)

    def close(self) -> None:
        """Let go of the file."""
        self._slots.close()
