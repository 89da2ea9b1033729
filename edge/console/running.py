"""What `run` is told by its configuration file and its options, made one."""

from pathlib import Path

import typer

from edge.config import Config, ModelConfig, SourceConfig, SourceKind
from edge.config_file import read_config
from edge.console.options import state_folder


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
