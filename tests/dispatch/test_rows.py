"""Rows that are written in batches: they come back as they were, and cost one statement a table."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, select

from dispatch.store.engine import open_database
from dispatch.store.moments import FOREVER
from dispatch.store.rows import Rows, Values
from dispatch.store.tables import PROBLEMS, VERDICTS
from dispatch.store.tables_of_patrols import COVERED
from tests.dispatch.making import NOON
from tests.dispatch.stores import POSTGRES

WORDS = "路面“破损”\\ 'a' \u2028 \U0001f6a7"
BODY = {"b": [1.0, -0.0, 1e-07, 12345678901234567, None, True], "a": {"词": WORDS}, "": []}


@pytest.fixture(params=["sqlite_url", pytest.param("emptied_postgres", marks=POSTGRES)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    engine = open_database(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


@pytest.fixture
def rows(engine: Engine) -> Iterator[Rows]:
    with engine.connect() as connection:
        yield Rows(connection)


def problem(name: str, **other: object) -> Values:
    told = {"cell": 2**62 + 1, "label": WORDS, "first_seen_at": NOON, "last_seen_at": FOREVER}
    return {"id": name, **told, "body": BODY, **other}


def told(rows: Rows, name: str) -> Values:
    found = rows.first(select(PROBLEMS).where(PROBLEMS.c.id == name))
    assert found is not None
    return found._asdict()


def test_a_row_comes_back_as_it_was_written(rows: Rows) -> None:
    rows.put(PROBLEMS, problem("a"))
    rows.put(PROBLEMS, problem("b", body={}))

    assert [told(rows, "a"), told(rows, "b")] == [problem("a"), problem("b", body={})]
    assert repr(told(rows, "a")["body"]) == repr(BODY)


def test_bytes_and_microseconds_come_back_as_they_were_written(rows: Rows) -> None:
    key = {"span": "day", "begins": "2026-11-20", "area": "1", "labels": "a b", "known_to": FOREVER}
    values = {"first_at": NOON, "last_at": NOON, "changed_at": NOON, "ground": bytes(range(256))}

    rows.put(COVERED, key | values)

    assert rows.all(select(COVERED)) == [(*key.values(), *values.values())]


def test_a_row_takes_the_place_of_the_one_with_its_key(rows: Rows) -> None:
    rows.append(PROBLEMS, [problem("a"), problem("b")])

    rows.put(PROBLEMS, problem("a", label="road.crack"))

    assert told(rows, "a") == problem("a", label="road.crack")
    assert told(rows, "b") == problem("b")


def test_some_columns_of_rows_change_and_no_others(rows: Rows) -> None:
    rows.append(PROBLEMS, [problem(name) for name in "abc"])

    rows.alter(PROBLEMS, [{"id": name, "label": f"road.{name}", "body": {}} for name in "ab"])

    assert told(rows, "a") == problem("a", label="road.a", body={})
    assert told(rows, "b") == problem("b", label="road.b", body={})
    assert told(rows, "c") == problem("c")


def test_of_rows_that_are_there_only_the_new_ones_are_written(rows: Rows) -> None:
    rows.append(PROBLEMS, [problem("a")])

    new = rows.add_new(PROBLEMS, [problem("a", label="road.crack"), problem("b")])

    assert new == {("b",)}
    assert told(rows, "a") == problem("a")


def test_numbers_are_added_to_those_that_are_there(rows: Rows) -> None:
    key = {"question": "find_true", "label": "road.crack", "who": "street-n"}

    for yes in (1, 2):
        rows.add_up(VERDICTS, {**key, "yes": yes, "no": 1})

    assert rows.all(select(VERDICTS.c.yes, VERDICTS.c.no)) == [(3, 2)]


@pytest.mark.parametrize(
    "engine", [pytest.param("emptied_postgres", marks=POSTGRES)], indirect=True
)
def test_rows_go_to_postgres_together_however_many_there_are(engine: Engine, rows: Rows) -> None:
    sent: list[object] = []
    event.listen(engine, "before_cursor_execute", lambda *said: sent.append(said[3]))

    for number in range(50):
        rows.put(PROBLEMS, problem(str(number)))
    rows.flush()
    rows.alter(PROBLEMS, [{"id": str(number), "label": "road.crack"} for number in range(50)])

    assert [len(parameters) for parameters in sent if isinstance(parameters, dict)] == [1, 1]
    assert len(sent) == 2
