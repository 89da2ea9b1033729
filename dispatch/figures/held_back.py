"""Held back (留存): for what triage neither filed a find nor had a person asked about it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dispatch.case.step import Grounds
from dispatch.indicators.formula import HELD


class HeldFor(StrEnum):
    """Why a find was held back; the values are counted and shown."""

    UNLIKELY = "unlikely"
    """Its chance of being true is below what the city asks about."""
    SMALL = "small"
    """Its measured size falls short of filing."""

    @property
    def words(self) -> tuple[str, str]:
        """Say it, Chinese and English."""
        return _WORDS[self]


_WORDS: Final = {
    HeldFor.UNLIKELY: ("把握低于询问下限", "less likely than what is asked about"),
    HeldFor.SMALL: ("测得尺寸未达[立案]标准", "its measured size falls short of [filing]"),
}


def course_of(grounds: Grounds) -> str:
    """Give what triage said by a report's grounds: file, ask or hold; empty if it said nothing."""
    said = grounds.get("triage")
    return str(said.get("course") or "") if isinstance(said, Mapping) else ""


def held_for(grounds: Grounds) -> str:
    """Give for what triage held a find back, by what its report says; empty if it did not."""
    said = grounds.get("triage")
    if not isinstance(said, Mapping) or said.get("course") != HELD:
        return ""
    chance, ask = said.get("chance"), said.get("ask")
    if isinstance(chance, int | float) and isinstance(ask, int | float) and chance >= ask:
        return HeldFor.SMALL.value
    return HeldFor.UNLIKELY.value
