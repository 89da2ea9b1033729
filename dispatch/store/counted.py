"""What figures ask of facts: the columns of the indexes that they are counted from."""

from typing import Final

COUNTED: Final = (
    "kind",
    "ends_at",
    "known_from",
    "known_to",
    "at",
    "due_at",
    "done_at",
    "lapsed_at",
    "noted_at",
    "suspended",
    "exempt",
    "word",
    "source",
    "recurs",
    "area",
    "department",
    "label",
    "since",
    "reason",
    "pass_id",
    "worked_for",
)
"""All that is asked, so that an index alone answers."""
LONG: Final = "ends_at - known_from > 2678400000000"
"""What is open, or known to have been, for more than 31 days, in microseconds."""
