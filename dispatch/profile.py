"""A city profile: everything that a city decides, as data; the rules read it, none lives here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dispatch.area import AreaMap
from dispatch.boundary import BoundaryMap
from dispatch.catalog import Catalog, CatalogClass, Kind, Severity
from dispatch.component import Type
from dispatch.datafile import Fault
from dispatch.datum import Datum
from dispatch.fault_words import Misstated
from dispatch.formula import Grouping
from dispatch.grid import GridMap
from dispatch.ids import DepartmentId
from dispatch.indicator import Key, Unit
from dispatch.indicators.table import INDICATORS
from dispatch.limit_table import LimitTable
from dispatch.patrolling import PatrolPolicy
from dispatch.people import Department
from dispatch.retention import RetentionPolicy
from dispatch.roster import Roster
from dispatch.suppression import Suppressions
from dispatch.transition import Action
from dispatch.worktime import Calendar, Limit
from dispatch.zone import ZoneMap, ZoneRule

Share = Annotated[float, Field(gt=0.0, lt=1.0)]
Weight = Annotated[float, Field(gt=0.0, le=1e6)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Responsibility:
    """One row of who is responsible: a label pattern, an owner, an area, a department.

    Args:
        label: a label or a pattern as `road.*`.
        owner: the ground's owner, or `*`.
        area: leading digits of grid ids; empty for the whole city.
    """

    rule: str
    label: str
    owner: str
    area: str
    department: DepartmentId

    def fits(self, *, label: str, owner: str, grid: str) -> bool:
        """Say whether the row speaks of a class on some ground."""
        return self.speaks_of(label) and self.owner in {"*", owner} and grid.startswith(self.area)

    def speaks_of(self, label: str) -> bool:
        """Say whether the row is about a class, on whatever ground."""
        return fnmatchcase(label, self.label)

    @property
    def rank(self) -> tuple[int, int, int]:
        """Say how special the row is; the most special one that fits decides."""
        return int("*" not in self.label), len(self.area), int(self.owner != "*")


class Policy(BaseModel):
    """A table of `profile.toml` that rules read as it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class VerificationPolicy(Policy):
    """`[verification]`: when a repair counts as verified; chances, 0 to 1.

    `prior_bad` and `prior_good` are the Beta of a "done" report being untrue before any verdict,
    `false_alarm` the chance that a pass raises a false find inside a problem's gate. Classes
    that return by themselves vanish and come back at the rates per day; those bound to a time of
    day count looks within `hours` of it. `photo_wrong_if_present` is the chance that an
    after-photo shows nothing although the problem is there, `photo_wrong_if_absent` the reverse.
    Where closing by itself is wanted, `blind_share` of the verdicts that suggest it are checked
    by people who are not told.
    """

    close_at: Share
    open_at: Share
    prior_bad: Weight
    prior_good: Weight
    false_alarm: Share
    min_power: Share
    hours: Weight
    vanish_per_day: Share
    return_per_day: Share
    photo_wrong_if_present: Share
    photo_wrong_if_absent: Share
    blind_share: Annotated[float, Field(ge=0.0, le=1.0)]
    false_closure_limit: Share
    false_closure_alpha: Share


class TriagePolicy(Policy):
    """`[triage]`: when a find is filed by itself, asked about, or held.

    `target` is the precision that must be reached (`targets` by label go before it), `ask` the
    chance below which a find is held, `prior_true` and `prior_false` the Beta of a find being
    true before any verdict.
    """

    target: Share
    ask: Share
    prior_true: Weight
    prior_false: Weight
    targets: dict[str, Share] = {}

    def target_for(self, label: str) -> float:
        """Give the precision that a class must reach."""
        return self.targets.get(label, self.target)


class ZonePolicy(Policy):
    """`[zones]`: how sure a zone rule has to be; chances, 0 to 1.

    A thing is inside from `inside`, and two sights of a vehicle are of the same one from `same`;
    from `ask_inside` and `ask_same` a person decides; below, the rule is not met. `prior_same` is
    the chance of the same vehicle standing there before its place and look are compared; what
    moved more than `still_m` while it was seen did not stand.
    """

    inside: Share
    ask_inside: Share
    same: Share
    ask_same: Share
    prior_same: Share
    still_m: Weight

    @model_validator(mode="after")
    def _asks_below_what_it_takes(self) -> Self:
        if self.ask_inside > self.inside or self.ask_same > self.same:
            raise Misstated(
                "ask_inside、ask_same 不得大于 inside、same",
                "ask_inside and ask_same lie at or below inside and same",
            )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoning:
    """The zones of a city, and what is filed in them; the first rule that is met decides."""

    zones: ZoneMap
    rules: tuple[ZoneRule, ...]
    policy: ZonePolicy


class Automation(Policy):
    """`[automation]`: what the machine decides without a person."""

    file: bool
    dispatch: bool
    close: bool


class RegistryPolicy(Policy):
    """`[registry]`: the city has a registry of components; what its censuses' positions refer to.

    Without the table nobody asks which component a find is of.
    """

    datum: Datum = Datum.WGS84


class PrecedentPolicy(Policy):
    """`[precedents]`: what follows from whom people named where no rule was sure.

    So many precedents of one department alone dispatch the next case like them (0: never), and so
    many of others make a rule's department doubtful that kept none (0: never).
    """

    apply_from: Annotated[int, Field(ge=0, le=1000)] = 0
    doubt_from: Annotated[int, Field(ge=0, le=1000)] = 2


class CaseworkPolicy(Policy):
    """`[casework]`: how often a limit is extended, how long a case rests, when appeals are heard.

    The values without a word of the city's own are the custom of most: two extensions, a year.
    """

    extensions: Annotated[int, Field(ge=0, le=10)] = 2
    suspension_days: Annotated[int, Field(ge=1, le=3660)] = 365
    appeal_days: Annotated[int, Field(ge=1, le=366)] = 15


class PublicPolicy(Policy):
    """`[public]`: whether citizens may report on a page without an account, and how many may come.

    The counts are for one process of the centre and an hour; an address of IPv6 counts by its
    first 64 bits.
    """

    reports: bool = False
    most_an_hour: Annotated[int, Field(ge=1, le=100_000)] = 200
    most_of_an_address: Annotated[int, Field(ge=1, le=1_000)] = 6
    reopen_days: Annotated[int, Field(ge=1, le=366)] = 30
    """How long after its closure whoever reported may say that it was not repaired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How cases are pressed for (督办): whether the clock does it, and each level's reply limit.

    Args:
        automatic: an overdue handling is pressed for at level 1, a missing reply one level up.
        replies: limits of levels 1, 2, …; the last one also of those above.
    """

    automatic: bool
    replies: tuple[Limit, ...]

    def reply_limit(self, level: int) -> Limit:
        """Give how long a reply at a level, from 1, may take."""
        return self.replies[min(level, len(self.replies)) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCode:
    """One of the reasons that a city lets people give for an action."""

    action: Action
    code: str
    name_zh: str
    name_en: str


Weights = Annotated[dict[Key, Share], Field(min_length=1)]


class Band(Policy):
    """A count from `least` on is worth `score`, 0 to 1, in the index."""

    least: Annotated[int, Field(ge=0)]
    score: Annotated[float, Field(ge=0.0, le=1.0)]


class IndicatorPolicy(Policy):
    """`[indicators]`: weights in the index, and each grade's lowest mark, 0 to 100.

    Args:
        weights_by: weights of what figures are told apart by, where they are others.
        weights_of: of one of its groups, e.g. of a post, where it has its own.
        bands: what a count is worth, so that it may have a weight.
        denominators: of the rates that leave a city the choice, the name of the one taken.
        missed_within_days: how long before a find a pass must have looked at the spot in vain for
            the find to count as missed.
    """

    weights: Weights
    weights_by: dict[Grouping, Weights] = {}
    weights_of: dict[Grouping, dict[str, Weights]] = {}
    bands: dict[Key, tuple[Band, ...]] = {}
    missed_within_days: Annotated[float, Field(gt=0.0, le=366.0)] = 3.0
    grades: dict[str, Annotated[float, Field(ge=0.0, le=100.0)]]
    denominators: dict[Key, str] = {}

    def weights_for(self, by: Grouping, group: str) -> Weights:
        """Give the weights by which a group is judged: its own, those of its kind, or all's."""
        return self.weights_of.get(by, {}).get(group) or self.weights_by.get(by, self.weights)

    @model_validator(mode="after")
    def _weighs_what_can_be_judged(self) -> Self:
        fit = {each.key for each in INDICATORS if each.is_rate and each.sampled}
        of_groups = [weights for each in self.weights_of.values() for weights in each.values()]
        for weights in (self.weights, *self.weights_by.values(), *of_groups):
            unfit = sorted(set(weights) - fit - set(self.bands))
            if unfit:
                named = ", ".join(unfit)
                zh = f"只有案卷的比率和有分档的计数可以有权重，{named} 不是"
                en = f"only rates of cases and counts with bands have weights: not {named}"
                raise Misstated(zh, en)
        return self

    @model_validator(mode="after")
    def _grades_every_mark(self) -> Self:
        if 0.0 not in self.grades.values():
            raise Misstated(
                "grades 中要有一个等级从 0 开始，例如 E = 0",
                "one of the grades begins at 0, for example E = 0",
            )
        return self

    @model_validator(mode="after")
    def _bands_are_of_counts(self) -> Self:
        counts = {each.key for each in INDICATORS if each.unit is Unit.COUNT}
        # Nobody is ranked by how much a detector reported.
        unfit = sorted(set(self.bands) - counts | set(self.bands) & {Key.REPORTED, Key.PASSES})
        if unfit:
            named = ", ".join(unfit)
            zh = f"只有案卷工作的计数可以分档，{named} 不是"
            raise Misstated(zh, f"only counts of work on cases have bands: not {named}")
        return self

    @model_validator(mode="after")
    def _chooses_denominators_that_are_offered(self) -> Self:
        offered = {each.key: tuple(each.of) for each in INDICATORS}
        for key, chosen in self.denominators.items():
            if chosen not in offered[key]:
                known = ", ".join(offered[key]) or "none, it is a count"
                raise Misstated(
                    f"{key} 没有分母 {chosen}；可选：{known}",
                    f"{key} has no denominator {chosen}; those it has: {known}",
                )
        return self


class Navigation(StrEnum):
    """What leads a city's people to a place."""

    PHONE = "phone"
    AMAP = "amap"
    BAIDU = "baidu"
    TENCENT = "tencent"


class BasemapPolicy(Policy):
    """`[basemap]`: the map under everything, and the app that leads people to a place.

    `tiles` is an address with {z}, {x} and {y} of square web-Mercator tiles, `datum` what their
    coordinates refer to; Baidu's own tiles are cut by another grid and cannot be laid. Without an
    address the map is drawn on plain ground, and is not shifted.
    """

    tiles: Annotated[str, Field(pattern=r"^https?://[^\s;,'\"]+$", max_length=500)] | None = None
    attribution: Annotated[str, Field(max_length=200)] | None = None
    datum: Datum = Datum.WGS84
    navigation: Navigation = Navigation.PHONE

    @model_validator(mode="after")
    def _says_which_tile(self) -> Self:
        if self.tiles is not None and not all(part in self.tiles for part in ("{z}", "{x}", "{y}")):
            raise Misstated(
                "瓦片地址里要有 {z}、{x} 和 {y}", "the address of tiles names {z}, {x} and {y}"
            )
        if self.tiles is None and self.datum is not Datum.WGS84:
            raise Misstated("写了 datum 就要写瓦片地址", "a datum belongs to an address of tiles")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One city, or one district of it.

    Args:
        county: leading digits of every grid's id: six of a district, or four of a city.
        classes: what is filed here, by the detector's label or by the one that a zone rule gives.
        catalog: all classes of the directories that the city knows, filed here or not.
        severities: the city's scale of how grave things are, from slight to grave; may be empty.
        zoning: None where the city has no rules about zones.
        roster: who is on duty when; without shifts everybody always is.
        suppressions: None where the city has approved no ground.
        reasons: the reason codes; an action that has any takes no other reason.
        registry: None where the city has no registry of components.
        component_types: types of component that a class may be of, beside its own in the catalogue.
        boundaries: strips on which a person says who is responsible.
        areas: names and outlines of districts, streets and communities; may know none.
        warnings: what a person should know, e.g. a year without holidays.
    """

    name_zh: str
    name_en: str
    county: str
    zone: ZoneInfo
    calendar: Calendar
    classes: Mapping[str, CatalogClass]
    catalog: Catalog
    severities: tuple[Severity, ...]
    limits: LimitTable
    departments: Mapping[DepartmentId, Department]
    responsibilities: tuple[Responsibility, ...]
    grids: GridMap
    verification: VerificationPolicy
    triage: TriagePolicy
    automation: Automation
    indicators: IndicatorPolicy
    basemap: BasemapPolicy
    casework: CaseworkPolicy
    patrol: PatrolPolicy
    public: PublicPolicy
    retention: RetentionPolicy
    ladder: Ladder
    reasons: tuple[ReasonCode, ...] = ()
    zoning: Zoning | None = None
    suppressions: Suppressions | None = None
    roster: Roster = field(default_factory=Roster)
    areas: AreaMap = field(default_factory=AreaMap)
    registry: RegistryPolicy | None = None
    component_types: Mapping[str, frozenset[Type]] = field(default_factory=dict)
    boundaries: BoundaryMap = field(default_factory=BoundaryMap)
    precedents: PrecedentPolicy = field(default_factory=PrecedentPolicy)
    warnings: tuple[Fault, ...] = ()

    def types_of(self, category: CatalogClass) -> frozenset[Type]:
        """Give the types of component that a class's things may be; none if they are none."""
        own = (category.key, *(each.key for each in category.counterparts))
        listed = {(key.standard, key.code) for key in own if key.kind is Kind.COMPONENT}
        return frozenset(listed) | self.component_types.get(category.label or "", frozenset())

    def reasons_for(self, action: Action) -> tuple[ReasonCode, ...]:
        """Give the reasons that the city lets people give for an action."""
        return tuple(each for each in self.reasons if each.action is action)
