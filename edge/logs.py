"""What the running agent writes down: JSON lines for journald, plain lines for a person.

No personal data: nothing here logs plates, telephone numbers, tokens or where a vehicle stands, and
should a library or an error text do so, the last step before writing makes it unreadable.
"""

import logging
import re
from collections.abc import Callable
from typing import Final, TextIO

import structlog
from structlog.types import EventDict, WrappedLogger

from edge.config import LogConfig, LogForm

HIDDEN: Final = "***"
_SECRETS: Final = (
    # rtsp://user:password@camera
    re.compile(r"(?<=://)[^\s/@]+@"),
    re.compile(r"(?i)\b(token|password|passwd|secret|code|key|authorization)(\s*[=:]\s*)\S+"),
    # A mobile number, an identity card's number, a number plate of the mainland.
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    re.compile(r"[\u4e00-\u9fff][A-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])"),
)
_POSITION: Final = re.compile(r"(?<![\d:.])(-?\d{1,3}\.\d\d)\d{2,}")
"""Degrees with more than two decimals: two are a kilometre."""


def scrubbed(text: str) -> str:
    """Give a text without secrets, numbers of persons and plates, and with coarse positions."""
    for pattern in _SECRETS:
        text = pattern.sub(HIDDEN, text)
    return _POSITION.sub(r"\1", text)


def set_up(how: LogConfig, *, stream: TextIO) -> None:
    """Send every log of the process to one stream, in the form that is asked for.

    Args:
        stream: a terminal gets plain lines, anything else JSON, unless the form is stated.
    """
    plain = how.form is LogForm.TEXT or (how.form is LogForm.AUTO and stream.isatty())
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _scrub,
            _plainly if plain else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(how.level.value.upper())
    # Requests are told by their outcome; httpx's lines would only repeat the centre's address.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def speaker(logger: logging.Logger) -> Callable[[str, str], None]:
    """Give what tells a person how things go, so that it is told in the log."""

    def say(zh: str, en: str) -> None:
        logger.info(en, extra={"zh": zh})

    return say


def _scrub(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    return {
        name: value if name == "timestamp" or _says_nothing(value) else scrubbed(str(value))
        for name, value in event.items()
    }


def _says_nothing(value: object) -> bool:
    return value is None or isinstance(value, bool | int)


def _plainly(_logger: WrappedLogger, _name: str, event: EventDict) -> str:
    zh, told = event.get("zh"), event.get("event", "")
    line = f"{event['timestamp'][:19]} {event['level']:7} {f'{zh} · ' if zh else ''}{told}"
    return f"{line}\n{event['exception']}" if event.get("exception") else line
