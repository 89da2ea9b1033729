"""The model that finds faces and plates, where one came over the air; it changes at a start.

It is rehearsed like any other. It is kept when a process that ran it ended in order; one that
cannot be read, or under which the program died again and again, makes room for the one before.
"""

from pathlib import Path

from detect.errors import DetectError
from detect.statement import Role
from edge.errors import EdgeError
from edge.updates.kept import Kept, Stage
from edge.updates.slots import Slots
from edge.updates.trial import MOST_CRASHES, Tally
from edge.weights import activated


def begin_private(folder: Path, slots: Slots) -> Path | None:
    """Give the privacy model's folder for this process; None for the installed one.

    Args:
        folder: of models that came over the air.
    """
    slots.activate(Role.PRIVACY)
    while True:
        slot = slots.began(Role.PRIVACY)
        active = slots.model(Role.PRIVACY, slot.active)
        if active is None:
            return None
        place = folder / active.folder
        fault = _fault(place, active, slot.crashes)
        if fault is None:
            return place
        if slot.active == slot.good:
            slots.lose_good(Role.PRIVACY, *fault)
        else:
            slots.give_back(Role.PRIVACY, *fault)


def end_private(slots: Slots) -> None:
    """Say that the process ends in order: a model on trial is kept."""
    active = slots.model(Role.PRIVACY, slots.slot(Role.PRIVACY).active)
    if active is not None and active.stage is Stage.TRIAL:
        slots.keep(Role.PRIVACY, Tally())
    slots.ended(Role.PRIVACY)


def _fault(place: Path, active: Kept, crashes: int) -> tuple[str, str] | None:
    if active.stage is Stage.TRIAL and crashes >= MOST_CRASHES:
        return f"程序在它之下异常结束 {crashes} 次", f"the program died under it {crashes} times"
    try:
        activated(place)
    except (DetectError, EdgeError) as error:
        return error.zh, error.en
    return None
