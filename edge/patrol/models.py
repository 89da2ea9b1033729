"""The patrol's model as it changes: between two passes, or where one on trial must go back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from detect.detector import Detector
from edge.patrol.drive import Means
from edge.updates.choice import Choice


class Models(Protocol):
    """What a patrol asks about its model."""

    def must_change(self) -> bool:
        """Say whether the model must go back now, in the middle of a pass."""
        ...

    def may_run(self) -> bool:
        """Say whether the model may begin a pass."""
        ...

    def renewed(self, means: Means) -> Means:
        """Give the means of the next pass."""
        ...


class ChosenModels:
    """Models as the device's choice has them."""

    def __init__(self, choice: Choice, *, loaded: Callable[[Detector], None]) -> None:
        """Make ready.

        Args:
            loaded: is told of each model that is loaded.
        """
        self._choice, self._loaded = choice, loaded

    def must_change(self) -> bool:
        """Say whether the model on trial must go back now."""
        return self._choice.must_change()

    def may_run(self) -> bool:
        """Say whether the model may begin a pass."""
        return self._choice.may_run()

    def renewed(self, means: Means) -> Means:
        """Give the means of the next pass, with another model if one waits or one went back.

        Raises:
            UnusableModel, NotActivated: even the installed model cannot be used.
        """
        if not self._choice.may_change():
            return means
        detector = self._choice.load()
        self._loaded(detector)
        return replace(means, detector=detector)
