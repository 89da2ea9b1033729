"""Where a live receiver is reached: `serial:///dev/ttyACM0?baud=115200`, `tcp://host:2947`."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from edge.errors import EdgeError

BAUDS: Final = (4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
DEFAULT_BAUD: Final = 115200
SCHEMES: Final = ("serial", "tcp")


class BadAddress(EdgeError):
    """An address names no receiver."""

    def __init__(self, address: str, zh: str, en: str) -> None:
        super().__init__(
            f"接收机地址 {address!r} 不对：{zh}；"
            "例如 serial:///dev/ttyACM0?baud=115200 或 tcp://192.168.1.20:2947",
            f"the receiver address {address!r} is wrong: {en}; write for example "
            "serial:///dev/ttyACM0?baud=115200 or tcp://192.168.1.20:2947",
        )
        self.address = address


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A serial line of this machine; bits per second."""

    path: str
    baud: int = DEFAULT_BAUD

    def __str__(self) -> str:
        return f"serial://{self.path}?baud={self.baud}"


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A receiver, or a server of one, in the network."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


Address = SerialAddress | TcpAddress


def is_address(said: str) -> bool:
    """Say whether a text is meant as a receiver's address and not as a file's name."""
    return said.partition("://")[0] in SCHEMES and "://" in said


def read_address(said: str) -> Address:
    """Read an address.

    Raises:
        BadAddress: it is neither a serial line nor a TCP port.
    """
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError as error:
        raise BadAddress(said, "端口应为 1 到 65535", "the port must be 1 to 65535") from error
    if parts.scheme == "serial":
        return _serial(said, parts)
    if parts.scheme != "tcp":
        raise BadAddress(said, "应以 serial:// 或 tcp:// 开头", "it needs serial:// or tcp://")
    if not parts.hostname or not port or parts.path.strip("/") or parts.query:
        raise BadAddress(said, "应为 tcp://主机:端口", "it must be tcp://HOST:PORT")
    return TcpAddress(parts.hostname, port)


def _serial(said: str, parts: SplitResult) -> SerialAddress:
    if parts.netloc or not PurePosixPath(parts.path).is_absolute() or parts.path == "/":
        raise BadAddress(
            said, "串口应写成 serial:///dev/…", "a serial line is written serial:///dev/…"
        )
    asked = parse_qs(parts.query, keep_blank_values=True)
    if set(asked) - {"baud"}:
        raise BadAddress(said, "问号后只能写 baud", "only baud may follow the question mark")
    baud = asked.get("baud", [str(DEFAULT_BAUD)])[-1]
    if not baud.isdecimal() or int(baud) not in BAUDS:
        known = ", ".join(map(str, BAUDS))
        raise BadAddress(said, f"波特率应为 {known} 之一", f"baud must be one of {known}")
    return SerialAddress(parts.path, int(baud))
