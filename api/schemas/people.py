"""Signing in, and who somebody is."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import Shape
from dispatch.people.people import Role


class Credentials(Shape):
    """A name and a password."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class TelephonesOut(Shape):
    """Whom people call, as the city writes the numbers; an extension stands after a comma."""

    centre: str | None
    dispatcher: str | None


class Me(Shape):
    """Who is signed in, and the time zone of the city, as `Asia/Shanghai`."""

    id: str
    name: str
    roles: list[Role]
    department: str | None
    area: str
    zone: str
    telephones: TelephonesOut
