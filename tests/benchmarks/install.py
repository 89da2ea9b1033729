"""What a device must install: the edge extra alone, in a fresh environment of its own.

python -m tests.benchmarks --only edge.install_mib
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.benchmarks.figure import CannotRun, Measured, benchmark
from tests.benchmarks.peers import ROOT

UNWANTED: Final = ("torch", "ultralytics", "fastapi", "uvicorn", "sqlalchemy", "alembic", "shapely")
"""Libraries of training and of the centre."""
LARGEST: Final = 5
SIZES: Final = """
import json
from importlib.metadata import distributions
print(json.dumps({
    each.name.lower(): sum(
        file.locate().stat().st_size for file in each.files or () if file.locate().is_file()
    )
    for each in distributions()
}))
"""


@benchmark(name="edge.install_mib", unit="MiB")
def install_mib() -> Measured:
    """Install the edge extra with its newest libraries, and weigh it."""
    sizes = _installed()
    found = [name for name in UNWANTED if name in sizes]
    largest = sorted(sizes, key=lambda name: -sizes[name])[:LARGEST]
    told = ", ".join(f"{name} {sizes[name] / 2**20:.0f}" for name in largest)
    has = "none" if not found else ", ".join(found)
    return Measured(
        value=sum(sizes.values()) / 2**20,
        how=f"{len(sizes)} distributions of the edge extra in a fresh environment, compiled files "
        f"not counted; the largest {told}; of {', '.join(UNWANTED)} {has}",
    )


def _installed() -> Mapping[str, int]:
    """Give the bytes of every distribution that the edge extra brings, itself among them."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        steps = (
            [sys.executable, "-m", "venv", "--without-pip", folder],
            [
                *(sys.executable, "-m", "uv", "pip", "install", "--quiet"),
                *("--python", str(python), f"{ROOT}[edge]"),
            ],
            [str(python), "-c", SIZES],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode:
                said = done.stderr.strip().splitlines() or [""]
                raise CannotRun(f"the environment cannot be made: {said[-1]}")
        sizes: Mapping[str, int] = json.loads(done.stdout)
        return sizes
