"""A signed package: one file that carries a model folder, its statement and its signature.

It is a zip of stored entries in one order, with nothing else in it, so that there is nothing to
unpack, to guess or to hide: `statement.json`, `signature.json`, then the files that the statement
names, in its order. Every byte is accounted for before any is written anywhere.
"""

import hashlib
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, ValidationError

from detect.manifest import MANIFEST_FILE, Manifest
from detect.onnx_file import NotAlone, check_alone
from detect.statement import (
    MOST_FILE_BYTES,
    PackageRefused,
    PackedFile,
    PublicKey,
    Refusal,
    Statement,
    read_statement,
    sign,
)

SUFFIX: Final = ".xhm"
STATEMENT_FILE: Final = "statement.json"
SIGNATURE_FILE: Final = "signature.json"
CARD_FILE: Final = "card.json"
MOST_PACKAGE_BYTES: Final = 512 << 20
MOST_STATEMENT_BYTES: Final = 64 << 10
MOST_ENTRIES: Final = 14
_LOCAL_HEAD, _CENTRAL_HEAD, _END = 30, 46, 22
"""Bytes of a zip's fixed parts (APPNOTE 4.3.7, 4.3.12, 4.3.16)."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PIECE: Final = 1 << 20


class _CardNames(BaseModel):
    """The files that a card was measured on."""

    model_config = ConfigDict(extra="ignore")

    version: str
    sha256: str
    int8_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package whose signature and hashes are right.

    Attributes:
        sha256: of the whole file.
        manifest: of the model inside, which fits the statement.
    """

    statement: Statement
    manifest: Manifest
    sha256: str
    size: int


def write_package(
    contents: Mapping[str, bytes], statement: Statement, key: Ed25519PrivateKey, *, to: Path
) -> None:
    """Write a package of files by name, as a statement names them."""
    parts = [
        (STATEMENT_FILE, statement.raw()),
        (SIGNATURE_FILE, sign(statement, key).model_dump_json().encode()),
        *((file.name, contents[file.name]) for file in statement.files),
    ]
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)


def packed_files(contents: Mapping[str, bytes]) -> tuple[PackedFile, ...]:
    """Describe files by name for a statement.

    Raises:
        ValidationError: a name or a size may not be in a package.
    """
    return tuple(
        PackedFile(name=name, size=len(each), sha256=hashlib.sha256(each).hexdigest())
        for name, each in sorted(contents.items())
    )


def read_package(path: Path, *, trusted: Iterable[PublicKey]) -> Package:
    """Check all of a package that does not depend on when and where it is used.

    Raises:
        PackageRefused: with what is wrong.
    """
    size = path.stat().st_size
    if size > MOST_PACKAGE_BYTES:
        raise _damaged(f"超过 {MOST_PACKAGE_BYTES >> 20} MiB", "it is too large")
    with path.open("rb") as file:
        try:
            _check_end(file, size)
            with zipfile.ZipFile(file) as archive:
                statement = _believed(archive, size=size, trusted=trusted)
                manifest = _checked_model(archive, statement)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise _damaged("文件不完整", "the file is not whole") from error
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Package(statement=statement, manifest=manifest, sha256=digest, size=size)


def files_of(path: Path, package: Package) -> Iterator[tuple[str, bytes]]:
    """Give the files of a package that was read, each checked once more against its hash.

    Raises:
        PackageRefused: the file changed since it was read.
    """
    with zipfile.ZipFile(path) as archive:
        for file in package.statement.files:
            content = archive.read(file.name)
            _check_hash(file, hashlib.sha256(content).hexdigest())
            yield file.name, content


def _check_end(file: IO[bytes], size: int) -> None:
    """Refuse more entries than a package has before they are listed in memory."""
    file.seek(max(0, size - _END))
    end = file.read(_END)
    if not end.startswith(b"PK\x05\x06") or int.from_bytes(end[10:12], "little") > MOST_ENTRIES:
        raise _damaged("文件不完整或不是模型包", "it is not whole, or no package")


def _believed(archive: zipfile.ZipFile, *, size: int, trusted: Iterable[PublicKey]) -> Statement:
    entries = archive.infolist()
    _check_entries(archive, entries, size=size)
    for entry in entries[:2]:
        if entry.file_size > MOST_STATEMENT_BYTES:
            raise _damaged("声明过长", "its statement is too long")
    statement = read_statement(
        archive.read(STATEMENT_FILE), archive.read(SIGNATURE_FILE), trusted=trusted
    )
    said = [(file.name, file.size) for file in statement.files]
    if [(entry.filename, entry.file_size) for entry in entries[2:]] != said:
        raise _strange("文件与声明不一致", "its files are not those of the statement")
    for file in statement.files:
        with archive.open(file.name) as part:
            _check_hash(file, _digest(part))
    return statement


def _check_entries(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], *, size: int) -> None:
    """Refuse names that lead elsewhere, links, packed or hidden bytes, and more than is needed."""
    names = [entry.filename for entry in entries]
    if names[:2] != [STATEMENT_FILE, SIGNATURE_FILE] or len(set(names)) != len(names):
        raise _strange("条目的顺序或名称不对", "its entries are not in order")
    for entry in entries:
        if "/" in entry.filename or "\\" in entry.filename or entry.filename.startswith("."):
            raise _strange(
                f"文件名 {entry.filename!r} 指向包外",
                f"the name {entry.filename!r} leads out of it",
            )
        if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
            raise _strange(f"{entry.filename} 不是普通文件", f"{entry.filename} is no plain file")
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 0x1:
            raise _strange(f"{entry.filename} 被压缩或加密", f"{entry.filename} is packed")
        if entry.file_size > MOST_FILE_BYTES:
            raise _strange(f"{entry.filename} 过大", f"{entry.filename} is too large")
    heads = sum(_LOCAL_HEAD + _CENTRAL_HEAD + 2 * len(name.encode()) for name in names)
    if heads + _END + sum(entry.file_size for entry in entries) != size or archive.comment:
        raise _strange("夹带了多余的内容", "there is more in it than its entries")


def _checked_model(archive: zipfile.ZipFile, statement: Statement) -> Manifest:
    """Give the manifest, after checking that it, the card and the weights belong together."""
    names = {file.name: file for file in statement.files}
    if not {MANIFEST_FILE, CARD_FILE} <= set(names):
        raise _unfit("缺少清单或卡片", "it has no manifest or no card")
    manifest = _manifest_of(archive.read(MANIFEST_FILE))
    if (manifest.name, manifest.version) != (statement.name, statement.version):
        raise _unfit("声明与清单不是同一个模型", "statement and manifest name different models")
    weights = {manifest.file: manifest.sha256}
    if manifest.int8 is not None:
        weights[manifest.int8.file] = manifest.int8.sha256
    if {n: f.sha256 for n, f in names.items() if n.endswith(".onnx")} != weights:
        raise _unfit("权重文件与清单不一致", "its weights are not those of the manifest")
    _check_card(archive.read(CARD_FILE), manifest)
    for name in weights:
        try:
            check_alone(name, archive.read(name))
        except NotAlone as error:
            raise PackageRefused(Refusal.UNFIT, error.zh, error.en) from error
    return manifest


def _manifest_of(raw: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        first = error.errors()[0]["msg"]
        raise _unfit(f"清单有误：{first}", f"its manifest: {first}") from error


def _check_card(raw: bytes, manifest: Manifest) -> None:
    ours = (manifest.version, manifest.sha256, manifest.int8.sha256 if manifest.int8 else None)
    try:
        card = _CardNames.model_validate_json(raw)
    except ValidationError as error:
        raise _unfit("卡片读不懂", "its card is no card") from error
    if (card.version, card.sha256, card.int8_sha256) != ours:
        raise _unfit("卡片是对别的文件测的", "its card was measured on other files")


def _digest(part: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := part.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _check_hash(file: PackedFile, found: str) -> None:
    if found != file.sha256:
        raise _damaged(f"{file.name} 的内容被改过", f"{file.name} was changed")


def _damaged(zh: str, en: str) -> PackageRefused:
    return PackageRefused(Refusal.DAMAGED, f"{zh}；请重新取得", f"{en}; fetch it again")


def _strange(zh: str, en: str) -> PackageRefused:
    return PackageRefused(
        Refusal.STRANGE_FILES,
        f"{zh}；请用 xunhuan-models sign 重新打包",
        f"{en}; package it by xunhuan-models sign",
    )


def _unfit(zh: str, en: str) -> PackageRefused:
    return PackageRefused(
        Refusal.UNFIT, f"{zh}；请核对模型文件夹", f"{en}; check the model's folder"
    )
