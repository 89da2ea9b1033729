"""What a signed package says of itself: which files it carries, for whom, from when, until when.

The statement's bytes are signed as they lie in the package (Ed25519, RFC 8032) behind a prefix that
no other thing we sign begins with. They must be the one form that the statement writes itself in,
so that two packages with one meaning have one signature base.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from detect.errors import DetectError
from detect.manifest import HASH_PATTERN

PREFIX: Final = b"xunhuan model package 1\n"
MOST_FILE_BYTES: Final = 256 << 20
FILE_NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,47}\.(onnx|json|md)$"


class Refusal(StrEnum):
    """Why a package is not taken; the codes are stable."""

    DAMAGED = "damaged"
    UNSIGNED = "unsigned"
    STRANGE_FILES = "strange_files"
    EXPIRED = "expired"
    TOO_EARLY = "too_early"
    REPLAYED = "replayed"
    NEEDS_SOFTWARE = "needs_software"
    UNFIT = "unfit"
    FAILS = "fails"


class PackageRefused(DetectError):
    """A signed package is not taken, and why."""

    def __init__(self, why: Refusal, zh: str, en: str) -> None:
        super().__init__(f"模型包被拒：{zh}", f"the model package is refused: {en}")
        self.why = why


class Role(StrEnum):
    """What a model does on a device; each role has a model and a count of packages of its own."""

    PATROL = "patrol"
    """Sees what patrols look for."""
    PRIVACY = "privacy"
    """Finds faces and plates in pictures."""


def _is_a_key(said: str) -> str:
    try:
        raw = base64.b64decode(said, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(raw) != 32:
        raise ValueError("an Ed25519 public key has 32 bytes")
    return said


def _to_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


PublicKey = Annotated[str, AfterValidator(_is_a_key)]
"""Base64 of the 32 raw bytes."""
Moment = Annotated[AwareDatetime, AfterValidator(_to_utc)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackedFile(_Part):
    """One file of a package."""

    name: Annotated[str, StringConstraints(pattern=FILE_NAME)]
    size: Annotated[int, Field(ge=1, le=MOST_FILE_BYTES)]
    sha256: Annotated[str, StringConstraints(pattern=HASH_PATTERN)]


class Statement(_Part):
    """What is signed.

    Attributes:
        sequence: grows with every package of a role; a device takes none that is not above the
            highest it ever ran.
        least_software: the version of the device's program from which on it can run the model.
        next_keys: where given, the keys that sign from the next package on.
    """

    format: Literal[1] = 1
    role: Role
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
    sequence: Annotated[int, Field(ge=1, le=1_000_000_000)]
    not_before: Moment
    expires: Moment
    least_software: Annotated[
        str, StringConstraints(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")
    ]
    files: Annotated[tuple[PackedFile, ...], Field(min_length=3, max_length=12)]
    next_keys: Annotated[tuple[PublicKey, ...], Field(max_length=4)] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = [file.name for file in self.files]
        if names != sorted(set(names)):
            raise ValueError("files are not each named once, in order of name")
        if self.not_before >= self.expires:
            raise ValueError("it expires before it begins")
        return self

    def raw(self) -> bytes:
        """Give the one form in which it is signed."""
        return self.model_dump_json().encode()


class Signature(_Part):
    """Who signed, and the signature."""

    key: PublicKey
    ed25519: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")]


def public_half(key: Ed25519PrivateKey) -> str:
    """Give a key's public half as base64 of its 32 raw bytes."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def key_id(key: PublicKey) -> str:
    """Give the short name by which people compare keys: 16 hexadecimal digits."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]


def sign(statement: Statement, key: Ed25519PrivateKey) -> Signature:
    """Sign a statement."""
    made = base64.b64encode(key.sign(PREFIX + statement.raw())).decode()
    return Signature(key=public_half(key), ed25519=made)


def read_statement(raw: bytes, signature: bytes, *, trusted: Iterable[PublicKey]) -> Statement:
    """Believe a statement if one of the trusted keys signed it.

    Raises:
        PackageRefused: unsigned, signed by somebody else, or not in the one form.
    """
    try:
        made = Signature.model_validate_json(signature)
    except ValidationError as error:
        raise _unsigned("签名读不懂", "its signature cannot be read") from error
    if made.key not in set(trusted):
        named = key_id(made.key)
        raise _unsigned(f"签名密钥 {named} 不受信任", f"key {named} is not trusted here")
    try:
        signer = Ed25519PublicKey.from_public_bytes(base64.b64decode(made.key))
        signer.verify(base64.b64decode(made.ed25519), PREFIX + raw)
    except (InvalidSignature, ValueError) as error:
        raise _unsigned("签名不符，内容被改过", "the signature does not fit: changed") from error
    return _understood(raw)


def _understood(raw: bytes) -> Statement:
    try:
        statement = Statement.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "/"
        raise PackageRefused(
            Refusal.UNFIT,
            f"声明 {where} 有误：{first['msg']}",
            f"statement {where}: {first['msg']}",
        ) from error
    if statement.raw() != raw:
        raise PackageRefused(
            Refusal.UNFIT,
            "声明不是规范形式；请用 xunhuan-models sign 重新打包",
            "the statement is not in its one form; package it by xunhuan-models sign",
        )
    return statement


def _unsigned(zh: str, en: str) -> PackageRefused:
    return PackageRefused(
        Refusal.UNSIGNED,
        f"{zh}；请从发布者重新取得，或核对公钥",
        f"{en}; fetch it again from who made it, or check the key",
    )


def check_when(statement: Statement, *, now: datetime, floor: int, software: str) -> None:
    """Refuse a package that is not for now: expired, too early, replayed, or too new for us.

    Args:
        floor: the highest sequence of this role that ever ran here; 0 for none.
        software: this program's version.

    Raises:
        PackageRefused: with which of these.
    """
    number, until = statement.sequence, statement.expires
    if number <= floor:
        raise PackageRefused(
            Refusal.REPLAYED,
            f"序号 {number} 不高于已运行过的 {floor}；要退回旧模型，请用更高的序号重新签名",
            f"sequence {number} is not above {floor}, which ran here; to go back to an old model, "
            "sign it anew under a higher one",
        )
    if now >= until:
        raise PackageRefused(
            Refusal.EXPIRED, f"已于 {until:%Y-%m-%d} 过期", f"it expired on {until:%Y-%m-%d}"
        )
    if now < statement.not_before:
        begins = statement.not_before
        raise PackageRefused(
            Refusal.TOO_EARLY,
            f"{begins:%Y-%m-%d %H:%M}Z 起才有效；请核对设备时钟",
            f"it is good from {begins:%Y-%m-%d %H:%M}Z on; check the device's clock",
        )
    if _numbers(software) < _numbers(statement.least_software):
        raise PackageRefused(
            Refusal.NEEDS_SOFTWARE,
            f"需要程序 {statement.least_software}，本机是 {software}；请先升级程序",
            f"it needs program {statement.least_software}, here is {software}; upgrade first",
        )


def _numbers(version: str) -> tuple[int, ...]:
    """Give a version's leading numbers; what follows them (dev, rc) counts for nothing."""
    parts = version.split(".")[:3]
    digits = (re.match(r"\d*", part) for part in parts)
    return tuple(int(found[0] or 0) for found in digits if found is not None)
