"""The terms that a city may have words of its own for: a closed list, in the standard's words.

A sentence of the software marks a term by writing the standard's word for it in brackets:
`[案卷]由谁负责`, `[Cases] of the month`. Told plainly the brackets go; `dispatch.city_words` puts a
city's words there instead. Files, codes, the wire and the record only ever hold plain sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MARK: Final = re.compile(r"\[([^\[\]]+)\]")


class Form(StrEnum):
    """A form of an English term, as `words.toml` calls it."""

    EN = "en"
    MANY = "en_many"
    DONE = "en_done"
    NOUN = "en_noun"


class Terms(StrEnum):
    """A list of terms that people must be able to tell apart, as `words.toml` calls it."""

    THINGS = "things"
    ROLES = "roles"
    ACTS = "acts"
    STATUSES = "statuses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term in the standard's words.

    Args:
        zh: its Chinese word; terms that it is made of are marked in it, and follow a city's word.
        en: its English forms; of a status also made of marked terms.
    """

    zh: str
    en: Mapping[Form, str]


def plain(text: str) -> str:
    """Tell a sentence in the standard's words."""
    return MARK.sub(lambda found: _PLAIN.get(found[1], found[0]), text)


def mark_of(status: str) -> str:
    """Give how a status is marked: by its id, because one is called as the act that leads to it."""
    return f"{Terms.STATUSES}.{status}"


def _thing(zh: str, one: str, many: str) -> Term:
    return Term(zh=zh, en={Form.EN: one, Form.MANY: many})


def _role(zh: str, one: str, many: str = "") -> Term:
    return _thing(zh, one, many or f"{one}s")


def _act(zh: str, do: str, done: str = "", noun: str = "") -> Term:
    forms = {Form.EN: do, Form.DONE: done, Form.NOUN: noun}
    return Term(zh=zh, en={form: word for form, word in forms.items() if word})


def _status(zh: str, en: str) -> Term:
    return Term(zh=zh, en={Form.EN: en})


TERMS: Final[Mapping[Terms, Mapping[str, Term]]] = {
    Terms.THINGS: {
        "case": _thing("案卷", "case", "cases"),
        "problem": _thing("问题", "problem", "problems"),
        "task": _thing("任务", "task", "tasks"),
        "department": _thing("部门", "department", "departments"),
    },
    Terms.ROLES: {
        "collector": _role("采集员", "collector"),
        "acceptor": _role("受理员", "acceptor"),
        "supervisor": _role("值班长", "supervisor"),
        "dispatcher": _role("[派遣]员", "dispatcher"),
        "department": _role("专业部门", "department"),
        "handler": _role("[处置]人员", "handler"),
        "evaluator": _role("考核员", "evaluator"),
        "administrator": _role("管理员", "administrator"),
        "machine": _role("系统", "the system", "systems"),
        "public": _role("市民", "public", "citizens"),
    },
    Terms.ACTS: {
        "report": _act("上报", "report", "reported"),
        "confirm": _act("核实", "confirm", "confirmed", "confirmation"),
        "correct": _act("更正", "correct", "corrected"),
        "file": _act("立案", "file", "filed", "filing"),
        "void": _act("作废", "void"),
        "merge": _act("并案", "merge", "merged"),
        "dispatch": _act("派遣", "dispatch", "dispatched"),
        "accept": _act("接单", "accept", "accepted"),
        "give_back": _act("回退", "give back", "given back"),
        "handle": _act("处置", "handle", "handled", "handling"),
        "self_handle": _act("自行[处置]", "put right", "put right on the spot"),
        "check": _act("核查", "check", "checked"),
        "rework": _act("返工", "rework", "reworked"),
        "close": _act("结案", "close", "closed", "closure"),
        "write_off": _act("特殊[结案]", "close without repair", "written off"),
        "reopen": _act("重新启动", "reopen", "reopened"),
        "extend": _act("延期", "extend", "extended", "extension"),
        "suspend": _act("挂账", "suspend", "suspended", "suspension"),
        "supervise": _act("督办", "press for", "pressed for", "supervision"),
        "appeal": _act("申诉", "appeal"),
    },
    Terms.STATUSES: {
        "reported": _status("待[核实]", "to [confirm]"),
        "confirmed": _status("待[立案]", "to [file]"),
        "filed": _status("待[派遣]", "to [dispatch]"),
        "dispatched": _status("待[接单]", "to [accept]"),
        "handling": _status("[处置]中", "in [handling]"),
        "suspended": _status("[挂账]", "[suspended]"),
        "handled": _status("待[核查]", "to [check]"),
        "closed": _status("已[结案]", "[closed]"),
        "void": _status("已[作废]", "[void]"),
    },
}


def capital(text: str) -> str:
    """Begin a text with a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def _unmarked(text: str) -> str:
    return MARK.sub(r"\1", text)


STANDARD_ZH: Final[Mapping[str, tuple[Terms, str]]] = {
    _unmarked(term.zh): (kind, key)
    for kind in (Terms.THINGS, Terms.ROLES, Terms.ACTS)
    for key, term in TERMS[kind].items()
}
"""Which term a Chinese word stands for."""
STANDARD_EN: Final[Mapping[str, tuple[Terms, str, Form]]] = {
    word: (kind, key, form)
    for kind in (Terms.ACTS, Terms.ROLES, Terms.THINGS)
    for key, term in TERMS[kind].items()
    for form, word in term.en.items()
}
"""Which form of which term an English word stands for."""
STATUSES_ZH: Final = {key: _unmarked(term.zh) for key, term in TERMS[Terms.STATUSES].items()}
"""What the standard calls each status."""
_PLAIN: Final = {
    **{word: word for word in STANDARD_ZH},
    **{word: word for word in STANDARD_EN},
    **{capital(word): capital(word) for word in STANDARD_EN},
    **{mark_of(status): word for status, word in STATUSES_ZH.items()},
}
