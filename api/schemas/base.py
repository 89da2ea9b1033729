"""What every shape shares: frozen, no unknown fields, no defaults in answers."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A request or an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Shape):
    """A sentence in both languages."""

    zh: str
    en: str
