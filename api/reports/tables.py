"""By what a report's tables tell figures apart, as its reader chooses."""

from enum import StrEnum
from typing import Final

from dispatch.indicators.formula import Grouping


class TableBy(StrEnum):
    """A table of a report, in the order in which they stand in it."""

    DISTRICT = Grouping.DISTRICT.value
    STREET = Grouping.STREET.value
    COMMUNITY = Grouping.COMMUNITY.value
    GRID = Grouping.GRID.value
    DEPARTMENT = Grouping.DEPARTMENT.value
    LABEL = Grouping.LABEL.value


USUAL: Final = (TableBy.STREET, TableBy.DEPARTMENT, TableBy.LABEL)


def groupings_of(chosen: tuple[TableBy, ...]) -> tuple[Grouping, ...]:
    """Give what figures are told apart by: what is chosen, and always the model that found them."""
    return (*(Grouping(each.value) for each in TableBy if each in chosen), Grouping.MODEL)
