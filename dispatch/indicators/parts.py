"""What formulas are put together from."""

from dispatch.indicators.formula import Amount, Kind, Part, Test


def of_kind(kind: Kind, *tests: Test, word: str = "", amount: Amount = Amount.FACTS) -> Part:
    """Take all facts of a kind that meet the tests."""
    return Part(kind=kind, tests=tests, word=word, amount=amount)


def new(kind: Kind, *tests: Test, word: str = "", amount: Amount = Amount.FACTS) -> Part:
    """Take those of a moment of the period."""
    return of_kind(kind, Test.IN_PERIOD, *tests, word=word, amount=amount)


def reported(*tests: Test) -> Part:
    """Take the reports of the period that are of something not yet known."""
    return new(Kind.REPORT, Test.OWN, *tests)


def step(action: str) -> Part:
    """Take the steps of an action in the period."""
    return new(Kind.STEP, word=action)


def due(kind: Kind, *tests: Test) -> Part:
    """Take what should have been done in the period."""
    return of_kind(kind, Test.DUE, *tests)


def owed(kind: Kind, *tests: Test) -> Part:
    """Take the same, with what was given up before its deadline."""
    return of_kind(kind, Test.OWED, *tests)
