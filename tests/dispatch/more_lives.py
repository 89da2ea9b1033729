"""Turns that lives of cases take beside the straight way."""

from dataclasses import replace

from dispatch.case.case import Case, Corrected
from dispatch.case.step import Decision
from dispatch.clocks.clock import Stage
from dispatch.people.people import MACHINE
from tests.dispatch.city import COLLECTOR, DISPATCHER, SANITATION, SUPERVISOR, WORKER
from tests.dispatch.evaluating import (
    clock,
    closed,
    declined,
    dispatched,
    finished,
    hour,
    send,
    sent_back,
)


def accepted(case: Case, *, at: float) -> Case:
    """Have a worker take it on."""
    case.accept(Decision(by=WORKER, at=hour(at)))
    return case


def collector_put_it_right(case: Case, *, at: float) -> Case:
    """Have a collector put it right on the spot."""
    case.self_handle(Decision(by=COLLECTOR, at=hour(at)), clock=clock(Stage.CHECK, at, at + 40))
    return case


def put_right(case: Case, *, at: float) -> Case:
    """Have a collector say that it is of another class."""
    to = Corrected(
        category=replace(case.category, label="road.crack"),
        severity=None,
        place=case.place,
        grid=case.grid,
        grid_share=case.grid_share,
    )
    case.correct(to, Decision(by=COLLECTOR, at=hour(at), note="是裂缝"), clocks=())
    return case


def given_back(case: Case, *, at: float) -> Case:
    """Have the dispatcher give a filed case back to those who filed it."""
    case.send_in_again(Decision(by=DISPATCHER, at=hour(at), note="立案信息不全"))
    return case


def merged(case: Case, *, at: float) -> Case:
    """End a case because another is of the same problem."""
    case.merge(case.id, Decision(by=SUPERVISOR, at=hour(at), note="与前案同一处"))
    return case


def found_known(case: Case, *, at: float) -> Case:
    """Have the machine find that it is a sight of a problem that has its case."""
    case.merge(case.id, Decision(by=MACHINE, at=hour(at), note="与前案同一处"))
    return case


def voided(case: Case, *, at: float) -> Case:
    """End a case before filing."""
    case.void(Decision(by=SUPERVISOR, at=hour(at), note="非管辖范围", grounds={"code": "V2"}))
    return case


def redone_by_another(name: str = "1") -> Case:
    """Roads' work is sent back at 60; they give it back, and sanitation does it well."""
    case = sent_back(finished(dispatched(name), at=40), at=60, due=80)
    send(declined(case, at=62), at=63, due=90, to=SANITATION)
    return closed(finished(case, at=70), at=90)
