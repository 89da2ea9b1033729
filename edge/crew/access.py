"""Who may use the crew's page: whoever reads the number off the device.

The number is made once and kept; a browser that gave it keeps a cookie that proves so. Guessing is
slow: after a few wrong numbers all wait. `xunhuan-edge crew --renew` shuts every browser out.
"""

import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge.delivery.keys import replace_file
from edge.errors import EdgeError

ACCESS_FILE: Final = "crew-access.json"
COOKIE: Final = "xunhuan_crew"
MOST_WRONG: Final = 5
WITHIN_S: Final = 60.0
"""Eight digits at five guesses a minute: 19 years for one chance in two."""


class WrongNumber(EdgeError):
    """The number is not the one that the device shows."""

    def __init__(self) -> None:
        super().__init__(
            "号码不对，请看设备上 xunhuan-edge crew 显示的 8 位数字",
            "wrong number: read the eight digits that `xunhuan-edge crew` shows on the device",
        )


class TooManyGuesses(EdgeError):
    """Too many wrong numbers came within a minute."""

    def __init__(self) -> None:
        super().__init__(
            "输错太多次，请一分钟后再试", "too many wrong numbers: try again in a minute"
        )


class Keys(BaseModel):
    """The number that people type, and what cookies are made with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[str, Field(pattern=r"^\d{8}$")]
    secret: Annotated[str, Field(min_length=32)]


def read_keys(state: Path) -> Keys:
    """Read the number of a state folder, making one where there is none."""
    try:
        return Keys.model_validate_json((state / ACCESS_FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        # One that was spoilt cannot be asked for again: whoever has it reads a new one.
        return renew_keys(state)


def renew_keys(state: Path) -> Keys:
    """Make a new number; it counts from the agent's next start."""
    keys = Keys(number=f"{secrets.randbelow(10**8):08d}", secret=secrets.token_hex(32))
    state.mkdir(parents=True, exist_ok=True)
    replace_file(state / ACCESS_FILE, keys.model_dump_json().encode(), mode=0o600)
    return keys


class Door:
    """Lets in who knows the number; safe to use from any thread."""

    def __init__(self, keys: Keys, *, monotonic: Callable[[], float]) -> None:
        self._keys, self._monotonic, self._lock = keys, monotonic, threading.Lock()
        self._wrong: deque[float] = deque(maxlen=MOST_WRONG)

    def enter(self, number: str) -> str:
        """Give the cookie that proves a right number.

        Raises:
            WrongNumber: it is another.
            TooManyGuesses: nobody is heard for now, right or wrong.
        """
        with self._lock:
            now = self._monotonic()
            if len(self._wrong) == MOST_WRONG and now - self._wrong[0] < WITHIN_S:
                raise TooManyGuesses
            if not hmac.compare_digest(number.encode(), self._keys.number.encode()):
                self._wrong.append(now)
                raise WrongNumber
        return self._proof()

    def knows(self, cookie: str) -> bool:
        """Say whether a cookie is one that this device gave."""
        return hmac.compare_digest(cookie.encode(), self._proof().encode())

    def _proof(self) -> str:
        return hmac.new(self._keys.secret.encode(), self._keys.number.encode(), sha256).hexdigest()
