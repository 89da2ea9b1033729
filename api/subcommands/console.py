"""What the centre's commands share: their options, their settings, and how they say an error."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, ParamSpec

import typer

from api.errors import ApiError
from dispatch.errors import DispatchError

if TYPE_CHECKING:
    from api.centre.settings import Settings

EXIT_BAD_CONFIG: Final = 78
Params = ParamSpec("Params")

Json = Annotated[bool, typer.Option("--json", help="输出 JSON · answer in JSON")]
Config = Annotated[
    Path | None,
    typer.Option("--config", exists=True, dir_okay=False, help="设置文件（TOML）· settings file"),
]


def told(command: Callable[Params, None]) -> Callable[Params, None]:
    """Let a command say an error in two languages and end with a stable exit status."""

    @wraps(command)
    def tell(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (ApiError, DispatchError) as error:
            typer.echo(f"错误：{error.zh}\nerror: {error.en}", err=True)
            raise typer.Exit(EXIT_BAD_CONFIG) from error

    return tell


def settings_of(config: Path | None) -> "Settings":
    """Read the centre's settings."""
    # Loaded here, so that --help stays light.
    from api.centre.settings import Settings  # noqa: PLC0415

    Settings.config_file = config
    return Settings()
