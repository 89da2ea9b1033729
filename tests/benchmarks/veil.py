"""How much of what hides the street is found, and how much of the street is taken for it.

Drawn drives on which nothing was chosen, spoilt by drawn dirt, drops and a bonnet; no real drive.
"""

from collections.abc import Callable
from functools import cache
from statistics import fmean
from typing import TYPE_CHECKING

from tests.benchmarks.figure import Measured, benchmark

if TYPE_CHECKING:
    import numpy as np

    Picture = np.ndarray
    Spoiling = tuple[Callable[["Picture"], "Picture"], "Picture"]

SEEDS = (31, 32, 33)
VIEWS = 70
SIZE = (360, 640)


@benchmark(name="detect.veil_false_share", unit="share")
def clean_ground_called_hidden() -> Measured:
    """Look through a clean lens."""
    shares = [_share_found(seed, None)[1] for seed in SEEDS]
    return Measured(
        value=fmean(shares),
        how=f"of the ground in view, mean of {len(SEEDS)} drawn drives of {VIEWS} views, "
        f"worst {max(shares):.3f}",
    )


@benchmark(name="detect.veil_dirt_found", unit="share")
def dirt_found() -> Measured:
    """Look through five blots of mud that let 5 % of the light through."""
    return _found("dirt", _dirt(0.95))


@benchmark(name="detect.veil_film_found", unit="share")
def film_found() -> Measured:
    """Look through five blots of dust that let 40 % of the light through."""
    return _found("dust", _dirt(0.6))


@benchmark(name="detect.veil_drops_found", unit="share")
def drops_found() -> Measured:
    """Look through fourteen drops, each a small blurred picture of the street on its head."""
    return _found("drops", _drops())


@benchmark(name="detect.veil_bonnet_found", unit="share")
def bonnet_found() -> Measured:
    """Look over a dark bonnet that mirrors the sky."""
    return _found("bonnet", _bonnet())


def _found(what: str, spoiling: "Spoiling") -> Measured:
    both = [_share_found(seed, spoiling) for seed in SEEDS]
    return Measured(
        value=fmean(found for found, _ in both),
        how=f"of the area of {what}, mean of {len(SEEDS)} drawn drives of {VIEWS} views, worst "
        f"{min(found for found, _ in both):.2f}; of clean ground {fmean(f for _, f in both):.3f} "
        "called hidden",
    )


def _share_found(seed: int, spoiling: "Spoiling | None") -> tuple[float, float]:
    """Give the share of what hides that is found, and of the clear ground that is called hidden."""
    import cv2
    import numpy as np

    from detect.veil import VeilSearch

    frames, towards = _drive(seed)
    search = VeilSearch(towards)
    rng = np.random.default_rng(seed)
    for frame in frames:
        seen = frame
        if spoiling is not None:
            noise = rng.normal(0.0, 1.5, frame.shape)
            seen = np.clip(spoiling[0](frame) + noise, 0, 255).astype(np.uint8)
        search.take(seen, before=np.zeros((0, 4), np.float32))
    veil = search.veil
    assert veil is not None
    rows, columns = veil.mask.shape
    hides = np.zeros(SIZE, np.float32) if spoiling is None else spoiling[1]
    true = cv2.resize(hides, (columns, rows), interpolation=cv2.INTER_AREA)
    ground = np.arange(rows)[:, None] > (towards[1] + 0.06) * rows
    hidden, clear = ground & (true > 0.5), ground & (true < 0.02)
    return float(veil.mask[hidden].mean()) if hidden.any() else 0.0, float(veil.mask[clear].mean())


@cache
def _drive(seed: int) -> "tuple[list[Picture], tuple[float, float]]":
    from itertools import islice

    from edge.coverage.windscreen import towards_of
    from edge.sources.street.layout import plan_street
    from edge.sources.street.motion import true_view
    from edge.sources.street.passes import PassPlan
    from edge.sources.street.scene import scene_of
    from edge.sources.street.schedule import plan_passes
    from edge.sources.street.source import camera_of, sensor_of

    plan = plan_street(seed)
    optics = plan_passes(plan)[0].optics
    small = optics.model_copy(
        update={
            "width": SIZE[1],
            "height": SIZE[0],
            "focal_px": optics.focal_px * SIZE[1] / optics.width,
        }
    )
    patrol: PassPlan = plan_passes(plan)[0].model_copy(update={"optics": small})
    scene, sensor = scene_of(plan, patrol), sensor_of(patrol)
    frames = [
        sensor.develop(scene.paint(true_view(patrol, index / patrol.frames_per_s)), index=index)
        for index in islice(range(patrol.frame_count), VIEWS)
    ]
    towards = towards_of(camera_of(patrol))
    assert towards is not None
    return frames, towards


def _dirt(dense: float) -> "Spoiling":
    import cv2
    import numpy as np

    rng = np.random.default_rng(1)
    drawn = np.zeros(SIZE, np.float32)
    for _ in range(5):
        centre = (int(rng.uniform(64, 576)), int(rng.uniform(200, 330)))
        axes = (int(rng.uniform(20, 48)), int(rng.uniform(16, 32)))
        cv2.ellipse(drawn, centre, axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(drawn, (0, 0), 5.0)
    part = dense * soft[..., None]
    return lambda frame: frame * (1 - part) + 60.0 * part, soft


def _bonnet() -> "Spoiling":
    import cv2
    import numpy as np

    drawn = np.zeros(SIZE, np.float32)
    cv2.ellipse(drawn, (320, 400), (450, 110), 0, 0, 360, 1.0, -1)
    soft = cv2.GaussianBlur(drawn, (0, 0), 3.0)
    part = soft[..., None]

    def over(frame: "Picture") -> "Picture":
        sky = cv2.resize(frame[: SIZE[0] // 3][::-1], SIZE[::-1])
        return frame * (1 - part) + (35 + 0.18 * cv2.GaussianBlur(sky, (0, 0), 16)) * part

    return over, soft


def _drops() -> "Spoiling":
    import cv2
    import numpy as np

    rng = np.random.default_rng(2)
    drops = [
        (int(rng.uniform(40, 600)), int(rng.uniform(190, 340)), int(rng.uniform(10, 25)))
        for _ in range(14)
    ]
    drawn = np.zeros(SIZE, np.float32)
    for x, y, radius in drops:
        cv2.circle(drawn, (x, y), radius, 1.0, -1)
    soft = cv2.GaussianBlur(drawn, (0, 0), 2.5)

    def through(frame: "Picture") -> "Picture":
        bent = frame.astype(np.float32)
        for x, y, radius in drops:
            small = cv2.resize(frame[::-1, ::-1], (2 * radius, 2 * radius), interpolation=3)
            small = cv2.GaussianBlur(small, (0, 0), radius / 4)
            right, low = min(x + radius, SIZE[1]), min(y + radius, SIZE[0])
            top, left = y - radius, x - radius
            bent[top:low, left:right] = small[: low - top, : right - left]
        part = soft[..., None]
        return frame * (1 - part) + bent * part

    return through, soft
