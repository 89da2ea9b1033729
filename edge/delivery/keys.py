"""The device's own key, what enrolment made of it, and signed requests.

The key is made on the device and never leaves it: `device.key` (PKCS 8, mode 0600) in the state
folder. `device.json` beside it holds the public facts: the device's id and its centre.
Signatures follow the fixed profile of RFC 9421 that `dispatch.wire.signature_base` states.
"""

import base64
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dispatch.wire import DeviceId, signature_base
from edge.disk import named_troubles
from edge.errors import EdgeError
from edge.files import sync_folder

KEY_FILE: Final = "device.key"
NEXT_KEY_FILE: Final = "device.key.next"
IDENTITY_FILE: Final = "device.json"


class NotEnrolled(EdgeError):
    """The state folder holds no enrolled device."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 里没有已登记的设备；请先运行 xunhuan-edge enrol",
            f"{folder} holds no enrolled device; run xunhuan-edge enrol first",
        )
        self.folder = folder


class UnusableKey(EdgeError):
    """The key file cannot be trusted or read."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"密钥 {path} 不能用：{zh}", f"key {path} cannot be used: {en}")
        self.path = path


class Enrolment(BaseModel):
    """What the centre made of the device: its id, its address, its clock; and the centre's key.

    Attributes:
        clock_offset_s: seconds to add to the device's clock to get the centre's.
        centre_key: Ed25519, base64; None where the centre was too old to tell it.
    """

    # A newer device may have written more: after a step back it is not shut out for it.
    model_config = ConfigDict(frozen=True, extra="ignore")

    device: DeviceId
    centre: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]
    clock_offset_s: Annotated[float, Field(allow_inf_nan=False)] = 0.0
    model_keys: tuple[str, ...] = ()
    """Whose model packages the centre said to believe."""
    centre_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A device that can sign."""

    enrolment: Enrolment
    key: Ed25519PrivateKey

    def signs_like(self, other: "Identity") -> bool:
        """Say whether another speaks with the same key, to the same centre, and believes the same.

        What each knows of its clock does not count.
        """
        mine = self.enrolment.model_copy(update={"clock_offset_s": other.enrolment.clock_offset_s})
        return mine == other.enrolment and public_key(self.key) == public_key(other.key)

    def sign(
        self, *, method: str, path: str, body: bytes, created: int, nonce: str
    ) -> Mapping[str, str]:
        """Give the headers that prove a request is this device's.

        Args:
            path: path and query as sent.
            body: as sent, after compression.
            created: seconds since 1970 by the centre's clock, as near as the device knows it.
            nonce: fresh, URL-safe, 22 characters or more.
        """
        device = self.enrolment.device
        base = signature_base(
            method=method, path=path, body=body, device=device, created=created, nonce=nonce
        )
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        signature = base64.b64encode(self.key.sign(base)).decode()
        return {
            "Content-Digest": f"sha-256=:{digest}:",
            "Signature-Input": 'sig1=("@method" "@path" "content-digest")'
            f';created={created};nonce="{nonce}";keyid="{device}";alg="ed25519"',
            "Signature": f"sig1=:{signature}:",
        }


def public_key(key: Ed25519PrivateKey) -> str:
    """Give the public half as base64 of its 32 raw bytes."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def ensure_key(folder: Path, *, file: str = KEY_FILE) -> Ed25519PrivateKey:
    """Read the folder's key, or make one that only its owner can read.

    Args:
        file: `NEXT_KEY_FILE` for a key that shall take the place of the one in use.

    Raises:
        UnusableKey: others can read the file, or it is no Ed25519 key.
    """
    path = folder / file
    if path.exists():
        return _read_key(path)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    replace_file(path, pem, mode=0o600)
    return key


def adopt_next_key(folder: Path) -> None:
    """Put the next key in the place of the one in use, once the centre knows it."""
    (folder / NEXT_KEY_FILE).replace(folder / KEY_FILE)
    sync_folder(folder)


def read_identity(folder: Path) -> Identity:
    """Read the device that the state folder holds.

    Raises:
        NotEnrolled: there is none.
        UnusableKey: its files cannot be trusted or read.
    """
    if not (folder / IDENTITY_FILE).is_file() or not (folder / KEY_FILE).is_file():
        raise NotEnrolled(folder)
    return Identity(enrolment=read_enrolment(folder), key=_read_key(folder / KEY_FILE))


def read_enrolment(folder: Path) -> Enrolment:
    """Read what the centre made of the device of a state folder, which is there.

    Raises:
        UnusableKey: the file is damaged.
    """
    path = folder / IDENTITY_FILE
    try:
        return Enrolment.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise UnusableKey(path, "内容有误，请重新登记", "bad content, enrol again") from error


def identity_stamp(folder: Path) -> tuple[tuple[int, int] | None, ...]:
    """Give what changes whenever the device of a state folder is enrolled anew; for comparison."""
    return tuple(_stamp(folder / name) for name in (IDENTITY_FILE, KEY_FILE))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns


def write_enrolment(folder: Path, enrolment: Enrolment) -> None:
    """Remember what the centre made of the device."""
    text = enrolment.model_dump_json(indent=2).encode() + b"\n"
    replace_file(folder / IDENTITY_FILE, text, mode=0o644)


def keep_clock_offset(folder: Path, offset_s: float) -> None:
    """Remember how wrong the clock is, so that the first request after a start is right at once."""
    enrolment = read_identity(folder).enrolment
    write_enrolment(folder, enrolment.model_copy(update={"clock_offset_s": round(offset_s, 3)}))


def replace_file(path: Path, content: bytes, *, mode: int) -> None:
    """Write a small file whole or not at all: temporary file, sync, rename, sync of the folder.

    Raises:
        DiskTrouble: the disk does not take it; what was there before still is.
    """
    beside = path.with_name(f".{path.name}.tmp")
    with named_troubles(path):
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)


def _read_key(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnusableKey(path, "别人可读，请 chmod 600", "others can read it, chmod 600 it")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableKey(path, "不是密钥文件", "it is no key file") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(path, "不是 Ed25519 密钥", "it is no Ed25519 key")
    return key
