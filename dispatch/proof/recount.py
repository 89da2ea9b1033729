"""由案卷重算指标 · Count the indicators again from the steps of cases.

It goes with verify.py, which reads the bundle. Python's standard library only; nothing of the
centre's is asked. First the steps of a case are told as facts (a report, a duty with its deadline,
a counted step ...); then the formulas, which indicators.json holds as data, count facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]
Trouble = tuple[str, str, str]
"""Where, and what, in Chinese and English."""
NearestRank = Callable[[str, "list[int]"], int]

STARTS = {  # a duty begins with these steps, if they set its clock,
    "confirm": {"report", "ask_confirmation", "reopen"},
    "dispatch": {"file", "decline", "reopen"},
    "handling": {"dispatch", "send_back"},
    "check": {"finish", "self_handle"},
    "whole": {"file", "reopen"},
    "reply": {"supervise"},
}
DOES = {  # is done by these,
    "confirm": {"confirm", "refute", "file", "self_handle"},
    "dispatch": {"dispatch", "return"},
    "handling": {"finish"},
    "check": {"check", "approve", "send_back", "file"},
    "whole": {"approve"},
    "reply": {"reply"},
}
DROPS = {  # and ends undone by these.
    "confirm": {"void", "merge"},
    "dispatch": {"merge", "write_off"},
    "handling": {"decline", "write_off"},
    "check": set(),
    "whole": {"merge", "void", "write_off"},
    "reply": {"supervise", "approve", "merge", "void", "write_off"},
}
POSTS = {  # With whom a duty rests until somebody has ended it.
    **{"confirm": "collector", "dispatch": "dispatcher", "handling": "handler"},
    **{"check": "collector", "whole": "supervisor", "reply": "department"},
}
TAKES_UP = DOES["confirm"] | DROPS["confirm"] | {"ask_confirmation"}  # held back no longer
COUNTED = {
    *("void", "merge", "decline", "return", "self_handle", "extend", "suspend", "supervise"),
    *("appeal", "uphold", "approve", "send_back", "write_off", "reopen", "correct"),
}


def moment(text: str) -> datetime:
    """Read a time with its zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without zone: " + text)
    return at


class Life:
    """The facts of one case; each is a dictionary, absent what is not so."""

    def __init__(self, steps: Iterable[Json], until: datetime) -> None:
        self.facts: list[Json] = []
        self._department = ""
        self._finished: dict[str, Json] = {}
        self._running: dict[str, Json] = {}
        self._asked: datetime | None = None
        self._said: Json = {}
        for step in steps:
            if moment(step["at"]) < until:
                self._take(step, step["action"], moment(step["at"]))

    def _new(self, kind: str, at: datetime, **facts: object) -> Json:
        fact = {"kind": kind, "at": at, **self._said, **facts}
        self.facts.append(fact)
        return fact

    def _latest(self, kind: str) -> Json | None:
        return next((fact for fact in reversed(self.facts) if fact["kind"] == kind), None)

    def _take(self, step: Json, action: str, at: datetime) -> None:
        self._subject(step["grounds"].get("subject") or {})
        self._department = step["grounds"].get("department") or self._department
        who = {"person": step["by"], "role": step["role"]}
        for kind in STARTS:
            self._duty(kind, step, action, at, who)
        self._report(step, action, at, who)
        self._find(step, action, at, who)
        self._filing(step, action, at, who)
        self._judgement(step, action, at, who)
        if action in COUNTED:
            self._new("step", at, word=action, department=self._department, **who)
        if action == "uphold":
            self._exempt(moment(step["grounds"]["started_at"]))
        self._work(at)
        if action in {"file", "reopen"}:
            self._undone(at)
        if action in {"decline", "reopen"}:
            self._department = ""

    def _subject(self, sealed: Json) -> None:
        """What the case is said to be and where; a correction is known from its step on."""
        self._said = {name: sealed[name] for name in ("grid", "label") if name in sealed} or (
            self._said
        )
        for fact in self.facts:
            fact.update(self._said)

    def _duty(self, kind: str, step: Json, action: str, at: datetime, who: Json) -> None:
        clock = (step["grounds"].get("clocks") or {}).get(kind) or {}
        due = moment(clock["due_at"]) if clock.get("due_at") else None
        duty = self._running.get(kind)
        if duty is not None:
            self._go_on(duty, action, at, due, who)
            gave_back = kind == "whole" and not self._department
            if duty.get("word") == "given_up" and gave_back and step["grounds"].get("nobodys"):
                duty["department"] = ""  # It was right to: the case is said to be nobody's.
        if action in STARTS[kind] and due is not None:
            department = "" if kind in {"confirm", "dispatch", "whole"} else self._department
            if kind == "confirm":
                self._asked = due
            self._running[kind] = self._new(kind, at, due=due, first=due, department=department)

    def _go_on(
        self, duty: Json, action: str, at: datetime, due: datetime | None, who: Json
    ) -> None:
        kind = duty["kind"]
        if action in DOES[kind] | DROPS[kind]:
            self._ended(duty, action, at)
            duty.update(who)
            del self._running[kind]
        elif action == "suspend":
            duty.update(suspended=duty["due"] > at, rested=at)
        elif action in {"extend", "resume", "correct"}:
            if action == "resume" and due and duty["first"] > duty["rested"]:
                duty["first"] += due - duty["due"]
            duty.update(suspended=False, due=due or duty["due"])
        elif kind == "whole":
            self._whole(duty, action, at)

    @staticmethod
    def _ended(duty: Json, action: str, at: datetime) -> None:
        if action not in DOES[duty["kind"]]:
            duty["lapsed"] = at
            if action == "write_off" or (action == "void" and duty["department"]):
                duty.update(word="given_up", suspended=False)
            return
        duty["done"] = at
        if duty["kind"] == "handling" and at > duty["first"]:
            duty["noted"] = at  # after the limit that it was first given

    def _whole(self, duty: Json, action: str, at: datetime) -> None:
        if action == "dispatch":
            duty["department"] = self._department
            if self._department in self._finished:
                duty.setdefault("noted", at)
        elif action == "send_back":
            duty.setdefault("noted", at)

    def _work(self, at: datetime) -> None:
        """A whole is judged by the work that was sent back first, else by whose it is."""
        whole = self._latest("whole")
        if whole is None:
            return
        work = self._latest("work")
        if work is None or work["of"] is not whole:
            work = self._new("work", at, of=whole)
        whose = {"department": whole["department"], "person": "", "role": ""}
        if "noted" in work:
            whose = {name: work[name] for name in whose}
        else:
            whose |= self._finished.get(whole["department"], {})
        fate = ("due", "done", "lapsed", "suspended", "exempt", "word", "noted")
        work.update({name: whole[name] for name in fate if name in whole}, **whose)

    def _report(self, step: Json, action: str, at: datetime, who: Json) -> None:
        if action == "report":
            seen = step["grounds"].get("captured_at")
            follows = step["grounds"].get("recurs_after") or ""
            self._new("report", at, since=moment(seen) if seen else at, word=follows, **who)
            return
        report = self._latest("report")
        if report is None:
            raise ValueError("the first step is no report")
        if action in {"confirm", "file", "self_handle"}:
            report.setdefault("done", at)
        if action == "file":
            report.setdefault("noted", at)
        elif action == "refute":
            report["lapsed"] = at
        elif action == "merge" and step["role"] == "machine" and "done" not in report:
            report["exempt"] = True  # a sight of what was known, before anybody was asked of it
        elif action == "reopen" and report.pop("lapsed", None):
            report.pop("done", None)

    def _find(self, step: Json, action: str, at: datetime, who: Json) -> None:
        course = (step["grounds"].get("triage") or {}).get("course") or ""
        if action == "report" and course:
            done = {} if course == "hold" else {"done": at}
            self._new("find", at, word=course, **done, **who)
        find = self._latest("find")
        if find is not None and action in TAKES_UP:
            find.setdefault("done", at)
        if find is not None and action == "file":
            find.setdefault("noted", at)

    def _filing(self, step: Json, action: str, at: datetime, who: Json) -> None:
        filing = self._latest("filing")
        if action == "file":
            self._file(step, at, who)
        elif action in {"return", "merge"} and filing is not None:
            filing["lapsed"] = at
        elif action == "finish":
            self._finished[self._department] = who
        elif action == "dispatch":
            for sent in self.facts:
                if sent["kind"] == "sending" and sent["department"] != self._department:
                    sent.setdefault("lapsed", at)
            self._new("sending", at, department=self._department, **who)

    def _file(self, step: Json, at: datetime, who: Json) -> None:
        report = self._latest("report") or {"since": at}
        filing = self._new("filing", at, since=report["since"], **who)
        if self._asked is not None:
            filing.update(due=self._asked, done=at)
        if step["grounds"].get("missed"):
            filing["noted"] = at
        self._asked = None

    def _undone(self, at: datetime) -> None:
        """What a collector put right on the spot is still to be done."""
        mine = [f for f in self.facts if f["kind"] == "step" and f["word"] == "self_handle"]
        if mine:
            mine[-1].setdefault("noted", at)

    def _judgement(self, step: Json, action: str, at: datetime, who: Json) -> None:
        if action in {"confirm", "refute"}:
            fact = self._latest("judgement") or self._new("judgement", at)
            fact.update(who, at=at, word=action)
        elif action == "verify":
            fact = self._latest("verdict") or self._new("verdict", at)
            word = step["grounds"].get("verdict") or ""
            fact.update(who, at=at, word=word, department=self._department)

    def _exempt(self, started: datetime) -> None:
        for duty in self.facts:
            ended = duty.get("done") or duty.get("lapsed")
            about = duty["kind"] == "handling" and duty["at"] == started
            around = duty["at"] <= started and (ended is None or ended >= started)
            if about or (duty["kind"] in {"whole", "work"} and around):
                duty["exempt"] = True


@dataclass(frozen=True)
class Window:
    """The period, and until when what happened is known of it."""

    start: datetime
    end: datetime
    until: datetime


def is_due(fact: Json, window: Window) -> bool:
    """Say whether a duty should have been done in the period."""
    lapsed = fact.get("lapsed")
    return is_owed(fact, window) and (lapsed is None or bool(lapsed > fact["due"]))


def is_owed(fact: Json, window: Window) -> bool:
    """Say the same, where what was given up counts as undone even before its deadline."""
    due, lapsed = fact.get("due"), fact.get("lapsed")
    if due is None or fact.get("suspended") or fact.get("exempt"):
        return False
    if lapsed is not None and lapsed <= due and fact.get("word") != "given_up":
        return False
    ended = fact.get("done") or lapsed
    if due < window.start:
        return ended is None or bool(ended >= window.start)
    return bool(due < window.end and (ended is not None or due <= window.until))


def on_time(fact: Json) -> bool:
    """Say whether a duty was done by its deadline."""
    return bool("done" in fact and "due" in fact and fact["done"] <= fact["due"])


TESTS: dict[str, Callable[[Json, Window, Json], bool]] = {
    "in_period": lambda fact, window, _: window.start <= fact["at"] < window.until,
    "due": lambda fact, window, _: is_due(fact, window),
    "owed": lambda fact, window, _: is_owed(fact, window),
    "given_up": lambda fact, _, __: "lapsed" in fact and fact.get("word") == "given_up",
    "done": lambda fact, _, __: "done" in fact,
    "undone": lambda fact, _, __: "done" not in fact,
    "on_time": lambda fact, _, __: on_time(fact),
    "late": lambda fact, _, __: "done" in fact and not on_time(fact),
    "lapsed": lambda fact, _, __: "lapsed" in fact,
    "stands": lambda fact, _, __: "lapsed" not in fact,
    "noted": lambda fact, _, __: "noted" in fact,
    "unnoted": lambda fact, _, __: "noted" not in fact,
    "own": lambda fact, _, __: not fact.get("exempt"),
    "limited": lambda fact, _, __: "due" in fact,
    "from_public": lambda _, __, case: case["source"] == "public",
    "recurs": lambda _, __, case: bool(case["recurs"]),
}
AREAS = {"city": 0, "district": 6, "street": 9, "community": 12, "grid": 15}
OF_FACT = {"department": "department", "post": "role", "person": "person"}


def group_of(by: str, fact: Json, case: Json) -> str:
    """Give the group that a fact falls in."""
    if by in AREAS:
        return str(fact.get("grid", case["grid"]))[: AREAS[by]]
    if by in {"model", "device", "platform"}:
        return grounds(case, by)
    if by == "class":
        return str(fact.get("label", case["label"]))
    if by == "post" and not fact.get("role"):
        return POSTS.get(fact["kind"], "")
    return str(fact.get(OF_FACT[by], "") if by in OF_FACT else case[by])


def nearest_rank(amount: str, values: list[int]) -> int:
    """Give the value that stands for all: the middle one, or the one nine in ten do not exceed."""
    rank = -(-len(values) * 9 // 10) if amount == "p90" else -(-len(values) // 2)
    return sorted(values)[rank - 1] if values else 0


class PatrolCount(Protocol):
    """What counts the patrols: `recount_patrols.Patrols`."""

    def take(self, of: str, line: Json) -> None:
        """Take in a line of one of the files that tell of patrols."""

    def reckoned(self, by: str) -> dict[str, dict[str, int]]:
        """Give each amount in each group."""


class Tally:
    """Reckons each formula's two parts in each group, and compares with what is stated."""

    def __init__(
        self, stated: Json, patrols: Callable[[Json, Window, NearestRank], PatrolCount]
    ) -> None:
        times = stated["window"]
        self.window = Window(*(moment(times[name]) for name in ("start", "end", "until")))
        self.patrols = patrols(stated["patrols"], self.window, nearest_rank)
        self._stated = stated
        self._taken: dict[tuple[str, str, str, str], list[tuple[Json, Json]]] = {}

    def add(self, case: Json) -> None:
        """Take in the facts of a case."""
        for fact in Life(case["steps"], self.window.until).facts:
            for formula in self._stated["formulas"]:
                for half in ("counts", "of"):
                    if formula[half] and self._meets(formula[half], fact, case):
                        for by in self._stated["figures"]:
                            group = group_of(by, fact, case)
                            taken = self._taken.setdefault((by, group, formula["key"], half), [])
                            taken.append((fact, case))

    def _meets(self, part: Json, fact: Json, case: Json) -> bool:
        if fact["kind"] != part["kind"] or (part["word"] and fact.get("word") != part["word"]):
            return False
        return all(TESTS[test](fact, self.window, case) for test in part["tests"])

    def troubles(self) -> Iterator[Trouble]:
        """Compare every figure; a group that is not stated counts as stated with zeros."""
        for by, groups in self._stated["figures"].items():
            patrols = self.patrols.reckoned(by)
            counted = {group for each, group, _, _ in self._taken if each == by}
            for group in sorted(counted | set(groups) | set(patrols)):
                for formula in self._stated["formulas"]:
                    right = self._right(by, group, formula, patrols.get(group, {}))
                    yield from self._compare(by, group, formula, groups.get(group, {}), right)

    def _right(self, by: str, group: str, formula: Json, patrols: dict[str, int]) -> list[int]:
        halves: list[int] = []
        for half in ("counts", "of"):
            part = formula[half]
            if part is None:
                halves.append(halves[0])
            elif part["kind"] in {"stretch", "ground", "suppressed"}:
                halves.append(patrols.get(part["amount"], 0))
            else:
                taken = self._taken.get((by, group, formula["key"], half), [])
                halves.append(reckon(part["amount"], taken))
        return halves

    def _compare(
        self, by: str, group: str, formula: Json, figures: Json, right: list[int]
    ) -> Iterator[Trouble]:
        key = formula["key"]
        stated = list(figures.get(key, (0, 0)))
        if stated != right:
            where = f"indicators.json {key} ({by}{' ' if group else ''}{group})"
            zh = f"“{formula['name_zh']}”重算为 {right[0]}/{right[1]}，所载为 {stated}"
            yield where, zh, f"recomputed {right[0]}/{right[1]}, stated {stated}"


def reckon(amount: str, taken: list[tuple[Json, Json]]) -> int:
    """Reckon an amount over facts and the cases they are of."""
    if amount in {"median", "p90"}:
        delays = [max(0, int((fact["at"] - fact["since"]).total_seconds())) for fact, _ in taken]
        return nearest_rank(amount, delays)
    if amount == "owners":
        pairs = {(grounds(case, "pass"), fact["department"]) for fact, case in taken}
        return len([one for one in pairs if one[0]])
    return len(taken)


def grounds(case: Json, name: str) -> str:
    """Give what the report of a case says of its sight."""
    return str(case["steps"][0]["grounds"].get(name) or "")
