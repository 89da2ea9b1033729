"""The indicators, in the order in which they are shown."""

from typing import Final

from dispatch.indicators.counts import COUNTS
from dispatch.indicators.duties import DUTY_COUNTS
from dispatch.indicators.indicator import Key
from dispatch.indicators.patrols import PATROLS
from dispatch.indicators.rates import RATES

SECTIONS: Final = {"rates": RATES, "patrols": PATROLS, "counts": COUNTS, "duties": DUTY_COUNTS}
"""Under which heading each is shown."""
INDICATORS: Final = tuple(each for section in SECTIONS.values() for each in section)
"""Should: the deadline falls in the period and has come, or came before and the work was still open
when the period began; suspended work is left out until it resumes, unless it was overdue then.
What was given up stays in where a formula says so: giving up what is hard makes no rate better."""

REASONED: Final = frozenset(
    {
        Key.HELD,
        Key.HELD_ON,
        Key.VOIDED,
        Key.RETURNED,
        Key.WRITTEN_OFF,
        Key.GIVEN_UP,
        Key.CANNOT_TELL,
    }
)
"""Those that are told apart by reason too."""
