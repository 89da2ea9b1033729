"""The reference pages of the HTTP API and of the commands: `python -m` this to write them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import typer

import api.commands
import edge.commands
import models.commands
from tests.api.callers import Operation, operations

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference"
MARK: Final = "<!-- generated from here on -->\n"
COMMANDS: Final = {
    "xunhuan": api.commands.app,
    "xunhuan-edge": edge.commands.app,
    "xunhuan-models": models.commands.app,
}


def http_table() -> str:
    """Give the table of operations with who may call them."""
    rows = "".join(_operation_row(each) for each in operations())
    return f"| operation | method and path | callers | does |\n|---|---|---|---|\n{rows}"


def _operation_row(operation: Operation) -> str:
    where = f"{operation.method} {operation.path}"
    return f"| `{operation.name}` | `{where}` | {operation.callers} | {operation.summary} |\n"


def commands_text() -> str:
    """Give every command with its arguments and options."""
    return "\n".join(
        part
        for name, app in COMMANDS.items()
        for part in (f"## {name}\n", *_described(name, typer.main.get_command(app)))
    )


def _described(path: str, command: click.Command) -> Iterator[str]:
    subcommands = getattr(command, "commands", None)
    if subcommands is not None:
        for name, each in subcommands.items():
            yield from _described(f"{path} {name}", each)
        return
    said = [param for param in command.params if param.name != "help"]
    yield f"### `{path}`\n\n{' '.join((command.help or '').split())}\n"
    if said:
        rows = "".join(_param_row(param) for param in said)
        yield f"| | meaning | default |\n|---|---|---|\n{rows}"


def _param_row(param: click.Parameter) -> str:
    optional = param.param_type_name == "option"
    name = ", ".join(param.opts) if optional else (param.name or "").upper()
    default = "required" if param.required else _default(param)
    envvar = f" (`{param.envvar}`)" if param.envvar else ""
    text = " ".join((getattr(param, "help", "") or "").split()).replace("|", "\\|")
    return f"| `{name}`{envvar} | {text} | {default} |\n"


def _default(param: click.Parameter) -> str:
    plain = isinstance(param.default, str | int | float) and not isinstance(param.default, bool)
    return f"`{param.default}`" if plain and param.default != "" else "—"


PAGES: Final = {"http-api.md": http_table, "cli.md": commands_text}


def page(name: str) -> str:
    """Give a page: its written part as it stands, and what is generated."""
    written = (FOLDER / name).read_text(encoding="utf-8").partition(MARK)[0]
    return f"{written}{MARK}\n{PAGES[name]()}"


if __name__ == "__main__":
    for each in PAGES:
        (FOLDER / each).write_text(page(each), encoding="utf-8")
