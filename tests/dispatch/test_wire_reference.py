"""What is published about the wire says what the wire does."""

import json
from pathlib import Path

import pytest

from dispatch import wire
from tests.architecture import wire_schemas

GOLDEN = sorted((Path(__file__).parents[1] / "data" / "wire" / "v1").glob("*.json"))
REFERENCE = wire_schemas.FOLDER.parent / "wire.md"


def test_the_published_schemas_are_those_of_the_wire() -> None:
    published = {
        file.name: file.read_text(encoding="utf-8")
        for file in wire_schemas.FOLDER.glob("*.schema.json")
    }

    assert published == wire_schemas.schemas(), "run: python -m tests.architecture.wire_schemas"


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda file: file.stem)
def test_a_message_of_version_1_is_still_understood_and_means_the_same(golden: Path) -> None:
    written = json.loads(golden.read_text(encoding="utf-8"))

    message = wire.MESSAGE.validate_python(written)

    assert json.loads(wire.canonical_bytes(message)) == written


def test_every_kind_of_message_has_a_golden_one() -> None:
    kinds = {json.loads(file.read_text(encoding="utf-8"))["kind"] for file in GOLDEN}

    assert kinds == {"finding", "sweep", "photo_result", "heartbeat", "crew_verdict"}


@pytest.mark.parametrize("status", wire.ReceiptStatus)
def test_the_reference_explains_every_receipt(status: wire.ReceiptStatus) -> None:
    assert f"`{status}`" in REFERENCE.read_text(encoding="utf-8")
