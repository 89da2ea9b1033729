"""What must hold beside the table of transitions before a step is taken, and how refusals read.

The table says which action a status allows to whom; a guard looks at the case itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dispatch.case.pending import Request
from dispatch.case.step import Decision, Step
from dispatch.case.transition import Action
from dispatch.clocks.clock import Alarm, Clock
from dispatch.errors import DispatchError
from dispatch.ids import DecisionId, DepartmentId, PersonId
from dispatch.people.people import Person, Role


class OtherDepartment(DispatchError):
    """Somebody would handle a case of another department."""

    def __init__(self, person: Person, department: DepartmentId | None) -> None:
        super().__init__(
            f"[案卷]由 {department} 负责，{person.name}属于 {person.department}，请转给责任[部门]",
            f"the [case] is with {department}, and {person.name} belongs to {person.department}: "
            "leave it to the [department] responsible",
        )
        self.person, self.department = person.id, department


class StepBeforeLast(DispatchError):
    """The step is dated before the case's last one."""

    def __init__(self, at: datetime, last: datetime) -> None:
        super().__init__(
            f"操作时间 {at:%Y-%m-%d %H:%M:%S} 早于上一步 {last:%Y-%m-%d %H:%M:%S}，请核对时钟",
            f"the step at {at.isoformat()} lies before the last one at {last.isoformat()}: "
            "check the clock",
        )
        self.at, self.last = at, last


class DecisionTaken(DispatchError):
    """Another decision has this id already."""

    def __init__(self, decision: DecisionId) -> None:
        super().__init__(
            "这个办理编号已用于这件[案卷]的另一项办理，请刷新、看过现状再决定",
            f"another decision on this [case] is called {decision} already: reload, then decide "
            "again",
        )
        self.decision = decision


class ExtensionRefused(DispatchError):
    """The limit cannot be extended any more."""


class SuspensionRefused(DispatchError):
    """The case cannot be suspended, or not for so long."""


class AskedAlready(DispatchError):
    """A request for more time waits for its answer."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            f"已有一项“{request.step.action.marked}”在等答复，请等待结果",
            f"'{request.step.action}' waits for its answer already: wait for it",
        )
        self.request = request


class ConfirmationAsked(DispatchError):
    """A collector was sent to look already."""

    def __init__(self) -> None:
        super().__init__(
            "已派人[核实]，请等待结果",
            "a [collector] was sent to look already: wait for the answer",
        )


class NothingAsked(DispatchError):
    """There is no request that could be answered so."""

    def __init__(self, action: Action) -> None:
        super().__init__(
            f"没有可以“{action.marked}”的申请：先由[处置人员]申请、[部门]同意",
            f"there is no request that '{action}' could answer: whoever handles asks first, "
            "and the [department] agrees",
        )
        self.action = action


class NotSupervised(DispatchError):
    """A reply is given although none is asked for."""

    def __init__(self) -> None:
        super().__init__("这件[案卷]没有待回复的[督办]", "no supervision waits for a reply")


class AppealRefused(DispatchError):
    """There is nothing to appeal against, or it is too late, or it was judged already."""


class NoAppeal(DispatchError):
    """An appeal is judged although there is none."""

    def __init__(self) -> None:
        super().__init__("这件[案卷]没有待审的[申诉]", "no appeal waits in this [case]")


class OwnWork(DispatchError):
    """Somebody would check what they handled themselves."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            f"这是{person.name}[自行处置]的，请由别人[核查]、[结案]",
            f"{person.name} handled this: somebody else checks and closes it",
        )
        self.person = person.id


class NotYourReport(DispatchError):
    """A collector would reopen what somebody else reported."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            f"只有[上报]人或[值班长]可以[重新启动]，{person.name}可另行[上报]",
            f"only who reported it or a [supervisor] reopens a [case]: {person.name} may report "
            "anew",
        )
        self.person = person.id


class NotSelfHandled(DispatchError):
    """A handled case would be filed although a department handled it."""

    def __init__(self) -> None:
        super().__init__(
            "[部门][处置]过的[案卷]不再[立案]，[核查]不通过请[返工]",
            "a [department] handled this [case]: send it back if it is not done",
        )


class NobodyToSendBackTo(DispatchError):
    """Rework is asked for although no department handled the case."""

    def __init__(self) -> None:
        super().__init__(
            "这件[案卷]由[采集员][自行处置]，没有责任[部门]；不属实[处置]请[立案][派遣]",
            "a [collector] handled this [case] and no [department] did: file it, so that one does",
        )


def was_taken(decision: Decision, history: Iterable[Step]) -> bool:
    """Say whether a step was taken by this very decision, which then came again.

    Raises:
        DecisionTaken: one was taken by another person's of this id, or by one that said otherwise.
    """
    sent = decision.sent_as
    for step in history:
        if sent is not None and step.sent_as is not None and step.sent_as.id == sent.id:
            if step.sent_as != sent or step.by != decision.by.id:
                raise DecisionTaken(sent.id)
            return True
    return False


def refuse_extension(clock: Clock | None, *, given: int, most: int, at: datetime) -> None:
    """Refuse to extend what is overdue or was extended often enough.

    Args:
        clock: the handling clock.
        given: extensions so far.
        most: extensions that the city allows.

    Raises:
        ExtensionRefused: it is overdue already, or was extended as often as may be.
    """
    if given >= most:
        raise ExtensionRefused(
            f"已[延期] {given} 次，最多 {most} 次；可申请[挂账]",
            f"extended {given} times, {most} is the most: ask for suspension",
        )
    if clock is not None and at > clock.due_at:
        raise ExtensionRefused(
            f"已在 {clock.due_at:%Y-%m-%d %H:%M} 超期，[延期]要在到期前申请",
            f"overdue since {clock.due_at.isoformat()}: extensions are asked for before",
        )


def refuse_suspension(until: datetime, *, before: bool, most: timedelta, at: datetime) -> None:
    """Refuse a second suspension, one without an end to come, and one that lasts too long.

    Raises:
        SuspensionRefused: one of these.
    """
    if before:
        raise SuspensionRefused(
            "每件[案卷]只能[挂账]一次，请[延期]或[处置]",
            "a [case] is suspended once: extend or handle it",
        )
    if not at < until <= at + most:
        raise SuspensionRefused(
            f"[挂账]到期日须在今天之后、{most.days} 天以内，请改日期",
            f"a suspension ends after today and within {most.days} days: choose another date",
        )


def refuse_appeal(
    clock: Clock | None, *, judged: bool, waiting: bool, within: timedelta, at: datetime
) -> None:
    """Refuse an appeal where no limit was missed, too late, or a second time.

    Args:
        clock: the handling clock of the department's last round.
        judged: an appeal of this round was judged.
        waiting: one waits to be judged.
        within: how long after the limit an appeal is heard.

    Raises:
        AppealRefused: one of these.
    """
    if judged or waiting:
        raise AppealRefused(
            "本次[处置]的[申诉]已提出过，不能重复[申诉]", "this round was appealed against already"
        )
    if clock is None or clock.alarm(at) is not Alarm.RED:
        raise AppealRefused(
            "[处置]没有超期，不需要[申诉]",
            "handling is not overdue: there is nothing to appeal against",
        )
    if at > clock.due_at + within:
        raise AppealRefused(
            f"超期 {within.days} 天以后不再受理[申诉]",
            f"appeals are heard up to {within.days} days after the limit",
        )


def refuse_own_work(person: Person, handled_by: PersonId | None) -> None:
    """Refuse somebody who handled a thing as the one who checks it.

    Raises:
        OwnWork: it is theirs.
    """
    if handled_by is not None and person.id == handled_by:
        raise OwnWork(person)


def refuse_other_department(role: Role, person: Person, department: DepartmentId | None) -> None:
    """Refuse whoever handles what another department was given.

    Raises:
        OtherDepartment: it is another one's.
    """
    handles = role in {Role.DEPARTMENT, Role.HANDLER}
    if handles and department is not None and person.department != department:
        raise OtherDepartment(person, department)
