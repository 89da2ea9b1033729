"""Say a verdict as a colleague would: what was seen, how well, and how sure that makes us."""

import math
from typing import Final

from dispatch.verification.verdict import Assessment, Outcome, Reason, Verdict

_REASONS: Final = {
    Reason.NOT_INSPECTED: ("没有巡到这个位置", "no pass came near enough"),
    Reason.OCCLUDED: ("位置被遮挡", "something stands before it"),
    Reason.DARK: ("光线太暗", "it was too dark"),
    Reason.BLURRED: ("画面模糊", "the picture was blurred"),
    Reason.VEILED: ("镜头有污渍或被遮挡", "dirt on the lens or the vehicle itself hid it"),
    Reason.TOO_SMALL: ("目标太小，模型看不清", "it is too small for this model"),
    Reason.RECALL_UNKNOWN: (
        "模型说明里没有这一类的检出率",
        "the model's card states no recall for it",
    ),
    Reason.POSITION_VAGUE: ("位置不够准", "its place is too vague"),
    Reason.WRONG_HOUR: ("复巡时段不对", "the passes came at the wrong hour"),
    Reason.NOT_ENOUGH_PASSES: ("复巡次数还不够", "not enough passes yet"),
    Reason.CONFLICTING: ("有的复巡看到，有的没看到", "some passes saw it, others did not"),
}


def reason_words(reason: Reason) -> tuple[str, str]:
    """Give why it cannot be told, Chinese and English."""
    return _REASONS[reason]


def sentence_zh(assessment: Assessment) -> str:
    """Say a verdict in Chinese."""
    number, sure = _last_look(assessment), _share(assessment)
    if assessment.by_person:
        return {
            Verdict.REPAIRED: "核查员判定：已修复",
            Verdict.STILL_THERE: "核查员判定：仍在",
            Verdict.RECURRED: "核查员判定：已修复，又复发",
            Verdict.CANNOT_TELL: "核查员判定：看不清",
        }[assessment.verdict]
    match assessment.verdict:
        case Verdict.REPAIRED:
            return f"第 {number} 次复巡未再看到（看得清，可能性 {sure}）"
        case Verdict.STILL_THERE:
            return f"第 {number} 次复巡仍看到（仍在的可能性 {sure}）"
        case Verdict.RECURRED:
            return f"修复后第 {number} 次复巡又看到（可能性 {sure}），按复发另立一案"
    reason = _REASONS[assessment.reason or Reason.NOT_ENOUGH_PASSES][0]
    return f"看不清：复巡 {len(assessment.passes)} 次，{reason}（仍在的可能性 {sure}）"


def sentence_en(assessment: Assessment) -> str:
    """Say a verdict in English."""
    number, sure = _last_look(assessment), _share(assessment)
    if assessment.by_person:
        return {
            Verdict.REPAIRED: "A verifier found it repaired",
            Verdict.STILL_THERE: "A verifier found it still there",
            Verdict.RECURRED: "A verifier found it repaired, and back again",
            Verdict.CANNOT_TELL: "A verifier could not tell",
        }[assessment.verdict]
    match assessment.verdict:
        case Verdict.REPAIRED:
            return f"Not seen again on pass {number} since (a clear look, repaired at {sure})"
        case Verdict.STILL_THERE:
            return f"Seen again on pass {number} since (still there at {sure})"
        case Verdict.RECURRED:
            return f"Back on pass {number} after its repair ({sure}): a new, linked case"
    reason = _REASONS[assessment.reason or Reason.NOT_ENOUGH_PASSES][1]
    return f"Cannot tell after {len(assessment.passes)} passes: {reason} (still there at {sure})"


def pass_words(outcome: Outcome, reason: Reason | None) -> tuple[str, str]:
    """Say what one pass brought, Chinese and English.

    Args:
        reason: why it says little, if it does.
    """
    if outcome is Outcome.SEEN:
        return "看到", "seen"
    if outcome is Outcome.NOT_SEEN and reason is None:
        return "看得清，未看到", "a clear look, not seen"
    zh, en = _REASONS[reason or Reason.NOT_INSPECTED]
    if outcome is Outcome.NOT_SEEN:
        return f"未看到，但{zh}", f"not seen, but {en}"
    return f"没看清：{zh}", en


def _last_look(assessment: Assessment) -> int:
    """Give the number, from 1, of the last pass that speaks for the verdict."""
    wanted = Outcome.NOT_SEEN if assessment.verdict is Verdict.REPAIRED else Outcome.SEEN
    numbers = [n for n, each in enumerate(assessment.passes, 1) if each.outcome is wanted]
    return numbers[-1] if numbers else len(assessment.passes)


def _share(assessment: Assessment) -> str:
    """Give the chance of what is said; never rounded up, so that nothing is ever certain."""
    chance = assessment.present
    if assessment.verdict is Verdict.REPAIRED:
        chance = 1.0 - chance
    if chance > 0.99:
        return f"{math.floor(chance * 1000.0 + 1e-9) / 10.0:.1f}%"
    return f"{math.floor(chance * 100.0 + 1e-9)}%"
