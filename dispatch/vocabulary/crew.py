"""What a vehicle's crew says of a find, from the seat: right or wrong, with one tap."""

from datetime import datetime
from typing import Literal

from dispatch.vocabulary.basis import Envelope, Instant, MessageId, PassId, message_id


class CrewVerdict(Envelope):
    """A crew's word on one finding of its own device (车组判定).

    One finding has one such message; whoever thinks better of it raises its revision.
    """

    kind: Literal["crew_verdict"] = "crew_verdict"
    finding: MessageId
    pass_id: PassId
    said_at: Instant
    true: bool


def crew_verdict_id(finding: str, *, captured_at: datetime, device: str) -> str:
    """Give the id of the crew's word on a finding: the same however often it is said."""
    return message_id(captured_at, device, "crew", finding)
