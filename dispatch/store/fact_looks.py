"""Which facts a period may concern, so that a past month is found without what came after it.

Facts lie in the order in which they end. What happened is over at once; what lasts, as a duty
does, ends later, most of it soon. So what may be open in a period is looked for twice: among all
that ends up to some time after it, and among the few that last long.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, literal_column

from dispatch.clocks.period import Window
from dispatch.indicators.formula import LASTING, Kind, Test
from dispatch.store.counted import LONG
from dispatch.store.tables import FACTS

Look = tuple[ColumnElement[bool], ...]
_F: Final = FACTS.c
_LONG: Final = timedelta(days=31)
# As it is written in the index that is to be used.
_IS_LONG: Final[ColumnElement[bool]] = literal_column(LONG)


def looks(kind: Kind, tests: Collection[Test], window: Window) -> tuple[Look, ...]:
    """Give the conditions by which facts of a kind are found, each once.

    Args:
        tests: what is asked of all of them.
    """
    if kind not in LASTING:
        return ((_F.ends_at < window.until,) if Test.IN_PERIOD in tests else (),)
    # What ends later and does not last that long was not known at the period's end.
    soon = window.until + _LONG
    return ((_F.ends_at < soon,), (_F.ends_at >= soon, _IS_LONG))
