"""由巡查记录重算指标 · Count the figures of patrols again from the stretches of passes.

It goes with verify.py and recount.py. Python's standard library only. patrols.jsonl has a line for
each stretch: device, day, way, time, and the ground it saw for which classes, as cells of eight
bytes each in hexadecimal. Where that ground was erased in its time, covered.jsonl has it as it was
added up over a day, under nobody's name. suppressed.jsonl has a line for each sight that an
approval kept from becoming a case (核准不报): where, of which class, by which approval.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

Json = dict[str, Any]
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
AREAS = {"city": 0, "district": 6, "street": 9, "community": 12, "grid": 15}


class Window(Protocol):
    """The period, and until when what happened is known of it: `recount.Window`."""

    @property
    def start(self) -> datetime:
        """From when on."""

    @property
    def until(self) -> datetime:
        """Up to when."""


def group_of_stretch(by: str, stretch: Json) -> str | None:
    """Give the group that a stretch of a pass falls in; None where it is not told apart so."""
    if by in AREAS:
        return str(stretch["area"])[: AREAS[by]]
    return str(stretch[by]) if by in {"model", "platform", "device"} else None


def group_of_sight(by: str, sight: Json) -> str | None:
    """Give the group that a suppressed sight falls in; None where it is not told apart so."""
    if by in AREAS:
        return str(sight["area"])[: AREAS[by]]
    name = {"class": "label"}.get(by, by)
    told = {"label", "source", "model", "platform", "device"}
    return str(sight[name]) if name in told else None


class Patrols:
    """What passes did, by the lines of patrols.jsonl, and what approvals kept back of their sights.

    That these lines are what the devices' sweeps say cannot be shown here: it takes the grid's
    polygons, the models' cards and a library for the cells.
    """

    def __init__(self, stated: Json, window: Window, rank: Callable[[str, list[int]], int]) -> None:
        self._fleet: dict[str, str] = stated["fleet"]
        self._lands: dict[str, int] = stated["lands"]
        self._window = window
        self._rank = rank
        self._stretches: list[Json] = []
        self._seen: dict[tuple[str, str], dict[bytes, int]] = {}
        self._suppressed: list[Json] = []

    def take(self, of: str, line: Json) -> None:
        """Take in a line of one of the files that tell of patrols."""
        {"patrols": self.add, "covered": self.cover, "suppressed": self.suppress}[of](line)

    def add(self, line: Json) -> None:
        """Take in a stretch with the ground that it saw."""
        window = self._window
        if window.start <= datetime.fromisoformat(line["at"]) < window.until:
            self._stretches.append(line)
            for patch in line["patches"]:
                self._see(patch)

    def cover(self, line: Json) -> None:
        """Take in ground as it was added up over a day, where that of single stretches is gone."""
        until_us = (self._window.until - EPOCH) // timedelta(microseconds=1)
        packed, moments = bytes.fromhex(line["cells"]), bytes.fromhex(line["seen_us"])
        for label in line["labels"] if line["area"] in self._lands else ():
            ages = self._seen.setdefault((line["area"], label), {})
            for start in range(0, len(packed), 8):
                cell = packed[start : start + 8]
                seen_us = int.from_bytes(moments[start : start + 8], "little", signed=True)
                age = max(0, until_us - seen_us) // 1_000_000
                ages[cell] = min(ages.get(cell, 1 << 62), age)

    def suppress(self, line: Json) -> None:
        """Take in a sight that an approval kept from becoming a case."""
        window = self._window
        if window.start <= datetime.fromisoformat(line["at"]) < window.until:
            self._suppressed.append(line)

    def _see(self, patch: Json) -> None:
        passed = (self._window.until - datetime.fromisoformat(patch["seen_at"])).total_seconds()
        packed = bytes.fromhex(patch["cells"])
        for label in patch["labels"] if patch["area"] in self._lands else ():
            ages = self._seen.setdefault((patch["area"], label), {})
            for start in range(0, len(packed), 8):
                cell = packed[start : start + 8]
                ages[cell] = min(ages.get(cell, 1 << 62), max(0, int(passed)))

    def reckoned(self, by: str) -> dict[str, dict[str, int]]:
        """Give each amount in each group."""
        found: dict[str, dict[str, int]] = {}
        groups: dict[str, list[Json]] = {group: [] for group in self._registered(by)}
        for line in self._stretches:
            group = group_of_stretch(by, line)
            if group is not None:
                groups.setdefault(group, []).append(line)
        for group, lines in groups.items():
            found[group] = self._sums(lines, self._registered(by).get(group, set()))
        for group, amounts in self._ground(by).items():
            found.setdefault(group, {}).update(amounts)
        for group, amounts in self._kept_back(by).items():
            found.setdefault(group, {}).update(amounts)
        return found

    def _kept_back(self, by: str) -> dict[str, dict[str, int]]:
        groups: dict[str, list[Json]] = {}
        for line in self._suppressed:
            group = group_of_sight(by, line)
            if group is not None:
                groups.setdefault(group, []).append(line)
        return {
            group: {
                "sights": len({line["finding"] for line in lines}),
                "things": len({line["problem"] for line in lines}),
            }
            for group, lines in groups.items()
        }

    def _registered(self, by: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for device, platform in self._fleet.items():
            group = {"city": "", "device": device, "platform": platform or None}.get(by)
            if group is not None:
                found.setdefault(group, set()).add(device)
        return found

    def _sums(self, lines: list[Json], registered: set[str]) -> dict[str, int]:
        devices = registered | {line["device"] for line in lines}
        passed = self._window.until - self._window.start
        days = max(0, -(-passed // timedelta(days=1)))
        return {
            "passes": len({line["pass"] for line in lines}),
            "metres": sum(line["cm"] for line in lines) // 100,
            "seconds": sum(line["ms"] for line in lines) // 1000,
            "device_days": len({(line["device"], line["day"]) for line in lines}),
            "fleet_days": len(devices) * days,
            "classes": len({(line["pass"], one) for line in lines for one in line["labels"]}),
        }

    def _ground(self, by: str) -> dict[str, dict[str, int]]:
        labels = {label for _, label in self._seen}
        land: dict[str, int] = {}
        for area, cells in self._lands.items():
            if by in AREAS:
                group = area[: AREAS[by]]
                land[group] = land.get(group, 0) + cells * len(labels)
            elif by == "class":
                land.update((each, land.get(each, 0) + cells) for each in labels)
        ages: dict[str, list[int]] = {}
        for (area, label), seen in self._seen.items():
            group = area[: AREAS[by]] if by in AREAS else label
            ages.setdefault(group, []).extend(sorted(seen.values())[: self._lands[area]])
        return {
            group: {
                "seen": len(ages.get(group, [])),
                "land": number,
                "age": self._rank("age", ages.get(group, [])),
            }
            for group, number in land.items()
        }
