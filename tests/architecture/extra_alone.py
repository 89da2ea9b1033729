"""Install one extra into an environment of its own and run what it promises.

    python -m tests.architecture.extra_alone edge|server

Exact versions come from the lock; packages of the other side must not have come along.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN = {
    "edge": ("sqlalchemy", "fastapi", "torch", "ultralytics"),
    "server": ("onnxruntime", "cv2", "torch", "ultralytics"),
}
SMOKE = {
    "edge": "import edge.commands, edge.pipeline, detect.detector, models.registry.registry",
    "server": "import api.app, api.commands, dispatch.loop.casework, models.registry.registry",
}
COMMANDS = {
    "edge": (
        ("xunhuan-edge", "--help"),
        ("xunhuan-edge", "doctor", "--json"),
        ("xunhuan-models", "list"),
    ),
    "server": (("xunhuan", "--help"), ("xunhuan-models", "list")),
}
ALLOWED_EXIT = {"doctor": (0, 69, 78)}


def main(extra: str) -> int:
    """Install, check that the other side is absent, run; give the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "env" / "bin" / "python"
        uv = str(Path(sys.executable).with_name("uv"))
        _run(uv, "venv", "--quiet", str(python.parents[1]))
        _run(
            uv,
            "pip",
            "install",
            "--quiet",
            "--python",
            str(python),
            "--constraint",
            str(ROOT / "requirements.lock"),
            f"{ROOT}[{extra}]",
        )
        for name in FORBIDDEN[extra]:
            code = (
                f"import importlib.util as u; raise SystemExit(u.find_spec({name!r}) is not None)"
            )
            _run(str(python), "-I", "-c", code, cwd=folder)
        _run(str(python), "-I", "-c", SMOKE[extra], cwd=folder)
        for command, *arguments in COMMANDS[extra]:
            _run(
                str(python.with_name(command)),
                *arguments,
                cwd=folder,
                allowed=ALLOWED_EXIT.get(arguments[0], (0,)),
            )
    print(f"{extra}: installs and runs without {', '.join(FORBIDDEN[extra])}")
    return 0


def _run(*command: str, cwd: str | None = None, allowed: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(command)} gave {done.returncode}\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
