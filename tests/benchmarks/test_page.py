"""The page of figures keeps what a run did not measure."""

from datetime import date
from pathlib import Path

from tests.benchmarks.page import renew

PAGE = """# Figures

Made by a command.

| figure | value | unit | goal | met | measured | how |
|---|---|---|---|---|---|---|
| `intake.rate` | 900 | findings/s | >= 1000 | **no** | 2026-11-20 | SQLite |
| `track.share` | 0.01 | share | <= 0.02 | yes | 2026-11-20 | rendered |
"""


def test_a_run_renews_what_it_measured_and_leaves_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "figures.md"
    page.write_text(PAGE, "utf-8")
    rate: dict[str, object] = {"value": 1200.0, "unit": "findings/s", "goal": ">= 1000"}
    absent: dict[str, object] = {"value": None, "unit": "share", "goal": "<= 0.02", "met": None}

    renew(
        page,
        {
            "intake.rate": rate | {"met": True, "how": "SQLite"},
            "track.share": absent | {"how": "not measured: run `make peers`"},
        },
        on=date(2026, 11, 21),
    )

    said = page.read_text("utf-8")
    assert "| `intake.rate` | 1200 | findings/s | >= 1000 | yes | 2026-11-21 | SQLite |" in said
    assert "| `track.share` | 0.01 | share | <= 0.02 | yes | 2026-11-20 | rendered |" in said
    assert said.startswith("# Figures\n\nMade by a command.\n\n| figure |")
