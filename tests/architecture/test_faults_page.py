"""The page of faults names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "faults.md"


def test_every_test_that_the_page_of_faults_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))

    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).is_file()
        or not re.search(
            rf"^(?:def {name}\(|{name} = )", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]

    assert len(named) >= 20
    assert missing == []


def test_every_test_of_the_fault_suite_stands_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    files = (ROOT / "tests" / "edge" / "faults").glob("test_*.py")

    assert [file.name for file in files if f"faults/{file.name}::" not in page] == []
