"""One word of the centre to its devices: asked for and read; none is told apart from away."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from edge.delivery.away import CentreAway
from edge.delivery.centre import Centre
from edge.delivery.exchange import CentreRefuses

Word = TypeVar("Word", bound=BaseModel)


def word_of(centre: Centre, path: str, form: type[Word]) -> Word | None:
    """Get a word of the centre; None from one that is too old to have it.

    Raises:
        CentreAway: it cannot be reached, or what it says is not understood.
        CentreRefuses: it does not accept this device.
    """
    try:
        return form.model_validate_json(centre.send("GET", path).content)
    except CentreRefuses as error:
        if error.status != 404:
            raise
        return None
    except ValidationError as error:
        raise CentreAway(f"{path} was not understood: upgrade xunhuan-edge") from error
