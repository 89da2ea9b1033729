"""How many sound drives the self-check would hold: `python -m tests.edge.false_holds FIRST COUNT`.

Each seed is a rendered street whose first pass is driven with the errors it states; none of them
should be held. Prints one line a seed and the sum.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from edge.geocheck.checking import check_footage
from edge.geocheck.verdict import Outcome
from edge.opening import open_footage
from edge.sources.street.schedule import FIRST_DRIVE
from edge.sources.street.writing import write_street


def outcome_of(seed: int, folder: Path) -> Outcome:
    """Check the first pass over a street."""
    write_street(seed, folder, first_drive=FIRST_DRIVE)
    first = min(folder.glob("*.street.json"))
    footage = open_footage(
        first, telemetry=None, camera=None, starts_at=None, explain=lambda _zh, _en: None
    )
    verdict = check_footage(footage)
    print(f"{seed} {verdict.en}", flush=True)
    return verdict.outcome


def main(first: int, count: int) -> None:
    """Check so many streets from a seed on."""
    outcomes: Counter[Outcome] = Counter()
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            outcomes[outcome_of(seed, Path(folder))] += 1
    print(", ".join(f"{number} {outcome.value}" for outcome, number in outcomes.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
