"""What statuses, actions, roles and tasks are called in a city, in both languages."""

from typing import Final

from api.schemas.base import Words
from dispatch.case.task import TaskKind
from dispatch.case.transition import Action, Status
from dispatch.catalogue.catalog import CatalogClass
from dispatch.city_words import CityWords
from dispatch.errors import BilingualError
from dispatch.loop.closing import CheckResult
from dispatch.people.people import Role
from dispatch.term import Terms, capital
from dispatch.triage.sizing import SizeAnswer, condition_words, not_told_words
from dispatch.verification.verdict import Verdict
from dispatch.wire import NotObservable

_SIZE_ANSWERS: Final = {
    SizeAnswer.NO_THRESHOLD: Words(zh="不看尺寸", en="no size is asked for"),
    SizeAnswer.MEETS: Words(zh="达到[立案]标准", en="meets the [filing] size"),
    SizeAnswer.FALLS_SHORT: Words(zh="未达到[立案]标准", en="does not meet the [filing] size"),
    SizeAnswer.NEEDS_PERSON: Words(zh="由人判断", en="needs a person"),
}
_ACTION_EN: Final = {
    Action.REPORT: "[Reported]",
    Action.ASK_CONFIRMATION: "Sent to be [confirmed]",
    Action.CORRECT: "[Correct]",
    Action.CONFIRM: "It is there",
    Action.REFUTE: "Nothing there",
    Action.FILE: "[File]",
    Action.VOID: "Make [void]",
    Action.MERGE: "[Merge]",
    Action.DISPATCH: "[Dispatch]",
    Action.ACCEPT: "[Accept]",
    Action.DECLINE: "[Give back]",
    Action.RETURN: "[Give back] to [filing]",
    Action.FINISH: "Work done",
    Action.SELF_HANDLE: "[Put right on the spot]",
    Action.ASK_EXTENSION: "Ask for an [extension]",
    Action.ASK_SUSPENSION: "Ask for [suspension]",
    Action.ENDORSE: "The [department] agrees",
    Action.TURN_DOWN: "Turn the request down",
    Action.EXTEND: "[Extend]",
    Action.SUSPEND: "[Suspend]",
    Action.RESUME: "Resume",
    Action.SUPERVISE: "[Press for] it",
    Action.REPLY: "Reply",
    Action.APPEAL: "[Appeal]",
    Action.UPHOLD: "Uphold the [appeal]",
    Action.DISMISS: "Dismiss the [appeal]",
    Action.VERIFY: "Judged by later passes",
    Action.CHECK: "[Checked] on the spot",
    Action.APPROVE: "[Close]",
    Action.SEND_BACK: "[Rework]",
    Action.WRITE_OFF: "[Close without repair]",
    Action.REOPEN: "[Reopen]",
    Action.ALARM: "Limit alarm",
    Action.REMARK: "Remark",
    Action.HOLD: "Hold evidence",
    Action.RELEASE: "Release evidence",
    Action.ERASE: "Erase pictures",
}
_TASKS: Final = {
    TaskKind.CONFIRM: Words(zh="[核实]：是否属实", en="[Confirm]: is it there"),
    TaskKind.HANDLE: Words(zh="[处置]", en="[Handle]"),
    TaskKind.CHECK: Words(zh="[核查]：是否修好", en="[Check]: is it repaired"),
    TaskKind.ENDORSE: Words(zh="同意或退回申请", en="Agree to a request, or not"),
    TaskKind.GRANT: Words(zh="审批申请", en="Grant a request, or not"),
    TaskKind.REPLY: Words(zh="回复[督办]", en="Reply: it is [pressed for]"),
    TaskKind.JUDGE: Words(zh="审理[申诉]", en="Judge an [appeal]"),
}
_RESULTS: Final = {
    CheckResult.REPAIRED: Words(zh="已修复", en="Repaired"),
    CheckResult.STILL_THERE: Words(zh="还在", en="Still there"),
    CheckResult.CANNOT_TELL: Words(zh="看不清", en="Cannot tell"),
}

_VERDICTS: Final = {
    Verdict.REPAIRED: Words(zh="已修复", en="Repaired"),
    Verdict.STILL_THERE: Words(zh="还在", en="Still there"),
    Verdict.RECURRED: Words(zh="又出现", en="Back again"),
    Verdict.CANNOT_TELL: Words(zh="看不清", en="Cannot tell"),
}


def spoken(words: Words, city: CityWords) -> Words:
    """Tell a sentence that marks its terms in the city's words."""
    return Words(zh=city.zh(words.zh), en=city.en(words.en))


def retold(words: Words, city: CityWords) -> Words:
    """Retell a sentence of the software that marks nothing in the city's words."""
    return Words(zh=city.retold_zh(words.zh), en=city.retold_en(words.en))


def error_words(error: BilingualError, city: CityWords) -> Words:
    """Tell an error in the city's words."""
    return spoken(Words(zh=error.marked_zh, en=error.marked_en), city)


def status_words(status: Status, city: CityWords) -> Words:
    """Name a status."""
    zh, en = city.word_zh(Terms.STATUSES, status), city.word_en(Terms.STATUSES, status)
    return Words(zh=zh, en=capital(en))


def action_words(action: Action, city: CityWords) -> Words:
    """Name an action."""
    return spoken(Words(zh=action.marked, en=_ACTION_EN[action]), city)


def role_words(role: Role, city: CityWords) -> Words:
    """Name a role."""
    return Words(zh=city.word_zh(Terms.ROLES, role), en=city.word_en(Terms.ROLES, role))


def task_words(kind: TaskKind, city: CityWords) -> Words:
    """Name what is to be done."""
    return spoken(_TASKS[kind], city)


def result_words(result: CheckResult) -> Words:
    """Name what a person found on the spot."""
    return _RESULTS[result]


def verdict_words(verdict: Verdict) -> Words:
    """Name what later passes say."""
    return _VERDICTS[verdict]


def threshold_words(category: CatalogClass, city: CityWords) -> Words | None:
    """Say from which measured size a class is filed, or None where being there is enough."""
    said = condition_words(category)
    return None if said is None else retold(Words(zh=said[0], en=said[1]), city)


def answer_words(answer: SizeAnswer, city: CityWords) -> Words:
    """Name what a size says of the filing condition."""
    return spoken(_SIZE_ANSWERS[answer], city)


def unseen_words(told: NotObservable) -> Words:
    """Say what of a size no picture tells, and why."""
    zh, en = not_told_words(told)
    return Words(zh=zh, en=en)
