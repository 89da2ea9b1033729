"""A person names the component of a case, where the registry gave none or several."""

from dataclasses import replace

from dispatch.case.step import Decision, Grounds
from dispatch.case.transition import Status
from dispatch.catalogue.component import known_match
from dispatch.city.profile import Profile
from dispatch.errors import DispatchError
from dispatch.ground.place import distance_m
from dispatch.ids import CaseId
from dispatch.loop.filing import dispatch_by_rule
from dispatch.loop.handover import case_to_decide
from dispatch.ports.unit_of_work import UnitOfWork


class NoSuchComponent(DispatchError):
    """The registry holds no component of this id that a case of the class can be of."""

    def __init__(self, component: str) -> None:
        super().__init__(
            f"部件库中没有可用的部件 {component}，请核对标识码和部件类型",
            f"the registry has no component {component} of a fitting type: check the id",
        )
        self.component = component


def name_component(
    id_: CaseId, component: str, decision: Decision, *, profile: Profile, uow: UnitOfWork
) -> None:
    """Write down which component a case is of; a filed case goes to who is responsible for it.

    Raises:
        NoSuchComponent: the registry holds none of this id now, or its type does not fit.
    """
    with uow:
        case = case_to_decide(id_, decision, uow=uow)
        known = uow.components.newest([component]).get(component)
        day = decision.at.astimezone(profile.zone).date()
        types = profile.types_of(case.category)
        if known is None or not known.valid_on(day) or known.type not in types:
            raise NoSuchComponent(component)
        before = case.component
        match = known_match(
            known,
            distance_m=distance_m(case.place, known.place),
            fitting=before.fitting if before else (),
        )
        note = decision.note.strip() or f"部件 {component} / component {component}"
        grounds: Grounds = {"component": match.written(), "chosen_by": decision.by.id}
        case.remark(replace(decision, note=note, grounds=grounds))
        if case.status is Status.FILED and profile.automation.dispatch:
            dispatch_by_rule(case, profile=profile, at=decision.at, uow=uow)
        uow.cases.save(case)
        uow.commit()
