"""What the centre asks of its devices: vehicles that stand in zones, and what cannot wait."""

from collections.abc import Mapping
from datetime import date

from dispatch.catalogue.catalog import CatalogClass
from dispatch.city.profile import Zoning
from dispatch.ground.zone import Zone
from dispatch.wire import MOVABLE, Asked, AskedZone, Hazards


def asked_of_devices(zoning: Zoning | None, *, day: date) -> Asked:
    """Give the zones that count on a day or later, with the labels that rules about them name.

    The hours of a zone are not told: the centre rules by them.
    """
    if zoning is None:
        return Asked()
    labels = {
        zone.kind: tuple(
            sorted({r.label for r in zoning.rules if r.kind == zone.kind and r.label in MOVABLE})
        )
        for zone in zoning.zones.zones
    }
    return Asked(
        zones=tuple(
            AskedZone(zone=zone.id, labels=labels[zone.kind], rings=_rings(zone))
            for zone in zoning.zones.zones
            if labels[zone.kind] and (zone.valid_until is None or zone.valid_until >= day)
        )
    )


def hazards_of_devices(classes: Mapping[str, CatalogClass]) -> Hazards:
    """Give the labels of the classes by which people get hurt, by the city's own word."""
    return Hazards(labels=tuple(sorted(label for label, each in classes.items() if each.hazard)))


def _rings(zone: Zone) -> tuple[tuple[tuple[float, float], ...], ...]:
    outlines = (zone.polygon.exterior, *zone.polygon.interiors)
    return tuple(tuple((float(x), float(y)) for x, y in ring.coords) for ring in outlines)
