"""History that proves itself: canonical bytes of a record, and the hash that seals it.

A seal covers the seal before it, so that a flipped bit, a dropped or a moved record is found and
located. This file knows no case: it seals any JSON-able record.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from pydantic import JsonValue

from dispatch.errors import DispatchError

FIRST: Final = "0" * 64
"""What the first record of a chain takes as the seal before it."""


class BrokenChain(DispatchError):
    """A record does not carry the seal that its content and its predecessor give."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"第 {number} 条记录与其校验值不符：自该条起历史被改动过，请用备份核对",
            f"record {number} does not match its seal: the history was altered from there on, "
            "compare it with a backup",
        )
        self.number = number


def canonical_bytes(record: Mapping[str, JsonValue]) -> bytes:
    """Give the one byte form of a record: sorted keys, no spaces, UTF-8, no NaN.

    Raises:
        ValueError: the record holds a number that is not finite.
    """
    return json.dumps(
        record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def seal(previous: str, record: Mapping[str, JsonValue]) -> str:
    """Give the SHA-256 over the seal before and the record's canonical bytes, in hex."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical_bytes(record)).hexdigest()


def verify_chain(chain: Iterable[tuple[Mapping[str, JsonValue], str]]) -> str:
    """Check (record, seal) pairs in order and give the last seal.

    Raises:
        BrokenChain: at the first record whose seal does not follow.
    """
    previous = FIRST
    for number, (record, stated) in enumerate(chain, start=1):
        if seal(previous, record) != stated:
            raise BrokenChain(number)
        previous = stated
    return previous
