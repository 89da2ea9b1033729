"""Which model runs: the one that is named, or the one that was installed with the program."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from detect.manifest import Manifest, read_manifest
from edge.errors import EdgeError
from edge.shipped import shipped_model

DEFAULT_MODEL: Final = "street-n"
CARD_FILE: Final = "card.json"


class _Card(BaseModel):
    """Which files a model's card speaks of; the rest of it is for people and for the centre."""

    model_config = ConfigDict(extra="ignore")

    version: str
    sha256: str
    int8_sha256: str | None = None


class NotActivated(EdgeError):
    """A model may not patrol: it has no card, or its card was measured on other files."""

    def __init__(self, folder: Path, zh: str, en: str) -> None:
        super().__init__(
            f"模型 {folder.name} 不能启用：{zh}；用 xunhuan-models card 实测后再用，"
            "或先用 xunhuan-edge replay 试跑",
            f"model {folder.name} may not be activated: {en}; measure it by xunhuan-models card, "
            "or try it by xunhuan-edge replay",
        )
        self.folder = folder


def default_model() -> Path:
    """Give the folder of the installed default model, without loading any training code.

    Raises:
        NoModelInstalled: there is none.
    """
    return shipped_model(DEFAULT_MODEL)


def activated(folder: Path) -> Manifest:
    """Give the manifest of a model that may patrol: one whose card speaks of these very files.

    Raises:
        UnusableModel: the folder's manifest or a hash is wrong.
        NotActivated: there is no card, or it speaks of other files.
    """
    manifest = read_manifest(folder)
    try:
        card = _Card.model_validate_json((folder / CARD_FILE).read_bytes())
    except FileNotFoundError as error:
        raise NotActivated(folder, f"没有 {CARD_FILE}", f"it has no {CARD_FILE}") from error
    except ValidationError as error:
        raise NotActivated(folder, f"{CARD_FILE} 读不懂", f"{CARD_FILE} is no card") from error
    coarse = manifest.int8.sha256 if manifest.int8 else None
    ours = (manifest.version, manifest.sha256, coarse)
    if (card.version, card.sha256, card.int8_sha256) != ours:
        raise NotActivated(folder, "卡片是对别的文件测的", "its card was measured on other files")
    return manifest


def describe_model(folder: Path) -> str:
    """Say which model a folder holds, after checking that it may patrol.

    Raises:
        UnusableModel: the folder's manifest or a hash is wrong.
        NotActivated: its card is missing or speaks of other files.
    """
    manifest = activated(folder)
    return f"{manifest.name} {manifest.version} sha256:{manifest.sha256[:12]}"
