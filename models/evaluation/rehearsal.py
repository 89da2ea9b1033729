"""Run a model in every way its manifest offers, on a picture drawn for that."""

from dataclasses import asdict, dataclass
from pathlib import Path

from detect.detector import Detector
from detect.golden import golden_picture
from detect.manifest import Manifest, Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One shape and precision in which a model ran here, and where."""

    height: int
    width: int
    precision: str
    provider: str
    passed_over: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return asdict(self)

    def text(self) -> str:
        """Give it for a person."""
        aside = "".join(f"; {reason}" for reason in self.passed_over)
        way = f"{self.height}x{self.width} {self.precision}"
        return f"{way} 试运行正常 / runs on {self.provider}{aside}"


def rehearse(folder: Path, manifest: Manifest) -> tuple[Rehearsed, ...]:
    """Open and run a model at every shape and precision it offers.

    Raises:
        DetectError: a file does not load, fits not its manifest, or answers what cannot be read.
    """
    ways = [
        (shape, precision)
        for shape in manifest.input.shapes
        for precision in Precision
        if manifest.offers(precision, shape)
    ]
    return tuple(_rehearsed(folder, shape, precision) for shape, precision in ways)


def _rehearsed(folder: Path, shape: tuple[int, int], precision: Precision) -> Rehearsed:
    detector = Detector(folder, shape=shape, precision=precision)
    detector.detect(golden_picture(height=shape[0], width=shape[1]))
    return Rehearsed(
        height=shape[0],
        width=shape[1],
        precision=precision.value,
        provider=detector.provider.value,
        passed_over=tuple(over.reason for over in detector.passed_over),
    )
