"""The centre as a device sees it: every request signed, every answer known for the centre's own.

A device that was told the centre's key at its enrolment takes no word that this key did not sign
for the very request: not a receipt, not a refusal, not a time. One that was not told any, by a
centre too old, trusts TLS alone.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from dispatch.wire import ANSWER_CREATED, ANSWER_SIGNATURE, answer_base
from edge.delivery.away import Away, CentreAway
from edge.delivery.exchange import (
    PATIENT,
    Answer,
    CentreRefuses,
    ClockWrong,
    Exchange,
    Method,
    Patience,
    SentTwice,
    ShutOut,
)
from edge.delivery.keys import Enrolment, Identity, public_key

ENROL_PATH: Final = "/api/v1/device/enrol"


class _Enrolled(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    device: str
    centre_time: AwareDatetime
    centre_key: str | None = None
    model_keys: tuple[str, ...] = ()


class Centre:
    """Speaks to the centre as one enrolled device."""

    def __init__(
        self,
        identity: Identity,
        *,
        now: Callable[[], datetime],
        keep_offset: Callable[[float], None] = lambda _: None,
        patience: Patience = PATIENT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Make ready; nothing is sent yet.

        Args:
            keep_offset: remembers the clock's error, seconds, for the next start.
        """
        self._identity, self._now, self._keep_offset = identity, now, keep_offset
        self._offset = timedelta(seconds=identity.enrolment.clock_offset_s)
        self._told_offset_s: float | None = None
        self._patience, self._transport = patience, transport
        self._base = identity.enrolment.centre.rstrip("/")
        self._exchange = Exchange(self._base, patience=patience, transport=transport)

    @property
    def identity(self) -> Identity:
        """As whom, and to which centre, the device speaks."""
        return self._identity

    def adopt(self, identity: Identity) -> None:
        """Go on as the device was enrolled anew: by another key, or at another address."""
        self._exchange.close()
        self._identity = identity
        self._offset = timedelta(seconds=identity.enrolment.clock_offset_s)
        self._base = identity.enrolment.centre.rstrip("/")
        self._exchange = Exchange(self._base, patience=self._patience, transport=self._transport)

    @property
    def device(self) -> str:
        """The device's id at the centre."""
        return self._identity.enrolment.device

    @property
    def clock_offset_s(self) -> float:
        """Seconds to add to the device's clock to get the centre's."""
        return self._offset.total_seconds()

    @property
    def told_offset_s(self) -> float | None:
        """The centre's clock minus the device's as its last answer showed, to a second or so.

        None before the first answer, and where the centre states no time (RFC 9110, Date).
        """
        return self._told_offset_s

    def close(self) -> None:
        """Let go of the connections."""
        self._exchange.close()

    def send(
        self,
        method: Method,
        path: str,
        *,
        body: bytes = b"",
        media_type: str = "application/json",
        encoding: str | None = None,
    ) -> Answer:
        """Send one signed request; a wrong clock is corrected once, a doubled one sent anew once.

        Args:
            path: below the centre's address, beginning with a slash.
            body: as it travels, after compression.

        Raises:
            CentreAway: no answer, a wrong kind of answer, or one that asks to come later.
            ShutOut: the centre does not let this device in.
            CentreRefuses: an answer that will not change.
        """
        headers = {"Content-Type": media_type} if body else {}
        if encoding:
            headers["Content-Encoding"] = encoding
        try:
            return self._send_in_time(method, path, body, headers)
        except CentreRefuses as refused:
            if refused.status not in {401, 403}:
                raise
            raise ShutOut(refused) from refused

    def _send_in_time(
        self, method: Method, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        try:
            return self._send_anew(method, path, body, headers)
        except ClockWrong as wrong:
            self._offset = wrong.centre_time - self._now()
        try:
            answer = self._send_anew(method, path, body, headers)
        except ClockWrong as wrong:
            # The device's clock leaps about, or the centre's machines disagree: both pass.
            raise CentreAway(wrong.en, kind=Away.CLOCKS) from wrong
        self._keep_offset(self.clock_offset_s)
        return answer

    def _send_anew(self, method: Method, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a request; where only its double is answered, once more with a nonce of its own."""
        try:
            return self._send_once(method, path, body, headers)
        except SentTwice:
            pass
        try:
            return self._send_once(method, path, body, headers)
        except SentTwice as twice:
            raise CentreAway(twice.en, kind=Away.DOUBLED) from twice

    def _send_once(self, method: Method, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        nonce = secrets.token_urlsafe(18)
        signed = self._identity.sign(
            method=method,
            path=urlsplit(self._base).path + path,
            body=body,
            created=int((self._now() + self._offset).timestamp()),
            nonce=nonce,
        )
        answer = self._exchange.ask(
            method,
            path,
            body=body,
            headers={**headers, **signed},
            judge=lambda answer: self._judge(answer, nonce),
        )
        if answer.served_at is not None:
            # Date is cut to whole seconds: on average it is half a second early.
            served = answer.served_at + timedelta(seconds=0.5)
            self._told_offset_s = (served - self._now()).total_seconds()
        return answer

    def _judge(self, answer: Answer, nonce: str) -> None:
        key = self._identity.enrolment.centre_key
        if key is not None:
            check_signed(answer, nonce=nonce, key=key)


def check_signed(answer: Answer, *, nonce: str, key: str) -> None:
    """Hold an answer to be the centre's own, and to this request.

    Args:
        nonce: of the request.
        key: the centre's public key, base64.

    Raises:
        CentreAway: it is not signed by this key for this request.
    """
    created = answer.headers.get(ANSWER_CREATED, "")
    if not created.isdecimal():
        raise CentreAway(f"HTTP {answer.status} without a signature", kind=Away.FORGED)
    base = answer_base(status=answer.status, body=answer.content, nonce=nonce, created=int(created))
    try:
        signature = base64.b64decode(answer.headers.get(ANSWER_SIGNATURE, ""), validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(signature, base)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise CentreAway(
            f"HTTP {answer.status} with a wrong signature", kind=Away.FORGED
        ) from error


def enrol(
    centre: str,
    *,
    code: str,
    key: Ed25519PrivateKey,
    name: str | None,
    now: datetime,
    transport: httpx.BaseTransport | None = None,
) -> Enrolment:
    """Make the device known to a centre by a one-time code, and learn the centre's key.

    Raises:
        CentreAway: the centre cannot be reached.
        CentreRefuses: the code is wrong, used or expired.
    """
    wanted = {"code": code, "public_key": public_key(key)}
    if name is not None:
        wanted["name"] = name
    base = centre.rstrip("/")
    exchange = Exchange(base, transport=transport)
    try:
        answer = exchange.ask(
            "POST",
            ENROL_PATH,
            body=json.dumps(wanted).encode(),
            headers={"Content-Type": "application/json"},
        )
    finally:
        exchange.close()
    try:
        told = _Enrolled.model_validate_json(answer.content)
        offset = (told.centre_time.astimezone(UTC) - now).total_seconds()
        return Enrolment(
            device=told.device,
            centre=base,
            clock_offset_s=round(offset, 3),
            centre_key=told.centre_key,
            model_keys=told.model_keys,
        )
    except ValidationError as error:
        raise CentreAway("enrolment was not answered by a Xunhuan centre") from error
