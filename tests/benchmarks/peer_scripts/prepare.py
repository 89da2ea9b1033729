"""Make the peers' environment whole: let torchvision load where its compiled part does not.

Wheels of torchvision are built for one build of torch; beside a processor-only torch their
compiled operators are missing. All of its Python part stays as it is, so that importing it costs
what it costs everyone.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

OPERATORS = Path(__file__).parent / "torchvision_operators.py"
MENDING = f"""

if not _has_ops():  # added by {Path(__file__).name}
    import {OPERATORS.stem}  # noqa: F401

    def _assert_has_ops():  # noqa: F811
        pass
"""


def main() -> None:
    """Import torchvision; where that fails, supply the operators it lacks, and try again."""
    found = importlib.util.find_spec("torchvision")
    if found is None or found.origin is None:
        raise SystemExit("torchvision is not installed")
    if _loads():
        return
    shutil.copy(OPERATORS, Path(found.origin).parents[1])
    extension = Path(found.origin).with_name("extension.py")
    text = extension.read_text(encoding="utf-8")
    if MENDING not in text:
        extension.write_text(text + MENDING, encoding="utf-8")
    if not _loads():
        raise SystemExit("torchvision does not load; remove .peers and run make peers again")
    print("torchvision has no operators for this torch; suppression is done by OpenCV")


def _loads() -> bool:
    code = "import torch, torchvision; torchvision.ops.nms(torch.rand(2, 4), torch.rand(2), 0.5)"
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    return ended.returncode == 0


if __name__ == "__main__":
    main()
