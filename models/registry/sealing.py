"""Make signing keys, and signed packages of model folders for devices to fetch."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import TypeAdapter, ValidationError

from detect.detector import Detector
from detect.golden import golden_picture
from detect.golden_answer import GOLDEN_FILE, GoldenAnswer, GoldenAnswers, answer_of
from detect.manifest import MANIFEST_FILE, Manifest, Precision
from detect.package import CARD_FILE, packed_files, write_package
from detect.provider import Provider
from detect.statement import PublicKey, Role, Statement, public_half
from models.errors import ModelsError
from models.registry.registry import verify

CARD_TEXT: Final = "card.md"
_KEY: Final = TypeAdapter(PublicKey)


class UnusableSigningKey(ModelsError):
    """A key file cannot be used."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        super().__init__(f"密钥 {path} 不能用：{zh}", f"key {path} cannot be used: {en}")
        self.path = path


class CannotSeal(ModelsError):
    """What a package shall say contradicts itself."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"不能打包：{zh}", f"no package can be made: {en}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a package shall say beside what its model says of itself; see `Statement`."""

    sequence: int
    not_before: datetime
    expires: datetime
    least_software: str
    next_keys: Sequence[PublicKey] = ()


def make_key(path: Path) -> PublicKey:
    """Make a signing key that only its owner can read, with its public half beside it (`.pub`).

    Raises:
        FileExistsError: there is a file of this name already; a key is never written over.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    public = public_half(key)
    path.with_suffix(".pub").write_text(public + "\n", encoding="ascii")
    return public


def read_private(path: Path) -> Ed25519PrivateKey:
    """Read a signing key.

    Raises:
        UnusableSigningKey: it is no Ed25519 key.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableSigningKey(path, "不是私钥文件", "it is no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableSigningKey(path, "不是 Ed25519 密钥", "it is no Ed25519 key")
    return key


def read_public(path: Path) -> PublicKey:
    """Read a public key: one line of base64.

    Raises:
        UnusableSigningKey: it is none.
    """
    try:
        return _KEY.validate_python(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError, ValidationError) as error:
        raise UnusableSigningKey(path, "不是公钥文件", "it is no public key") from error


def seal(folder: Path, order: Order, key: Ed25519PrivateKey, *, to: Path) -> Statement:
    """Write a signed package of a model folder, after running it in every way it offers.

    Raises:
        DetectError, ModelsError: the model may not be activated, or does not run here.
        CannotSeal: the order contradicts itself.
    """
    manifest = verify(folder).manifest
    contents = {name: (folder / name).read_bytes() for name in _names(folder, manifest)}
    answers = GoldenAnswers(answers=golden_answers(folder, manifest))
    contents[GOLDEN_FILE] = answers.model_dump_json().encode()
    statement = _stated(manifest, order, contents)
    write_package(contents, statement, key, to=to)
    return statement


def golden_answers(folder: Path, manifest: Manifest) -> tuple[GoldenAnswer, ...]:
    """Run a model on the processor in every way it offers, on the golden picture."""
    return tuple(
        _answer(folder, shape, precision)
        for shape in manifest.input.shapes
        for precision in Precision
        if manifest.offers(precision, shape)
    )


def _answer(folder: Path, shape: tuple[int, int], precision: Precision) -> GoldenAnswer:
    detector = Detector(folder, shape=shape, precision=precision, provider=Provider.CPU)
    found = detector.detect(golden_picture(height=shape[0], width=shape[1]))
    return answer_of(found, shape=shape, precision=precision)


def _names(folder: Path, manifest: Manifest) -> list[str]:
    names = [MANIFEST_FILE, CARD_FILE, manifest.file]
    names += [CARD_TEXT] if (folder / CARD_TEXT).is_file() else []
    return names if manifest.int8 is None else [*names, manifest.int8.file]


def _stated(manifest: Manifest, order: Order, contents: Mapping[str, bytes]) -> Statement:
    try:
        return Statement(
            role=role_of(manifest),
            name=manifest.name,
            version=manifest.version,
            sequence=order.sequence,
            not_before=order.not_before,
            expires=order.expires,
            least_software=order.least_software,
            files=packed_files(contents),
            next_keys=tuple(order.next_keys),
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "/"
        raise CannotSeal(f"{where}：{first['msg']}", f"{where}: {first['msg']}") from error


def role_of(manifest: Manifest) -> Role:
    """Tell what a model is for by what it names."""
    private = all(label.startswith("privacy.") for label in manifest.labels)
    return Role.PRIVACY if private else Role.PATROL
