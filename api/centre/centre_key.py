"""The centre's own key, by which devices know its answers: made once, kept in the data folder."""

import base64
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.errors import ApiError

KEY_FILE: Final = "centre.key"


class UnusableCentreKey(ApiError):
    """The key file is damaged, or others can read it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"中心密钥 {path} 不能用：须是只有本人可读（chmod 600）的 Ed25519 密钥；"
            "请从备份恢复，换新密钥则所有设备须重新登记",
            f"the centre's key {path} cannot be used: it must be an Ed25519 key that only its "
            "owner reads (chmod 600); restore it from the backup: with a new one every device has "
            "to enrol again",
        )
        self.path = path


def centre_key(folder: Path) -> Ed25519PrivateKey:
    """Read the key of a data folder, or make one; of several processes that begin, one does.

    Raises:
        UnusableCentreKey: there is a file, and it cannot be trusted or read.
    """
    path = folder / KEY_FILE
    if not path.exists():
        _make(path)
    try:
        if path.stat().st_mode & 0o077:
            raise UnusableCentreKey(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise UnusableCentreKey(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableCentreKey(path)
    return key


def public_half(key: Ed25519PrivateKey) -> str:
    """Give what devices are told: base64 of the 32 raw bytes."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    draft = path.with_name(f".{KEY_FILE}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        # Not a rename: whoever comes second must not put another key in its place.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
