"""A device that signs as the wire says; what it says can be falsified."""

import base64
import gzip
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from dispatch import wire

GZIP: Final = {"Content-Encoding": "gzip", "Content-Type": "application/json"}


@dataclass(slots=True)
class SignedDevice:
    """A device with its key, which signs as the wire says; what it says can be falsified."""

    name: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public_key(self) -> str:
        """The public key as enrolment wants it."""
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def headers(
        self, method: str, path: str, body: bytes, *, at: datetime, nonce: str | None = None
    ) -> dict[str, str]:
        """Sign a request."""
        nonce = nonce or secrets.token_urlsafe(18)
        created = int(at.timestamp())
        base = wire.signature_base(
            method=method, path=path, body=body, device=self.name, created=created, nonce=nonce
        )
        signature = base64.b64encode(self.key.sign(base)).decode()
        stated = (
            f'sig1=("@method" "@path" "content-digest");created={created};nonce="{nonce}"'
            f';keyid="{self.name}";alg="ed25519"'
        )
        return {"Signature-Input": stated, "Signature": f"sig1=:{signature}:"}


def batch(messages: Iterable[object], *, packed: bool = True) -> bytes:
    """Write a batch as a device does."""
    plain = [m.model_dump(mode="json") if isinstance(m, BaseModel) else m for m in messages]
    body = json.dumps({"messages": plain}).encode()
    return gzip.compress(body) if packed else body
