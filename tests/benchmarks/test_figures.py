"""The figures: each says whether it meets its goal, or why it was not measured."""

import json

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.figure import FIGURES, Benchmark, CannotRun, Measured, benchmark


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = dict(FIGURES)
    FIGURES.clear()
    monkeypatch.setattr(command, "_missing_modules", dict)
    yield
    FIGURES.clear()
    FIGURES.update(kept)


def add(name: str, value: float | None, goal: str = "") -> None:
    def measure() -> Measured:
        if value is None:
            raise CannotRun("there is no street")
        return Measured(value=value, how="counted")

    benchmark(name=name, unit="share", goal=goal)(measure)


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize(
    ("value", "goal", "met", "status"),
    [
        (1.0, "<= 1.03", True, 0),
        (1.04, "<= 1.03", False, 1),
        (0.0, "== 0", True, 0),
        (5, "", None, 0),
    ],
)
def test_a_figure_says_whether_it_meets_its_goal(tmp_path, value, goal, met, status) -> None:
    add("street.figure", value, goal)
    path = tmp_path / "figures.json"

    assert command.main(["--json", str(path)]) == status

    row = json.loads(path.read_text("utf-8"))["street.figure"]
    assert (row["value"], row["unit"], row["goal"], row["met"]) == (value, "share", goal, met)
    assert row["how"].startswith("counted")


@pytest.mark.usefixtures("no_figures")
def test_a_figure_that_cannot_be_measured_is_listed_with_the_reason(tmp_path) -> None:
    add("street.figure", None, ">= 0.9")
    path = tmp_path / "figures.json"

    assert command.main(["--json", str(path)]) == 0

    row = json.loads(path.read_text("utf-8"))["street.figure"]
    assert (row["value"], row["met"]) == (None, None)
    assert "there is no street" in row["how"]


@pytest.mark.usefixtures("no_figures")
def test_only_the_figures_asked_for_are_measured(tmp_path) -> None:
    for name in ("a.one", "a.two", "b.one"):
        add(name, 1.0)
    path = tmp_path / "figures.json"

    command.main(["--only", "a.*", "--only", "b.one", "--json", str(path)])
    command.main(["--only", "a.two", "--json", str(tmp_path / "two.json")])

    assert sorted(json.loads(path.read_text("utf-8"))) == ["a.one", "a.two", "b.one"]
    assert list(json.loads((tmp_path / "two.json").read_text("utf-8"))) == ["a.two"]


@pytest.mark.usefixtures("no_figures")
def test_a_figure_nobody_knows_is_refused() -> None:
    add("a.one", 1.0)

    with pytest.raises(SystemExit):
        command.main(["--only", "a.three"])


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("goal", ["1.03", "< 1", "<= much"])
def test_a_goal_that_cannot_be_read_is_refused(goal) -> None:
    with pytest.raises(ValueError, match="goal"):
        add("a.one", 1.0, goal)


@pytest.mark.parametrize(
    ("value", "met"), [(0.85, False), (0.95, True), (1.05, True), (1.2, False)]
)
def test_a_goal_may_have_two_sides(value: float, met: bool) -> None:
    figure = Benchmark(
        name="two.sided", unit="ratio", goal=">= 0.9 and <= 1.1", measure=lambda: Measured(0, "")
    )

    assert figure.met(value) is met
