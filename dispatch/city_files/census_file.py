"""Read a census of components (部件普查) from CSV or GeoJSON, with the line of every fault."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Annotated, Final

from pydantic import AfterValidator, ConfigDict, Field

from dispatch.catalogue.catalog import Catalog, ClassKey, Kind
from dispatch.catalogue.codes import COMPONENT, Standard, WrongCode, read_code
from dispatch.catalogue.component import AccuracyClass, Component, Condition
from dispatch.city.policies import Policy
from dispatch.city.profile import Profile
from dispatch.city_files.profile_settings import Name
from dispatch.files.datafile import DataFolder
from dispatch.files.feature_file import read_points
from dispatch.ground.datum import Datum, to_wgs84

Degrees = Annotated[float, Field(ge=-180.0, le=180.0)]
CENSUS: Final = "registry.csv"
"""The census that a profile's folder may hold; it is read by `xunhuan registry import`."""
GEOJSON: Final = ".geojson"


def _stripped(written: str) -> str:
    return written.strip()


class ComponentProperties(Policy):
    """What a census says of a component beside its place; other columns are let be in GeoJSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, AfterValidator(_stripped)]
    code: Annotated[str, Field(pattern=r"^\d{4,5}$")] | None = None
    accuracy: AccuracyClass
    owner: Name
    condition: Condition = Condition.INTACT
    name: Annotated[str, Field(max_length=80)] = ""


class ComponentRow(ComponentProperties):
    """A row of a census table."""

    latitude: Annotated[float, Field(ge=-90.0, le=90.0)]
    longitude: Degrees


def read_census(
    data: DataFolder, name: str, *, profile: Profile, day: date, datum: Datum | None = None
) -> Iterator[tuple[int, Component]]:
    """Give each sound component of a census with its line; what is wrong is noted as faults.

    Args:
        profile: whose county, catalogue, grids and rules the components are held against.
        datum: what the positions refer to, if not what the profile says; they become WGS 84.
        day: that of the survey, from which each counts.
    """
    seen: dict[str, int] = {}
    owners: set[str] = set()
    known = partial(_is_component, profile.catalog)
    datum = datum or (profile.registry.datum if profile.registry else Datum.WGS84)
    for line, said, latitude, longitude in _stated(data, name):
        try:
            code = read_code(said.id, COMPONENT, county=profile.county, known=known)
        except WrongCode as error:
            data.fault(name, line, error.zh, error.en, column="id")
            continue
        if said.code is not None and said.code != code.type_code:
            zh = f"code 为 {said.code}，标识码中为 {code.type_code}，请核对"
            en = f"code says {said.code}, the id says {code.type_code}: correct one of them"
            data.fault(name, line, zh, en, column="code")
            continue
        if said.id in seen:
            zh = f"{said.id} 在第 {seen[said.id]} 行已有，请只留一行"
            data.fault(name, line, zh, f"{said.id} stands in line {seen[said.id]} too", column="id")
            continue
        seen[said.id] = line
        north, east = to_wgs84(latitude, longitude, datum)
        if profile.grids.holding(north, east, day=day) is None:
            zh = f"{said.id} 在所有网格之外（{north:.6f}, {east:.6f}），请核对坐标和坐标系"
            en = f"{said.id} at {north:.6f}, {east:.6f} lies in no grid: check place and datum"
            data.warn(name, line, zh, en, column="latitude")
        if said.owner not in owners and not _has_rule(said.owner, profile):
            zh = f"没有责任规则说到权属“{said.owner}”，其案卷将由派遣员指定部门"
            en = f"no rule speaks of the owner {said.owner}: a dispatcher names the department"
            data.warn(name, line, zh, en, column="owner")
        owners.add(said.owner)
        assert code.form.standard is not None  # every id of a component holds a type
        yield (
            line,
            Component(
                id=said.id,
                type=(code.form.standard.name, code.type_code),
                latitude=round(north, 9),
                longitude=round(east, 9),
                accuracy=said.accuracy,
                owner=said.owner,
                condition=said.condition,
                name=said.name,
                valid_from=day,
            ),
        )


def _stated(data: DataFolder, name: str) -> Iterator[tuple[int, ComponentProperties, float, float]]:
    if name.lower().endswith(GEOJSON):
        for point in read_points(data, name, ComponentProperties):
            yield point.line, point.said, point.at.y, point.at.x
        return
    for line, row in data.rows(name, ComponentRow):
        yield line, row, row.latitude, row.longitude


def _has_rule(owner: str, profile: Profile) -> bool:
    everywhere = ("*", "*")
    return any(
        rule.owner == owner or (rule.label, rule.owner) == everywhere
        for rule in profile.responsibilities
    )


def _is_component(catalog: Catalog, standard: Standard, code: str) -> bool:
    return ClassKey(standard=standard.name, kind=Kind.COMPONENT, code=code) in catalog.entries
