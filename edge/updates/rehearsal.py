"""Run a model that nobody here has run before in a process of its own, which may die of it.

The process may take so much memory and time and no more, on the processor alone: an accelerator's
driver takes memory as it likes, and shows in the trial whether it runs the model. It loads the
weights, answers the golden picture, and the answer must be that of where the model was signed.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from detect.detector import Detector
from detect.errors import DetectError
from detect.golden import golden_picture
from detect.golden_answer import GOLDEN_FILE, GoldenAnswers, answer_of, difference
from detect.manifest import Precision, read_manifest
from detect.provider import Provider
from detect.statement import PackageRefused, Refusal
from edge.config import ModelConfig

MEMORY_BYTES: Final = 2 << 30
SECONDS: Final = 180
SHOWN: Final = 200
_REFUSED: Final = 3


class _Said(BaseModel):
    """What the process says of a model that it would not take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    en: str


def rehearse(folder: Path, how: ModelConfig) -> None:
    """Run a model folder in a process of its own as it is to be run here.

    Args:
        how: the input, precision and threads that the configuration names; its folder is ignored.

    Raises:
        PackageRefused: it does not load, answers otherwise than where it was signed, dies, or takes
            too much memory or time.
    """
    wanted = how.model_copy(update={"folder": folder})
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with a folder of our own naming
            [sys.executable, "-m", "edge.updates.rehearsal", wanted.model_dump_json()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _fails(
            f"试运行超过 {SECONDS} 秒", f"its rehearsal took more than {SECONDS} s"
        ) from error
    if done.returncode == 0:
        return
    if done.returncode == _REFUSED:
        said = _said(done.stdout)
        raise _fails(said.zh, said.en)
    last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
    why = f"{done.returncode} {''.join(last)[:SHOWN]}"
    raise _fails(f"试运行进程异常结束（{why}）", f"its rehearsal died ({why})")


def _said(raw: bytes) -> _Said:
    try:
        return _Said.model_validate_json(raw.strip().splitlines()[-1])
    except (ValidationError, IndexError):
        return _Said(zh="试运行没有说明原因", en="its rehearsal gave no reason")


def _fails(zh: str, en: str) -> PackageRefused:
    return PackageRefused(
        Refusal.FAILS,
        f"{zh}；请在同类设备上用 xunhuan-models verify 核对",
        f"{en}; check it by xunhuan-models verify on such a device",
    )


def _answers_as_signed(how: ModelConfig) -> None:
    """Run the model where this process may, and compare.

    Raises:
        DetectError: it does not load, or its answer cannot be used.
        PackageRefused: it answers otherwise.
    """
    folder = how.folder
    assert folder is not None, "the parent names it"
    detector = Detector(
        folder,
        threads=how.threads,
        shape=how.shape,
        precision=how.precision,
        provider=Provider.CPU,
    )
    ways = [(detector.shape, detector.precision)]
    if how.precision is None and detector.precision is not Precision.FP32:
        ways.append((detector.shape, Precision.FP32))
    golden = GoldenAnswers.model_validate_json((folder / GOLDEN_FILE).read_bytes())
    for shape, precision in ways:
        _compare(folder, golden, shape=shape, precision=precision)


def _compare(
    folder: Path, golden: GoldenAnswers, *, shape: tuple[int, int], precision: Precision
) -> None:
    wanted = golden.of(shape, precision)
    if wanted is None:
        raise _fails("没有这种输入的标准答案", "it has no golden answer for this input")
    detector = Detector(folder, shape=shape, precision=precision, provider=Provider.CPU)
    found = detector.detect(golden_picture(height=shape[0], width=shape[1]))
    what = difference(wanted, answer_of(found, shape=shape, precision=precision))
    if what is not None:
        name = read_manifest(folder).name
        raise _fails(
            f"{name} 对标准图的回答与签名处不同（{what}）",
            f"{name} answers the golden picture otherwise than where it was signed ({what})",
        )


def main(asked: str) -> int:
    """Rehearse within the limits; the parent reads what is printed.

    Args:
        asked: a `ModelConfig` as JSON, its folder that of the model.

    Returns:
        The exit status: 0 for a model that runs, 3 for one that is refused with words.
    """
    # Of its own data, not of what libraries map: those differ from machine to machine.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    try:
        _answers_as_signed(ModelConfig.model_validate_json(asked))
    except (DetectError, ValidationError) as error:
        zh, en = (error.zh, error.en) if isinstance(error, DetectError) else ("标准答案读不懂",) * 2
        sys.stdout.write(_Said(zh=zh, en=en).model_dump_json() + "\n")
        return _REFUSED
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
