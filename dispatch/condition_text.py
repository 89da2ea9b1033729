"""Measured filing conditions as a city writes them: `area_m2>=2 | length_m>=1 & width_m>=0.003`."""

import re
from typing import Final

from dispatch.wire import Quantity

_TERM: Final = re.compile(r"([a-z_0-9]+)\s*>=\s*([0-9]+(?:\.[0-9]+)?)")


def conditions_of(written: str) -> tuple[tuple[tuple[Quantity, float], ...], ...]:
    """Read conditions such as `area_m2>=2 | length_m>=1 & width_m>=0.003`.

    Raises:
        ValueError: it says something else.
    """
    return tuple(
        tuple(_term(term) for term in alternative.split("&"))
        for alternative in written.split("|")
        if written.strip()
    )


def _term(written: str) -> tuple[Quantity, float]:
    found = _TERM.fullmatch(written.strip())
    if found is None or found[1] not in set(Quantity) or float(found[2]) <= 0.0:
        names = ", ".join(Quantity)
        raise ValueError(
            f"{written.strip() or written!r} is no condition, write for example "
            f"length_m>=1 & width_m>=0.003; sizes are {names}"
        )
    return Quantity(found[1]), float(found[2])
