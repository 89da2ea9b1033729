"""What a reader may do with a case now, and what has to be said with it."""

from enum import StrEnum

from api.schemas.base import Shape, Words
from dispatch.case.transition import Action


class Need(StrEnum):
    """What a decision takes beside a note."""

    DEPARTMENT = "department"
    UNTIL = "until"
    RESULT = "result"
    PHOTO = "photo"
    PHOTO_OF_NOW = "photo_of_now"
    """How it is now, before the case is taken up again."""
    ANY_PHOTO_OF_NOW = "any_photo_of_now"
    """The same, where there is one."""
    CODE = "code"
    SEVERITY = "severity"
    INTO = "into"
    """The case that goes on in its place."""
    CORRECTION = "correction"
    """The right class of the options, or the right place."""


class OptionOut(Shape):
    """One thing to choose, by its id."""

    id: str
    words: Words


class ChoiceOut(Shape):
    """Something the reader may do now, and what has to be said with it."""

    action: Action
    words: Words
    reason: bool
    needs: Need | None
    options: list[OptionOut]
    chosen: str | None
    """The option that holds unless another is chosen."""
