"""Measure the project's figures: `python -m tests.benchmarks [--only NAME ...] [--page FILE]`."""

import argparse
import importlib
import json
import pkgutil
import sys
import time
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from tests.benchmarks.figure import FIGURES, Benchmark, CannotRun
from tests.benchmarks.page import renew

Row = dict[str, object]


def main(arguments: list[str]) -> int:
    """Measure what is asked for, print it, and write it if asked; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--page", type=Path, metavar="FILE", help="renew their rows in a page")
    parser.add_argument("--only", action="append", metavar="NAME", help="may repeat; * matches")
    parser.add_argument("--list", action="store_true", help="name the figures, measure nothing")
    asked = parser.parse_args(arguments)
    rows = _missing_modules()
    chosen = _chosen(asked.only)
    if not chosen:
        parser.error(f"no such figure; there are: {', '.join(sorted(FIGURES))}")
    if asked.list:
        sys.stdout.writelines(f"{name}\n" for name in chosen)
        return 0
    if asked.only:
        rows = {}
    console = Console(stderr=True)
    for name in chosen:
        with console.status(f"{name} …"):
            rows[name] = _row(FIGURES[name])
    _print(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if asked.page:
        renew(asked.page, rows, on=datetime.now(UTC).date())
    return int(any(row["met"] is False for row in rows.values()))


def _missing_modules() -> dict[str, Row]:
    """Import every module here; give a row for each that lacks something to be imported."""
    missing: dict[str, Row] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith(("_", "test_")):
            continue
        try:
            importlib.import_module(f"tests.benchmarks.{module.name}")
        except ModuleNotFoundError as error:
            row: Row = {"value": None, "unit": "", "goal": "", "met": None, "how": str(error)}
            missing[f"{module.name}.*"] = row
    return missing


def _chosen(only: list[str] | None) -> list[str]:
    names = sorted(FIGURES)
    if not only:
        return names
    return [name for name in names if any(fnmatchcase(name, wanted) for wanted in only)]


def _row(figure: Benchmark) -> Row:
    row: Row = {"value": None, "unit": figure.unit, "goal": figure.goal, "met": None, "how": ""}
    start = time.perf_counter()
    try:
        measured = figure.measure()
    except CannotRun as reason:
        return row | {"how": f"not measured: {reason}"}
    spent = time.perf_counter() - start
    return row | {
        "value": float(f"{measured.value:.4g}"),
        "met": figure.met(measured.value),
        "how": f"{measured.how} ({spent:.0f} s)",
    }


def _print(rows: dict[str, Row]) -> None:
    table = Table(Column("figure", no_wrap=True), "value", "unit", "goal", "met", "how")
    for name, row in rows.items():
        met = {True: "yes", False: "[red]no[/red]", None: "–"}[row["met"]]  # type: ignore[index] # bool or None
        value = "–" if row["value"] is None else f"{row['value']:g}"
        table.add_row(name, value, str(row["unit"]), str(row["goal"]), met, str(row["how"]))
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
