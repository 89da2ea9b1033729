"""The life of a case as one table: which action leads from which status to which, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.errors import DispatchError
from dispatch.people import Person, Role


class Status(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    HANDLED = "handled"
    CLOSED = "closed"
    VOID = "void"

    @property
    def zh(self) -> str:
        """Give the status's Chinese name."""
        return _STATUS_ZH[self]


class Action(StrEnum):
    """What somebody, or the clock, does to a case."""

    REPORT = "report"
    CONFIRM = "confirm"
    REFUTE = "refute"
    FILE = "file"
    VOID = "void"
    MERGE = "merge"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    VERIFY = "verify"
    CHECK = "check"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WRITE_OFF = "write_off"
    REOPEN = "reopen"
    ALARM = "alarm"
    REMARK = "remark"

    @property
    def zh(self) -> str:
        """Give the action's Chinese name."""
        return _ACTION_ZH[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Where an action leads, who may take it, and whether it needs a reason in words."""

    after: Status
    roles: frozenset[Role]
    reason: bool = False


_STATUS_ZH: Final = {
    Status.REPORTED: "待核实",
    Status.CONFIRMED: "待立案",
    Status.FILED: "待派遣",
    Status.DISPATCHED: "待接单",
    Status.HANDLING: "处置中",
    Status.SUSPENDED: "挂账",
    Status.HANDLED: "待核查",
    Status.CLOSED: "已结案",
    Status.VOID: "已作废",
}
_ACTION_ZH: Final = {
    Action.REPORT: "上报",
    Action.CONFIRM: "核实属实",
    Action.REFUTE: "核实不属实",
    Action.FILE: "立案",
    Action.VOID: "作废",
    Action.MERGE: "并案",
    Action.DISPATCH: "派遣",
    Action.ACCEPT: "接单",
    Action.DECLINE: "回退",
    Action.FINISH: "处置完成",
    Action.EXTEND: "延期",
    Action.SUSPEND: "挂账",
    Action.RESUME: "恢复",
    Action.VERIFY: "复巡判断",
    Action.CHECK: "现场核查",
    Action.APPROVE: "结案",
    Action.SEND_BACK: "返工",
    Action.WRITE_OFF: "特殊结案",
    Action.REOPEN: "重新启动",
    Action.ALARM: "时限提醒",
    Action.REMARK: "备注",
}

_WATCH: Final = frozenset({Role.ACCEPTOR, Role.SUPERVISOR})
_DESK: Final = _WATCH | {Role.MACHINE}
_FIELD: Final = _WATCH | {Role.COLLECTOR}
_COMMAND: Final = frozenset({Role.DISPATCHER})
_CREW: Final = frozenset({Role.DEPARTMENT, Role.HANDLER})
_CLOSER: Final = frozenset({Role.SUPERVISOR, Role.MACHINE})
_CLOCK: Final = frozenset({Role.MACHINE})
_EVERYBODY: Final = frozenset(Role) - {Role.EVALUATOR, Role.ADMINISTRATOR}


def _to(after: Status, roles: frozenset[Role]) -> Transition:
    return Transition(after=after, roles=roles)


def _because(after: Status, roles: frozenset[Role]) -> Transition:
    return Transition(after=after, roles=roles, reason=True)


TRANSITIONS: Final[Mapping[tuple[Status | None, Action], Transition]] = {
    (None, Action.REPORT): _to(Status.REPORTED, _DESK | {Role.COLLECTOR}),
    (Status.REPORTED, Action.CONFIRM): _to(Status.CONFIRMED, _FIELD),
    (Status.REPORTED, Action.REFUTE): _because(Status.VOID, _FIELD),
    (Status.REPORTED, Action.FILE): _to(Status.FILED, _CLOSER),
    (Status.REPORTED, Action.VOID): _because(Status.VOID, _WATCH),
    (Status.REPORTED, Action.MERGE): _because(Status.VOID, _DESK),
    (Status.CONFIRMED, Action.FILE): _to(Status.FILED, _CLOSER),
    (Status.CONFIRMED, Action.VOID): _because(Status.VOID, _WATCH),
    (Status.CONFIRMED, Action.MERGE): _because(Status.VOID, _DESK),
    (Status.FILED, Action.DISPATCH): _to(Status.DISPATCHED, _COMMAND | _CLOCK),
    (Status.FILED, Action.MERGE): _because(Status.VOID, frozenset({Role.SUPERVISOR})),
    (Status.FILED, Action.WRITE_OFF): _because(Status.CLOSED, frozenset({Role.SUPERVISOR})),
    (Status.DISPATCHED, Action.ACCEPT): _to(Status.HANDLING, _CREW),
    (Status.DISPATCHED, Action.DECLINE): _because(Status.FILED, _CREW),
    (Status.DISPATCHED, Action.EXTEND): _because(Status.DISPATCHED, _COMMAND),
    (Status.DISPATCHED, Action.WRITE_OFF): _because(Status.CLOSED, frozenset({Role.SUPERVISOR})),
    (Status.HANDLING, Action.FINISH): _to(Status.HANDLED, _CREW),
    (Status.HANDLING, Action.DECLINE): _because(Status.FILED, _CREW),
    (Status.HANDLING, Action.EXTEND): _because(Status.HANDLING, _COMMAND),
    (Status.HANDLING, Action.SUSPEND): _because(Status.SUSPENDED, _COMMAND),
    (Status.HANDLING, Action.WRITE_OFF): _because(Status.CLOSED, frozenset({Role.SUPERVISOR})),
    (Status.SUSPENDED, Action.RESUME): _to(Status.HANDLING, _COMMAND | _CLOCK),
    (Status.SUSPENDED, Action.WRITE_OFF): _because(Status.CLOSED, frozenset({Role.SUPERVISOR})),
    (Status.HANDLED, Action.VERIFY): _to(Status.HANDLED, _CLOCK),
    (Status.HANDLED, Action.CHECK): _to(Status.HANDLED, _FIELD),
    (Status.HANDLED, Action.APPROVE): _to(Status.CLOSED, _CLOSER),
    (Status.HANDLED, Action.SEND_BACK): _because(Status.DISPATCHED, frozenset({Role.SUPERVISOR})),
    (Status.CLOSED, Action.REOPEN): _because(Status.FILED, frozenset({Role.SUPERVISOR})),
    (Status.VOID, Action.REOPEN): _because(Status.REPORTED, frozenset({Role.SUPERVISOR})),
    **{
        (status, Action.ALARM): _to(status, _CLOCK)
        for status in Status
        if status not in {Status.SUSPENDED, Status.CLOSED, Status.VOID}
    },
    **{(status, Action.REMARK): _because(status, _EVERYBODY) for status in Status},
}
"""Nothing else changes a status; every pair that is not here is refused. None: not yet a case."""

ENDED: Final = frozenset({Status.CLOSED, Status.VOID})


class IllegalTransition(DispatchError):
    """The action is not open to a case in its present status."""

    def __init__(self, status: Status | None, action: Action) -> None:
        open_to = [a for s, a in TRANSITIONS if s is status and a is not Action.ALARM]
        super().__init__(
            f"案卷现在是“{status.zh if status else '未上报'}”，不能“{action.zh}”;"
            f"现在可以：{'、'.join(a.zh for a in open_to)}",
            f"the case is {status or 'not reported yet'} and cannot be given '{action}'; "
            f"possible now: {', '.join(open_to)}",
        )
        self.status, self.action = status, action


class NotYourStep(DispatchError):
    """The person's role may not take the action."""

    def __init__(self, person: Person, action: Action, roles: frozenset[Role]) -> None:
        super().__init__(
            f"“{action.zh}”由{'、'.join(role.zh for role in sorted(roles))}操作,"
            f"{person.name}没有这个岗位，请转给他们",
            f"'{action}' is for {', '.join(sorted(roles))}, and {person.name} is none of these: "
            "hand it to them",
        )
        self.person, self.action, self.roles = person.id, action, roles


class ReasonMissing(DispatchError):
    """The action needs a reason in words."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"“{action.zh}”必须写明原因", f"'{action}' needs a reason: write it down")
        self.action = action


def roles_for(action: Action) -> frozenset[Role]:
    """Give every role that may take an action from some status."""
    return frozenset(
        role
        for (_, taken), transition in TRANSITIONS.items()
        if taken is action
        for role in transition.roles
    )


def permit(status: Status | None, action: Action, *, by: Person, note: str) -> tuple[Status, Role]:
    """Give the status that an action leads to, and the role in which the person takes it.

    Raises:
        IllegalTransition: the status does not allow the action.
        NotYourStep: none of the person's roles may take it.
        ReasonMissing: it needs a reason, and `note` is empty.
    """
    transition = TRANSITIONS.get((status, action))
    if transition is None:
        raise IllegalTransition(status, action)
    fitting = sorted(by.roles & transition.roles)
    if not fitting:
        raise NotYourStep(by, action, transition.roles)
    if transition.reason and not note.strip():
        raise ReasonMissing(action)
    return transition.after, fitting[0]
