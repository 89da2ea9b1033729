"""What the centre signs of an answer, so that a device knows it for the centre's own."""

import base64
import hashlib
from typing import Final

ANSWER_CREATED: Final = "X-Xunhuan-Answer-Created"
ANSWER_SIGNATURE: Final = "X-Xunhuan-Answer-Signature"


def answer_base(*, status: int, body: bytes, nonce: str, created: int) -> bytes:
    """Give the bytes that the centre signs (Ed25519) for one answer to a signed request.

    The request's nonce binds the answer to it: an answer of yesterday is no answer today, and the
    time that it tells is not older than the request.

    Args:
        nonce: of the request's signature.
        created: seconds since 1970 by the centre's clock.
    """
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    lines = (
        f'"@status": {status}',
        f'"content-digest": sha-256=:{digest}:',
        f'"request-nonce": {nonce}',
        f'"created": {created}',
    )
    return "\n".join(lines).encode()
