"""The reader: a process that checks batches of messages, so that others are served meanwhile.

Checking each field of each message is most of what accepting a batch costs, and the interpreter
does one thing at a time. The reader is asked over its standard input and answers in order over its
standard output, each time after a length of four bytes. It keeps nothing, and ends with whoever
started it: its input then ends.
"""

import pickle
import struct
import sys
from typing import BinaryIO, Final

from pydantic import ValidationError

from api.doors.uploads import unpack
from api.errors import ApiError
from api.garbage import look_seldom
from api.schemas.devices import SoundBatch
from dispatch import wire
from dispatch.sights.head import Head, head_of

LENGTH: Final = struct.Struct(">I")

Glance = Head | bytes
"""The head of a finding, or another message whole, in its one byte form."""


def glanced(packed: bytes) -> bytes:
    """Check a batch and give what acceptance looks at first of each message, in their order.

    Args:
        packed: gzip of the JSON that holds the messages.

    Returns:
        Pickled glances; nothing where not all is sound, so that each is to be read by itself.
    """
    try:
        batch = SoundBatch.model_validate_json(unpack(packed, "gzip"))
    except (ValidationError, ApiError):
        return b""
    glances: list[Glance] = [
        head_of(each) if isinstance(each, wire.Finding) else wire.canonical_bytes(each)
        for each in batch.messages
    ]
    return pickle.dumps(glances, protocol=pickle.HIGHEST_PROTOCOL)


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nothing more is asked."""
    while len(head := asked.read(LENGTH.size)) == LENGTH.size:
        answer = glanced(asked.read(LENGTH.unpack(head)[0]))
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


if __name__ == "__main__":
    look_seldom()
    serve(sys.stdin.buffer, sys.stdout.buffer)
