"""Which classes cannot wait: told before their track ends, and sent before all that waits.

The city decides, by its catalogue; the centre tells its devices, and its last word is kept in the
state folder. This is the one list: whatever must not wait asks here.
"""

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from dispatch.wire import Hazards
from edge.delivery.centre import Centre
from edge.delivery.keys import replace_file
from edge.delivery.word import word_of

HAZARDS_FILE: Final = "hazards.json"
HAZARDS_PATH: Final = "/api/v1/device/hazards"
SHIPPED: Final = frozenset(
    {
        "road.pothole",
        "road.manhole_missing",
        "road.collapse",
        "water.flooding",
        "street.fire_lane",
    }
)
"""What counts until a centre told its own, as a city's catalogue usually has it."""


def fetch_hazards(centre: Centre, folder: Path) -> None:
    """Get the classes that cannot wait and keep them; a centre too old tells none, the last stay.

    Raises:
        CentreAway: it cannot be reached; its last word is still kept.
        CentreRefuses: it does not accept this device.
    """
    told = word_of(centre, HAZARDS_PATH, Hazards)
    if told is not None:
        replace_file(folder / HAZARDS_FILE, told.model_dump_json().encode(), mode=0o644)


def hazard_labels(folder: Path) -> frozenset[str]:
    """Give the labels that cannot wait: those told last, or those shipped where none were."""
    try:
        kept = (folder / HAZARDS_FILE).read_bytes()
        return frozenset(Hazards.model_validate_json(kept).labels)
    except (FileNotFoundError, ValidationError):
        # A damaged file is fetched anew at the next word with the centre.
        return SHIPPED
