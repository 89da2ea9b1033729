"""What the crew's page may send: small JSON bodies, each checked."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dispatch.wire import MessageId
from edge.crew.order import Order


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(_Body):
    """The number that lets a browser in."""

    number: Annotated[str, Field(pattern=r"^\d{8}$")]


class OrderGiven(_Body):
    """An order of the crew."""

    order: Order


class VerdictGiven(_Body):
    """The crew's word on a find."""

    finding: MessageId
    true: bool


class Nothing(_Body):
    """A request that says nothing more."""
