"""What cannot wait: classes by which somebody may get hurt, as the city has them."""

from typing import Annotated, Literal

from pydantic import Field

from dispatch.vocabulary.basis import WIRE_VERSION, Label, Wire


class Hazards(Wire):
    """Classes that a device tells as soon as they are evidence, and sends before all others (险情).

    A city may have none.
    """

    v: Literal[1] = WIRE_VERSION
    labels: Annotated[tuple[Label, ...], Field(max_length=1000)]
