"""How grave is it? (严重程度) A level of the city's scale, by measured size or by a person's word.

The levels of a class stand in its row from slight to grave, each with the sizes from which it
holds. The gravest whose sizes are surely reached is taken; what cannot be told for sure is said,
so that whoever confirms or files may say it. A level without sizes is only ever a person's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.case.step import Grounds
from dispatch.catalogue.catalog import CatalogClass
from dispatch.errors import DispatchError
from dispatch.triage.sizing import SizeAnswer, judge_alternatives
from dispatch.wire import Measure, NotObservable


class NotASeverity(DispatchError):
    """The level is none of those that the class has."""

    def __init__(self, severity: str, category: CatalogClass) -> None:
        zh = "、".join(f"{each.code} {each.name_zh}" for each in category.severities) or "无"
        en = ", ".join(f"{each.code} {each.name_en}" for each in category.severities) or "none"
        super().__init__(
            f"“{category.name_zh}”没有严重程度 {severity}，请从中选择：{zh}",
            f"'{category.name_en}' has no severity {severity}, choose one of: {en}",
        )
        self.severity = severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """How grave a thing is by its sizes, and what they leave open.

    Args:
        severity: None where the class has no levels.
        why_zh: which sizes were reached or stay open; empty where none was asked for.
    """

    severity: str | None
    why_zh: str = ""
    why_en: str = ""

    @property
    def grounds(self) -> Grounds:
        """Give it for a case's history; nothing where the class has no levels."""
        if self.severity is None:
            return {}
        said = {"severity": self.severity, "why_zh": self.why_zh, "why_en": self.why_en}
        return {"grading": {key: word for key, word in said.items() if word}}


def grade(
    category: CatalogClass, sizes: Sequence[Measure], unseen: Sequence[NotObservable] = ()
) -> Grading:
    """Take the gravest level whose sizes are surely reached, else the lowest."""
    if not category.severities:
        return Grading(severity=None)
    open_: list[tuple[str, str]] = []
    for level in reversed(category.severities[1:]):
        said = judge_alternatives(level.sizes_from, sizes, unseen)
        words = f"{level.name_zh}：{said.why_zh}", f"{level.name_en}: {said.why_en}"
        if said.answer is SizeAnswer.MEETS:
            return _grading(level.code, [*open_, words])
        if said.answer is SizeAnswer.NEEDS_PERSON:
            open_.append(words)
    return _grading(category.severities[0].code, open_)


def _grading(severity: str, said: Sequence[tuple[str, str]]) -> Grading:
    return Grading(
        severity=severity,
        why_zh="；".join(zh for zh, _ in said),
        why_en="; ".join(en for _, en in said),
    )
