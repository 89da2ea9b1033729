"""The route sheet: what the centre asks to be looked at again, kept for times without network."""

from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from dispatch.wire import RouteSheet
from edge.delivery.centre import Centre
from edge.delivery.keys import replace_file
from edge.delivery.word import word_of

SHEET_FILE: Final = "sheet.json"
SHEET_PATH: Final = "/api/v1/device/sheet"


class KeptSheet(BaseModel):
    """The last sheet, and when it came by the device's clock."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    fetched_at: AwareDatetime
    sheet: RouteSheet


def fetch_sheet(centre: Centre, folder: Path, *, at: datetime) -> None:
    """Get the route sheet and keep it in a state folder; a centre too old has none.

    Raises:
        CentreAway: it cannot be reached; the last sheet is still kept.
        CentreRefuses: it does not accept this device.
    """
    sheet = word_of(centre, SHEET_PATH, RouteSheet)
    if sheet is None:
        return
    kept = KeptSheet(fetched_at=at, sheet=sheet)
    replace_file(folder / SHEET_FILE, kept.model_dump_json().encode(), mode=0o644)


def kept_sheet(folder: Path) -> KeptSheet | None:
    """Give the last sheet; None where none came yet or the file is damaged."""
    try:
        return KeptSheet.model_validate_json((folder / SHEET_FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        # It is fetched anew at the next word with the centre.
        return None
