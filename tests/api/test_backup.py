"""Backups: taken while the centre takes findings in, put back whole, and never half."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from api.centre.settings import Settings
from api.centre.wiring import (
    UNFINISHED,
    Centre,
    RestoreUnfinished,
    load_database,
    migrate_database,
    open_centre,
)
from api.doors.accounts import NewAccount, add_account
from api.keeping.backup import (
    MANIFEST,
    BackupDamaged,
    BackupInside,
    BackupRunning,
    NoBackup,
    PlaceTaken,
    _alone,
    restore_backup,
    write_backup,
)
from api.reports.audit import verify_centre
from dispatch.case.case import Case
from dispatch.store.dump import NotEmpty, OtherVersion
from dispatch.store.schema import METADATA
from tests.api.open_centre import OpenCentre
from tests.dispatch import making
from tests.dispatch.evaluating import START, done, reported
from tests.dispatch.test_arrivals_on_stores import line, mail, names, put_in_line
from tests.dispatch.walking import walk

EVER = (START.replace(year=1971), START.replace(year=2100))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Settings, Settings]]:
    """A centre's place with its tables, and an empty one to restore into, on either database."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path / "data"), Settings(data_dir=tmp_path / "new")
        return
    address = request.getfixturevalue("postgres_url")
    admin, schemas = create_engine(address), [f"xunhuan_{uuid4().hex[:12]}" for _ in range(2)]
    urls = []
    with admin.begin() as connection:
        for schema in schemas:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
            url = make_url(address).update_query_dict({"options": f"-csearch_path={schema}"})
            urls.append(url.render_as_string(hide_password=False))
    here = Settings(data_dir=tmp_path / "data", database_url=urls[0])
    migrate_database(here)
    yield here, Settings(data_dir=tmp_path / "new", database_url=urls[1])
    with admin.begin() as connection:
        for schema in schemas:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    admin.dispose()


def keep(centre: Centre, number: int) -> Case:
    """Have somebody take a case through its life, saved in two transactions."""
    case = done(f"w{number}") if number % 2 else reported(f"w{number}")
    with centre.begin() as uow:
        uow.cases.add(case)
        uow.commit()
    with centre.begin() as uow:
        again = uow.cases.get(case.id)
        walk(again, range(number, number + 8), at=START.replace(day=20), step_h=3)
        uow.cases.save(again)
        uow.commit()
    return case


def rows(centre: Centre) -> dict[str, list[bytes]]:
    """Give every row of every table."""
    with centre.dump() as dump:
        return {name: list(dump.lines(name)) for name in dump.tables()}


def test_a_backup_taken_while_others_write_is_of_one_moment_and_passes_the_audit(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    here, new = places
    centre = open_centre(here)
    stop, written = threading.Event(), []

    def write() -> None:
        number = 0
        while not stop.is_set() or number < 6:
            written.append(keep(centre, number))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    kept = []
    for _ in range(3):
        before = len(written)
        kept.append((write_backup(tmp_path / "kept", centre=centre), before))
    stop.set()
    writer.join()

    for backup, before in kept:
        restore_backup(backup.folder, new)
        restored = open_centre(new)
        checked = verify_centre(None, centre=restored)
        with restored.read() as uow:
            cases = {case.id for case in uow.cases.touching(*EVER)}
        restored.engine.dispose()
        assert checked.troubles == ()
        assert {case.id for case in written[:before]} <= cases
        assert checked.head == (backup.head or "0" * 64)
        shutil.rmtree(new.data_dir)
        if new.database_url:
            empty(new.database_url)
    centre.engine.dispose()


def test_what_is_restored_is_every_row_as_it_was(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    here, new = places
    centre = open_centre(here)
    first = keep(centre, 3)
    # One that refers to a case that stands later in its own table.
    early = replace(reported("e"), id="0" + first.id[1:], recurs=first.id)
    with centre.begin() as uow:
        uow.cases.add(early)
        uow.commit()
    add_account(
        NewAccount(name="li", password="correct-horse-battery", person="李", roles=("evaluator",)),
        centre=centre,
    )

    restore_backup(write_backup(tmp_path / "kept", centre=centre).folder, new)

    restored = open_centre(new)
    assert rows(restored) == rows(centre)
    assert any(rows(centre).values())
    restored.engine.dispose()
    centre.engine.dispose()


def test_what_waits_for_its_case_is_restored_and_the_line_goes_on_behind_it(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    here, new = places
    centre = open_centre(here)
    for name in ("1", "2"):
        put_in_line(centre.begin, mail(making.finding(name)))

    restore_backup(write_backup(tmp_path / "kept", centre=centre).folder, new)

    restored = open_centre(new)
    assert rows(restored) == rows(centre)
    put_in_line(restored.begin, mail(making.finding("3")))
    waiting = [making.finding(name).id for name in ("1", "2", "3")]
    assert names(line(restored.begin)) == waiting
    restored.engine.dispose()
    centre.engine.dispose()


def test_a_pilot_on_sqlite_grows_into_the_other_database(
    places: tuple[Settings, Settings], tmp_path: Path
) -> None:
    pilot = open_centre(Settings(data_dir=tmp_path / "pilot"))
    keep(pilot, 1)

    restore_backup(write_backup(tmp_path / "kept", centre=pilot).folder, places[1])

    grown = open_centre(places[1])
    assert rows(grown) == rows(pilot)
    assert verify_centre(None, centre=grown).troubles == ()
    grown.engine.dispose()
    pilot.engine.dispose()


def test_a_whole_centre_comes_back_with_pictures_key_and_waiting_photos(
    opened: OpenCentre, tmp_path: Path
) -> None:
    case = opened.handling()
    opened.look_at(opened.hand_in(case))
    opened.hand_in(case, mark="waits")
    first = write_backup(tmp_path / "kept", centre=opened.centre)
    opened.door.later(days=1)
    second = write_backup(tmp_path / "kept", centre=opened.centre)

    place = Settings(data_dir=tmp_path / "new")
    restore_backup(tmp_path / "kept", place)

    restored = open_centre(place)
    assert verify_centre(None, centre=restored).troubles == ()
    assert set(restored.evidence.names()) == set(opened.centre.evidence.names())
    assert set(restored.inbox.names()) == set(opened.centre.inbox.names()) != set()
    assert restored.key.private_bytes_raw() == opened.centre.key.private_bytes_raw()
    assert (first.new, second.new) == (first.pictures, 0)
    restored.engine.dispose()


def test_an_interrupted_backup_is_never_taken_for_a_whole_one(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    whole = write_backup(tmp_path / "kept", centre=opened.centre).folder
    half = tmp_path / "kept" / ".20991231T000000000000Z.part"
    shutil.copytree(whole, half)

    assert restore_backup(tmp_path / "kept", Settings(data_dir=tmp_path / "new")) == whole
    with pytest.raises(NoBackup):
        restore_backup(half, Settings(data_dir=tmp_path / "other"))
    opened.door.later(days=1)
    write_backup(tmp_path / "kept", centre=opened.centre)
    assert not half.exists()


@pytest.mark.parametrize("name", ["tables/cases.jsonl.gz", "data/centre.key", MANIFEST])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    opened: OpenCentre, tmp_path: Path, name: str
) -> None:
    whole = write_backup(tmp_path / "kept", centre=opened.centre).folder
    content = bytearray((whole / name).read_bytes())
    content[len(content) // 2] ^= 1
    (whole / name).write_bytes(content)

    with pytest.raises(BackupDamaged):
        restore_backup(whole, Settings(data_dir=tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_a_backup_that_lost_a_file_is_refused(opened: OpenCentre, tmp_path: Path) -> None:
    whole = write_backup(tmp_path / "kept", centre=opened.centre).folder
    (whole / "tables/steps.jsonl.gz").unlink()

    with pytest.raises(BackupDamaged):
        restore_backup(whole, Settings(data_dir=tmp_path / "new"))


def test_nothing_is_restored_over_something(opened: OpenCentre, tmp_path: Path) -> None:
    opened.handled()
    whole = write_backup(tmp_path / "kept", centre=opened.centre).folder

    with pytest.raises(PlaceTaken):
        restore_backup(whole, opened.centre.settings)
    elsewhere = Settings(data_dir=tmp_path / "new", database_url=opened.centre.settings.url)
    with pytest.raises(NotEmpty):
        restore_backup(whole, elsewhere)


def test_a_restore_that_did_not_end_opens_no_centre(opened: OpenCentre, tmp_path: Path) -> None:
    whole = write_backup(tmp_path / "kept", centre=opened.centre).folder
    place = Settings(data_dir=tmp_path / "new")
    restore_backup(whole, place)
    (place.data_dir / UNFINISHED).touch()

    with pytest.raises(RestoreUnfinished):
        open_centre(place)


def test_rows_of_another_version_of_the_tables_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OtherVersion):
        load_database(Settings(data_dir=tmp_path), "2020_01_01_long_ago", lambda _: iter(()))


def test_a_picture_that_is_damaged_is_named_and_the_backup_is_written(
    opened: OpenCentre, tmp_path: Path
) -> None:
    opened.handled()
    name = next(opened.centre.evidence.names())
    opened.centre.evidence.delete(name)

    kept = write_backup(tmp_path / "kept", centre=opened.centre)

    assert kept.missing == (name,)
    assert json.loads((kept.folder / MANIFEST).read_bytes())["head"] == kept.head


def test_backups_lie_elsewhere_and_are_written_one_at_a_time(
    opened: OpenCentre, tmp_path: Path
) -> None:
    with pytest.raises(BackupInside):
        write_backup(opened.centre.settings.data_dir / "kept", centre=opened.centre)
    (tmp_path / "kept").mkdir()
    with _alone(tmp_path / "kept"), pytest.raises(BackupRunning):
        write_backup(tmp_path / "kept", centre=opened.centre)


def empty(url: str) -> None:
    """Take every row out of a database."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
