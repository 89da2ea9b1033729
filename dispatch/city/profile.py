"""A city profile: everything that a city decides, as data; the rules read it, none lives here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from dispatch.case.transition import Action
from dispatch.catalogue.catalog import Catalog, CatalogClass, Kind, Severity
from dispatch.catalogue.component import Type
from dispatch.city.limit_table import LimitTable
from dispatch.city.patrolling import PatrolPolicy
from dispatch.city.policies import (
    Automation,
    BasemapPolicy,
    CaseworkPolicy,
    IndicatorPolicy,
    PrecedentPolicy,
    PublicPolicy,
    RegistryPolicy,
    Telephones,
    TriagePolicy,
    VerificationPolicy,
    ZonePolicy,
)
from dispatch.city.retention import RetentionPolicy
from dispatch.city.roster import Roster
from dispatch.city.suppression import Suppressions
from dispatch.city_words import STANDARD, CityWords
from dispatch.clocks.worktime import Calendar, Limit
from dispatch.files.datafile import Fault
from dispatch.ground.area import AreaMap
from dispatch.ground.boundary import BoundaryMap
from dispatch.ground.grid import GridMap
from dispatch.ground.zone import ZoneMap, ZoneRule
from dispatch.ids import DepartmentId
from dispatch.people.people import Department


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Zoning:
    """The zones of a city, and what is filed in them; the first rule that is met decides."""

    zones: ZoneMap
    rules: tuple[ZoneRule, ...]
    policy: ZonePolicy


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
    """One of the reasons that a city lets people give for an action.

    Args:
        nobodys: it says of a case that ends unrepaired that the thing is no department's here.
    """

    action: Action
    code: str
    name_zh: str
    name_en: str
    nobodys: bool = False


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
        words: what the city calls things, people, acts and statuses.
        telephones: whom workers call; may name nobody.
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
    words: CityWords = STANDARD
    telephones: Telephones = field(default_factory=Telephones)
    warnings: tuple[Fault, ...] = ()

    def types_of(self, category: CatalogClass) -> frozenset[Type]:
        """Give the types of component that a class's things may be; none if they are none."""
        own = (category.key, *(each.key for each in category.counterparts))
        listed = {(key.standard, key.code) for key in own if key.kind is Kind.COMPONENT}
        return frozenset(listed) | self.component_types.get(category.label or "", frozenset())

    def reasons_for(self, action: Action) -> tuple[ReasonCode, ...]:
        """Give the reasons that the city lets people give for an action."""
        return tuple(each for each in self.reasons if each.action is action)
