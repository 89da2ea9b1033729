"""Public keys of who signs models, as files: one line of base64."""

from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from detect.statement import PublicKey
from edge.errors import EdgeError

_KEY: Final[TypeAdapter[PublicKey]] = TypeAdapter(PublicKey)


class NoPublicKey(EdgeError):
    """A file holds no public key."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 不是公钥文件；请用 xunhuan-models keygen 生成的 .pub",
            f"{path} is no public key; use the .pub that xunhuan-models keygen wrote",
        )
        self.path = path


def read_key(path: Path) -> PublicKey:
    """Read a public key.

    Raises:
        NoPublicKey: the file is none, or is not there.
    """
    try:
        return _KEY.validate_python(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError, ValidationError) as error:
        raise NoPublicKey(path) from error
