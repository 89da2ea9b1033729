"""A case's life as indicators need it: its facts, told from its history alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from dispatch.case.step import Step
from dispatch.case.transition import Action
from dispatch.figures.fact import Fact
from dispatch.figures.held_back import course_of, held_for
from dispatch.indicators.formula import GIVEN_UP, HELD, Kind
from dispatch.people.people import Role

_STARTS: Final = {
    Kind.CONFIRM: {Action.REPORT, Action.ASK_CONFIRMATION, Action.REOPEN},
    Kind.DISPATCH: {Action.FILE, Action.DECLINE, Action.REOPEN},
    Kind.HANDLING: {Action.DISPATCH, Action.SEND_BACK},
    Kind.CHECK: {Action.FINISH, Action.SELF_HANDLE},
    Kind.WHOLE: {Action.FILE, Action.REOPEN},
    Kind.REPLY: {Action.SUPERVISE},
}
_DOES: Final = {
    Kind.CONFIRM: {Action.CONFIRM, Action.REFUTE, Action.FILE, Action.SELF_HANDLE},
    Kind.DISPATCH: {Action.DISPATCH, Action.RETURN},
    Kind.HANDLING: {Action.FINISH},
    Kind.CHECK: {Action.CHECK, Action.APPROVE, Action.SEND_BACK, Action.FILE},
    Kind.WHOLE: {Action.APPROVE},
    Kind.REPLY: {Action.REPLY},
}
_DROPS: Final = {
    Kind.CONFIRM: {Action.VOID, Action.MERGE},
    Kind.DISPATCH: {Action.MERGE, Action.WRITE_OFF},
    Kind.HANDLING: {Action.DECLINE, Action.WRITE_OFF},
    Kind.CHECK: set[Action](),
    Kind.WHOLE: {Action.MERGE, Action.VOID, Action.WRITE_OFF},
    Kind.REPLY: {Action.SUPERVISE, Action.APPROVE, Action.MERGE, Action.VOID, Action.WRITE_OFF},
}
_COUNTED: Final = frozenset(
    {
        Action.VOID,
        Action.MERGE,
        Action.DECLINE,
        Action.RETURN,
        Action.SELF_HANDLE,
        Action.EXTEND,
        Action.SUSPEND,
        Action.SUPERVISE,
        Action.APPEAL,
        Action.UPHOLD,
        Action.APPROVE,
        Action.SEND_BACK,
        Action.WRITE_OFF,
        Action.REOPEN,
        Action.CORRECT,
    }
)
_UNDONE: Final = frozenset({Action.FILE, Action.REOPEN})
"""After these, what was put right on the spot is still to be done."""
_TRUE: Final = frozenset({Action.CONFIRM, Action.FILE, Action.SELF_HANDLE})
_NOBODYS: Final = frozenset({Kind.CONFIRM, Kind.DISPATCH, Kind.WHOLE})
"""Duties that are no department's when they begin."""
_LEAVES: Final = frozenset({Action.DECLINE, Action.REOPEN})
_TAKES_UP: Final = frozenset(
    {
        Action.ASK_CONFIRMATION,
        Action.CONFIRM,
        Action.REFUTE,
        Action.FILE,
        Action.SELF_HANDLE,
        Action.VOID,
        Action.MERGE,
    }
)
"""After these a find is no longer held back."""
_ONCE: Final = frozenset(
    {
        *("done_at", "lapsed_at", "noted_at", "person", "role", "word", "reason"),
        *("worked_at", "worked_by", "worked_as"),
    }
)
"""What is dated, by itself or by what it is set with: it takes nothing from what was known."""


class Life:
    """The facts of a case as its steps come in.

    A fact that changes in a way that its own times do not tell leaves what was known of it until
    then in `past`, so that any earlier moment can be told later.
    """

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.past: list[Fact] = []
        self._running: dict[Kind, Fact] = {}
        self._one: dict[Kind, Fact] = {}
        self._department = ""
        self._area: str | None = None
        self._label: str | None = None
        self._finished: dict[str, Step] = {}
        self._redone: Fact | None = None
        self._first_due: datetime | None = None
        self._suspended_at: datetime | None = None

    def take(self, step: Step) -> None:
        """Take in the next step."""
        self._seal_subject(step)
        named = str(step.grounds.get("department") or "")
        self._department = named or self._department
        for kind in _STARTS:
            self._follow(step, kind)
        self._report(step)
        self._triage(step)
        self._file_and_send(step)
        self._judge(step)
        if step.action in _UNDONE:
            self._find_undone(step)
        if step.action in _COUNTED:
            self._open(step, Kind.STEP, department=self._department, word=step.action.value)
        if step.action is Action.UPHOLD:
            self._exempt(step)
        self._work(step)
        if step.action in _LEAVES:
            self._department = ""

    def _seal_subject(self, step: Step) -> None:
        """Take in what the case is said to be and where; what was counted before stays so."""
        subject = step.grounds.get("subject")
        if not isinstance(subject, Mapping):
            return
        self._area, self._label = str(subject.get("grid", "")), str(subject.get("label", ""))
        for fact in self.facts:
            self._change(fact, step, area=self._area, label=self._label)

    def _follow(self, step: Step, kind: Kind) -> None:
        duty = self._running.get(kind)
        if duty is not None:
            self._follow_running(step, duty)
        due_at = _due_at(step, kind)
        if step.action in _STARTS[kind] and due_at is not None:
            department = "" if kind in _NOBODYS else self._department
            duty = self._open(step, kind, department=department, by=False)
            duty.due_at = due_at
            self._running[kind] = self._one[kind] = duty
            if kind is Kind.HANDLING:
                self._first_due = due_at

    def _follow_running(self, step: Step, duty: Fact) -> None:
        kind = duty.kind
        if step.action in _DOES[kind]:
            if kind is Kind.HANDLING and self._first_due is not None and step.at > self._first_due:
                self._change(duty, step, noted_at=step.at)
            self._end(duty, step, "done_at")
        elif step.action in _DROPS[kind]:
            self._drop(duty, step)
        elif step.action is Action.SUSPEND:
            self._suspended_at = step.at
            # What was missed stays missed, however long the case rests after that.
            missed = duty.due_at is not None and duty.due_at <= step.at
            self._change(duty, step, suspended=not missed)
        elif step.action in {Action.EXTEND, Action.RESUME, Action.CORRECT}:
            self._set_anew(duty, step)
        elif kind is Kind.WHOLE:
            self._follow_whole(step, duty)

    def _drop(self, duty: Fact, step: Step) -> None:
        """End a duty undone; what people gave up counts by its deadline, resting or not."""
        # A department had it: before that, what is void was filed wrongly, and nobody's.
        void = step.action is Action.VOID and duty.department
        if step.action is Action.WRITE_OFF or void:
            # A department that gave it back was right to: who ended the case says it is nobody's.
            gave_back = duty.kind is Kind.WHOLE and not self._department
            rightly = gave_back and step.grounds.get("nobodys") is True
            whose = "" if rightly else duty.department
            self._change(duty, step, suspended=False, department=whose)
            self._end(duty, step, "lapsed_at", word=GIVEN_UP)
        else:
            self._end(duty, step, "lapsed_at")

    def _set_anew(self, duty: Fact, step: Step) -> None:
        """Take in another deadline; a rest moves the first one as far, an extension does not."""
        due_at = _due_at(step, duty.kind) or duty.due_at
        first, rested = self._first_due, self._suspended_at
        if duty.kind is Kind.HANDLING and step.action is Action.RESUME and first and rested:
            moved = due_at - duty.due_at if due_at and duty.due_at and first > rested else None
            self._first_due = first + moved if moved else first
        self._change(duty, step, suspended=False, due_at=due_at)

    def _follow_whole(self, step: Step, duty: Fact) -> None:
        again = step.action is Action.DISPATCH and self._department in self._finished
        if step.action is Action.DISPATCH:
            self._change(duty, step, department=self._department)
        if duty.noted_at is None and (again or step.action is Action.SEND_BACK):
            self._change(duty, step, noted_at=step.at)

    def _work(self, step: Step) -> None:
        """Tell by whose work the present whole is judged; what was sent back stays who did it."""
        whole = self._one.get(Kind.WHOLE)
        if whole is None or whole is self._redone:
            return
        done = self._finished.get(whole.department)
        self._change(
            whole,
            step,
            worked_for=whole.department,
            worked_by=done.by if done else "",
            worked_as=done.role.value if done else "",
            worked_at=done.at if done else None,
        )
        if whole.noted_at is not None:
            self._redone = whole

    def _report(self, step: Step) -> None:
        if step.action is Action.REPORT:
            follows = str(step.grounds.get("recurs_after") or "")
            self._one[Kind.REPORT] = self._open(step, Kind.REPORT, word=follows)
            return
        report = self._one[Kind.REPORT]
        if step.action in _TRUE and report.done_at is None:
            self._change(report, step, done_at=step.at)
        if step.action is Action.FILE and report.noted_at is None:
            self._change(report, step, noted_at=step.at)
        if step.action is Action.MERGE and step.role is Role.MACHINE and report.done_at is None:
            # It was a sight of what is known, and nobody had said yet whether it is true.
            self._change(report, step, exempt=True)
        if step.action is Action.REFUTE:
            self._change(report, step, lapsed_at=step.at)
        elif step.action is Action.REOPEN and report.lapsed_at is not None:
            self._change(report, step, lapsed_at=None, done_at=None)

    def _triage(self, step: Step) -> None:
        if step.action is Action.REPORT:
            self._judge_find(step)
        find = self._one.get(Kind.FIND)
        if find is not None and step.action in _TAKES_UP:
            self._change(find, step, done_at=find.done_at or step.at)
        if find is not None and step.action is Action.FILE and find.noted_at is None:
            self._change(find, step, noted_at=step.at)

    def _judge_find(self, step: Step) -> None:
        course = course_of(step.grounds)
        if course:
            find = self._one[Kind.FIND] = self._open(step, Kind.FIND, word=course)
            find.reason = held_for(step.grounds)
            find.done_at = None if course == HELD else step.at

    def _file_and_send(self, step: Step) -> None:
        if step.action is Action.FILE:
            self._one[Kind.FILING] = self._filing(step)
        elif step.action in {Action.RETURN, Action.MERGE} and Kind.FILING in self._one:
            self._change(self._one[Kind.FILING], step, lapsed_at=step.at)
        elif step.action is Action.FINISH:
            self._finished[self._department] = step
        elif step.action is Action.DISPATCH:
            for sent in self.facts:
                wrong = sent.kind is Kind.SENDING and sent.department != self._department
                if wrong and sent.lapsed_at is None:
                    self._change(sent, step, lapsed_at=step.at)
            self._open(step, Kind.SENDING, department=self._department)

    def _find_undone(self, step: Step) -> None:
        """Note at the last thing put right on the spot that it was not, or did not stay so."""
        of_word = [f for f in self.facts if f.kind is Kind.STEP and f.word == Action.SELF_HANDLE]
        if of_word and of_word[-1].noted_at is None:
            self._change(of_word[-1], step, noted_at=step.at)

    def _filing(self, step: Step) -> Fact:
        filing = self._open(step, Kind.FILING)
        filing.since = self._one[Kind.REPORT].since or self._one[Kind.REPORT].at
        # Filed again after it was given back, it is not measured by the limit of its report.
        asked = self._one.pop(Kind.CONFIRM, None)
        if asked is not None:
            filing.due_at, filing.done_at = asked.due_at, step.at
        if step.grounds.get("missed"):
            filing.noted_at = step.at
        return filing

    def _judge(self, step: Step) -> None:
        if step.action in {Action.CONFIRM, Action.REFUTE}:
            self._last(step, Kind.JUDGEMENT, word=step.action.value, reason="")
        elif step.action is Action.VERIFY:
            reason = str(step.grounds.get("reason") or "")
            word = str(step.grounds.get("verdict") or "")
            self._last(step, Kind.VERDICT, word=word, reason=reason)

    def _last(self, step: Step, kind: Kind, *, word: str, reason: str) -> None:
        known = self._one.get(kind)
        if known is None:
            known = self._one[kind] = self._open(step, kind)
        by: dict[str, object] = {"person": step.by, "role": step.role.value}
        department = self._department if kind is Kind.VERDICT else ""
        self._change(known, step, at=step.at, word=word, reason=reason, department=department, **by)

    def _exempt(self, upheld: Step) -> None:
        """Take out the handling that an upheld appeal is about, and the whole it was a part of."""
        started = datetime.fromisoformat(str(upheld.grounds["started_at"]))
        for duty in self.facts:
            about = duty.kind is Kind.HANDLING and duty.at == started
            around = duty.at <= started and (duty.ended_at is None or duty.ended_at >= started)
            if about or (duty.kind is Kind.WHOLE and around):
                self._change(duty, upheld, exempt=True)

    def _open(
        self, step: Step, kind: Kind, *, department: str = "", word: str = "", by: bool = True
    ) -> Fact:
        fact = Fact(
            kind=kind,
            number=len(self.facts) + 1,
            touched=step.number,
            known_from=step.at,
            at=step.at,
            department=department,
            person=step.by if by else "",
            role=step.role.value if by else "",
            word=word,
            reason=str(step.grounds.get("code") or ""),
            area=self._area,
            label=self._label,
        )
        captured = step.grounds.get("captured_at")
        if kind is Kind.REPORT and isinstance(captured, str):
            fact.since = datetime.fromisoformat(captured)
        self.facts.append(fact)
        return fact

    def _end(self, duty: Fact, step: Step, how: str, *, word: str = "") -> None:
        by: dict[str, object] = {"person": step.by, "role": step.role.value}
        reason = str(step.grounds.get("code") or "") if word else ""
        ended: dict[str, object] = {how: step.at, "word": word, "reason": reason, **by}
        self._change(duty, step, **ended)
        del self._running[duty.kind]

    def _change(self, fact: Fact, step: Step, **changes: object) -> None:
        new = {name: value for name, value in changes.items() if getattr(fact, name) != value}
        if not new:
            return
        dated = all(name in _ONCE and not getattr(fact, name) for name in new)
        if not dated and fact.known_from < step.at:
            self.past.append(replace(fact, known_to=step.at, touched=step.number))
            fact.known_from = step.at
        for name, value in new.items():
            setattr(fact, name, value)
        fact.touched = step.number


def tell_life(history: Iterable[Step], *, until: datetime | None = None) -> Life:
    """Tell a life from all steps, or from those before a moment."""
    life = Life()
    for step in history:
        if until is None or step.at < until:
            life.take(step)
    return life


def facts_since(history: Sequence[Step], *, known: int) -> list[Fact]:
    """Give the facts, past ones too, that steps after the first `known` made or changed."""
    life = tell_life(history)
    return [fact for fact in (*life.past, *life.facts) if fact.touched > known]


def _due_at(step: Step, kind: Kind) -> datetime | None:
    clocks = step.grounds.get("clocks")
    clock = clocks.get(kind.value) if isinstance(clocks, dict) else None
    due_at = clock.get("due_at") if isinstance(clock, dict) else None
    return datetime.fromisoformat(due_at) if isinstance(due_at, str) else None
