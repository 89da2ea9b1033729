"""Links that lead a person to a place, each in the datum that the app behind it reads.

The phone's own app is asked by `geo:` (RFC 5870, WGS 84) or, on an iPhone, by `maps:`, which in
China reads GCJ-02. AMap and Tencent read GCJ-02, Baidu BD-09.
"""

from urllib.parse import quote

from api.schemas.cases import Directions
from dispatch.city.policies import Navigation
from dispatch.ground.datum import Datum, from_wgs84
from dispatch.ground.place import Place


def directions_to(place: Place, *, name: str, by: Navigation) -> Directions:
    """Give the links to a place.

    Args:
        name: what the app shows at the place.
        by: the app that the city's people use.
    """

    def at(datum: Datum) -> tuple[str, str]:
        latitude, longitude = from_wgs84(place.latitude, place.longitude, datum)
        return f"{latitude:.6f}", f"{longitude:.6f}"

    title = quote(name, safe="")
    match by:
        case Navigation.PHONE:
            here, there = ",".join(at(Datum.WGS84)), ",".join(at(Datum.GCJ02))
            return Directions(android=f"geo:{here}?q={here}", apple=f"maps://?daddr={there}")
        case Navigation.AMAP:
            north, east = at(Datum.GCJ02)
            link = f"https://uri.amap.com/navigation?to={east},{north},{title}&coordinate=gaode"
        case Navigation.TENCENT:
            north, east = at(Datum.GCJ02)
            link = (
                "https://apis.map.qq.com/uri/v1/routeplan?type=drive"
                f"&to={title}&tocoord={north},{east}&referer=xunhuan"
            )
        case Navigation.BAIDU:
            north, east = at(Datum.BD09)
            link = (
                f"https://api.map.baidu.com/marker?location={north},{east}&title={title}"
                f"&content={title}&output=html&coord_type=bd09ll&src=xunhuan"
            )
    return Directions(android=link, apple=link)
