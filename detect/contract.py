"""Whether a model file is what its manifest says it is."""

from collections.abc import Sequence
from pathlib import Path

from detect.manifest import Manifest, OutputLayout, UnusableModel
from detect.session import Port, described

FLOATS = "tensor(float)"


def batch_depth(
    folder: Path,
    manifest: Manifest,
    *,
    shape: tuple[int, int],
    inputs: Sequence[Port],
    outputs: Sequence[Port],
) -> int | None:
    """Check a model file's inputs and outputs; give its fixed batch size, None if any runs.

    Raises:
        UnusableModel: they are not what the manifest says.
    """
    depth = _check_input(folder, manifest, shape, inputs)
    _check_output(folder, manifest, outputs)
    return depth


def check_shape(folder: Path, manifest: Manifest, shape: tuple[int, int]) -> None:
    """Refuse an input of (height, width) at which the model was never measured.

    Raises:
        UnusableModel: the manifest does not name it.
    """
    if shape not in manifest.input.shapes:
        raise _differs(folder, "input.shapes", f"{manifest.input.shapes}", f"{shape}")


def _check_input(
    folder: Path, manifest: Manifest, shape: tuple[int, int], inputs: Sequence[Port]
) -> int | None:
    names = [port.name for port in inputs]
    if names != [manifest.input.name]:
        raise _differs(folder, "input.name", manifest.input.name, f"{names}")
    dims = inputs[0].dims
    if inputs[0].kind != FLOATS or len(dims) != 4:
        raise _differs(folder, "input", "float (n, 3, h, w)", described(inputs))
    for said, found in zip((3, *shape), dims[1:], strict=True):
        if found not in {None, said}:
            said_shape = f"(n, 3, {shape[0]}, {shape[1]})"
            raise _differs(folder, "input.shapes", said_shape, described(inputs))
    return dims[0]


def _check_output(folder: Path, manifest: Manifest, outputs: Sequence[Port]) -> None:
    """Check the first output, the one that is read; a model of several is of another layout."""
    layout, classes = manifest.output, len(manifest.classes)
    end_to_end = layout is OutputLayout.END_TO_END
    said = "float (n, k, 6)" if end_to_end else f"float (n, {4 + classes}, k)"
    dims = outputs[0].dims
    if len(outputs) != 1 or outputs[0].kind != FLOATS or len(dims) != 3:
        raise _differs(folder, f"output ({layout.value})", said, described(outputs))
    axis, size = (2, 6) if end_to_end else (1, 4 + classes)
    if dims[axis] not in {None, size}:
        where = f"classes says {classes}, so output ({layout.value})"
        raise _differs(folder, where, said, described(outputs))


def _differs(folder: Path, where: str, said: str, found: str) -> UnusableModel:
    return UnusableModel(
        folder,
        f"清单 {where} 是 {said}，模型文件是 {found}；请核对清单与权重",
        f"manifest {where} says {said}, the model file has {found}; check both",
    )
