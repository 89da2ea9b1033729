"""What the map draws beside the cases: unit grids, and inspected ground by age."""

from typing import Annotated, Final

import shapely
from fastapi import APIRouter, Depends
from h3.api import basic_int as h3

from api.auth import AnybodySignedIn
from api.schemas.maps import Feature, FeatureCollection, MapSettings
from api.wiring import Centre, centre_of
from dispatch.grid import Grid
from dispatch.wire import Sweep, unpack_cells

router = APIRouter(prefix="/map", tags=["map"])
Here = Annotated[Centre, Depends(centre_of)]
LATEST_SWEEPS: Final = 200


@router.get("/settings", operation_id="map_settings")
def map_settings(_person: AnybodySignedIn, centre: Here) -> MapSettings:
    """Say which basemap is used, if any."""
    basemap = centre.profile.basemap
    return MapSettings(tiles=basemap.tiles, attribution=basemap.attribution, datum=basemap.datum)


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


def _grid(grid: Grid) -> Feature:
    return Feature(
        type="Feature",
        geometry=shapely.geometry.mapping(grid.polygon),
        properties={"id": grid.id, "owner": grid.owner},
    )


def _ground(sweep: Sweep) -> dict[str, object]:
    cells = {cell for part in sweep.inspected for cell in unpack_cells(part.cells)}
    return h3.cells_to_h3shape(sorted(cells)).__geo_interface__  # type: ignore[no-any-return]  # h3 has no types
