"""Findings as GeoJSON (RFC 7946): the same findings always give the same bytes."""

import json
from collections.abc import Sequence
from typing import Final

from dispatch.wire import Finding

COORDINATE_DIGITS: Final = 7
"""About a centimetre; more would promise what no receiver gives."""


def geojson_bytes(findings: Sequence[Finding]) -> bytes:
    """Write findings as a feature collection: sorted by id, keys sorted, coordinates rounded.

    A finding without a position is a feature without geometry, as the standard has it.
    """
    features = [_feature(finding) for finding in sorted(findings, key=lambda f: f.id)]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text.encode() + b"\n"


def _feature(finding: Finding) -> dict[str, object]:
    properties = finding.model_dump(mode="json", exclude={"v", "kind", "position"})
    if finding.position is not None:
        properties["covariance_m2"] = {
            part: {
                name: round(value, 4)
                for name, value in getattr(finding.position, part).model_dump().items()
            }
            for part in ("shared", "own")
        }
        properties["ce90_m"] = round(finding.position.ce90_m, 2)
        properties["accuracy"] = finding.position.accuracy
    return {
        "type": "Feature",
        "id": finding.id,
        "geometry": _geometry(finding),
        "properties": properties,
    }


def _geometry(finding: Finding) -> dict[str, object] | None:
    position = finding.position
    if position is None:
        return None
    coordinates = [
        round(position.longitude, COORDINATE_DIGITS),
        round(position.latitude, COORDINATE_DIGITS),
    ]
    return {"type": "Point", "coordinates": coordinates}
