"""Backups: everything the centre must not lose, taken while it works, and put back.

    FOLDER/evidence/...             pictures, each once for all backups, under the hash of its bytes
    FOLDER/20261121T082600Z/        one backup
        tables/NAME.jsonl.gz        all rows, as they were at one moment, for either database
        data/...                    the rest of the data folder: the centre's key, waiting photos
        manifest.json               every file's hash; written last, and sealed

A backup under way has another name; it gets its own when it is whole and on the disk.
"""

import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from api.centre.settings import Settings
from api.centre.wiring import ERASING, UNFINISHED, Centre, load_database, picture_folder
from api.errors import ApiError
from api.keeping.file_lock import only_one
from api.keeping.old_backups import (
    MANIFEST,
    PICTURES,
    drop_old,
    pictures_of,
    table_file,
    table_rows,
    whole_backups,
)
from dispatch.case.audit import canonical_bytes
from dispatch.missing import EvidenceMissing, EvidenceRefused

_PASSING: Final = frozenset({PICTURES, "drafts", UNFINISHED, ERASING})
"""What of the data folder is kept otherwise, or comes again by itself."""
_DATABASE: Final = "centre.db"


class BackupRunning(ApiError):
    """Another backup is being written to the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 正在写另一个备份，请等它结束",
            f"another backup is being written to {folder}: wait until it ends",
        )


class BackupInside(ApiError):
    """The backups would lie in what they back up."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"备份文件夹 {folder} 在数据文件夹之内，盘坏则一起丢失；请换到别的盘",
            f"{folder} lies within the data folder and would be lost with it: name one elsewhere",
        )


class NoBackup(ApiError):
    """There is no whole backup in the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 里没有完整的备份（中断的备份不算）",
            f"{folder} holds no whole backup; one that was interrupted is none",
        )


class BackupDamaged(ApiError):
    """A file of the backup is missing or altered."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"备份文件 {name} 缺失或已损坏，请改用另一个备份",
            f"the file {name} of the backup is missing or altered: use another backup",
        )
        self.name = name


class PlaceTaken(ApiError):
    """The data folder to restore into is not empty."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"数据文件夹 {folder} 不是空的，只能恢复到空文件夹；请换一个 XUNHUAN_DATA_DIR",
            f"the data folder {folder} is not empty: set XUNHUAN_DATA_DIR to an empty one",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A backup that was written.

    Args:
        new: how many pictures were not in an earlier backup.
        missing: pictures that the centre should have and has not, or not whole.
    """

    folder: Path
    rows: int
    pictures: int
    new: int
    missing: tuple[str, ...]
    head: str


def write_backup(out: Path, *, centre: Centre, keep: int | None = None) -> Kept:
    """Write a backup while the centre goes on working; only what is over waits to be erased.

    Args:
        keep: how many backups the folder holds afterwards; None keeps all.

    Raises:
        BackupInside: the folder lies within the data folder.
        BackupRunning: another one is being written to the folder.
    """
    if out.resolve().is_relative_to(centre.settings.data_dir.resolve()):
        raise BackupInside(out)
    out.mkdir(parents=True, exist_ok=True)
    with _alone(out), only_one(centre.settings.data_dir / ERASING, wait=True):
        for left in out.glob(".*.part"):
            shutil.rmtree(left)
        name = f"{centre.real_now():%Y%m%dT%H%M%S%fZ}"
        draft = out / f".{name}.part"
        # It holds the centre's key and photos as they were taken.
        draft.mkdir(mode=0o700)
        kept = _write(draft, out / name, centre)
        _sync_tree(draft)
        centre.failpoint("backup.before_rename")
        draft.replace(kept.folder)
        _sync(out)
        if keep is not None:
            drop_old(out, keep=keep)
    return kept


def restore_backup(folder: Path, settings: Settings) -> Path:
    """Put a backup back into an empty place; give the folder of the one that was taken.

    Args:
        folder: one backup, or the folder of all, of which the newest whole one is taken.

    Raises:
        NoBackup: there is no whole one.
        BackupDamaged: a file of it is missing or altered.
        PlaceTaken, NotEmpty: the data folder or the database holds something.
        OtherVersion: it is of another version of the tables.
    """
    chosen = _chosen(folder)
    manifest = _checked(chosen)
    place = settings.data_dir
    if place.exists() and any(place.iterdir()):
        raise PlaceTaken(place)
    place.mkdir(parents=True, exist_ok=True)
    mark = place / UNFINISHED
    mark.touch()
    if (chosen / "data").is_dir():
        shutil.copytree(chosen / "data", place, dirs_exist_ok=True)
    _copy_pictures(pictures_of(chosen), chosen.parent / PICTURES, settings.evidence_dir)
    load_database(settings, str(manifest["revision"]), lambda name: table_rows(chosen, name))
    _sync_tree(place)
    mark.unlink()
    _sync(place)
    return chosen


def _write(draft: Path, final: Path, centre: Centre) -> Kept:
    files: dict[str, str] = {}
    rows, last = 0, b"{}"
    (draft / "tables").mkdir()
    # Photos that wait when the rows are read may be looked at, and go, before they are copied.
    _copy_rest(centre.settings.data_dir, draft / "data")
    with centre.dump() as dump:
        for name in dump.tables():
            with gzip.open(draft / table_file(name), "wb", compresslevel=6) as file:
                for line in dump.lines(name):
                    file.write(line)
                    rows += 1
                    last = line if name == "ledger" else last
        revision = dump.revision
    _copy_rest(centre.settings.data_dir, draft / "data")
    for each in sorted(draft.rglob("*")):
        if each.is_file():
            files[each.relative_to(draft).as_posix()] = _hash(each)
    shared = draft.parent / PICTURES
    pictures, new, missing = _copy_pictures(
        pictures_of(draft), centre.settings.evidence_dir, shared
    )
    head = str(json.loads(last).get("head", ""))
    manifest: dict[str, JsonValue] = {
        "format": "xunhuan-backup 1",
        "revision": revision,
        "head": head,
        "files": dict(files),
    }
    seal = hashlib.sha256(canonical_bytes(manifest)).hexdigest()
    centre.failpoint("backup.before_manifest")
    content = json.dumps({**manifest, "seal": seal}, ensure_ascii=False, indent=1)
    (draft / MANIFEST).write_text(content, encoding="utf-8")
    return Kept(
        folder=final, rows=rows, pictures=pictures, new=new, missing=tuple(missing), head=head
    )


def _copy_pictures(hashes: Iterator[str], source: Path, to: Path) -> tuple[int, int, list[str]]:
    """Copy those that are not there yet; gives all, new and missing ones."""
    known, kept = picture_folder(source), picture_folder(to)
    number, new, missing = 0, 0, []
    for sha256 in hashes:
        number += 1
        if kept.holds(sha256):
            continue
        try:
            kept.put(known.get(sha256), sha256=sha256)
            new += 1
        except (EvidenceMissing, EvidenceRefused):
            missing.append(sha256)
    return number, new, missing


def _copy_rest(source: Path, to: Path) -> None:
    def passing(folder: str, names: list[str]) -> list[str]:
        top = Path(folder) == source
        database = [name for name in names if top and name.startswith(_DATABASE)]
        drafts = [name for name in names if name.endswith(".part")]
        return [*database, *drafts, *(_PASSING.intersection(names) if top else ())]

    # Photos that the vision worker has just looked at go away meanwhile: they are not missed.
    shutil.copytree(source, to, ignore=passing, copy_function=_copy_if_there, dirs_exist_ok=True)


def _copy_if_there(source: str, to: str) -> str:
    if Path(to).exists():
        return to
    try:
        shutil.copy2(source, to)
    except FileNotFoundError:
        Path(to).unlink(missing_ok=True)
    return to


def _chosen(folder: Path) -> Path:
    whole = [folder] if (folder / MANIFEST).is_file() else whole_backups(folder)
    if not whole or any(each.name.startswith(".") for each in whole):
        raise NoBackup(folder)
    return max(whole, key=lambda each: each.name)


def _checked(chosen: Path) -> dict[str, object]:
    try:
        manifest = json.loads((chosen / MANIFEST).read_bytes())
        stated = {name: value for name, value in manifest.items() if name != "seal"}
        if hashlib.sha256(canonical_bytes(stated)).hexdigest() != manifest["seal"]:
            raise BackupDamaged(MANIFEST)
    except (ValueError, KeyError, AttributeError) as error:
        raise BackupDamaged(MANIFEST) from error
    there = {each.relative_to(chosen).as_posix() for each in chosen.rglob("*") if each.is_file()}
    for name in sorted(there - {MANIFEST} | set(stated["files"])):
        if name not in there or _hash(chosen / name) != stated["files"].get(name):
            raise BackupDamaged(name)
    return stated


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    with only_one(out / ".lock", wait=False) as free:
        if not free:
            raise BackupRunning(out)
        yield


def _sync_tree(folder: Path) -> None:
    for each in folder.rglob("*"):
        _sync(each)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
