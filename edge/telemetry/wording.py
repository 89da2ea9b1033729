"""What reading a telemetry file tells a person who asks."""

from collections.abc import Callable
from typing import Final

import numpy as np

from edge.telemetry.cleaning import Cleaned
from edge.telemetry.log import Log, Words
from edge.telemetry.track import MAX_GAP_S, Fix

Explain = Callable[[str, str], None]
"""Takes one remark in Chinese and in English."""

_CLEANED: Final[tuple[tuple[str, Words], ...]] = (
    ("impossible", ("位置不可能", "with an impossible place")),
    ("undated", ("时钟未校准", "stamped by a clock that was never set")),
    ("out_of_order", ("时间不递增", "not later than the one before")),
    ("held", ("重复上一位置", "that repeat the place before")),
    ("jumps", ("跳变过大", "that jump too far")),
)


def explain_log(log: Log, cleaned: Cleaned, explain: Explain) -> None:
    """Tell what was read, taken for granted and dropped, and what is left of it."""
    explain(f"读到 {log.rows} 条记录", f"{log.rows} records read")
    for words in log.assumed:
        explain(*words)
    for (zh, en), count in drops(log, cleaned):
        explain(f"丢弃 {count} 条：{zh}", f"{count} dropped {en}")
    explain(f"可用定位点 {len(cleaned.fixes)} 个", f"{len(cleaned.fixes)} fixes used")
    if len(cleaned.fixes) > 1:
        _explain_span(cleaned.fixes, explain)


def drops(log: Log, cleaned: Cleaned) -> tuple[tuple[Words, int], ...]:
    """Give everything that was left out of a log, counted by reason."""
    later = tuple((words, int(getattr(cleaned, name))) for name, words in _CLEANED)
    return tuple((words, count) for words, count in (*log.dropped, *later) if count)


def _explain_span(fixes: tuple[Fix, ...], explain: Explain) -> None:
    first, last = fixes[0].at, fixes[-1].at
    seconds = np.array([(fix.at - first).total_seconds() for fix in fixes])
    steps = np.diff(seconds)
    gaps = int((steps > MAX_GAP_S).sum())
    rate = 1.0 / float(np.median(steps))
    explain(
        f"{first:%Y-%m-%d %H:%M:%S}Z 至 {last:%H:%M:%S}Z，每秒 {rate:.1f} 个，"
        f"中断 {gaps} 处，最长 {steps.max():.1f} 秒",
        f"{first:%Y-%m-%d %H:%M:%S}Z to {last:%H:%M:%S}Z, {rate:.1f} a second, "
        f"{gaps} gaps, the longest step {steps.max():.1f} s",
    )
    turned = sum(fix.yaw is not None for fix in fixes)
    explain(f"其中 {turned} 个带朝向", f"{turned} of them state a heading")
