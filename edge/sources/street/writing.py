"""The files of a rendered street: the plan with its truth, one file a pass, photos by phone."""

from datetime import datetime
from pathlib import Path
from typing import Final

import cv2

from edge.sources.street.layout import plan_street
from edge.sources.street.passes import StreetPass
from edge.sources.street.photos import render_photo
from edge.sources.street.plan import ORIGIN, StreetPlan
from edge.sources.street.schedule import FIRST_DRIVE, plan_passes

PLAN_FILE: Final = "street.json"
PHOTO_FOLDER: Final = "photos"
_QUALITY: Final = 90


def pass_file(number: int) -> str:
    """Give the name of a pass's file."""
    return f"pass-{number}.street.json"


def photo_file(problem_id: str, *, repaired: bool) -> str:
    """Give the name of a phone photo's file within the photo folder."""
    return f"{problem_id}-{'repaired' if repaired else 'unrepaired'}.jpg"


def write_street(
    seed: int,
    out: Path,
    *,
    first_drive: datetime = FIRST_DRIVE,
    middle: tuple[float, float] = ORIGIN,
) -> list[Path]:
    """Write a street into a folder and give its files: plan, passes, two photos a problem.

    Args:
        first_drive: when the first pass starts; the others follow over three days.
        middle: latitude, longitude of the middle of the street, degrees WGS 84.

    Raises:
        OSError: the folder cannot be written.
    """
    photos = out / PHOTO_FOLDER
    photos.mkdir(parents=True, exist_ok=True)
    plan = plan_street(seed, middle=middle)
    files = [out / PLAN_FILE]
    files[0].write_text(plan.model_dump_json(indent=1), encoding="utf-8")
    for patrol in plan_passes(plan, first_drive=first_drive):
        path = out / pass_file(patrol.number)
        said = StreetPass(plan=plan, patrol=patrol).model_dump_json(indent=1)
        path.write_text(said, encoding="utf-8")
        files.append(path)
    files.extend(_write_photos(plan, photos))
    return files


def _write_photos(plan: StreetPlan, folder: Path) -> list[Path]:
    written: list[Path] = []
    for problem in plan.problems:
        for repaired in (False, True):
            image = render_photo(plan, problem.id, repaired=repaired, seed=plan.seed)
            path = folder / photo_file(problem.id, repaired=repaired)
            _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
            path.write_bytes(coded.tobytes())
            written.append(path)
    return written
