"""A receiver's bytes as they come in, cut into whole messages.

The tail that may go on with the next bytes is kept, bounded; what can never become a message is
dropped and counted, so that a wrong speed of the line shows.
"""

from dataclasses import dataclass

from edge.telemetry.receiver import Received, may_go_on, pieces


@dataclass(frozen=True, slots=True)
class Arrived:
    """A whole message and how many bytes it took on the line."""

    message: Received
    size: int


class MessageStream:
    """Cuts what arrives in pieces of any length."""

    def __init__(self) -> None:
        self._tail = b""
        self.dropped = 0

    def feed(self, chunk: bytes) -> list[Arrived]:
        """Take bytes and give the messages that they complete."""
        content = self._tail + chunk
        whole: list[Arrived] = []
        end, kept = 0, len(content) - (1 if content.endswith((b"\xb5", b"$")) else 0)
        for at, found, used in pieces(content):
            if not isinstance(found, tuple):
                whole.append(Arrived(found, used))
                self.dropped += _lost(content[end:at])
                end = at + used
            elif may_go_on(content, at):
                kept = at
                break
        self.dropped += _lost(content[end:kept])
        self._tail = content[max(end, kept) :]
        return whole

    def restart(self) -> None:
        """Forget a message that was begun, after the line was cut."""
        self.dropped += len(self._tail)
        self._tail = b""


def _lost(between: bytes) -> int:
    """Count the bytes between messages; line ends belong to none and are no loss."""
    return len(between.replace(b"\r\n", b""))
