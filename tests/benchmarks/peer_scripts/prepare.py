"""Make the peers' environment whole: put a stand-in where torchvision does not load.

Wheels of torchvision are built for one build of torch; beside a processor-only torch their
compiled operators are missing. ultralytics needs one of them, suppression of overlapping boxes.
"""

import importlib.util
import shutil
from pathlib import Path


def main() -> None:
    """Import torchvision; where that fails, replace its first file by the stand-in."""
    found = importlib.util.find_spec("torchvision")
    if found is None or found.origin is None:
        raise SystemExit("torchvision is not installed")
    try:
        import torchvision
    except RuntimeError as error:
        shutil.copy(Path(__file__).parent / "torchvision_stand_in.py", found.origin)
        print(f"torchvision does not load beside this torch ({error}); its stand-in does")
    else:
        print(f"torchvision {torchvision.__version__} loads")


if __name__ == "__main__":
    main()
