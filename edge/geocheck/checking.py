"""Check footage by what it is: photos of a flight, or the frames of a drive."""

from edge.footage import Footage
from edge.geocheck.drive import check_drive
from edge.geocheck.flight import check_flight
from edge.geocheck.verdict import Verdict
from edge.pose import Telemetry


def check_footage(footage: Footage) -> tuple[Verdict, Telemetry]:
    """Check a flight or a drive; give the verdict, and the telemetry to go on with.

    Raises:
        EdgeError: the footage or its telemetry cannot be read.
    """
    if footage.photos:
        return check_flight(footage)
    return check_drive(footage), footage.telemetry
