"""Models the detection tests run."""

from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[2] / "models" / "weights" / "street-n"


@pytest.fixture(scope="session")
def street_model() -> Path:
    """The folder of the shipped street model."""
    if not (SHIPPED / "manifest.json").is_file():
        pytest.skip("models/weights/street-n is not there")
    return SHIPPED
