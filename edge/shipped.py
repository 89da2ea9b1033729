"""The models that were installed with the program: where they lie, what they are called."""

import importlib.util
from pathlib import Path

from detect.manifest import Manifest, Precision
from dispatch.wire import ModelRef
from edge.errors import EdgeError


class NoModelInstalled(EdgeError):
    """A model that belongs to the program was not installed with it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"没有随程序安装的模型 {name}；请重新安装，或用 --model 指明巡查模型文件夹",
            f"the model {name} was not installed with the program; install it again, or name a "
            "folder for the patrol's model by --model",
        )
        self.name = name


def shipped_model(name: str) -> Path:
    """Give the folder of an installed model, without loading any training code.

    Raises:
        NoModelInstalled: there is none of this name.
    """
    found = importlib.util.find_spec("models")
    for place in (found.submodule_search_locations or []) if found else []:
        folder = Path(place) / "weights" / name
        if folder.is_dir():
            return folder
    raise NoModelInstalled(name)


def model_ref(manifest: Manifest, precision: Precision = Precision.FP32) -> ModelRef:
    """Give a model's name on the wire, with the hash of the file that computes in a precision.

    Raises:
        LookupError: the model does not have it.
    """
    ran = manifest.sha256_of(precision)
    return ModelRef(name=manifest.name, version=manifest.version, sha256=ran)
