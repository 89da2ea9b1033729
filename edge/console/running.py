"""What `run` is told by its configuration file and its options, and the agent that does it."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import typer

from edge.config import Config, ModelConfig, SourceConfig, SourceKind
from edge.config_file import read_config
from edge.console.options import state_folder

if TYPE_CHECKING:
    from edge.replay import World


class Came(Protocol):
    """What a run came to."""

    away: str | None

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""

    def text(self) -> str:
        """Give it for a person."""


class Runs(Protocol):
    """An agent: of recorded footage and photos, or of live cameras."""

    def run(self, *, once: bool) -> Came:
        """Work until stopped, or until nothing is left to do."""

    def stop(self) -> None:
        """Ask it to end."""


def agent_of(settings: Config, world: "World", *, failpoint: str | None) -> Runs:
    """Make the agent that a configuration asks for.

    Raises:
        EdgeError, DetectError: of what it needs and cannot use.
    """
    if settings.source.kind is SourceKind.LIVE:
        from edge.patrol.agent import LiveAgent

        return LiveAgent(settings, world, failpoint=failpoint)
    from edge.agent import Agent

    return Agent(settings, world, failpoint=failpoint)


def effective_config(
    path: Path | None,
    *,
    source: str | None,
    state: Path | None,
    model: Path | None,
    threads: int,
) -> Config:
    """Read the configuration file, or make one of options alone for the vision worker.

    Raises:
        UnusableConfig: the file has faults.
        typer.BadParameter: neither a file nor the inbox is named.
    """
    if path is not None:
        return read_config(path)
    if source != SourceKind.INBOX.value:
        raise typer.BadParameter(
            "请给出 --config 文件，或 --source inbox · give --config FILE or --source inbox"
        )
    return Config(
        state=state_folder(state),
        source=SourceConfig(kind=SourceKind.INBOX, every_s=2.0),
        model=ModelConfig(folder=model, threads=threads),
    )
