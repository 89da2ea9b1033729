"""The self-check of one pass: a flight's before it is worked through, a drive's on the way."""

from edge.footage import Footage
from edge.frame import Frame
from edge.geocheck.drive import DriveCheck, check_drive
from edge.geocheck.flight import check_flight
from edge.geocheck.verdict import Verdict


class PassCheck:
    """Checks footage while it is worked through.

    Attributes:
        footage: what to go on with; a flight's poses are mended where they were wrong.
    """

    def __init__(self, footage: Footage) -> None:
        """Check a flight's photos; a drive is checked by the frames that are shown.

        Raises:
            EdgeError: the photos or their telemetry cannot be read.
        """
        self.footage = footage
        self._drive = None if footage.photos else DriveCheck(footage)
        self._flown: Verdict | None = None
        if footage.photos:
            self._flown, self.footage = check_flight(footage)

    def take(self, frame: Frame) -> None:
        """Look at a frame of a drive."""
        if self._drive is not None:
            self._drive.take(frame)

    def verdict(self) -> Verdict:
        """Judge the pass by what was seen of it."""
        if self._drive is not None:
            return self._drive.verdict()
        assert self._flown is not None, "what is no drive was checked as a flight"
        return self._flown


def check_footage(footage: Footage) -> Verdict:
    """Check a flight or a drive by itself.

    Raises:
        EdgeError: the footage or its telemetry cannot be read.
    """
    return check_flight(footage)[0] if footage.photos else check_drive(footage)
