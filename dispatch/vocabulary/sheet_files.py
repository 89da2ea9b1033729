"""A route sheet as files that navigation programs open: GPX 1.1 and KML 2.2.

Names are escaped by the XML writer; characters that XML 1.0 does not know are left out. Order of
elements: GPX 1.1 schema (topografix.com/GPX/1/1), OGC 07-147r2 for KML.
"""

import re
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as Xml

from dispatch.vocabulary.sheet import RouteSheet, Spot

GPX_TYPE: Final = "application/gpx+xml"
KML_TYPE: Final = "application/vnd.google-earth.kml+xml"
_GPX: Final = "http://www.topografix.com/GPX/1/1"
_KML: Final = "http://www.opengis.net/kml/2.2"
_UNKNOWN_TO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TITLE: Final = "巡环 巡查路线 · Xunhuan route sheet"


def gpx_of(sheet: RouteSheet) -> bytes:
    """Write a sheet as waypoints and one route through them."""
    root = Xml.Element("gpx", {"version": "1.1", "creator": "Xunhuan", "xmlns": _GPX})
    head = Xml.SubElement(root, "metadata")
    _text(head, "name", _TITLE)
    _text(head, "time", _moment(sheet.made_at))
    for number, spot in enumerate(sheet.spots, start=1):
        _gpx_point(root, "wpt", number, spot)
    if sheet.spots:
        route = Xml.SubElement(root, "rte")
        _text(route, "name", _TITLE)
        for number, spot in enumerate(sheet.spots, start=1):
            _gpx_point(route, "rtept", number, spot)
    return _written(root)


def kml_of(sheet: RouteSheet) -> bytes:
    """Write a sheet as placemarks and the line of the round."""
    root = Xml.Element("kml", {"xmlns": _KML})
    document = Xml.SubElement(root, "Document")
    _text(document, "name", _TITLE)
    for number, spot in enumerate(sheet.spots, start=1):
        mark = Xml.SubElement(document, "Placemark")
        _text(mark, "name", _name(number, spot))
        _text(mark, "description", _why(spot))
        when = Xml.SubElement(mark, "TimeStamp")
        _text(when, "when", _moment(spot.since))
        _text(Xml.SubElement(mark, "Point"), "coordinates", _at(spot))
    if len(sheet.spots) > 1:
        mark = Xml.SubElement(document, "Placemark")
        _text(mark, "name", _TITLE)
        line = Xml.SubElement(mark, "LineString")
        _text(line, "tessellate", "1")
        _text(line, "coordinates", " ".join(_at(spot) for spot in sheet.spots))
    return _written(root)


def _gpx_point(parent: Xml.Element, tag: str, number: int, spot: Spot) -> None:
    at = {"lat": f"{spot.latitude:.7f}", "lon": f"{spot.longitude:.7f}"}
    point = Xml.SubElement(parent, tag, at)
    _text(point, "time", _moment(spot.since))
    _text(point, "name", _name(number, spot))
    _text(point, "desc", _why(spot))
    _text(point, "type", spot.kind.value)


def _name(number: int, spot: Spot) -> str:
    mark = "! " if spot.hazard else ""
    return f"{number:03d} {mark}{spot.name_zh} · {spot.name_en}"


def _why(spot: Spot) -> str:
    return f"{spot.why_zh} / {spot.why_en}"


def _at(spot: Spot) -> str:
    return f"{spot.longitude:.7f},{spot.latitude:.7f}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(parent, tag).text = _UNKNOWN_TO_XML.sub("", text)


def _written(root: Xml.Element) -> bytes:
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))
