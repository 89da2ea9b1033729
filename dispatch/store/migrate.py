"""Bring a database to the tables of this version, never back."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dispatch.errors import DispatchError
from dispatch.store.covered_anew import fill_covered
from dispatch.store.engine import database
from dispatch.store.facts_anew import fill_facts

FOLDER: Final = Path(__file__).parent / "migrations"


class DowngradeRefused(DispatchError):
    """Going back would lose what the newer tables hold."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"不能从数据库版本 {revision} 退回旧版：会丢失数据。需要旧版时请恢复升级前的备份",
            f"no way back from database version {revision}, it would lose data: "
            "restore the backup from before the upgrade instead",
        )
        self.revision = revision


class NewerDatabase(DispatchError):
    """A later version of the software has changed the database."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"数据库版本 {revision} 比本软件新，请使用同样新的软件版本",
            f"the database is at version {revision}, newer than this software: run that version",
        )
        self.revision = revision


class OldDatabase(DispatchError):
    """The database waits for a migration."""

    def __init__(self, revision: str | None) -> None:
        super().__init__(
            f"数据库版本为 {revision or '空'}，请先运行 xunhuan migrate 升级",
            f"the database is at version {revision or 'none'}: run `xunhuan migrate` first",
        )
        self.revision = revision


def migrate(url: str) -> None:
    """Bring a database to the tables of this version, in one transaction.

    Raises:
        NewerDatabase: a later version of the software has changed it.
        UnknownDatabase, DatabaseAway, NotDurable: it cannot be opened.
    """
    with database(url) as engine, engine.begin() as connection:
        _refuse_newer(connection)
        command.upgrade(config_for(connection), "head")
        fill_facts(connection)
        fill_covered(connection)


def check_current(connection: Connection) -> None:
    """Refuse a database that does not have the tables of this version.

    Raises:
        NewerDatabase: a later version of the software has changed it.
        OldDatabase: it waits for a migration.
    """
    _refuse_newer(connection)
    current = MigrationContext.configure(connection).get_current_revision()
    if current != ScriptDirectory.from_config(config_for(connection)).get_current_head():
        raise OldDatabase(current)


def config_for(connection: Connection) -> Config:
    """Make what Alembic's commands need to work over an open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_newer(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(config_for(connection))
    known = {script.revision for script in scripts.walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise NewerDatabase(current)
