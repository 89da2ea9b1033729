"""What a command says: for people on the error stream, Chinese first; for scripts on the output."""

import json
import sys
from collections.abc import Mapping, Sequence

import typer


def say(zh: str, en: str) -> None:
    """Tell a person how things go."""
    typer.echo(f"{zh} · {en}", err=True)


def answer(content: Mapping[str, object] | Sequence[object], *, as_json: bool, text: str) -> None:
    """Give a command's result: JSON for scripts, or text for people."""
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        typer.echo(text)


def complain(zh: str, en: str, *, error: str, code: int, as_json: bool) -> None:
    """Say why a command ends without success."""
    if as_json:
        typer.echo(
            json.dumps({"error": error, "exit": code, "zh": zh, "en": en}, ensure_ascii=False)
        )
    typer.echo(f"错误：{zh}\nerror: {en}", err=True)
    sys.stdout.flush()
