"""How often the self-check holds a sound drive, and how often it finds a planted fault.

`python -m tests.edge.false_holds FIRST COUNT` checks the first passes over so many rendered
streets, driven with the errors they state; none should be held. With `planted` behind, the same
passes are checked with a wrong pitch, height or focal length, and drives over painted ground that
brake and turn with a wrong clock; all should be held. Prints a line a check, and the sums.
"""

import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from dispatch.wire import Platform
from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.checking import check_footage
from edge.opening import open_footage
from edge.placing.camera import Camera
from edge.sources.street.schedule import FIRST_DRIVE
from edge.sources.street.writing import write_street
from tests.edge.test_geocheck_drive import drive

_LOOKED_AT: Final = timedelta(seconds=20)
"""At 8 m/s, the fifty pairs that a check compares."""


@dataclass(frozen=True)
class Kept:
    """Frames of a drive, rendered once for all faults."""

    shown: tuple[Frame, ...]
    digest: str
    platform: Platform = Platform.VEHICLE
    rendered: bool = True

    def frames(self) -> Iterator[Frame]:
        """Give the frames in order of time."""
        return iter(self.shown)


def first_pass(seed: int) -> Footage:
    """Render the first seconds of the first pass over a street."""
    with tempfile.TemporaryDirectory() as folder:
        write_street(seed, Path(folder), first_drive=FIRST_DRIVE)
        footage = open_footage(
            min(Path(folder).glob("*.street.json")),
            telemetry=None,
            camera=None,
            starts_at=None,
            explain=lambda _zh, _en: None,
        )
        shown = tuple(_beginning(footage.source.frames()))
    return replace(footage, source=Kept(shown, footage.source.digest))


def with_faults(camera: Camera) -> Iterator[tuple[str, Camera]]:
    """Give a camera file that is wrong in one thing at a time."""
    mounting = camera.mounting
    height_m = mounting.height_above_ground_m
    for turn_deg in (2.0, -2.0):
        pitch = mounting.pitch + math.radians(turn_deg)
        yield f"pitch {turn_deg:+.0f}", replace(camera, mounting=replace(mounting, pitch=pitch))
    for times in (1.15, 0.85):
        wrong = replace(mounting, height_above_ground_m=height_m and height_m * times)
        yield f"height x {times}", replace(camera, mounting=wrong)
        yield f"focal x {times}", replace(camera, fx=camera.fx * times, fy=camera.fy * times)


def main(first: int, count: int, *, planted: bool) -> None:
    """Check so many streets from a seed on."""
    outcomes: Counter[str] = Counter()

    def check(name: str, seed: int, footage: Footage) -> None:
        verdict = check_footage(footage)
        outcomes[f"{name}: {verdict.outcome.value}"] += 1
        print(f"{name}, {seed}: {verdict.en}", flush=True)

    for seed in range(first, first + count):
        footage = first_pass(seed)
        check("sound", seed, footage)
        check("sound, turning", seed, drive(seed))
        for name, camera in with_faults(footage.camera) if planted else ():
            check(name, seed, replace(footage, camera=camera))
        for late_s in (0.5, -0.5) if planted else ():
            check(f"clock {late_s:+} s, turning", seed, drive(seed, late_s=late_s))
    for outcome in sorted(outcomes):
        print(f"{outcome} {outcomes[outcome]}")


def _beginning(frames: Iterator[Frame]) -> Iterator[Frame]:
    until = None
    for frame in frames:
        until = until or frame.at + _LOOKED_AT
        if frame.at > until:
            return
        yield frame


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), planted="planted" in sys.argv[3:])
