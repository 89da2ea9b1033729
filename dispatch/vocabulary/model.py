"""Models over the air: what the centre has for a device, and how the device's model stands."""

from typing import Annotated, Literal

from pydantic import Field

from dispatch.vocabulary.basis import Instant, Sentence, Sha256, ShortName, Wire, is_none
from dispatch.vocabulary.sight import ModelRef

MOST_PACKAGE_BYTES = 512 << 20
MOST_PIECE_BYTES = 4 << 20
"""A piece of a package, at most."""

Sequence = Annotated[int, Field(ge=1, le=1_000_000_000)]
RoleName = Literal["patrol", "privacy"]


class ModelOffer(Wire):
    """A signed package that a device shall run; only what is inside it is to be believed."""

    role: RoleName
    name: ShortName
    version: ShortName
    sequence: Sequence
    sha256: Sha256
    """Of the whole file."""
    size_bytes: Annotated[int, Field(ge=1, le=MOST_PACKAGE_BYTES)]


class ModelOffers(Wire):
    """What the centre has for a device now, one a role at most."""

    offers: Annotated[tuple[ModelOffer, ...], Field(max_length=8)] = ()


class ModelStage(Wire):
    """A model that came over the air and was given up or not taken, and why."""

    sequence: Sequence
    zh: Sentence
    en: Sentence


class ModelState(Wire):
    """How a device's model of one role stands.

    `model` names the file that really runs; `sequence` is None for the installed model.
    """

    role: RoleName
    model: ModelRef
    sequence: Annotated[Sequence | None, Field(exclude_if=is_none)] = None
    on_trial: bool = False
    expires: Annotated[Instant | None, Field(exclude_if=is_none)] = None
    given_up: Annotated[ModelStage | None, Field(exclude_if=is_none)] = None
    refused: Annotated[ModelStage | None, Field(exclude_if=is_none)] = None
