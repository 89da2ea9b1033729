"""A sight that an approval kept from becoming a case, as pages show it."""

from typing import Final

from api.schemas.base import Words
from api.schemas.suppressed import SuppressedOut
from api.words.places import place_out
from dispatch.city.suppression import Suppressed

MOST: Final = 500
"""Sights on one page, the newest."""


def suppressed_out(one: Suppressed) -> SuppressedOut:
    """Shape a sight with the approval as it was then."""
    return SuppressedOut(
        finding=one.finding,
        approval_id=one.suppression,
        name=Words(zh=one.name_zh, en=one.name_en),
        reason=Words(zh=one.reason_zh, en=one.reason_en),
        approval=one.approval,
        share=one.share,
        place=place_out(one.place),
        seen_at=one.seen_at,
        rendered=one.rendered,
    )
