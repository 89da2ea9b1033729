"""Rows of what is no case: sights that were suppressed, stretches of passes, ground added up.

They are no steps, so no case's chain holds them: the ledger notes each version of each row, by its
seal, when it is kept. A seal covers the row's line in a bundle. Of ground it covers a hash alone,
so that the cells can be erased in their time.
"""

import hashlib
from datetime import UTC, datetime

from pydantic import JsonValue

from dispatch.case.audit import canonical_bytes
from dispatch.city.suppression import KnownSight
from dispatch.clocks.micros import micros
from dispatch.indicators.formula import PATROL
from dispatch.proof.ledger import EntryKind, Note
from dispatch.sights.covered import Covered
from dispatch.sights.stretch import Told, in_order

Line = dict[str, JsonValue]


def suppressed_line(known: KnownSight) -> Line:
    """Write a sight that an approval kept from becoming a case, and by which."""
    one = known.one
    return {
        "finding": one.finding,
        "at": _written(one.at),
        "known_from": _written(known.known_from),
        "seen_at": _written(one.seen_at),
        "problem": one.problem,
        "area": one.grid or "",
        "label": one.label,
        "source": PATROL,
        "model": one.model,
        "platform": one.platform,
        "device": one.device,
        "suppression": one.suppression,
        "approval": one.approval,
        "reason_zh": one.reason_zh,
        "reason_en": one.reason_en,
        "share": round(one.share, 4),
    }


def suppressed_note(known: KnownSight) -> Note:
    """Note what is known of a suppressed sight from a moment on."""
    return Note(
        kind=EntryKind.SUPPRESSED,
        subject=_subject(known.one.finding, known.one.at, known_from=known.known_from),
        seal=_seal(suppressed_line(known)),
    )


def dropped_note(finding: str, *, at: datetime) -> Note:
    """Note that a sight counts as suppressed no longer."""
    return Note(kind=EntryKind.SUPPRESSED, subject=_subject(finding, at, known_from=at))


def stretch_line(told: Told) -> Line:
    """Write a stretch of a pass with the ground that it saw."""
    cells = [patch.cells.hex() for patch in in_order(told.patches)]
    return _stretch(told, [{"cells": each} for each in cells])


def stretch_note(told: Told) -> Note:
    """Note what a sweep was told of, as it is known from a moment on."""
    stretch = told.stretch
    return Note(
        kind=EntryKind.STRETCH,
        subject=_subject(stretch.sweep, stretch.at, known_from=told.known_from),
        seal=_seal(_stretch(told, [{} for _ in told.patches])),
    )


def covered_line(ground: Covered) -> Line:
    """Write ground as it was added up: its cells, and the microsecond each was seen last."""
    return {
        "area": ground.area,
        "labels": list(ground.labels),
        "cells": ground.cells.astype("<i8").tobytes().hex(),
        "seen_us": ground.seen_us.astype("<i8").tobytes().hex(),
    }


def _stretch(told: Told, cells: list[Line]) -> Line:
    stretch = told.stretch
    patches: list[JsonValue] = [
        {
            "area": patch.area,
            "labels": list(patch.labels),
            "seen_at": _written(patch.seen_at),
            **of_patch,
        }
        for patch, of_patch in zip(in_order(told.patches), cells, strict=True)
    ]
    return {
        "sweep": stretch.sweep,
        "at": _written(stretch.at),
        "known_from": _written(told.known_from),
        "pass": stretch.pass_id,
        "device": stretch.device,
        "platform": stretch.platform,
        "model": stretch.model,
        "day": stretch.day,
        "area": stretch.area,
        "ms": stretch.lasted_ms,
        "cm": stretch.distance_cm,
        "labels": list(stretch.labels),
        "ground": stretch.ground,
        "patches": patches,
    }


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _subject(id_: str, came: datetime, *, known_from: datetime) -> str:
    return f"{id_}:{micros(came)}:{micros(known_from)}"


def _seal(line: Line) -> str:
    return hashlib.sha256(canonical_bytes(line)).hexdigest()
