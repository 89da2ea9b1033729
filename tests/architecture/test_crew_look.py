"""The crew's page looks like every other, from one source."""

from tests.architecture import crew_look


def test_the_crews_page_has_the_colours_of_the_centre() -> None:
    said = "run: python -m tests.architecture.crew_look"
    assert crew_look.COPY.read_text(encoding="utf-8") == crew_look.look(), said
