"""A line to a live receiver: a serial port as raw bytes, or a TCP connection.

gpsd greets with its version and says nothing of the receiver until it is asked to watch it.
"""

import fcntl
import os
import select
import socket
import termios
from typing import Final, Protocol

from edge.errors import EdgeError
from edge.receiver_address import Address, SerialAddress, TcpAddress

CONNECT_S: Final = 5.0
_MOST: Final = 4096
_GPSD_GREETS: Final = b'{"class":"VERSION"'
_GPSD_WATCH: Final = b'?WATCH={"enable":true,"raw":2,"nmea":true};\n'


class LineDown(EdgeError):
    """A line cannot be opened, or has broken off."""

    def __init__(self, address: Address, zh: str, en: str) -> None:
        super().__init__(f"接收机 {address}：{zh}", f"receiver {address}: {en}")
        self.address = address


class Line(Protocol):
    """Bytes as they come."""

    def read(self, timeout_s: float) -> bytes:
        """Give what has come; empty if nothing came in time.

        Raises:
            LineDown: the line has broken off.
        """

    def close(self) -> None:
        """Let the line go."""


def open_line(address: Address) -> Line:
    """Open a line.

    Raises:
        LineDown: there is no such port or host, or it does not answer.
    """
    return SerialLine(address) if isinstance(address, SerialAddress) else TcpLine(address)


class SerialLine:
    """A serial port, eight bits, no parity, nothing interpreted; no one else may open it."""

    def __init__(self, address: SerialAddress) -> None:
        """Open and set up the port.

        Raises:
            LineDown: there is no such port, or this user may not read it.
        """
        self._address = address
        try:
            self._port = os.open(address.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise LineDown(
                address,
                f"打不开串口（{error.strerror}）；检查接线，并让本用户属于 dialout 组",
                f"the port does not open ({error.strerror}): check the cable, and that this user "
                "is of the group dialout",
            ) from error
        try:
            _set_raw(self._port, address.baud)
        except (termios.error, OSError) as error:
            os.close(self._port)
            raise LineDown(
                address,
                "这不是串口，或正被别的程序使用",
                "this is no serial port, or another program holds it",
            ) from error

    def read(self, timeout_s: float) -> bytes:
        """Give what has come; empty if nothing came in time.

        Raises:
            LineDown: the port is gone.
        """
        try:
            ready, _, _ = select.select([self._port], [], [], timeout_s)
            if not ready:
                return b""
            chunk = os.read(self._port, _MOST)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise _broken(self._address) from error
        if not chunk:
            raise _broken(self._address)
        return chunk

    def close(self) -> None:
        """Let the port go."""
        os.close(self._port)


class TcpLine:
    """A TCP connection; a gpsd behind it is asked for what its receiver says."""

    def __init__(self, address: TcpAddress) -> None:
        """Connect.

        Raises:
            LineDown: nobody answers.
        """
        self._address = address
        self._greeted = False
        try:
            self._socket = socket.create_connection((address.host, address.port), CONNECT_S)
        except OSError as error:
            raise LineDown(
                address, f"连不上（{error}）", f"it cannot be connected to ({error})"
            ) from error

    def read(self, timeout_s: float) -> bytes:
        """Give what has come; empty if nothing came in time.

        Raises:
            LineDown: the other side has hung up.
        """
        self._socket.settimeout(timeout_s)
        try:
            chunk = self._socket.recv(_MOST)
            if not self._greeted and chunk.startswith(_GPSD_GREETS):
                self._socket.sendall(_GPSD_WATCH)
        except TimeoutError:
            return b""
        except OSError as error:
            raise _broken(self._address) from error
        self._greeted = True
        if not chunk:
            raise _broken(self._address)
        return chunk

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


def _set_raw(port: int, baud: int) -> None:
    speed = getattr(termios, f"B{baud}")
    special = [b"\0"] * len(termios.tcgetattr(port)[6])
    special[termios.VMIN] = b"\1"
    control = termios.CS8 | termios.CREAD | termios.CLOCAL
    termios.tcsetattr(port, termios.TCSANOW, [0, 0, control, 0, speed, speed, special])
    termios.tcflush(port, termios.TCIFLUSH)
    fcntl.ioctl(port, termios.TIOCEXCL)


def _broken(address: Address) -> LineDown:
    return LineDown(address, "连接断了", "the line broke off")
