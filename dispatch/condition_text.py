"""Measured filing conditions as a city writes them: `area_m2>=2 | length_m>=1 & width_m>=0.003`."""

import re
from typing import Final

from dispatch.fault_words import Misstated
from dispatch.wire import Quantity

_TERM: Final = re.compile(r"([a-z_0-9]+)\s*>=\s*([0-9]+(?:\.[0-9]+)?)")


def conditions_of(written: str) -> tuple[tuple[tuple[Quantity, float], ...], ...]:
    """Read conditions such as `area_m2>=2 | length_m>=1 & width_m>=0.003`.

    Raises:
        Misstated: it says something else.
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
        said, example = written.strip() or repr(written), "length_m>=1 & width_m>=0.003"
        raise Misstated(
            f"{said} 不是条件，请写成 {example} 这样；尺寸有 {names}",
            f"{said} is no condition, write for example {example}; sizes are {names}",
        )
    return Quantity(found[1]), float(found[2])
