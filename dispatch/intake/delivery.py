"""Delivery (入图): arrivals are set beside each other, told to the map, and given their cases.

One `Delivery` is what one device sent, in its order, on its way through one transaction.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dispatch import wire
from dispatch.city.profile import Profile
from dispatch.ground.grid import Grid
from dispatch.ground.place import lookup_cell
from dispatch.ids import ProblemId
from dispatch.intake.problem_map import arrive, settle
from dispatch.loop.corrected import corrected_near
from dispatch.loop.filed_as import class_of
from dispatch.loop.filing import standing_of, take_up
from dispatch.loop.rekeying import move_cases
from dispatch.ports.unit_of_work import UnitOfWork
from dispatch.sights.arrival import Patrolled
from dispatch.sights.head import head_of
from dispatch.sights.observation import Observation
from dispatch.sights.plausibility import Fault, fault_of_finding, grid_of, grids_of, place_of
from dispatch.sights.problem import Problem
from dispatch.sights.reading import OTHER_BODY, quarantined, read_sound, word_on_known
from dispatch.triage.triage import Cards
from dispatch.wire import ReceiptStatus

ABOUT: Final = timedelta(minutes=5)
"""How long before and after a batch's findings others of their pass may bear on them."""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What some arrivals of one device bring, and what of it was there before.

    Args:
        at: now, when the cases hear of it.
        cards: what the cards of the models say, for triage.
        witnesses: findings that it overtakes, beside which its own must be possible too.
        known: observations under the ids of its findings; its own join them one by one.
        grids: those of its findings, by id, looked up at once; None where one lies in none. One
            that came in several bodies is missing.
        swept: sweeps under the ids of its sweeps; its own join them one by one.
        before: observations of the passes of its findings, known before, of about the same time.
        mates: all findings of each of these passes, old, new and overtaken, in the order of time.
        fresh: observations that are new or revised.
        revised: what those of them were that had come before.
        again: passes of which a sweep was brought.
        ended: passes that have ended and of which something was brought.
    """

    device: str
    at: datetime
    uow: UnitOfWork
    profile: Profile
    cards: Cards
    witnesses: Sequence[wire.Finding] = ()
    known: dict[str, Observation] = field(default_factory=dict)
    grids: Mapping[str, Grid | None] = field(default_factory=dict)
    swept: dict[str, wire.Sweep] = field(default_factory=dict)
    before: list[Observation] = field(default_factory=list)
    mates: dict[str, list[wire.Finding]] = field(default_factory=dict)
    fresh: dict[str, Observation] = field(default_factory=dict)
    revised: dict[str, Observation] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    ended: frozenset[str] = frozenset()

    def take(self, arrived: Sequence[tuple[Patrolled, datetime]]) -> None:
        """Take every message in, then tell the map and the cases what is new.

        The caller has locked the map.

        Args:
            arrived: in their order, each with the time at which it was acknowledged.
        """
        self._look_up([each for each, _ in arrived if isinstance(each, wire.Finding)])
        self._look_up_sweeps({each.id for each, _ in arrived if isinstance(each, wire.Sweep)})
        for each, received_at in arrived:
            if isinstance(each, wire.Finding):
                self._finding(each, received_at=received_at)
            else:
                self._sweep(each, received_at=received_at)
        self._tell_the_map()

    def _look_up(self, findings: Sequence[wire.Finding]) -> None:
        self.known = dict(self.uow.observations.known([each.id for each in findings]))
        bodies = Counter(each.id for each in findings)
        alone = [each for each in findings if bodies[each.id] == 1]
        held = grids_of([head_of(each) for each in alone], profile=self.profile)
        self.grids = {each.id: held.get(each.id) for each in alone}
        for finding in findings:
            self.mates.setdefault(finding.pass_id, []).append(finding)
        for pass_id, mates in self.mates.items():
            times = [each.captured_at for each in mates]
            during = (min(times) - ABOUT, max(times) + ABOUT)
            before = self.uow.observations.of_pass(pass_id, during=during)
            self.before += before
            mates += [each.of_device for each in before]
            mates += [each for each in self.witnesses if each.pass_id == pass_id]
            mates.sort(key=lambda each: each.captured_at)

    def _look_up_sweeps(self, ids: Collection[str]) -> None:
        # Before any is written, so that they are all written together.
        found = {id_: self.uow.sweeps.get(id_) for id_ in sorted(ids)}
        self.swept = {id_: sweep for id_, sweep in found.items() if sweep is not None}

    def _finding(self, finding: wire.Finding, *, received_at: datetime) -> None:
        kept = self.known.get(finding.id)
        if kept is not None and finding.revision <= kept.finding.revision:
            self._known(finding, kept.of_device, received_at=received_at)
            return
        grid = self._grid(finding)
        mates = self.mates[finding.pass_id]
        fault = fault_of_finding(finding, grid=grid, at=received_at, mates=mates)
        if fault is not None:
            self._keep_apart(finding, fault, received_at=received_at)
            return
        position = finding.position
        one = Observation(
            finding=finding,
            received_at=received_at,
            cell=None if position is None else lookup_cell(position.latitude, position.longitude),
            grid=None if grid is None else grid.id,
            problem=None if kept is None else kept.problem,
        )
        if kept is not None:
            self.revised.setdefault(finding.id, kept)
        self.known[finding.id] = self.fresh[finding.id] = one

    def _grid(self, finding: wire.Finding) -> Grid | None:
        if finding.id in self.grids or finding.position is None:
            return self.grids.get(finding.id)
        place = place_of(finding.position)
        return grid_of(place, at=finding.captured_at, profile=self.profile)

    def _sweep(self, sweep: wire.Sweep, *, received_at: datetime) -> None:
        kept = self.swept.get(sweep.id)
        if kept is not None and sweep.revision <= kept.revision:
            self._known(sweep, kept, received_at=received_at)
            return
        self.swept[sweep.id] = sweep
        self.uow.sweeps.save(sweep)
        self.again.add(sweep.pass_id)

    def _known(self, message: wire.Message, kept: wire.Message, *, received_at: datetime) -> None:
        """Pass over what two processes of the centre accepted at once, but never in silence."""
        if word_on_known(message, kept) is ReceiptStatus.CONFLICT:
            self._keep_apart(message, OTHER_BODY, received_at=received_at)

    def _keep_apart(self, message: wire.Message, fault: Fault, *, received_at: datetime) -> None:
        read = read_sound(message, device=message.device)
        self.uow.quarantine.add(quarantined(read, fault, device=self.device, at=received_at))

    def _tell_the_map(self) -> None:
        """Give new observations their problems, and see to it that these have their cases."""
        passes = {one.finding.pass_id for one in self.fresh.values()} | self.again
        self.ended = frozenset(each for each in passes if self.uow.sweeps.has_ended(each))
        arrived, begun = [], []
        for one in self.fresh.values():
            waits = one.finding.pass_id in self.ended or one.id in self.revised
            if one.cell is not None and not waits:
                # Kept with the problem that it gets at once.
                arrived.append(one)
                continue
            if waits:
                begun.append(one)
            # One that lost its place is still told to the map under its problem, to be taken out.
            self.uow.observations.save(one if one.cell is not None else one.of_problem(None))
        self._arrive(arrived)
        for pass_id in sorted(self.ended & self.again):
            known = {one.id for one in begun}
            mates = self.uow.observations.of_pass(pass_id)
            begun += [one for one in mates if not one.condensed and one.id not in known]
        self.settle(begun)

    def _arrive(self, arrived: Sequence[Observation]) -> None:
        """See to the cases of what is seen at once; what may yet be a known problem waits.

        Else every pass that is off by more than it says would send people to look again at what
        they know. A hazard cannot wait.
        """
        if not arrived:
            return
        seen = arrive(arrived, mates=self.before, uow=self.uow)
        waits = {each for each in seen.doubtful if not self._is_hazard(seen.touched[each])}
        if waits:
            waits &= standing_of(waits, uow=self.uow).without
        now = {id_: each for id_, each in seen.touched.items() if id_ not in waits}
        self._take_up(now, arrived)

    def _is_hazard(self, problem: Problem) -> bool:
        filed_as = class_of(problem, profile=self.profile, uow=self.uow)
        return filed_as is not None and filed_as.category.hazard

    def settle(self, begun: Sequence[Observation]) -> None:
        """Tell the map of passes that have ended, and see to the cases of what they saw."""
        if not begun:
            return
        change = settle(begun, left=list(self.revised.values()), uow=self.uow)
        for gone, to in change.gone.items():
            move_cases(gone, to, at=self.at, uow=self.uow)
        self._take_up(change.touched, begun)

    def _take_up(self, touched: Mapping[ProblemId, Problem], sights: Sequence[Observation]) -> None:
        """See to it that every problem that was seen has its case, by its newest sight."""
        newest = {one.id: one for one in sights}
        standing = standing_of(touched, uow=self.uow)
        fresh = [problem for id_, problem in touched.items() if id_ in standing.without]
        corrected = corrected_near(fresh, uow=self.uow)
        for problem in (touched[each] for each in touched if each not in standing.in_hand):
            seen = [newest[each] for each in problem.observations if each in newest]
            finding = max(seen, key=lambda one: one.order).of_device
            take_up(
                problem,
                finding,
                before=()
                if problem.id in standing.without
                else self.uow.cases.of_problem(problem.id),
                corrected=corrected,
                cards=self.cards,
                profile=self.profile,
                at=self.at,
                uow=self.uow,
            )
