"""Tracks as CSV with named columns.

`time` (ISO 8601 with offset, or seconds since 1970), `latitude`, `longitude`; and where known
`height_hae_m`, `height_above_ground_m`, `yaw_deg`, `pitch_deg`, `roll_deg`, `sigma_m`.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge.telemetry.log import Log, Recorded
from edge.telemetry.track import Fix, UnusableTelemetry

_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "time": frozenset({"time", "timestamp", "utc", "datetime"}),
    "latitude": frozenset({"latitude", "lat"}),
    "longitude": frozenset({"longitude", "lon", "lng"}),
    "height_hae_m": frozenset({"height_hae_m"}),
    "height_above_ground_m": frozenset({"height_above_ground_m"}),
    "yaw_deg": frozenset({"yaw_deg", "heading_deg"}),
    "pitch_deg": frozenset({"pitch_deg"}),
    "roll_deg": frozenset({"roll_deg"}),
    "sigma_m": frozenset({"sigma_m"}),
}
_NEEDED: Final = ("time", "latitude", "longitude")


def is_csv(path: Path, head: bytes) -> bool:
    """Say whether a file is CSV whose first line names a place."""
    first = head.decode("utf-8-sig", "replace").partition("\n")[0].lower()
    return path.suffix.lower() in {".csv", ".txt"} and "," in first and "lat" in first


def read_csv(recorded: Recorded) -> Log:
    """Read a track.

    Raises:
        UnusableTelemetry: a needed column is missing, or a value is no number.
    """
    path = recorded.path
    try:
        rows = csv.DictReader(recorded.content.decode("utf-8-sig").splitlines())
        columns = _columns(path, rows.fieldnames or ())
        fixes = tuple(_fix(path, rows.line_num, row, columns) for row in rows)
    except (UnicodeDecodeError, csv.Error) as error:
        raise recorded.unusable(f"不是有效的 CSV：{error}", f"not CSV: {error}") from error
    used = f"用到的列：{'、'.join(columns)}", f"columns used: {', '.join(columns)}"
    return Log(rows=len(fixes), fixes=fixes, assumed=(used,))


def _columns(path: Path, header: Sequence[str]) -> Mapping[str, str]:
    columns: dict[str, str] = {}
    for name, spellings in _NAMES.items():
        for column in header:
            if column is not None and column.strip().lower() in spellings:
                columns[name] = column
                break
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise UnusableTelemetry(
            path, f"缺少列 {'、'.join(missing)}", f"columns are missing: {', '.join(missing)}"
        )
    return columns


def _fix(path: Path, line: int, row: Mapping[str, str], columns: Mapping[str, str]) -> Fix:
    def number(name: str) -> float | None:
        said = (row.get(columns.get(name, "")) or "").strip()
        if not said:
            return None
        value = float(said)
        if not math.isfinite(value):
            raise ValueError(said)
        return value

    def angle(name: str) -> float | None:
        value = number(name)
        return None if value is None else math.radians(value)

    try:
        latitude, longitude = number("latitude"), number("longitude")
        return Fix(
            at=_time((row.get(columns["time"]) or "").strip()),
            # A line without a place is counted with the impossible ones.
            latitude=0.0 if latitude is None else latitude,
            longitude=0.0 if longitude is None else longitude,
            height_hae_m=number("height_hae_m"),
            height_above_ground_m=number("height_above_ground_m"),
            yaw=angle("yaw_deg"),
            pitch=angle("pitch_deg"),
            roll=angle("roll_deg"),
            sigma_m=number("sigma_m"),
        )
    except (ValueError, OverflowError, OSError) as error:
        raise UnusableTelemetry(
            path, f"第 {line} 行有误：{error}", f"line {line}: {error}"
        ) from error


def _time(said: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(said), UTC)
    except ValueError:
        at = datetime.fromisoformat(said)
    if at.tzinfo is None:
        raise ValueError(f"{said}: a time names its offset, for example 2026-05-01T08:00:00Z")
    return at.astimezone(UTC)
