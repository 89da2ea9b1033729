"""The page of figures: what was measured last, by name, with its day.

A run that measures some figures renews their rows and leaves the others as they were, so that
figures which need a quiet machine, a peer environment or samples can be measured apart.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

_ROW: Final = re.compile(r"^\| `(?P<name>[a-z0-9_.]+)` \|.*\|$")
_HEADER: Final = (
    "| figure | value | unit | goal | met | measured | how |\n|---|---|---|---|---|---|---|"
)


def renew(page: Path, rows: Mapping[str, Mapping[str, object]], *, on: date) -> None:
    """Write the measured rows into a page; a figure that could not be measured keeps its row.

    Args:
        page: a Markdown file whose last part is the table.
        rows: by name `value`, `unit`, `goal`, `met` and `how`.
    """
    lines = page.read_text("utf-8").splitlines()
    known = {match["name"]: line for line in lines if (match := _ROW.match(line))}
    preface = [line for line in lines if not line.startswith("|")]
    known |= {name: _line(name, row, on) for name, row in rows.items() if row["value"] is not None}
    table = "\n".join(known[name] for name in sorted(known))
    page.write_text("\n".join(preface).rstrip() + f"\n\n{_HEADER}\n{table}\n", "utf-8")


def _line(name: str, row: Mapping[str, object], on: date) -> str:
    met = {True: "yes", False: "**no**"}.get(row["met"], "–")  # type: ignore[call-overload] # bool or None
    how = str(row["how"]).replace("|", "/")
    goal = row["goal"] or "–"
    return f"| `{name}` | {row['value']:g} | {row['unit']} | {goal} | {met} | {on} | {how} |"
