"""The reference pages say what the application and the commands are."""

import pytest

from tests.api.reference import FOLDER, PAGES, page


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_reference_page_is_current(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")

    assert written == page(name), "run: python -m tests.api.reference"


def test_every_command_and_option_says_what_it_means() -> None:
    text = page("cli.md")
    sections = text.split("### `")[1:]

    for section in sections:
        name, _, rest = section.partition("`\n\n")
        assert rest.splitlines()[0].strip(), name
        for row in (line for line in rest.splitlines() if line.startswith("| `")):
            assert row.split(" | ")[1].strip(), (name, row)
