"""One decision on many cases, and what became of each."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.schemas.base import Shape, Words
from api.schemas.choices import ChoiceOut, OptionOut
from dispatch.case.transition import Action, Status

MOST_AT_ONCE = 200


class SeenCase(Shape):
    """A case at the version that the person saw."""

    id: str
    version: Annotated[int, Field(ge=0)]


class GradedClass(Shape):
    """A class whose cases have levels of severity."""

    label: str
    words: Words
    levels: list[OptionOut]


class BatchChoice(ChoiceOut):
    """Something that may be decided on many cases at once."""

    graded: list[GradedClass]
    """The classes of which it may be said how grave their cases are."""


class BatchOrder(Shape):
    """One decision with one reason for every case of a list."""

    action: Action
    cases: Annotated[list[SeenCase], Field(min_length=1, max_length=MOST_AT_ONCE)]
    id: UUID | None = None
    """What the sender calls it: the same one again does what was left and answers for all."""
    note: Annotated[str, Field(max_length=2000)] = ""
    code: Annotated[str, Field(max_length=16)] = ""
    """The reason, where the city has codes for the action."""
    department: str = ""
    """Who shall handle them, for a dispatch."""
    severities: dict[
        Annotated[str, Field(max_length=64)], Annotated[str, Field(min_length=1, max_length=32)]
    ] = Field(default_factory=dict)
    """How grave the cases of a class are, by its label; others stay as they were graded."""


class RefusedOut(Shape):
    """Why a case was not decided; nothing of it was changed."""

    code: str
    words: Words


class BatchLine(Shape):
    """What became of one case: `refused` is null where it was done."""

    id: str
    number: str | None
    status: Status | None
    status_words: Words | None
    refused: RefusedOut | None


class BatchOut(Shape):
    """What became of each case, in the order of the list."""

    done: int
    refused: int
    cases: list[BatchLine]
