"""Public keys of who signs models, as files: one line of base64."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from detect.statement import PublicKey
from edge.errors import EdgeError
from edge.updates.choice import MODELS_FOLDER
from edge.updates.slots import Slots

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


def trust_first(state: Path, keys: Sequence[str]) -> None:
    """Believe the keys that a centre named at enrolment, if nobody is believed yet.

    Later the centre has no say in this: a key hands over to the next by a package that it signs,
    or a person names another at the device.
    """
    slots = Slots(state / MODELS_FOLDER)
    if keys and not slots.keys.all():
        slots.keys.trust(_KEY.validate_python(key) for key in keys)
    slots.close()
