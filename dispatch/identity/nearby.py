"""What lies within the hard cap of a sight, looked up by cell while a batch is worked on."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from dispatch.ground.place import Place, cells_near, distance_m
from dispatch.identity.rule import IDENTITY
from dispatch.identity.sights import place_of
from dispatch.ids import ObservationId, ProblemId
from dispatch.sights.observation import Observation
from dispatch.sights.problem import Problem

CAP_M: Final = max([IDENTITY.cap_m, *IDENTITY.caps_m.values()])
"""Sights farther apart than this are never of one thing."""


class ProblemsNear:
    """Problems by look-up cell, kept up to date while a batch is worked on."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._by_cell: dict[int, dict[ProblemId, Problem]] = defaultdict(dict)
        for problem in problems:
            self.keep(problem)

    def keep(self, problem: Problem) -> None:
        """Add a problem, or put it in the place of an earlier form of it."""
        self._by_cell[problem.place.cell][problem.id] = problem

    def about(self, one: Observation) -> list[Problem]:
        """Give the problems within the hard cap of an observation."""
        assert one.cell is not None
        place = place_of(one)
        return [
            problem
            for cell in cells_near(one.cell, radius_m=CAP_M)
            for problem in self._by_cell.get(cell, {}).values()
            if distance_m(place, problem.place) <= CAP_M
        ]


class SightsNear:
    """Observations by look-up cell, each with its place."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._by_cell: dict[int, dict[ObservationId, tuple[Observation, Place]]] = defaultdict(dict)
        for one in observations:
            self.keep(one)

    def keep(self, one: Observation) -> None:
        """Add an observation; one without a place lies near nothing."""
        if one.cell is not None:
            self._by_cell[one.cell][one.id] = one, place_of(one)

    def about(self, one: Observation) -> list[Observation]:
        """Give the observations of the same pass within the hard cap of one.

        That one is among them if it was kept.
        """
        assert one.cell is not None
        place, pass_id = place_of(one), one.finding.pass_id
        return [
            mate
            for cell in cells_near(one.cell, radius_m=CAP_M)
            for mate, there in self._by_cell.get(cell, {}).values()
            if mate.finding.pass_id == pass_id and distance_m(place, there) <= CAP_M
        ]
