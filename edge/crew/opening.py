"""Open the crew's page where the configuration says, and say where that is."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge.config import Config
from edge.crew.access import Door, read_keys
from edge.crew.desk import Desk
from edge.crew.server import CrewServer
from edge.delivery.keys import replace_file

ADDRESS_FILE: Final = "crew.url"


class CrewPage:
    """The crew's page of one agent, or none where the configuration names no address."""

    def __init__(self, config: Config, desk: Desk, *, monotonic: Callable[[], float]) -> None:
        """Begin to serve.

        Raises:
            CannotServeCrew: the address is not ours, or taken.
        """
        self._file, self._server = config.state / ADDRESS_FILE, None
        if config.crew.listen is not None:
            door = Door(read_keys(config.state), monotonic=monotonic)
            self._server = CrewServer(config.crew.listen, desk, door)
            replace_file(self._file, f"{self._server.address}\n".encode(), mode=0o644)

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.close()
            self._file.unlink(missing_ok=True)


def crew_address(state: Path) -> str | None:
    """Give where a running agent serves the crew's page; None if none does."""
    path = state / ADDRESS_FILE
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None
