"""A report as it is handed in: its id, its photos, and what keeps it from being taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.errors import DispatchError
from dispatch.ground.place import lookup_cell
from dispatch.ids import PhotoId
from dispatch.sights.observation import Observation
from dispatch.sights.plausibility import FUTURE, grid_of, place_of
from dispatch.wire import Report, message_id


class PhotoOfReportMissing(DispatchError):
    """A report shows nothing."""

    def __init__(self) -> None:
        super().__init__("请先拍一张[问题]的照片", "take a photo of the [problem] first")


class NotReportable(DispatchError):
    """The city files no such class."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"本市没有类别 {label}，请从列表中选择",
            f"the city files no class {label}: choose one of the list",
        )
        self.label = label


class OutsideCity(DispatchError):
    """The reported place lies in no grid of the city."""

    def __init__(self) -> None:
        super().__init__(
            "位置不在本市网格内，请移动图钉或选择网格",
            "the place lies in no grid of the city: move the pin or choose a grid",
        )


class ReportFromTheFuture(DispatchError):
    """A report is dated ahead of the centre's clock."""

    def __init__(self, at: datetime) -> None:
        super().__init__(
            f"[上报]时间 {at:%Y-%m-%d %H:%M:%S} UTC 晚于中心时钟，请校准手机时间",
            f"the report's time {at.isoformat()} lies ahead of the centre's: set the phone's clock",
        )
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A photo of a report, whose bytes are in the inbox.

    Args:
        kind: what it shows of the problem; None where it shows the work done.
    """

    id: PhotoId
    sha256: str
    kind: wire.EvidenceKind | None


def report_id(client_id: str, *, by: str, at: datetime) -> str:
    """Give the id of a report that a phone calls by an id of its own."""
    return message_id(at, "report", by, client_id)


def observation_of(
    report: Report, photos: Sequence[HandedIn], *, at: datetime, profile: Profile
) -> Observation:
    """Make a report an observation.

    Raises:
        PhotoOfReportMissing, NotReportable, ReportFromTheFuture, OutsideCity: it cannot be one.
    """
    if not any(each.kind for each in photos):
        raise PhotoOfReportMissing
    if report.label not in profile.classes:
        raise NotReportable(report.label)
    if report.captured_at > at + FUTURE:
        raise ReportFromTheFuture(report.captured_at)
    grid = grid_of(place_of(report.position), at=report.captured_at, profile=profile)
    if grid is None:
        raise OutsideCity
    shown = tuple(wire.ReportedPhoto(photo=each.id, kind=each.kind) for each in photos if each.kind)
    return Observation(
        finding=report.model_copy(update={"photos": shown}),
        received_at=at,
        cell=lookup_cell(report.position.latitude, report.position.longitude),
        grid=grid.id,
    )
