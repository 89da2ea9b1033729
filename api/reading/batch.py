"""A batch of messages as it came, and what is understood of it."""

import gzip
import json
import pickle
from dataclasses import dataclass
from functools import partial
from typing import Final

from pydantic import ValidationError

from api.doors.uploads import unpack
from api.errors import ApiError
from api.reading.reader import Glance
from api.schemas.devices import Batch, SoundBatch
from dispatch import wire
from dispatch.sights.head import Head
from dispatch.sights.reading import Read, read, read_head, read_sound

_PACKED_ANEW: Final = 1


class MalformedBatch(ApiError):
    """The body is not a batch of messages."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"消息批次格式不对：{fault}", f"this is not a batch of messages: {fault}")


@dataclass(frozen=True, slots=True)
class Understood:
    """What is understood of a batch.

    Args:
        packed: gzip of the JSON that holds the messages.
    """

    messages: list[Read]
    packed: bytes


def read_on_the_spot(body: bytes, packing: str | None, *, device: str) -> Understood:
    """Read a batch as a whole where every message is sound, and else each by itself.

    Raises:
        BodyTooLarge, BrokenPacking: the body cannot be unpacked.
        MalformedBatch: it is not a batch.
    """
    raw = unpack(body, packing)
    packed = gzip.compress(raw, _PACKED_ANEW) if raw is body else body
    return Understood(_messages(raw, device=device), packed)


def _messages(raw: bytes, *, device: str) -> list[Read]:
    try:
        sound = SoundBatch.model_validate_json(raw)
        return [read_sound(each, device=device) for each in sound.messages]
    except ValidationError:
        pass
    try:
        batch = Batch.model_validate_json(raw)
    except ValidationError as error:
        raise MalformedBatch(error.errors()[0]["msg"]) from error
    return [read(each, device=device) for each in batch.messages]


def read_by_glances(packed: bytes, said: bytes, *, device: str) -> Understood:
    """Take what the reader said of a batch.

    Args:
        said: its answer; see `api.reading.reader.glanced`.
    """
    glances: list[Glance] = pickle.loads(said)  # noqa: S301 - of our own process
    messages = [
        read_head(each, device=device, finding=partial(_finding, packed, place))
        if isinstance(each, Head)
        else read_sound(wire.MESSAGE.validate_json(each), device=device)
        for place, each in enumerate(glances)
    ]
    return Understood(messages, packed)


def _finding(packed: bytes, place: int) -> wire.Finding:
    """Read a finding whole, which is asked for only where its id is known already."""
    return wire.Finding.model_validate(json.loads(gzip.decompress(packed))["messages"][place])
