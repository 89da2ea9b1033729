"""What the map draws beside the cases: unit grids, inspected ground by age, components."""

from typing import Annotated, Final

import shapely
from fastapi import APIRouter, Depends
from h3.api import basic_int as h3

from api.centre.wiring import Centre, centre_of
from api.doors.auth import AnybodySignedIn
from api.schemas.maps import (
    ComponentMap,
    Feature,
    FeatureCollection,
    MapComponent,
    MapSettings,
)
from api.schemas.surroundings import Surroundings
from api.words.component_words import map_component
from api.words.surroundings import surroundings_of
from dispatch.case.map_view import box_of
from dispatch.ground.grid import Grid
from dispatch.ids import CaseId
from dispatch.loop.handover import load_case
from dispatch.missing import ComponentNotFound
from dispatch.wire import Sweep, unpack_cells

router = APIRouter(prefix="/map", tags=["map"])
Here = Annotated[Centre, Depends(centre_of)]
LATEST_SWEEPS: Final = 200
COMPONENTS_AT_MOST: Final = 500
"""More cannot be told apart on a screen."""
COMPONENTS_WITHIN_M2: Final = 2e6


@router.get("/settings", operation_id="map_settings")
def map_settings(_person: AnybodySignedIn, centre: Here) -> MapSettings:
    """Say which basemap is used, if any."""
    basemap = centre.profile.basemap
    return MapSettings(
        tiles=basemap.tiles,
        attribution=basemap.attribution,
        datum=basemap.datum,
        registry=centre.profile.registry is not None,
    )


@router.get("/grids", operation_id="map_grids")
def map_grids(person: AnybodySignedIn, centre: Here) -> FeatureCollection:
    """Give the unit grids of a person's area that count today."""
    today = centre.now().astimezone(centre.profile.zone).date()
    grids = [
        grid
        for grid in centre.profile.grids.grids
        if grid.id.startswith(person.area) and grid.valid_on(today)
    ]
    return FeatureCollection(type="FeatureCollection", features=[_grid(grid) for grid in grids])


@router.get("/inspected", operation_id="map_inspected")
def map_inspected(_person: AnybodySignedIn, centre: Here) -> FeatureCollection:
    """Give the ground that the latest sweeps inspected for anything, with its age in days."""
    now = centre.now()
    with centre.read() as uow:
        sweeps = uow.sweeps.latest(limit=LATEST_SWEEPS)
    features = [
        Feature(
            type="Feature",
            geometry=_ground(sweep),
            properties={
                "pass": sweep.pass_id,
                "age_days": max(0.0, (now - sweep.ended_at).total_seconds() / 86_400),
                "rendered": sweep.rendered,
            },
        )
        for sweep in sweeps
        if sweep.inspected
    ]
    return FeatureCollection(type="FeatureCollection", features=features)


@router.get("/components", operation_id="map_components")
def map_components(_person: AnybodySignedIn, centre: Here, bbox: str) -> ComponentMap:
    """Give the components of the registry in a box: west,south,east,north in degrees.

    Of a box over 2 square kilometres, or with more than 500 of them, none is told.
    """
    box = box_of(bbox)
    if box.area_m2 > COMPONENTS_WITHIN_M2:
        return ComponentMap(components=[], more=True)
    today = centre.now().astimezone(centre.profile.zone).date()
    with centre.read() as uow:
        # Cells reach over the box's edges: a few more than are drawn are read.
        found = uow.components.near(box.cells, day=today, limit=2 * COMPONENTS_AT_MOST)
    inside = [each for each in found if box.holds(each.latitude, each.longitude)]
    more = len(inside) > COMPONENTS_AT_MOST or len(found) == 2 * COMPONENTS_AT_MOST
    drawn = [] if more else [map_component(each, centre.profile) for each in inside]
    return ComponentMap(components=drawn, more=more)


@router.get("/components/{component}", operation_id="map_component")
def show_component(component: str, _person: AnybodySignedIn, centre: Here) -> MapComponent:
    """Give a component as the newest census has it, gone or not.

    Raises:
        ComponentNotFound: the registry never held it.
    """
    with centre.read() as uow:
        found = uow.components.newest([component]).get(component)
    if found is None:
        raise ComponentNotFound(component)
    return map_component(found, centre.profile)


@router.get("/around/{case}", operation_id="map_around")
def map_around(case: str, person: AnybodySignedIn, centre: Here) -> Surroundings:
    """Give what the city's own data says of the ground around a case, for a small picture of it."""
    today = centre.now().astimezone(centre.profile.zone).date()
    with centre.read() as uow:
        place = load_case(CaseId(case), by=person, uow=uow).place
        return surroundings_of(place, uow=uow, profile=centre.profile, day=today)


def _grid(grid: Grid) -> Feature:
    return Feature(
        type="Feature",
        geometry=shapely.geometry.mapping(grid.polygon),
        properties={"id": grid.id, "owner": grid.owner},
    )


def _ground(sweep: Sweep) -> dict[str, object]:
    cells = {cell for part in sweep.inspected for cell in unpack_cells(part.cells)}
    return h3.cells_to_h3shape(sorted(cells)).__geo_interface__  # type: ignore[no-any-return]  # h3 has no types
