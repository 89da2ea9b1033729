"""Which model runs: the one that is named, or the one that was installed with the program."""

import importlib.util
from pathlib import Path
from typing import Final

from detect.manifest import Manifest, read_manifest
from dispatch.wire import ModelRef
from edge.errors import EdgeError

DEFAULT_MODEL: Final = "street-n"


class NoModelInstalled(EdgeError):
    """No model is named, and none was installed with the program."""

    def __init__(self) -> None:
        super().__init__(
            "没有随程序安装的模型；请用 --model 指明模型文件夹",
            "no model was installed with the program; name a model folder by --model",
        )


def default_model() -> Path:
    """Give the folder of the installed default model, without loading any training code.

    Raises:
        NoModelInstalled: there is none.
    """
    found = importlib.util.find_spec("models")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "weights" / DEFAULT_MODEL
        if folder.is_dir():
            return folder
    raise NoModelInstalled


def model_ref(manifest: Manifest) -> ModelRef:
    """Give a model's name on the wire."""
    return ModelRef(name=manifest.name, version=manifest.version, sha256=manifest.sha256)


def describe_model(folder: Path) -> str:
    """Say which model a folder holds, after checking its hash.

    Raises:
        UnusableModel: the folder's manifest or hash is wrong.
    """
    manifest = read_manifest(folder)
    return f"{manifest.name} {manifest.version} sha256:{manifest.sha256[:12]}"
