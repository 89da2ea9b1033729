"""What captures must know of a drive: a vehicle that stands, and what only seems to."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from edge.patrol.reckoning import MOST_AHEAD, Reckoning
from edge.placing.pose import Pose, PoseError

AT = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
STANDING = Pose(
    at=AT,
    latitude=30.0,
    longitude=110.0,
    height_hae_m=None,
    height_above_ground_m=None,
    yaw=0.0,
    pitch=0.0,
    roll=0.0,
    speed_m_s=0.1,
    error=PoseError(
        horizontal_shared_m=1.0,
        horizontal_own_m=0.5,
        vertical_m=0.5,
        yaw_shared=0.01,
        yaw_own=0.01,
        pitch=0.01,
        roll=0.01,
        time_s=0.0,
    ),
)


@dataclass(frozen=True)
class Told:
    """A receiver that said one thing."""

    pose: Pose
    digest: str = "told"

    def known_until(self) -> datetime | None:
        return self.pose.at

    def utc_of(self, at: datetime) -> datetime | None:
        return at

    def pose_at(self, at: datetime) -> Pose:
        return self.pose


@pytest.mark.parametrize(
    ("pose", "later", "stands"),
    [
        pytest.param(STANDING, timedelta(), True, id="a vehicle at rest"),
        pytest.param(replace(STANDING, speed_m_s=2.0), timedelta(), False, id="a moving vehicle"),
        pytest.param(replace(STANDING, speed_m_s=None), timedelta(), False, id="no speed is known"),
        pytest.param(STANDING, 2 * MOST_AHEAD, False, id="the receiver fell silent"),
        pytest.param(
            replace(STANDING, height_above_ground_m=40.0), timedelta(), False, id="a hovering drone"
        ),
    ],
)
def test_only_what_is_known_to_rest_on_the_ground_stands(
    pose: Pose, later: timedelta, stands: bool
) -> None:
    reckoning = Reckoning(Told(pose))

    reckoning.speed_at(AT + later)

    assert reckoning.stands() is stands
