"""The JSON Schema of every message on the wire, as published: `python -m` this to write them."""

import json
from pathlib import Path
from typing import Final

from dispatch import wire

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference" / "wire"
MESSAGES: Final = (
    wire.Finding,
    wire.Sweep,
    wire.PhotoResult,
    wire.Heartbeat,
    wire.CrewVerdict,
    wire.Receipts,
    wire.Asked,
    wire.Hazards,
    wire.ModelOffers,
    wire.RouteSheet,
)


def schemas() -> dict[str, str]:
    """Give the text of every schema by its file's name."""
    texts = {}
    for message in MESSAGES:
        name = f"{message.__name__.lower()}.v{wire.WIRE_VERSION}.schema.json"
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **message.model_json_schema(),
        }
        texts[name] = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return texts


def write() -> None:
    """Write every schema into the documentation, and remove what is none any more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = schemas()
    for file in FOLDER.glob("*.schema.json"):
        if file.name not in texts:
            file.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
