"""Write what a drive told into the text of a camera file, leaving the rest as it stands."""

import math
import re
from collections.abc import Mapping

from edge.calibrate.boresight import Boresight, Told


def mounting_values(found: Boresight) -> dict[str, dict[str, float]]:
    """Give the values of a camera file that a drive tells, by table and key, in degrees."""
    angles: dict[str, Told | None] = {"yaw": found.yaw, "pitch": found.pitch, "roll": found.roll}
    told = {name: angle for name, angle in angles.items() if angle is not None}
    return {
        "mounting": {
            f"{name}_deg": round(math.degrees(angle.value), 2) for name, angle in told.items()
        },
        # Never below what is printed.
        "errors": {
            f"{name}_deg": max(round(math.degrees(angle.error), 2), 0.01)
            for name, angle in told.items()
        },
    }


def as_lines(values: Mapping[str, Mapping[str, float]]) -> str:
    """Give tables as they stand in a camera file."""
    lines: list[str] = []
    for table, keys in values.items():
        lines += [f"[{table}]", *(f"{key} = {value}" for key, value in keys.items())]
    return "\n".join(lines)


def with_values(text: str, values: Mapping[str, Mapping[str, float]]) -> str:
    """Set keys in the text of a camera file; comments and other keys stay."""
    lines = text.splitlines()
    for table, keys in values.items():
        first, last = _table(lines, table)
        if first is None:
            lines += [f"[{table}]", *(f"{key} = {value}" for key, value in keys.items())]
            continue
        body = [line for line in lines[first:last] if _key(line) not in keys]
        lines[first:last] = [f"{key} = {value}" for key, value in keys.items()] + body
    return "\n".join(lines) + "\n"


def _table(lines: list[str], table: str) -> tuple[int | None, int]:
    """Give the lines after a table's header: the first, and the one past its last."""
    first = None
    for number, line in enumerate(lines):
        header = re.match(r"\s*\[\s*([\w.\-]+)\s*\]", line)
        if header and first is not None:
            return first, number
        if header and header[1] == table:
            first = number + 1
    return first, len(lines)


def _key(line: str) -> str:
    return line.split("=", maxsplit=1)[0].strip()
