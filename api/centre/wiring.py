"""Where the centre is put together: settings, store, profile, evidence, and the only clock."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Request
from sqlalchemy import Engine

from api.centre.centre_key import centre_key
from api.centre.device_requests import DeviceRequest, write_together
from api.centre.drill import DrillClock
from api.centre.group_commit import GroupCommit
from api.centre.known_models import KnownModels
from api.centre.settings import Settings
from api.errors import ApiError
from dispatch.city.profile import Profile
from dispatch.city_files.profile_folder import PROFILES, load_profile
from dispatch.devices.device import Device
from dispatch.ids import PhotoId
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.store.drafts import Drafts
from dispatch.store.dump import Dump, load, open_dump
from dispatch.store.engine import at_one_moment, open_database
from dispatch.store.evidence import EvidenceFolder
from dispatch.store.facts_anew import Retold, rebuild_facts
from dispatch.store.failpoint import failpoint_from
from dispatch.store.migrate import NewerDatabase, OldDatabase, check_current, migrate
from dispatch.store.packages import PackageFolder
from dispatch.store.sql import SqlUnitOfWork
from dispatch.triage.triage import CardWord
from dispatch.verification.detectability import RecallBand
from dispatch.wire import Light, ModelRef, Receipts
from models.registry.registry import VerifiedModel

MOST_WAITING: Final = 100_000
"""More photos than ever wait for the vision worker."""
UNFINISHED: Final = "restore-unfinished"
"""A file in the data folder while a backup is being put back."""
ERASING: Final = "erasing.lock"
"""A file in the data folder, held by who removes files that are over, or by who backs them up."""


class RestoreUnfinished(ApiError):
    """A backup was being put back into the data folder, and that did not end."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 的恢复没有完成，请清空该文件夹和数据库后重新运行 xunhuan restore",
            f"putting a backup back into {folder} did not end: empty it and the database, and run "
            "`xunhuan restore` again",
        )


class UnknownProfile(ApiError):
    """No city profile has this name, and no folder this path."""

    def __init__(self, name: str) -> None:
        known = ", ".join(sorted(path.name for path in PROFILES.iterdir() if path.is_dir()))
        super().__init__(
            f"没有名为 {name} 的城市配置；自带的有：{known}，也可以写文件夹路径",
            f"no city profile is called {name}; shipped: {known}; a folder's path works too",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """Everything a request needs, made once."""

    settings: Settings
    profile: Profile
    engine: Engine
    evidence: EvidenceFolder
    inbox: EvidenceFolder
    drafts: Drafts
    key: Ed25519PrivateKey
    """By which devices know the centre's answers."""
    packages: PackageFolder
    models: Mapping[str, VerifiedModel]
    """By the hash of the weights, as findings and sweeps name the model that saw."""
    failpoint: Callable[[str], None]
    writing: GroupCommit[DeviceRequest, Receipts]
    """One commit for what concurrent requests of devices write."""
    signers: dict[str, Device]
    """Devices that signed lately, by id: whoever writes looks again whether they still may."""
    arrived: threading.Event
    """Rung when something was put in line for the cases."""
    now: Callable[[], datetime]
    """The clock of casework; a drill moves it."""
    real_now: Callable[[], datetime]
    """The clock of signatures and sessions."""

    def begin(self) -> UnitOfWork:
        """Open a transaction that may write."""
        return SqlUnitOfWork(self.engine)

    def recalls(self, model: ModelRef, label: str) -> tuple[RecallBand, ...]:
        """Give what the card of a model states of a label; nothing of a model not known here."""
        known = self.models.get(model.sha256)
        entry = known.manifest.entry(label) if known else None
        return tuple(
            RecallBand(
                min_px=band.min_px,
                max_px=band.max_px,
                light=Light(band.light),
                lower=band.lower,
                concentration=band.concentration,
                rendered=band.measured_on == "rendered",
            )
            for band in (entry.recall if entry else ())
        )

    def card_word(self, model: ModelRef, label: str) -> CardWord:
        """Give what a model's card says of letting its finds of a label file unasked.

        A class that the card does not know was not measured: a person is asked about it.
        """
        known = self.models.get(model.sha256)
        if known is None:
            return CardWord.UNKNOWN
        measured = label in known.card.labels and label not in known.card.asks_a_person
        return CardWord.MAY_FILE if measured else CardWord.ASKS

    def waiting_originals(self, uow: UnitOfWork) -> frozenset[str]:
        """Give the photos as they were taken that the vision worker is still to look at."""
        return frozenset(photo.sha256 for photo in uow.photos.unseen(limit=MOST_WAITING))

    def drop_originals(self, photos: Iterable[str]) -> None:
        """Delete photos as they were taken, once the vision worker has looked at them.

        The same picture may have been handed in twice: it stays while one of them waits.
        """
        with self.read() as uow:
            waiting = self.waiting_originals(uow)
            looked_at = [uow.photos.get(PhotoId(each)) for each in photos]
        for photo in looked_at:
            if photo.result is not None and photo.sha256 not in waiting:
                self.inbox.delete(photo.sha256)

    @contextmanager
    def keeping(self, photos: Mapping[str, bytes]) -> Iterator[None]:
        """Keep photos by their hash while they are handed in, and afterwards those that wait.

        What was refused, or was handed in and looked at before, is not left behind unredacted.
        """
        for sha256, content in photos.items():
            self.inbox.put(content, sha256=sha256)
        try:
            yield
        finally:
            with self.read() as uow:
                waiting = self.waiting_originals(uow)
            for sha256 in photos.keys() - waiting:
                self.inbox.delete(sha256)

    def read(self) -> UnitOfWork:
        """Open a transaction that only reads; on SQLite it passes writers by."""
        return SqlUnitOfWork(self.engine, reads_only=True)

    def retell_facts(self, *, write: bool) -> Retold:
        """Tell all facts of cases anew from the histories, or only compare."""
        with self.engine.begin() as connection:
            return rebuild_facts(connection, write=write)

    def dump(self) -> AbstractContextManager[Dump]:
        """Open all rows as they are at one moment."""
        return open_dump(self.engine)

    def read_at_one_moment(self) -> UnitOfWork:
        """Open a transaction that only reads, and everything as it is when it begins."""
        return SqlUnitOfWork(at_one_moment(self.engine), reads_only=True)


def profile_folder(name: str) -> Path:
    """Find a city profile by name or path.

    Raises:
        UnknownProfile: there is none.
    """
    for folder in (PROFILES / name, Path(name)):
        if (folder / "profile.toml").is_file():
            return folder
    raise UnknownProfile(name)


def open_centre(
    settings: Settings, *, profile: Profile | None = None, failpoint: str | None = None
) -> Centre:
    """Open the centre on an up-to-date database.

    A fresh SQLite database in the data folder is made on the spot; every other one is migrated by
    `xunhuan migrate`, because that is a decision.

    Args:
        profile: the city's that the settings name, where it was read before; None to read it.

    Raises:
        OldDatabase: it waits for a migration.
        UnknownProfile, FaultyData: the city profile is missing or faulty.
        RestoreUnfinished: a backup was put back only in part.
    """
    if (settings.data_dir / UNFINISHED).exists():
        raise RestoreUnfinished(settings.data_dir)
    profile = profile or load_profile(profile_folder(settings.profile))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.database_url is None and not (settings.data_dir / "centre.db").exists():
        migrate(settings.url)
    engine = open_database(settings.url)
    try:
        with engine.connect() as connection:
            check_current(connection)
    except (OldDatabase, NewerDatabase):
        engine.dispose()
        raise
    step = failpoint_from(failpoint)
    packages = PackageFolder(settings.packages_dir)
    return Centre(
        settings=settings,
        profile=profile,
        engine=engine,
        evidence=EvidenceFolder(settings.evidence_dir, failpoint=step),
        inbox=EvidenceFolder(settings.inbox_dir),
        drafts=Drafts(settings.drafts_dir),
        key=centre_key(settings.data_dir),
        packages=packages,
        models=KnownModels(packages.models),
        failpoint=step,
        writing=GroupCommit(
            lambda: SqlUnitOfWork(engine),
            lambda asked, uow: write_together(
                asked, uow=uow, profile=profile, at=_real_now(), failpoint=step
            ),
        ),
        signers={},
        arrived=threading.Event(),
        now=DrillClock(settings.drill_clock) if settings.drill_clock else _real_now,
        real_now=_real_now,
    )


def migrate_database(settings: Settings) -> None:
    """Bring the database to the tables of this version."""
    migrate(settings.url)


def load_database(
    settings: Settings, revision: str, lines: Callable[[str], Iterator[bytes]]
) -> None:
    """Load all rows of a backup into an empty database; see `dispatch.store.dump.load`."""
    load(settings.url, revision, lines)


def picture_folder(root: Path) -> EvidenceFolder:
    """Open a folder of pictures."""
    return EvidenceFolder(root)


def _real_now() -> datetime:
    return datetime.now(UTC)


async def centre_of(request: Request) -> Centre:  # a plain one would cost a thread's turn
    """Give the centre that a request came to."""
    centre = request.app.state.centre
    assert isinstance(centre, Centre)
    return centre
