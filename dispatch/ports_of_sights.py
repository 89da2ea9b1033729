"""What casework needs of a store for what patrols and phones saw, and for the map made of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatch import wire
from dispatch.arrival import Arrival, Backlog, Mail
from dispatch.ids import CaseId, PhotoId, ProblemId
from dispatch.observation import Observation
from dispatch.patrol_figures import Patrolled
from dispatch.period import Window
from dispatch.photo import Photo
from dispatch.problem import Problem
from dispatch.stretch import Patch, Stretch
from dispatch.suppression import Suppressed


class ProblemRepository(Protocol):
    """The problem map."""

    def get(self, id_: ProblemId) -> Problem:
        """Give a problem; raises NotFound."""
        ...

    def known(self, ids: Collection[str]) -> Sequence[Problem]:
        """Give those of the ids that are problems, by id."""
        ...

    def save(self, problem: Problem) -> None:
        """Keep a new or changed problem."""
        ...

    def remove(self, id_: ProblemId) -> None:
        """Drop a problem that was merged into another."""
        ...

    def near(self, cells: Collection[int]) -> Sequence[Problem]:
        """Give the problems in look-up cells, by id."""
        ...


class ObservationRepository(Protocol):
    """The findings taken in."""

    def get(self, id_: str) -> Observation | None:
        """Give an observation, or None."""
        ...

    def known(self, ids: Collection[str]) -> Mapping[str, Observation]:
        """Give those of the ids that were taken in, all at once."""
        ...

    def save(self, observation: Observation) -> None:
        """Keep a new, revised or re-linked observation."""
        ...

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        ...

    def of_problems(
        self, problems: Collection[ProblemId], *, condensed: bool = True
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once.

        With those that its gist holds, or only the others.
        """
        ...

    def of_pass(
        self, pass_id: str, *, during: tuple[datetime, datetime] | None = None
    ) -> Sequence[Observation]:
        """Give a pass's observations in their `order`, all or those captured in a span of time."""
        ...

    def near(self, cells: Collection[int], *, condensed: bool) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`.

        With those that a gist holds, or only the others.
        """
        ...

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        ...


class ArrivalRepository(Protocol):
    """What was acknowledged and is on its way to the map and the cases, in a line."""

    def add(self, mails: Sequence[Mail]) -> None:
        """Put messages of batches in line, in their order, behind all others."""
        ...

    def waiting(self, ids: Collection[str]) -> Sequence[Arrival]:
        """Give those in line under some ids, in their order."""
        ...

    def first(self, *, hazards: bool, limit: int) -> Sequence[Arrival]:
        """Give the first of the hazards in line or of the others, in their order.

        A hazard goes before what came before it, but nothing goes before a hazard that came before
        it: of the others only those are given that came before all hazards that wait.
        """
        ...

    def beside(self, arrivals: Collection[Arrival]) -> Sequence[Arrival]:
        """Give what else waits of the batches of some arrivals, in its order."""
        ...

    def remove(self, arrivals: Collection[Arrival]) -> None:
        """Take messages out of the line, which have been told."""
        ...

    def backlog(self) -> Backlog:
        """Say how many wait, and since when."""
        ...


class SweepRepository(Protocol):
    """The ground that passes inspected."""

    def get(self, id_: str) -> wire.Sweep | None:
        """Give a sweep, or None."""
        ...

    def save(self, sweep: wire.Sweep) -> None:
        """Keep a new or revised sweep."""
        ...

    def of_pass(self, pass_id: str) -> Sequence[wire.Sweep]:
        """Give a pass's stretches in order."""
        ...

    def has_ended(self, pass_id: str) -> bool:
        """Say whether a pass's last sweep has come."""
        ...

    def near(self, cells: Collection[int]) -> Sequence[wire.Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start."""
        ...

    def all(self) -> Iterator[wire.Sweep]:
        """Give every sweep, by id."""
        ...

    def latest(self, *, limit: int) -> Sequence[wire.Sweep]:
        """Give the sweeps that started last, the newest first."""
        ...

    def stale(self, before: datetime, *, limit: int) -> Sequence[tuple[int, datetime]]:
        """Give look-up cells that no sweep touched since a time, the longest untouched first.

        With each cell when it was touched last; ground that was never touched is not known.
        """
        ...


class StretchRepository(Protocol):
    """What sweeps were told of for the figures."""

    def untold(self, *, limit: int) -> Sequence[wire.Sweep]:
        """Give sweeps that are new or revised and not told yet, by id."""
        ...

    def keep(self, stretch: Stretch, patches: Collection[Patch], *, known_from: datetime) -> None:
        """Keep what a sweep was told of; what it was told of before stays known up to then."""
        ...

    def replace(self, stretch: Stretch, patches: Collection[Patch]) -> None:
        """Put what a sweep was told of in the place of all that was ever told of it."""
        ...

    def of_sweep(self, id_: str) -> tuple[Stretch, tuple[Patch, ...]] | None:
        """Give what a sweep was told of last, its patches by area and classes, or None."""
        ...

    def seen(
        self, areas: Collection[str], *, label: str, during: tuple[datetime, datetime]
    ) -> Sequence[tuple[str, Patch]]:
        """Give the ground of grids that passes saw for a class in a span of time, and the pass.

        In the order of time.
        """
        ...

    def keep_lands(self, lands: Mapping[str, int], *, at: datetime) -> None:
        """Keep how many cells of ground each unit grid has, from a moment on."""
        ...

    def patrolled(self, window: Window, *, area: str) -> Patrolled:
        """Give what passes did in a period and an area; empty means the whole city."""
        ...


class CrewVerdictRepository(Protocol):
    """What crews said of finds from the seat; kept apart from the verdicts of triage."""

    def get(self, finding: str) -> wire.CrewVerdict | None:
        """Give the crew's word on a finding, or None."""
        ...

    def save(self, verdict: wire.CrewVerdict) -> None:
        """Keep a new or revised word."""
        ...

    def known(self, findings: Collection[str]) -> Mapping[str, wire.CrewVerdict]:
        """Give the words on those of the findings that have one, by finding."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedFilter:
    """Which suppressed sights are asked for.

    Args:
        area: leading digits of the grid id; empty means the whole city.
        since: seen at this time or later.
        until: seen before this time.
        suppression: the approval's id; None for all.
    """

    since: datetime
    until: datetime
    area: str = ""
    suppression: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressedCount:
    """How much one approval kept from becoming a case, as of its newest sight's wording."""

    newest: Suppressed
    sights: int
    problems: int


class SuppressedRepository(Protocol):
    """Sights that an approval kept from becoming a case."""

    def save(self, one: Suppressed) -> None:
        """Keep a sight; the same again takes its place."""
        ...

    def drop(self, finding: str) -> None:
        """Forget a sight that an approval no longer concerns, for its place was corrected."""
        ...

    def move(self, gone: ProblemId, to: ProblemId) -> None:
        """Count the sights of a problem that is no more with the one that took its place."""
        ...

    def find(self, wanted: SuppressedFilter, *, limit: int) -> Sequence[Suppressed]:
        """Give sights, the newest first."""
        ...

    def count(self, wanted: SuppressedFilter) -> Sequence[SuppressedCount]:
        """Count sights and problems of each approval, by its id."""
        ...


class EvidenceRepository(Protocol):
    """Which pictures the centre holds."""

    def missing(self, hashes: Collection[str]) -> Sequence[str]:
        """Give those of the hashes whose bytes never arrived, sorted."""
        ...

    def received(self, sha256: str, *, at: datetime) -> None:
        """Note that the bytes of a picture are kept."""
        ...


class PhotoRepository(Protocol):
    """Photos that people took."""

    def get(self, id_: PhotoId) -> Photo:
        """Give a photo; raises PhotoNotFound."""
        ...

    def save(self, photo: Photo) -> None:
        """Keep a new photo, or one with its result."""
        ...

    def of_case(self, case: CaseId) -> Sequence[Photo]:
        """Give a case's photos, the oldest first."""
        ...

    def of_content(self, sha256: str) -> Sequence[Photo]:
        """Give the photos of all cases that were handed in as the same file, the oldest first."""
        ...

    def with_keys(self, keys: Collection[int]) -> Sequence[Photo]:
        """Give the photos of which a key (`imprint.keys_of`) is one of these, the oldest first.

        What was erased by itself is left out.
        """
        ...

    def of_cases(self, cases: Collection[CaseId]) -> Sequence[Photo]:
        """Give the photos of many cases at once, the oldest first."""
        ...

    def unseen(self, *, limit: int) -> Sequence[Photo]:
        """Give photos that the vision worker is still to look at, the oldest first."""
        ...
