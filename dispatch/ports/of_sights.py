"""What casework needs of a store for what patrols and phones saw, and for the map made of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from dispatch import wire
from dispatch.case.photo import Photo
from dispatch.clocks.period import Window
from dispatch.figures.patrol_figures import Patrolled
from dispatch.ids import CaseId, PhotoId, ProblemId
from dispatch.indicators.formula import Grouping
from dispatch.sights.arrival import Arrival, Backlog, Mail
from dispatch.sights.covered import Covered
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem
from dispatch.sights.stretch import Patch, Stretch, Told


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

    def relink(self, observations: Sequence[Observation]) -> None:
        """Keep of which problems known observations are sights, and how that was told; no more."""
        ...

    def of_problem(self, problem: ProblemId) -> Sequence[Observation]:
        """Give a problem's observations in their `order`."""
        ...

    def of_problems(
        self,
        problems: Collection[ProblemId],
        *,
        condensed: bool = True,
        besides: Collection[str] = (),
    ) -> Mapping[ProblemId, Sequence[Observation]]:
        """Give the observations of each problem that has any, in their `order`, all at once.

        With those that its gist holds, or only the others; and only those beside some ids.
        """
        ...

    def of_pass(
        self, pass_id: str, *, during: tuple[datetime, datetime] | None = None
    ) -> Sequence[Observation]:
        """Give a pass's observations in their `order`, all or those captured in a span of time."""
        ...

    def near(
        self,
        cells: Collection[int],
        *,
        condensed: bool,
        besides: Collection[str] = (),
    ) -> Sequence[Observation]:
        """Give the observations in look-up cells, in their `order`.

        With those that a gist holds, or only the others; and only those beside some labels.
        """
        ...

    def near_in_time(
        self, cells: Collection[int], *, labels: Collection[str], during: tuple[datetime, datetime]
    ) -> Sequence[Observation]:
        """Give the observations of some labels in look-up cells in a span of time, in `order`."""
        ...

    def cells_of_pass(self, pass_id: str) -> Collection[int]:
        """Give the look-up cells in which a pass saw anything, each once."""
        ...

    def without_place(self, *, limit: int) -> Sequence[Observation]:
        """Give observations that a person has to place, the newest first."""
        ...

    def waiting(self, *, before: datetime, limit: int) -> Sequence[Observation]:
        """Give sights received before a time that no end of a pass settled, in their `order`.

        Only those whose problem has no case: they wait for that end to get one.
        """
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

    def near(
        self,
        cells: Collection[int],
        *,
        until: datetime | None = None,
        after: datetime | None = None,
        latest: int | None = None,
    ) -> Sequence[wire.Sweep]:
        """Give the sweeps that inspected or hid ground in look-up cells, by start.

        Args:
            until: that started then or before.
            after: that started later than that.
            latest: of them only so many, those that started last.
        """
        ...

    def cells_of_pass(self, pass_id: str) -> Collection[int]:
        """Give the look-up cells of the ground that a pass inspected or that was hidden from it."""
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

    def keep(
        self, stretch: Stretch, patches: Collection[Patch], *, known_from: datetime, day: str
    ) -> None:
        """Keep what a sweep was told of; what it was told of before stays known up to then.

        Args:
            day: the city's day on which the centre took it in, e.g. 2026-11-21.
        """
        ...

    def replace(self, stretch: Stretch, patches: Collection[Patch], *, day: str) -> None:
        """Put what a sweep was told of in the place of all that was ever told of it.

        Args:
            day: the city's day on which the centre took it in, e.g. 2026-11-21.
        """
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

    def add_up_anew(self, *, write: bool) -> Sequence[str]:
        """Add covered ground up anew; give the days and grids of which something else was kept.

        Args:
            write: False only compares.
        """
        ...

    def told(self, window: Window) -> Iterator[Told]:
        """Give the stretches that came in a period, by id, some at a time, with what each saw."""
        ...

    def erased(self, window: Window) -> Iterator[Covered]:
        """Give the ground of a period that is known only as it was added up, day by day.

        That of the single stretches was erased in its time.
        """
        ...

    def patrolled(self, window: Window, *, area: str, by: Grouping = Grouping.CITY) -> Patrolled:
        """Give what passes did in a period and an area, added up; empty means the whole city.

        Args:
            by: how drives are told apart, beside the pass; of areas by nothing finer.
        """
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
