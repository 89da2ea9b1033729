"""The models that are at hand, and whether each may be activated."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from detect.errors import DetectError
from detect.manifest import MANIFEST_FILE, Manifest, read_manifest
from models.errors import ModelsError
from models.registry.card import ModelCard, read_card

SHIPPED: Final = Path(__file__).parents[1] / "weights"
DEFAULT_MODEL: Final = "street-n"


class CardDisagrees(ModelsError):
    """A model's card speaks of another model than the folder holds."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(
            f"模型 {folder.name} 的卡片与清单不一致：{what}，请换上属于它的卡片",
            f"card and manifest of model {folder.name} disagree on {what}; use its own card",
        )
        self.folder = folder
        self.what = what


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedModel:
    """A model folder whose file, manifest and card belong together."""

    folder: Path
    manifest: Manifest
    card: ModelCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A model folder as it was found: verified, or why not."""

    name: str
    folder: Path
    model: VerifiedModel | None
    fault: str


def verify(folder: Path) -> VerifiedModel:
    """Check that a model may be activated: hashes, manifest, card, and that they agree.

    Raises:
        DetectError: the manifest is missing or wrong, or a file has another hash.
        UnusableCard: the card is missing, incomplete or of an earlier format.
        CardDisagrees: the card speaks of another model.
    """
    manifest = read_manifest(folder)
    card = read_card(folder)
    for what, said, is_so in (
        ("name", card.name, manifest.name),
        ("version", card.version, manifest.version),
        ("licence", card.licence, manifest.licence),
        ("sha256", card.sha256, manifest.sha256),
        ("int8 sha256", card.int8_sha256, manifest.int8.sha256 if manifest.int8 else None),
        ("labels", card.labels, manifest.labels),
    ):
        if said != is_so:
            raise CardDisagrees(folder, what)
    by_label = {entry.label: entry.bands for entry in card.recall}
    for entry in manifest.classes:
        if by_label.get(entry.label, ()) != entry.recall:
            raise CardDisagrees(folder, f"recall of {entry.label}")
        if any(s.threshold != entry.threshold for s in card.scores if s.label == entry.label):
            raise CardDisagrees(folder, f"threshold of {entry.label}")
    return VerifiedModel(folder=folder, manifest=manifest, card=card)


def list_models(root: Path = SHIPPED) -> Sequence[Listed]:
    """Return every model folder under `root`, in order of name, with what is wrong with it."""
    if not root.is_dir():
        return ()
    folders = sorted(f for f in root.iterdir() if (f / MANIFEST_FILE).is_file())
    return tuple(_listed(folder) for folder in folders)


def _listed(folder: Path) -> Listed:
    try:
        model = verify(folder)
    except (DetectError, ModelsError) as error:
        return Listed(name=folder.name, folder=folder, model=None, fault=str(error))
    return Listed(name=folder.name, folder=folder, model=model, fault="")


def default_model() -> Path:
    """Return the folder of the model that ships with the project."""
    return SHIPPED / DEFAULT_MODEL


def as_json(listed: Sequence[Listed]) -> str:
    """Return a listing for scripts."""
    rows = [
        {
            "name": row.name,
            "folder": str(row.folder),
            "version": row.model.manifest.version if row.model else None,
            "labels": list(row.model.manifest.labels) if row.model else [],
            "verified": row.model is not None,
            "fault": row.fault or None,
        }
        for row in listed
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)
