"""What every test may ask for: samples, a PostgreSQL, a browser; each skips with its reason."""

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

BYTECODE = Path(__file__).parents[1] / ".bytecode"
MADE_BETWEEN_LOOKS = 20_000

if sys.dont_write_bytecode and sys.pycache_prefix is None:
    # Hundreds of processes that tests start and kill would each compile all that they import; kept
    # apart, so that a tree in which nothing is to be written stays as it is.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage, and look for it seldom: the tests themselves are none.

    To go through thousands of them again and again took a sixth of the time.
    """
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    gc.set_threshold(MADE_BETWEEN_LOOKS, 5, 5)
    return collected


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real photos, flights and telemetry that XUNHUAN_SAMPLES names."""
    named = os.environ.get("XUNHUAN_SAMPLES")
    if not named:
        pytest.skip("XUNHUAN_SAMPLES does not name a sample folder")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"XUNHUAN_SAMPLES names {folder}, which is no folder")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """An SQLAlchemy address of a PostgreSQL database that may be emptied."""
    url = os.environ.get("XUNHUAN_TEST_POSTGRES")
    if not url:
        pytest.skip("XUNHUAN_TEST_POSTGRES does not name a PostgreSQL database")
    return url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to drive."""
    path = os.environ.get("XUNHUAN_TEST_CHROMIUM")
    if not path:
        pytest.skip("XUNHUAN_TEST_CHROMIUM does not name a Chromium")
    # As long as the pages' own actions: how quick this machine is, is no matter of right or wrong.
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    return path
