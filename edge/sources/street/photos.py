"""What a worker's phone takes of a problem, from where a person stands, before or after work."""

from typing import Final

import numpy as np

from edge.sources.street.finish import Finish, Sensor
from edge.sources.street.ground import ground_of
from edge.sources.street.plan import PlantedProblem, StreetPlan
from edge.sources.street.scene import Scene, cast_shadows, paint_ground, things_of
from edge.sources.street.shapes import Image
from edge.sources.street.surface import lay_surface
from edge.sources.street.view import Lens, View, view_from

PHONE: Final = Lens(width=1280, height=960, focal_px=1000.0)
_PX_PER_M: Final = 80.0
_AHEAD_M: Final = 34.0
_BEHIND_M: Final = 6.0
_HALF_WIDTH_M: Final = 10.4
_EYE_M: Final = 1.55


def render_photo(plan: StreetPlan, problem_id: str, *, repaired: bool, seed: int) -> Image:
    """Take a photo of a problem; the same seed stands at the same spot before and after.

    Raises:
        KeyError: the plan has no such problem.
    """
    problem = plan.problem(problem_id)
    gone = (problem_id,) if repaired else ()
    here = _surroundings(plan, problem)
    things = things_of(here, repaired=gone, parked=())
    start = (problem.along_m - _BEHIND_M, -_HALF_WIDTH_M)
    size = (_BEHIND_M + _AHEAD_M, 2.0 * _HALF_WIDTH_M)
    sheet = lay_surface(start, size, px_per_m=_PX_PER_M, seed=plan.seed)
    paint_ground(sheet, here, repaired=gone)
    cast_shadows(sheet, things, sun=(0.5, -0.3), shade=0.25)
    rng = np.random.default_rng((seed, problem.seed, int(repaired)))
    finish = Finish(
        exposure=float(rng.uniform(0.98, 1.12)),
        warmth=float(rng.uniform(0.98, 1.04)),
        grain=2.0,
        blur_px=0.5,
        smear_px=1,
        seed=int(rng.integers(1 << 30)),
    )
    image = Scene(ground_of(sheet), things).paint(_standpoint(problem, seed))
    return Sensor(PHONE, finish).develop(image, index=0)


def _surroundings(plan: StreetPlan, problem: PlantedProblem) -> StreetPlan:
    def near(along_m: float) -> bool:
        return -3.0 * _BEHIND_M < along_m - problem.along_m < _AHEAD_M + 20.0

    return plan.model_copy(
        update={
            "problems": tuple(p for p in plan.problems if near(p.along_m)),
            "standing": tuple(s for s in plan.standing if near(s.along_m)),
        }
    )


def _standpoint(problem: PlantedProblem, seed: int) -> View:
    rng = np.random.default_rng((seed, problem.seed))
    back, aside = float(rng.uniform(3.0, 3.6)), float(rng.uniform(0.3, 0.9))
    aim = np.array([problem.along_m, problem.right_m, problem.height_m * 0.45])
    place = np.array([problem.along_m - back, problem.right_m - aside, _EYE_M])
    along, right, up = aim - place
    return view_from(
        place,
        yaw=float(np.arctan2(right, along)),
        pitch=float(np.arctan2(up, np.hypot(along, right))),
        roll=float(rng.normal(0.0, 0.02)),
        lens=PHONE,
    )
