"""Table of what each recording of the sample folder gives.

`XUNHUAN_SAMPLES=FOLDER python -m tests.edge.telemetry_table`
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.telemetry.cleaning import clean
from edge.telemetry.opening import read_log
from edge.telemetry.track import UnusableTelemetry
from edge.telemetry.wording import drops

_START: Final = datetime(2026, 5, 1, tzinfo=UTC)
"""Start of a video, invented: subtitles count from it, and the samples come without one."""
FOLDERS: Final = (
    ("dji_srt", "*.[sS][rR][tT]"),
    ("ublox_ubx", "*.*"),
    ("gopro_gpmf", "*/*.raw"),
    ("gpx", "*.gpx"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one recording gives."""

    name: str
    format: str = ""
    records: int = 0
    fixes: int = 0
    headings: int = 0
    dropped: str = ""
    refused: str = ""


def rows(samples: Path) -> list[Row]:
    """Read every recording of the sample folder."""
    return [
        _row(path)
        for folder, pattern in FOLDERS
        for path in sorted((samples / "telemetry" / folder).glob(pattern))
    ]


def _row(path: Path) -> Row:
    try:
        kind, log, _ = read_log(path, starts_at=_START)
    except UnusableTelemetry as error:
        return Row(name=path.name, refused=error.en.partition("cannot be used: ")[2])
    cleaned = clean(log.fixes)
    return Row(
        name=path.name,
        format=kind.name,
        records=log.rows,
        fixes=len(cleaned.fixes),
        headings=sum(fix.yaw is not None for fix in cleaned.fixes),
        dropped="; ".join(f"{count} {en}" for (_, en), count in drops(log, cleaned)),
    )


def main() -> None:
    """Print the table."""
    print("| file | format | records | fixes | headings | dropped, or why refused |")
    print("|---|---|---|---|---|---|")
    for row in rows(Path(os.environ["XUNHUAN_SAMPLES"])):
        print(
            f"| {row.name} | {row.format} | {row.records} | {row.fixes} | {row.headings} "
            f"| {row.refused or row.dropped} |"
        )


if __name__ == "__main__":
    main()
