"""What reading a telemetry file tells a person who asks."""

from collections.abc import Callable

from edge.telemetry.track import Cleaned

Explain = Callable[[str, str], None]
"""Takes one remark in Chinese and in English."""


def explain_cleaned(cleaned: Cleaned, explain: Explain) -> None:
    """Tell how many fixes are used and which were dropped."""
    explain(f"可用定位点 {len(cleaned.fixes)} 个", f"{len(cleaned.fixes)} fixes used")
    for count, zh, en in (
        (cleaned.impossible, "位置不可能", "with an impossible place"),
        (cleaned.out_of_order, "时间不递增", "not later than the one before"),
        (cleaned.jumps, "跳变过大", "that jump too far"),
    ):
        if count:
            explain(f"丢弃 {count} 个{zh}的定位点", f"{count} fixes dropped {en}")
