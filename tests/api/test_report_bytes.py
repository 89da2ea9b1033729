"""The same history gives the same report, byte for byte, wherever and whenever it is made."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from api.centre.settings import Settings
from api.centre.wiring import Centre, open_centre
from api.keeping.backup import restore_backup, write_backup
from api.reports.writing import Order, write_report
from tests.api.open_centre import OpenCentre

LATER = datetime(2026, 12, 3, tzinfo=UTC)
LATER_STILL = datetime(2027, 5, 3, tzinfo=UTC)


@pytest.fixture
def zone_of_process() -> Iterator[None]:
    """Put the time zone and the file mask of the process back afterwards."""
    before, mask = os.environ.get("TZ"), os.umask(0o022)
    yield
    os.umask(mask)
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def made(centre: Centre, folder: Path, *, zone: str, at: datetime) -> dict[str, bytes]:
    """Write every kind of report in a time zone of the process, at a moment."""
    os.environ["TZ"] = zone
    time.tzset()
    os.umask(0o022 if zone == "UTC" else 0o077)
    folder.mkdir()
    for kind in ("xlsx", "pdf", "csv"):
        order = Order(period="2026-11")
        write_report(order, folder / f"month.{kind}", centre=replace(centre, now=lambda: at))
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.mark.usefixtures("zone_of_process")
def test_a_month_that_is_over_gives_the_same_bytes_months_later_and_in_another_time_zone(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()

    here = made(opened.centre, tmp_path / "here", zone="Asia/Shanghai", at=LATER)
    there = made(opened.centre, tmp_path / "there", zone="America/St_Johns", at=LATER_STILL)

    assert here == there
    assert len(here) == 8


def test_a_month_that_goes_on_gives_the_same_bytes_for_the_same_moment(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    opened.watch.later(days=1)
    order = Order(period="2026-11", as_of=opened.centre.now())

    written = []
    for number in range(2):
        out = tmp_path / f"{number}.pdf"
        write_report(order, out, centre=opened.centre)
        written.append(out.read_bytes())
        opened.watch.later(days=1)

    assert written[0] == written[1]


@pytest.fixture
def postgres_schema(postgres_url: str) -> Iterator[str]:
    """An address of an empty schema, dropped afterwards."""
    admin, schema = create_engine(postgres_url), f"xunhuan_{uuid4().hex[:12]}"
    with admin.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(postgres_url).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with admin.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


@pytest.mark.postgres
@pytest.mark.usefixtures("zone_of_process")
def test_the_same_history_gives_the_same_bytes_from_postgresql(
    opened: OpenCentre, tmp_path: Path, postgres_schema: str
) -> None:
    opened.handled()
    there = Settings(data_dir=tmp_path / "there", database_url=postgres_schema)
    restore_backup(write_backup(tmp_path / "kept", centre=opened.centre).folder, there)
    restored = open_centre(there)

    sqlite = made(opened.centre, tmp_path / "sqlite", zone="UTC", at=LATER)
    postgres = made(restored, tmp_path / "postgres", zone="Asia/Shanghai", at=LATER)
    restored.engine.dispose()

    assert sqlite == postgres
