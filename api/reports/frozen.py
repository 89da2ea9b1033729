"""Frozen periods: a month's figures kept with the head of the ledger that they rest on."""

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from api.centre.wiring import Centre
from api.errors import ApiError
from api.periods import month
from dispatch.clocks.period import Period
from dispatch.figures.evaluation import figures, parts_of
from dispatch.indicators.formula import Grouping
from dispatch.ports.unit_of_work import FactFilter
from dispatch.proof.ledger import START, EntryKind, Note

FOLDER: Final = "periods"
"""Where they lie in the data folder, one file a month."""
GROUPINGS: Final = tuple(each for each in Grouping if each is not Grouping.PERSON)
"""What is kept; single people are not named in what is handed out."""
Kept = dict[str, dict[str, dict[str, list[int]]]]
"""By grouping, group and indicator: numerator and denominator."""


class PeriodNotOver(ApiError):
    """Figures of a month that goes on still change."""

    def __init__(self, text: str, end: datetime) -> None:
        super().__init__(
            f"{text} 还没有结束，请在 {end:%Y-%m-%d} 之后冻结",
            f"{text} is not over: freeze it after {end:%Y-%m-%d}",
        )


class FrozenDiffers(ApiError):
    """A month counted again does not give the figures that were frozen."""

    def __init__(self, text: str, differences: list[str]) -> None:
        shown = "; ".join(differences[:5])
        more = len(differences) - 5
        zh = f"，另有 {more} 处" if more > 0 else ""
        en = f", and {more} more" if more > 0 else ""
        super().__init__(
            f"{text} 重新统计与冻结值不一致（分组 指标 冻结值 → 现值）：{shown}{zh}。"
            "请用 xunhuan audit verify 核验历史，并核对该月后口径是否改过",
            f"{text} counted again differs from what was frozen (group indicator frozen -> now): "
            f"{shown}{en}. Check the histories with `xunhuan audit verify`, and whether the "
            "profile's denominators were changed",
        )
        self.differences = differences


class FrozenSwapped(ApiError):
    """The file of a frozen month is not the one that was frozen."""

    def __init__(self, file: Path) -> None:
        super().__init__(
            f"{file} 缺失或已不是当初冻结的文件（与总账所载不符），请从备份恢复该文件",
            f"{file} is gone or not the one that was frozen, as the ledger shows: put it back from "
            "a backup",
        )


def freeze(text: str, *, centre: Centre) -> Path:
    """Keep a month's figures, or count a kept month again; a kept file is never written again.

    The ledger takes in the hash of the file, so that no other can stand in its place.

    Raises:
        NotAMonth: the month is written in another way than 2026-11.
        PeriodNotOver: it goes on.
        FrozenSwapped: it was frozen, and its file is another now or gone.
        FrozenDiffers: it was frozen, and now gives other figures.
    """
    period = month(text, centre=centre)
    if centre.now() < period.end:
        raise PeriodNotOver(text, period.end)
    with centre.read() as uow:
        sealed = uow.ledger.frozen(text)
    file = _file(text, centre) if sealed is None else _sealed(text, sealed, centre)
    counted, ledger = _count(period, centre)
    if file.exists():
        kept: Kept = json.loads(file.read_text(encoding="utf-8"))["figures"]
        differences = list(_differences(kept, counted))
        if differences:
            raise FrozenDiffers(text, differences)
    else:
        _write(file, _body(text, period, counted, ledger, centre))
    if sealed is None:
        _enter(text, file, centre)
    return file


def frozen_ledger(text: str, *, centre: Centre) -> tuple[int, str] | None:
    """Give how the ledger ended when a month was frozen; None for what is not frozen.

    Raises:
        FrozenSwapped: its file is another now or gone.
    """
    with centre.read() as uow:
        sealed = uow.ledger.frozen(text)
    if sealed is None:
        return None
    file = _sealed(text, sealed, centre)
    ledger = json.loads(file.read_text(encoding="utf-8"))["ledger"]
    return int(ledger["number"]), str(ledger["head"])


def frozen_months(centre: Centre) -> dict[str, bytes]:
    """Give the files of all frozen months."""
    files = sorted(_folder(centre).glob("*.json"))
    return {file.stem: file.read_bytes() for file in files}


def _folder(centre: Centre) -> Path:
    return centre.settings.data_dir / FOLDER


def _file(text: str, centre: Centre) -> Path:
    return _folder(centre) / f"{text}.json"


def _sealed(text: str, sealed: str, centre: Centre) -> Path:
    file = _file(text, centre)
    if not file.exists() or _hash(file) != sealed:
        raise FrozenSwapped(file)
    return file


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _enter(text: str, file: Path, centre: Centre) -> None:
    with centre.begin() as uow:
        uow.ledger.note(Note(kind=EntryKind.FROZEN, subject=text, seal=_hash(file)))
        uow.commit()


def _body(
    text: str, period: Period, counted: Kept, ledger: dict[str, JsonValue], centre: Centre
) -> str:
    body = {
        "period": text,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "frozen_at": centre.now().isoformat(),
        "ledger": ledger,
        "indicators": centre.profile.indicators.model_dump(mode="json"),
        "figures": counted,
    }
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _count(period: Period, centre: Centre) -> tuple[Kept, dict[str, JsonValue]]:
    policy = centre.profile.indicators
    window, parts = period.known_at(period.end), parts_of(policy)
    kept: Kept = {}
    with centre.read() as uow:
        for by in GROUPINGS:
            counted = uow.facts.count(parts, window, FactFilter(by=by))
            kept[by.value] = {
                group: {
                    each.indicator.key.value: [each.numerator, each.denominator]
                    for each in figures(counts, policy=policy, by=by)
                }
                for group, counts in counted.items()
            }
        last = uow.ledger.last()
    return kept, {"number": last.number if last else 0, "head": last.head if last else START}


def _differences(kept: Kept, now: Kept) -> Iterator[str]:
    """Name each figure that is not what it was; of indicators that there were when it was kept."""
    known = {key for groups in kept.values() for found in groups.values() for key in found}
    before, after = dict(_flat(kept)), dict(_flat(now, known))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name, [0, 0]) != after.get(name, [0, 0]):
            yield f"{name} {_told(before.get(name))} → {_told(after.get(name))}"


def _flat(kept: Kept, only: Collection[str] = ()) -> Iterator[tuple[str, list[int]]]:
    for by, groups in kept.items():
        for group, found in groups.items():
            for key, value in found.items():
                if not only or key in only:
                    yield f"{by}{'=' if group else ''}{group} {key}", value


def _told(value: list[int] | None) -> str:
    return "/".join(map(str, value or [0, 0]))


def _write(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
