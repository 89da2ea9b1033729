"""Where in a city the demo's street lies, and who is responsible for what is planted there."""

from datetime import date

from api.demo.truth import Planted
from api.errors import ApiError
from dispatch.city.profile import Profile
from dispatch.ids import DepartmentId
from dispatch.loop.assignment import rule_for


class NobodyResponsible(ApiError):
    """No rule of the city says who is responsible for what the demo plants."""

    def __init__(self, label: str, profile: Profile) -> None:
        super().__init__(
            f"{profile.name_zh}的 responsibility.csv 没有规则说明演示街道上的 {label} 由谁负责，"
            "请补一条规则，或换一个城市演示",
            f"no rule in responsibility.csv of {profile.name_en} says who is responsible for "
            f"{label} on the demo's street: add a rule, or show another city",
        )
        self.label = label


def middle_of(profile: Profile, *, day: date) -> tuple[float, float]:
    """Give the latitude and longitude of the middle of the grid nearest the city's middle.

    Of grids equally near, the one of the lowest id.
    """
    middles = {grid.id: grid.polygon.centroid for grid in profile.grids.grids if grid.valid_on(day)}
    east = sum(point.x for point in middles.values()) / len(middles)
    north = sum(point.y for point in middles.values()) / len(middles)
    # Metres do not matter for which is nearest; a millionth of a degree tells equals apart.
    nearest = min(
        middles,
        key=lambda id_: (round(_apart(middles[id_].x, middles[id_].y, east, north), 6), id_),
    )
    return middles[nearest].y, middles[nearest].x


def responsible_for(planted: Planted, *, profile: Profile, day: date) -> DepartmentId:
    """Give the department of the rule for a planted problem.

    Raises:
        NobodyResponsible: the city has none.
    """
    place = planted.place
    grid = profile.grids.holding(place.latitude, place.longitude, day=day)
    rule = None if grid is None else rule_for(planted.label, grid, profile=profile)
    if rule is None:
        raise NobodyResponsible(planted.label, profile)
    return rule.department


def _apart(x: float, y: float, east: float, north: float) -> float:
    return float(((x - east) ** 2 + (y - north) ** 2) ** 0.5)
