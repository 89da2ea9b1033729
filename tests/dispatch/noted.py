"""Rows of a store, held against its ledger by the program that goes with a bundle."""

import json
from collections.abc import Mapping
from typing import Any

from dispatch.clocks.period import Window
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.proof import verify
from dispatch.proof.lines import entry_line
from dispatch.proof.rows import stretch_line, suppressed_line
from dispatch.proof.verify_kept import Kept

Lines = list[dict[str, Any]]


def lines_of(uow: UnitOfWork, window: Window) -> dict[str, Lines]:
    """Give the rows of a period as a bundle would hold them."""
    return {
        "suppressed": read_back(map(suppressed_line, uow.suppressed.told(window))),
        "patrols": read_back(map(stretch_line, uow.stretches.told(window))),
    }


def held(uow: UnitOfWork, window: Window, rows: Mapping[str, Lines]) -> list[verify.Trouble]:
    """Hold rows against the ledger, and give what is wrong."""
    kept = Kept(window, verify.seal_of_record)
    for entry in read_back(map(entry_line, uow.ledger.entries())):
        assert kept.entry(entry) or entry["kind"] == "step"
    troubles = [
        trouble
        for file, lines in rows.items()
        for place, line in enumerate(lines, start=1)
        for trouble in kept.row(file, place, line)
    ]
    return [*troubles, *kept.rows_end()]


def read_back(lines: Any) -> Lines:
    """Give lines as they are read from a file."""
    return [json.loads(json.dumps(line)) for line in lines]
