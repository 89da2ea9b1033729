"""Models over the air as the administrator decides them: register, roll out, pause."""

import tempfile
from pathlib import Path
from typing import Final

from api.centre.wiring import Centre
from api.errors import ApiError
from dispatch.devices.rollout import Registered, Rollout, offered
from dispatch.missing import PackageMissing
from dispatch.wire import ModelOffer, ModelOffers
from models.errors import ModelsError
from models.registry.received import Received, receive


class PackageRefused(ApiError):
    """A model package may not be registered, and why."""


class NoModelKeys(ApiError):
    """The centre was told no key of those who sign models."""

    def __init__(self) -> None:
        super().__init__(
            "没有设置签名公钥；请在设置 model_keys 里写 xunhuan-models keygen 生成的公钥",
            "no public key is set; put that of xunhuan-models keygen into the setting model_keys",
        )


EVERYBODY: Final = ("*",)


def register(content: bytes, *, by: str, centre: Centre) -> Registered:
    """Keep a signed package, so that it can be rolled out; the same one again changes nothing.

    Raises:
        NoModelKeys: the centre knows no key.
        PackageRefused: it is not to be believed, or its sequence is not the highest of its role.
    """
    keys = centre.settings.model_keys
    if not keys:
        raise NoModelKeys
    with tempfile.TemporaryDirectory(dir=_made(centre.settings.packages_dir)) as folder:
        path = Path(folder) / "package.xhm"
        path.write_bytes(content)
        try:
            received = receive(path, trusted=keys, into=_made(centre.packages.models))
        except ModelsError as error:
            raise PackageRefused(error.zh, error.en) from error
    package = _registered(received, by=by, centre=centre)

    def check(known: dict[str, Registered]) -> None:
        highest = max((k.sequence for k in known.values() if k.role == package.role), default=0)
        if package.sequence <= highest:
            raise PackageRefused(
                f"序号 {package.sequence} 不高于已登记的 {highest}；请用更高的序号重新签名",
                f"sequence {package.sequence} is not above {highest}: sign it under a higher one",
            )

    centre.packages.add(package, content, check=check)
    return package


def package_of(beginning: str, *, centre: Centre) -> str:
    """Give the hash of the one package whose hash begins so.

    Raises:
        PackageMissing: none begins so, or several do.
    """
    found = [sha256 for sha256 in centre.packages.registered() if sha256.startswith(beginning)]
    if len(found) != 1:
        raise PackageMissing(beginning)
    return found[0]


def roll_out(
    sha256: str, *, devices: tuple[str, ...], share: float, paused: bool, by: str, centre: Centre
) -> Rollout:
    """Decide to whom a package goes from now on.

    Raises:
        PackageMissing: it is not registered.
    """
    rollout = Rollout(
        sha256=sha256,
        devices=devices,
        share=share,
        paused=paused,
        changed_at=centre.real_now(),
        changed_by=by,
    )
    centre.packages.decide(rollout)
    return rollout


def offers_for(device: str, *, centre: Centre) -> ModelOffers:
    """Give what a device is to run now."""
    found = offered(
        device,
        packages=centre.packages.registered(),
        rollouts=centre.packages.rollouts().values(),
        at=centre.real_now(),
    )
    return ModelOffers(offers=tuple(_offer(each) for each in found))


def _offer(package: Registered) -> ModelOffer:
    return ModelOffer.model_validate(
        {
            "role": package.role,
            "name": package.name,
            "version": package.version,
            "sequence": package.sequence,
            "sha256": package.sha256,
            "size_bytes": package.size_bytes,
        }
    )


def _registered(received: Received, *, by: str, centre: Centre) -> Registered:
    return Registered(
        sha256=received.sha256,
        size_bytes=received.size,
        role=received.role,
        name=received.name,
        version=received.version,
        sequence=received.sequence,
        not_before=received.not_before,
        expires=received.expires,
        labels=received.labels,
        registered_at=centre.real_now(),
        registered_by=by,
    )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
