"""The form of `profile.toml` and of the rows of a profile's tables, checked as they are read."""

from datetime import date, time
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import shapely
from pydantic import AfterValidator, ConfigDict, Field, model_validator

from dispatch.case.transition import TRANSITIONS, Action
from dispatch.catalogue.codes import UNIT_GRID, WrongCode, read_code
from dispatch.city.patrolling import PatrolPolicy
from dispatch.city.policies import (
    Automation,
    BasemapPolicy,
    CaseworkPolicy,
    IndicatorPolicy,
    Policy,
    PrecedentPolicy,
    PublicPolicy,
    RegistryPolicy,
    Telephones,
    TriagePolicy,
    VerificationPolicy,
    ZonePolicy,
)
from dispatch.city.retention import RetentionPolicy
from dispatch.clocks.window import Days
from dispatch.clocks.worktime import NotALimit, parse_limit
from dispatch.files.fault_words import Misstated
from dispatch.ground.zone import Zone
from dispatch.wire import LABEL_PATTERN, PERSON


def refuse_reversed(valid_from: date, valid_until: date | None) -> None:
    """Refuse days of validity that end before they begin.

    Raises:
        Misstated: they do.
    """
    if valid_until is not None and valid_until < valid_from:
        raise Misstated(
            f"有效期止于 {valid_until}，早于 {valid_from}，请改正",
            f"valid until {valid_until}, before {valid_from}: correct the dates",
        )


def _is_limit(written: str) -> str:
    try:
        parse_limit(written)
    except NotALimit as error:
        raise Misstated(error.zh, error.en) from error
    return written


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Misstated(
            f"{name} 不是时区，请写成 Asia/Shanghai 这样",
            f"{name} is no time zone, write for example Asia/Shanghai",
        ) from error
    return name


def _is_grid_id(written: str) -> str:
    try:
        read_code(written, UNIT_GRID)
    except WrongCode as error:
        raise Misstated(error.zh, error.en) from error
    return written


def _month_and_day(written: str) -> tuple[int, int]:
    month, day = written.split("-")
    return int(month), int(day)


def _is_month_day(written: str) -> str:
    try:
        date.fromisoformat(f"2028-{written}")
    except ValueError as error:
        raise Misstated(
            f"{written} 不是一年中的一天，请写成 06-01 这样",
            f"{written} is no day of the year, write for example 06-01",
        ) from error
    return written


MonthDay = Annotated[str, AfterValidator(_is_month_day)]
SeasonId = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
LimitText = Annotated[str, AfterValidator(_is_limit)]
LabelGlob = Annotated[str, Field(pattern=r"^[a-z_*]+(\.[a-z0-9_*]+)?$")]
"""A label, or a pattern of labels as `road.*`."""
Name = Annotated[str, Field(min_length=1, max_length=80)]


class CalendarSettings(Policy):
    """`[calendar]`: shifts, of which the last may run past midnight, and the years of one's own.

    The whole plan of `own_years` stands in `calendar.csv`, and the national one is not taken.
    """

    shifts: Annotated[tuple[tuple[time, time], ...], Field(min_length=1)]
    own_years: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        ends = [end for _, end in self.shifts]
        overnight = [end <= begin for begin, end in self.shifts]
        too_early = any(
            begin < before for before, (begin, _) in zip(ends, self.shifts[1:], strict=False)
        )
        overlong = overnight[-1] and ends[-1] > self.shifts[0][0]
        if too_early or overlong or any(overnight[:-1]):
            raise Misstated(
                "班次应按先后排列、互不重叠，只有最后一班可以过夜",
                "shifts are in order and do not overlap; only the last may run past midnight",
            )
        return self


class SeasonSettings(Policy):
    """`[seasons.<id>]`: the first and the last day, MM-DD, of days with limits of their own."""

    name_zh: Name
    name_en: Name
    begins: MonthDay
    ends: MonthDay

    @property
    def begins_on(self) -> tuple[int, int]:
        """Give the month and the day of the first day."""
        return _month_and_day(self.begins)

    @property
    def ends_on(self) -> tuple[int, int]:
        """Give the month and the day of the last day."""
        return _month_and_day(self.ends)


class SupervisionSettings(Policy):
    """`[supervision]`: whether the clock presses for cases, and each level's limit for a reply."""

    automatic: bool = True
    replies: Annotated[tuple[LimitText, ...], Field(min_length=1, max_length=9)] = ("4工作时",)


class AreaSettings(Policy):
    """`[areas]`: square metres that areas may overlap, leave over or stick out by."""

    tolerance_m2: Annotated[float, Field(gt=0.0, le=1000.0)] = 1.0


class ProfileSettings(Policy):
    """`profile.toml`."""

    name_zh: Name
    name_en: Name
    county: Annotated[str, Field(pattern=r"^\d{4}(\d{2})?$")]
    """Six digits of a district, or the four of a city whose districts are named as areas."""
    zone: Annotated[str, AfterValidator(_is_zone)]
    calendar: CalendarSettings
    seasons: Annotated[dict[SeasonId, SeasonSettings], Field(default_factory=dict)]
    verification: VerificationPolicy
    triage: TriagePolicy
    automation: Automation
    indicators: IndicatorPolicy
    basemap: BasemapPolicy = BasemapPolicy()
    casework: CaseworkPolicy = CaseworkPolicy()
    patrol: PatrolPolicy = PatrolPolicy()
    public: PublicPolicy = PublicPolicy()
    retention: RetentionPolicy = RetentionPolicy()
    registry: RegistryPolicy | None = None
    precedents: PrecedentPolicy = PrecedentPolicy()
    supervision: SupervisionSettings = SupervisionSettings()
    zones: ZonePolicy | None = None
    areas: AreaSettings = AreaSettings()
    telephones: Telephones = Telephones()


class DepartmentRow(Policy):
    """A row of `departments.csv`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
    name_zh: Name
    name_en: Name


class ResponsibilityRow(Policy):
    """A row of `responsibility.csv`."""

    rule: Annotated[str, Field(min_length=1, max_length=40)]
    label: LabelGlob
    owner: Name
    area: Annotated[str, Field(pattern=r"^\d{0,15}$")] = ""
    department: str


class ComponentTypeRow(Policy):
    """A row of `component_types.csv`: a type of component that a class's things may be."""

    label: Annotated[str, Field(pattern=LABEL_PATTERN)]
    standard: Name
    code: Annotated[str, Field(pattern=r"^\d{4,5}$")]


class ReasonRow(Policy):
    """A row of `reasons.csv`: a reason that people may give for an action.

    `nobodys` says of an end without repair that the thing is no department's of the city.
    """

    action: Action
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,15}$")]
    name_zh: Name
    name_en: Name
    nobodys: bool = False

    @model_validator(mode="after")
    def _is_an_end_if_it_is_nobodys(self) -> Self:
        if self.nobodys and self.action not in {Action.VOID, Action.WRITE_OFF}:
            raise Misstated(
                f"nobodys 只用于 void、write_off，不用于 {self.action}",
                f"nobodys is for void and write_off, not for {self.action}",
            )
        return self

    @model_validator(mode="after")
    def _is_for_an_action_with_a_reason(self) -> Self:
        takes = {a for (_, a), transition in TRANSITIONS.items() if transition.reason}
        if self.action not in takes:
            zh = f"{self.action}（{self.action.zh}）不需要原因；需要的有 {'、'.join(sorted(takes))}"
            raise Misstated(
                zh, f"{self.action} takes no reason; those that do: {', '.join(sorted(takes))}"
            )
        return self


def _is_span(written: str) -> str:
    start, _, end = written.partition("-")
    try:
        time.fromisoformat(start)
        time.fromisoformat(end)
    except ValueError as error:
        raise Misstated(
            f"{written} 不是时段，请写成 07:00-22:00 这样",
            f"{written} is no span of hours, write for example 07:00-22:00",
        ) from error
    return written


def _is_no_person(label: str) -> str:
    if label == PERSON:
        raise Misstated("规则不得针对人", "no rule may speak of persons")
    return label


Span = Annotated[str, AfterValidator(_is_span)]
ZoneKind = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]


class ZoneGround(Policy):
    """What every feature says that is ground with hours; whatever else a city keeps is let be.

    `weekdays` are 1 (Monday) to 7; without any, every day of the week counts.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=40)]
    name_zh: Name
    name_en: Name
    valid_from: date
    valid_until: date | None = None
    days: Days = Days.ALL
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = ()
    hours: tuple[Span, ...] = ()

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        refuse_reversed(self.valid_from, self.valid_until)
        return self

    def zone(self, kind: str, polygon: shapely.Polygon) -> Zone:
        """Give it as a zone of a kind."""
        parted = (written.partition("-") for written in self.hours)
        return Zone(
            id=self.id,
            kind=kind,
            name_zh=self.name_zh,
            name_en=self.name_en,
            polygon=polygon,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            days=self.days,
            weekdays=frozenset(self.weekdays),
            hours=tuple(
                (time.fromisoformat(start), time.fromisoformat(end)) for start, _, end in parted
            ),
        )


class ZoneProperties(ZoneGround):
    """The properties of a feature of `zones.geojson`."""

    kind: ZoneKind


class ZoneRuleRow(Policy):
    """A row of `zone_rules.csv`: seconds of dwell, minutes between two sights, or neither."""

    rule: Annotated[str, Field(min_length=1, max_length=40)]
    label: Annotated[str, Field(pattern=LABEL_PATTERN), AfterValidator(_is_no_person)]
    kind: ZoneKind
    dwell_s: Annotated[float, Field(gt=0.0, le=86_400.0)] | None = None
    again_from_min: Annotated[float, Field(ge=1.0, le=100_000.0)] | None = None
    again_to_min: Annotated[float, Field(ge=1.0, le=100_000.0)] | None = None
    becomes: Annotated[str, Field(pattern=LABEL_PATTERN)]

    @property
    def again_min(self) -> tuple[float, float] | None:
        """Give the least and the most minutes between two sights."""
        if self.again_from_min is None or self.again_to_min is None:
            return None
        return self.again_from_min, self.again_to_min

    @model_validator(mode="after")
    def _has_whole_span(self) -> Self:
        if (self.again_from_min is None) != (self.again_to_min is None):
            raise Misstated(
                "again_from_min 与 again_to_min 要么都写，要么都不写",
                "again_from_min and again_to_min are given together or not at all",
            )
        if self.again_min is not None and self.again_min[0] > self.again_min[1]:
            raise Misstated(
                "again_to_min 不得小于 again_from_min",
                "again_to_min is not less than again_from_min",
            )
        return self


class GridProperties(Policy):
    """The properties of a feature of `grids.geojson`; others that a city keeps are let be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, AfterValidator(_is_grid_id)]
    owner: Name
    valid_from: date
    valid_until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        refuse_reversed(self.valid_from, self.valid_until)
        return self


class AreaRow(Policy):
    """A row of `areas.csv`, or the properties of a feature of `areas.geojson`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Annotated[str, Field(pattern=r"^(\d{6}|\d{9}|\d{12})$")]
    name_zh: Name
    name_en: Name
    valid_from: date = date.min
    valid_until: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        refuse_reversed(self.valid_from, self.valid_until)
        return self
