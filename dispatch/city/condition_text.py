"""Measured filing conditions as a city writes them: `area_m2>=2 | length_m>=1 & width_m>=0.003`."""

import re
from typing import Final

from dispatch.files.fault_words import Misstated
from dispatch.wire import Quantity

Conditions = tuple[tuple[tuple[Quantity, float], ...], ...]
"""Alternatives, each of sizes that must all be reached."""
_LEVEL: Final = re.compile(r"[a-z][a-z0-9_]*")
_TERM: Final = re.compile(r"([a-z_0-9]+)\s*>=\s*([0-9]+(?:\.[0-9]+)?)")


def conditions_of(written: str) -> Conditions:
    """Read conditions such as `area_m2>=2 | length_m>=1 & width_m>=0.003`.

    Raises:
        Misstated: it says something else.
    """
    return tuple(
        tuple(_term(term) for term in alternative.split("&"))
        for alternative in written.split("|")
        if written.strip()
    )


def levels_of(written: str) -> tuple[tuple[str, Conditions], ...]:
    """Read levels of severity such as `general; serious: area_m2>=1; urgent: area_m2>=2`.

    The first is what holds where no other does; one without sizes is a person's to say.

    Raises:
        Misstated: it says something else.
    """
    if not written.strip():
        return ()
    levels = tuple(_level(each) for each in written.split(";"))
    if len(levels) < 2 or levels[0][1]:
        example = "general; serious: area_m2>=1"
        raise Misstated(
            f"严重程度至少两级，第一级不带条件，例如 {example}",
            f"two levels at least, the first without a condition, for example {example}",
        )
    return levels


def _level(written: str) -> tuple[str, Conditions]:
    name, colon, condition = (each.strip() for each in written.partition(":"))
    if _LEVEL.fullmatch(name) is None or (colon and not condition):
        example = "serious: area_m2>=1 | depth_m>=0.1"
        raise Misstated(
            f"{written.strip() or '(空)'} 不是一级严重程度，请写成 {example} 这样",
            f"{written.strip() or '(empty)'} is no level, write for example {example}",
        )
    return name, conditions_of(condition)


def _term(written: str) -> tuple[Quantity, float]:
    found = _TERM.fullmatch(written.strip())
    if found is None or found[1] not in set(Quantity) or float(found[2]) <= 0.0:
        names = ", ".join(Quantity)
        said, example = written.strip() or repr(written), "length_m>=1 & width_m>=0.003"
        raise Misstated(
            f"{said} 不是条件，请写成 {example} 这样；尺寸有 {names}",
            f"{said} is no condition, write for example {example}; sizes are {names}",
        )
    return Quantity(found[1]), float(found[2])
