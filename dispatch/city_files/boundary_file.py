"""Read the boundary strips of a city, on which a person says who is responsible."""

from datetime import date
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, model_validator

from dispatch.city.policies import Policy
from dispatch.city_files.profile_settings import LabelGlob, Name, refuse_reversed
from dispatch.files.datafile import DataFolder
from dispatch.files.feature_file import read_features
from dispatch.ground.boundary import Boundary

BOUNDARIES: Final = "boundaries.geojson"


class BoundaryProperties(Policy):
    """The properties of a feature of `boundaries.geojson`; others that a city keeps are let be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=40)]
    name_zh: Name
    name_en: Name
    label: LabelGlob = "*"
    valid_from: date
    valid_until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        refuse_reversed(self.valid_from, self.valid_until)
        return self


def read_boundaries(data: DataFolder) -> list[Boundary]:
    """Read the strips, if the city has any; what is wrong with them is noted as faults."""
    if not data.has(BOUNDARIES):
        return []
    found: dict[str, Boundary] = {}
    for each in read_features(data, BOUNDARIES, BoundaryProperties):
        if each.said.id in found:
            zh, en = (
                f"地段 {each.said.id} 重复，请改名",
                f"{each.said.id} is listed twice: rename it",
            )
            data.fault(BOUNDARIES, each.line, zh, en, column="properties.id")
        found[each.said.id] = Boundary(**each.said.model_dump(), polygon=each.polygon)
    return list(found.values())
