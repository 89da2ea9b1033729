"""What a city expects of its patrols: how often ground is seen, and how soon silence is noticed."""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class PatrolPolicy(BaseModel):
    """`[patrol]`: when ground needs another look, what fits a route sheet, who counts as silent.

    Ground is stale after `stale_hazard_days` for classes by which people get hurt, after
    `stale_days` for all others. `sheet_spots` is about what one crew drives past in a shift. A
    device is silent after `silent_after_min` of working time without a heartbeat, of which there
    is one a minute.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stale_hazard_days: Annotated[float, Field(gt=0.0, le=366.0)] = 3.0
    stale_days: Annotated[float, Field(gt=0.0, le=366.0)] = 7.0
    sheet_spots: Annotated[int, Field(ge=1, le=500)] = 120
    silent_after_min: Annotated[float, Field(ge=2.0, le=1440.0)] = 15.0

    @property
    def silent_after(self) -> timedelta:
        """Give the working time after which a device counts as silent."""
        return timedelta(minutes=self.silent_after_min)
