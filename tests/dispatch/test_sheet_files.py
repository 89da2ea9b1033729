"""Route sheets keep to the order of elements that the schemas of GPX 1.1 and KML 2.2 fix."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as Xml

import pytest

from dispatch import wire
from tests.dispatch.city import MONDAY
from tests.dispatch.test_revisit import NASTY, sheet_with

POINT: Final = [
    "ele",
    "time",
    "magvar",
    "geoidheight",
    "name",
    "cmt",
    "desc",
    "src",
    "link",
    "sym",
    "type",
    "fix",
    "sat",
    "hdop",
    "vdop",
    "pdop",
    "ageofdgpsdata",
    "dgpsid",
    "extensions",
]
GPX_ORDER: Final = {
    "gpx": ["metadata", "wpt", "rte", "trk", "extensions"],
    "metadata": [
        "name",
        "desc",
        "author",
        "copyright",
        "link",
        "time",
        "keywords",
        "bounds",
        "extensions",
    ],
    "wpt": POINT,
    "rtept": POINT,
    "rte": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "rtept"],
}
"""The sequences of gpxType, metadataType, wptType and rteType (topografix.com/GPX/1/1/gpx.xsd)."""
FEATURE: Final = [
    "name",
    "visibility",
    "open",
    "author",
    "link",
    "address",
    "AddressDetails",
    "phoneNumber",
    "Snippet",
    "description",
    "LookAt",
    "Camera",
    "TimeStamp",
    "TimeSpan",
    "styleUrl",
    "Style",
    "StyleMap",
    "Region",
    "Metadata",
    "ExtendedData",
]
KML_ORDER: Final = {
    "kml": ["NetworkLinkControl", "Document"],
    "Document": [*FEATURE, "Schema", "Placemark"],
    "Placemark": [*FEATURE, "Point", "LineString"],
    "TimeStamp": ["when"],
    "Point": ["extrude", "altitudeMode", "coordinates"],
    "LineString": ["extrude", "tessellate", "altitudeMode", "coordinates"],
}
"""The sequences of these types (OGC 07-147r2, ogckml22.xsd)."""
REPEATED: Final = {"wpt", "rte", "rtept", "Placemark"}
EMPTY: Final = wire.RouteSheet(made_at=MONDAY, length_m=0.0)


def _local(element: Xml.Element) -> str:
    return element.tag.rpartition("}")[2]


@pytest.mark.parametrize("sheet", [EMPTY, sheet_with(NASTY)], ids=["empty", "two spots"])
@pytest.mark.parametrize(
    ("written", "order", "namespace"),
    [
        (wire.gpx_of, GPX_ORDER, "http://www.topografix.com/GPX/1/1"),
        (wire.kml_of, KML_ORDER, "http://www.opengis.net/kml/2.2"),
    ],
    ids=["gpx", "kml"],
)
def test_every_element_stands_where_its_schema_has_it(
    written: Callable[[wire.RouteSheet], bytes],
    order: dict[str, list[str]],
    namespace: str,
    sheet: wire.RouteSheet,
) -> None:
    root = Xml.fromstring(written(sheet))

    for parent in root.iter():
        inside = [_local(child) for child in parent]
        assert parent.tag == f"{{{namespace}}}{_local(parent)}"
        assert not inside or set(inside) <= set(order[_local(parent)]), inside
        for one, other in pairwise(inside):
            places = order[_local(parent)]
            assert places.index(one) < places.index(other) or one == other in REPEATED
