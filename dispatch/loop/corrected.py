"""What a model goes on saying of a thing of which a person put the class right (更正过的类别).

A case is corrected, not the map: sights are told apart by what the models say. So a finding of the
true class there makes a problem of its own, whose case is merged into the corrected one at once;
and when the thing comes back under the old label, its case begins with the class it truly was.
"""

from collections.abc import Collection, Iterable, Sequence

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.case.step import Decision
from dispatch.case.transition import Action, Status
from dispatch.ground.place import Place, cells_near
from dispatch.identity.gate import may_be_one_place
from dispatch.identity.rule import IDENTITY
from dispatch.ids import ProblemId
from dispatch.loop.handover import stands_for
from dispatch.people.people import MACHINE
from dispatch.ports.unit_of_work import Question, UnitOfWork
from dispatch.sights.problem import Problem


def corrected_near(problems: Collection[Problem], *, uow: UnitOfWork) -> Sequence[Case]:
    """Give the cases that `corrected_at` chooses among, of many problems at once."""
    if not problems:
        return ()
    cells = {
        cell for each in problems for cell in cells_near(each.place.cell, radius_m=IDENTITY.cap_m)
    }
    return uow.cases.corrected_near(cells, labels={each.label for each in problems})


def corrected_at(problem: Problem, among: Iterable[Case], *, uow: UnitOfWork) -> Case | None:
    """Give the newest case of which a person said that it is of a problem's class, where both may
    be one thing.

    What one pass saw apart is two: then the correction is not of this one.
    """
    alike = (
        case
        for case in among
        if case.class_was_corrected
        and case.category.label == problem.label
        and (case.is_open or case.status is Status.CLOSED)
        and may_be_one_place(_place_of(case, uow=uow), problem.place)
        and _passes(problem.id, uow=uow).isdisjoint(_passes(case.problem, uow=uow))
    )
    newest = max(alike, key=lambda case: (case.reported_at, case.id), default=None)
    # As it stands now: whatever went before in this transaction may have changed it.
    return None if newest is None else uow.cases.get(newest.id)


def goes_on_in(case: Case, into: Case, *, uow: UnitOfWork) -> None:
    """End a case that was just reported, because the corrected one is of the same thing.

    Both say so. That the model calls it by its true name is counted once, as soon as a person has
    found the corrected one true.
    """
    at = max(case.history[-1].at, into.history[-1].at)
    zh, en = case.category.name_zh, case.category.name_en
    case.merge(
        into.id,
        Decision(
            by=MACHINE,
            at=at,
            note=f"{into.number} 已由人更正为“{zh}”，是同一处 / "
            f"a person corrected {into.number} to '{en}': one and the same",
        ),
    )
    grounds: dict[str, JsonValue] = {"merged": case.id, "problem": case.problem}
    note = f"模型也认作“{zh}”，归入本处 / a model calls it '{en}' too: it is this one"
    into.remark(Decision(by=MACHINE, at=at, note=note, grounds=grounds))
    known = claims_of(stands_for(into, uow=uow))
    for claim in claims_of((case,)) - known if into.last(Action.CONFIRM) else ():
        count_claim(claim, into, uow=uow, true=True)


def claims_of(cases: Collection[Case]) -> frozenset[tuple[str, str]]:
    """Give which models called the thing of some cases what, each once: (model, label)."""
    claims = set[tuple[str, str]]()
    for case in cases:
        first = case.history[0].grounds
        label = first.get("known_as") or case.reported_label
        if isinstance(first.get("model"), str) and isinstance(label, str):
            claims.add((str(first["model"]), label))
    return frozenset(claims)


def count_claim(claim: tuple[str, str], case: Case, *, uow: UnitOfWork, true: bool) -> None:
    """Count a person's verdict on what a model called a thing.

    What is true of another class than the model said is false of the one that it said.
    """
    model, label = claim
    answer = true and case.category.label == label
    uow.verdicts.add(Question.FIND_TRUE, label=label, who=model, answer=answer)


def _passes(problem: ProblemId, *, uow: UnitOfWork) -> set[str]:
    return {one.finding.pass_id for one in uow.observations.of_problem(problem)}


def _place_of(case: Case, *, uow: UnitOfWork) -> Place:
    known = () if case.place_was_corrected else uow.problems.known([case.problem])
    return next((each.place for each in known), case.place)
