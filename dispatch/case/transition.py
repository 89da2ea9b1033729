"""The life of a case as one table: which action leads from which status to which, and by whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.errors import DispatchError
from dispatch.people.people import Person, Role
from dispatch.term import STATUSES_ZH, mark_of, plain


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
        return STATUSES_ZH[self]

    @property
    def marked(self) -> str:
        """Give its Chinese name as a sentence marks it, for a city's own word."""
        return f"[{mark_of(self)}]"


class Action(StrEnum):
    """What somebody, or the clock, does to a case."""

    REPORT = "report"
    ASK_CONFIRMATION = "ask_confirmation"
    CORRECT = "correct"
    CONFIRM = "confirm"
    REFUTE = "refute"
    FILE = "file"
    VOID = "void"
    MERGE = "merge"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    DECLINE = "decline"
    RETURN = "return"
    FINISH = "finish"
    SELF_HANDLE = "self_handle"
    ASK_EXTENSION = "ask_extension"
    ASK_SUSPENSION = "ask_suspension"
    ENDORSE = "endorse"
    TURN_DOWN = "turn_down"
    EXTEND = "extend"
    SUSPEND = "suspend"
    RESUME = "resume"
    SUPERVISE = "supervise"
    REPLY = "reply"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    VERIFY = "verify"
    CHECK = "check"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WRITE_OFF = "write_off"
    REOPEN = "reopen"
    ALARM = "alarm"
    REMARK = "remark"
    HOLD = "hold"
    RELEASE = "release"
    ERASE = "erase"

    @property
    def zh(self) -> str:
        """Give the action's Chinese name."""
        return plain(self.marked)

    @property
    def marked(self) -> str:
        """Give its Chinese name with the terms marked that a city may have other words for."""
        return _MARKED_ZH[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Where an action leads, who may take it, and whether it needs a reason in words."""

    after: Status
    roles: frozenset[Role]
    reason: bool = False


_MARKED_ZH: Final = {
    Action.REPORT: "[上报]",
    Action.ASK_CONFIRMATION: "派人[核实]",
    Action.CORRECT: "[更正]",
    Action.CONFIRM: "[核实]属实",
    Action.REFUTE: "[核实]不属实",
    Action.FILE: "[立案]",
    Action.VOID: "[作废]",
    Action.MERGE: "[并案]",
    Action.DISPATCH: "[派遣]",
    Action.ACCEPT: "[接单]",
    Action.DECLINE: "[回退]",
    Action.RETURN: "退回[立案]",
    Action.FINISH: "[处置]完成",
    Action.SELF_HANDLE: "[自行处置]",
    Action.ASK_EXTENSION: "申请[延期]",
    Action.ASK_SUSPENSION: "申请[挂账]",
    Action.ENDORSE: "[部门]同意",
    Action.TURN_DOWN: "不同意申请",
    Action.EXTEND: "[延期]",
    Action.SUSPEND: "[挂账]",
    Action.RESUME: "恢复",
    Action.SUPERVISE: "[督办]",
    Action.REPLY: "[督办]回复",
    Action.APPEAL: "[申诉]",
    Action.UPHOLD: "[申诉]成立",
    Action.DISMISS: "[申诉]不成立",
    Action.VERIFY: "复巡判断",
    Action.CHECK: "现场[核查]",
    Action.APPROVE: "[结案]",
    Action.SEND_BACK: "[返工]",
    Action.WRITE_OFF: "[特殊结案]",
    Action.REOPEN: "[重新启动]",
    Action.ALARM: "时限提醒",
    Action.REMARK: "备注",
    Action.HOLD: "证据保全",
    Action.RELEASE: "解除保全",
    Action.ERASE: "删除图片",
}

_WATCH: Final = frozenset({Role.ACCEPTOR, Role.SUPERVISOR})
_DESK: Final = _WATCH | {Role.MACHINE}
_FIELD: Final = _WATCH | {Role.COLLECTOR}
_CHIEF: Final = frozenset({Role.SUPERVISOR})
_COMMAND: Final = frozenset({Role.DISPATCHER})
_OFFICE: Final = frozenset({Role.DEPARTMENT})
_CREW: Final = _OFFICE | {Role.HANDLER}
_CLOSER: Final = _CHIEF | {Role.MACHINE}
_CLOCK: Final = frozenset({Role.MACHINE})
_JUDGE: Final = frozenset({Role.EVALUATOR})
_EVERYBODY: Final = frozenset(Role) - {Role.EVALUATOR, Role.ADMINISTRATOR}


def _to(after: Status, roles: frozenset[Role]) -> Transition:
    return Transition(after=after, roles=roles)


def _because(after: Status, roles: frozenset[Role]) -> Transition:
    return Transition(after=after, roles=roles, reason=True)


_ONWARD: Final[Mapping[tuple[Status | None, Action], Transition]] = {
    (None, Action.REPORT): _to(Status.REPORTED, _DESK | {Role.COLLECTOR, Role.PUBLIC}),
    (Status.REPORTED, Action.CONFIRM): _to(Status.CONFIRMED, _FIELD),
    (Status.REPORTED, Action.REFUTE): _because(Status.VOID, _FIELD),
    (Status.REPORTED, Action.FILE): _to(Status.FILED, _CLOSER),
    (Status.REPORTED, Action.SELF_HANDLE): _to(Status.HANDLED, frozenset({Role.COLLECTOR})),
    (Status.REPORTED, Action.VOID): _because(Status.VOID, _WATCH),
    (Status.REPORTED, Action.MERGE): _because(Status.VOID, _DESK),
    (Status.CONFIRMED, Action.FILE): _to(Status.FILED, _CLOSER),
    (Status.CONFIRMED, Action.SELF_HANDLE): _to(Status.HANDLED, frozenset({Role.COLLECTOR})),
    (Status.CONFIRMED, Action.VOID): _because(Status.VOID, _WATCH),
    (Status.CONFIRMED, Action.MERGE): _because(Status.VOID, _DESK),
    (Status.FILED, Action.DISPATCH): _to(Status.DISPATCHED, _COMMAND | _CLOCK),
    (Status.FILED, Action.RETURN): _because(Status.CONFIRMED, _COMMAND),
    (Status.FILED, Action.MERGE): _because(Status.VOID, _CHIEF),
    (Status.FILED, Action.WRITE_OFF): _because(Status.CLOSED, _CHIEF),
    (Status.DISPATCHED, Action.ACCEPT): _to(Status.HANDLING, _CREW),
    (Status.DISPATCHED, Action.DECLINE): _because(Status.FILED, _CREW),
    (Status.DISPATCHED, Action.WRITE_OFF): _because(Status.CLOSED, _CHIEF),
    (Status.HANDLING, Action.FINISH): _to(Status.HANDLED, _CREW),
    (Status.HANDLING, Action.DECLINE): _because(Status.FILED, _CREW),
    (Status.HANDLING, Action.SUSPEND): _because(Status.SUSPENDED, _COMMAND),
    (Status.HANDLING, Action.WRITE_OFF): _because(Status.CLOSED, _CHIEF),
    (Status.SUSPENDED, Action.RESUME): _to(Status.HANDLING, _COMMAND | _CLOCK),
    (Status.SUSPENDED, Action.WRITE_OFF): _because(Status.CLOSED, _CHIEF),
    (Status.HANDLED, Action.APPROVE): _to(Status.CLOSED, _CLOSER),
    (Status.HANDLED, Action.SEND_BACK): _because(Status.DISPATCHED, _CHIEF),
    (Status.HANDLED, Action.FILE): _to(Status.FILED, _CHIEF),
    (Status.CLOSED, Action.REOPEN): _because(Status.FILED, _CHIEF | {Role.COLLECTOR, Role.PUBLIC}),
    (Status.VOID, Action.REOPEN): _because(Status.REPORTED, _CHIEF),
}
"""What moves a case on. A handled case is filed only where a collector handled it unasked."""

_WITH_DEPARTMENT: Final = frozenset({Status.DISPATCHED, Status.HANDLING, Status.SUSPENDED})
_HANDLED_OR_LATER: Final = frozenset({Status.HANDLED, Status.CLOSED})
_ANY: Final = frozenset(Status)
_RUNNING: Final = _ANY - {Status.SUSPENDED, Status.CLOSED, Status.VOID}


def _stays(
    action: Action, statuses: frozenset[Status], roles: frozenset[Role], *, reason: bool
) -> Iterator[tuple[tuple[Status, Action], Transition]]:
    for status in Status:
        if status in statuses:
            yield (status, action), Transition(after=status, roles=roles, reason=reason)


_ASKABLE: Final = frozenset({Status.DISPATCHED, Status.HANDLING})
_HANDLING: Final = frozenset({Status.HANDLING})
_FILED: Final = frozenset({Status.FILED})
_HANDLED: Final = frozenset({Status.HANDLED})
_REPORTED: Final = frozenset({Status.REPORTED})
_NOT_FILED: Final = frozenset({Status.REPORTED, Status.CONFIRMED})

TRANSITIONS: Final[Mapping[tuple[Status | None, Action], Transition]] = {
    **_ONWARD,
    **dict(_stays(Action.ASK_CONFIRMATION, _REPORTED, _DESK, reason=False)),
    **dict(_stays(Action.CORRECT, _NOT_FILED, _FIELD, reason=True)),
    **dict(_stays(Action.ASK_EXTENSION, _ASKABLE, _CREW, reason=True)),
    **dict(_stays(Action.ASK_SUSPENSION, _HANDLING, _CREW, reason=True)),
    **dict(_stays(Action.ENDORSE, _ASKABLE, _OFFICE, reason=False)),
    **dict(_stays(Action.TURN_DOWN, _ASKABLE, _OFFICE | _COMMAND, reason=True)),
    **dict(_stays(Action.EXTEND, _ASKABLE, _COMMAND, reason=True)),
    **dict(_stays(Action.VERIFY, _HANDLED, _CLOCK, reason=False)),
    **dict(_stays(Action.CHECK, _HANDLED, _FIELD, reason=False)),
    **dict(_stays(Action.SUPERVISE, _FILED | _WITH_DEPARTMENT, _CLOSER, reason=True)),
    **dict(_stays(Action.REPLY, _FILED, _COMMAND, reason=True)),
    **dict(_stays(Action.REPLY, _WITH_DEPARTMENT | _HANDLED, _OFFICE, reason=True)),
    **dict(_stays(Action.APPEAL, _WITH_DEPARTMENT | _HANDLED_OR_LATER, _OFFICE, reason=True)),
    **dict(_stays(Action.UPHOLD, _ANY - {Status.VOID}, _JUDGE, reason=True)),
    **dict(_stays(Action.DISMISS, _ANY - {Status.VOID}, _JUDGE, reason=True)),
    **dict(_stays(Action.ALARM, _RUNNING, _CLOCK, reason=False)),
    **dict(_stays(Action.REMARK, _ANY, _EVERYBODY, reason=True)),
    **dict(_stays(Action.HOLD, _ANY, _CHIEF | _JUDGE, reason=True)),
    **dict(_stays(Action.RELEASE, _ANY, _CHIEF | _JUDGE, reason=True)),
    **dict(_stays(Action.ERASE, _ANY, _CLOSER, reason=True)),
}
"""Nothing else changes a status; every pair that is not here is refused. None: not yet a case.

What else must hold (something was asked, a limit was missed, …) stands in `dispatch.case.guard`.
"""

ENDED: Final = frozenset({Status.CLOSED, Status.VOID})
DONE: Final = frozenset({Action.FINISH, Action.SELF_HANDLE})
"""What reports the work as done: by a department, or by a collector on the spot."""


class IllegalTransition(DispatchError):
    """The action is not open to a case in its present status."""

    def __init__(self, status: Status | None, action: Action) -> None:
        open_to = [a for s, a in TRANSITIONS if s is status and a is not Action.ALARM]
        super().__init__(
            f"[案卷]现在是“{status.marked if status else '未[上报]'}”，不能“{action.marked}”;"
            f"现在可以：{'、'.join(a.marked for a in open_to)}",
            f"the [case] is {status or 'not reported yet'} and cannot be given '{action}'; "
            f"possible now: {', '.join(open_to)}",
        )
        self.status, self.action = status, action


class NotYourStep(DispatchError):
    """The person's role may not take the action."""

    def __init__(self, person: Person, action: Action, roles: frozenset[Role]) -> None:
        zh = "、".join(role.marked for role in sorted(roles))
        en = ", ".join(role.marked_en for role in sorted(roles))
        super().__init__(
            f"“{action.marked}”由{zh}操作,{person.name}没有这个岗位，请转给他们",
            f"'{action}' is for {en}, and {person.name} is none of these: hand it to them",
        )
        self.person, self.action, self.roles = person.id, action, roles


class ReasonMissing(DispatchError):
    """The action needs a reason in words."""

    def __init__(self, action: Action) -> None:
        super().__init__(
            f"“{action.marked}”必须写明原因", f"'{action}' needs a reason: write it down"
        )
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
