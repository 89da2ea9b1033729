"""How long a city keeps what (留存期): one rule for each kind of record, counted from its end.

Case histories, the ledger and the figures have no rule here: they stay.
"""

from calendar import monthrange
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

Months = Annotated[int, Field(ge=1, le=1200)]
Days = Annotated[int, Field(ge=0, le=3660)]


class Rule(StrEnum):
    """Why something is erased; the values are stored and sealed."""

    CLOSED = "closed"
    UNTRUE = "untrue"
    NOT_FILED = "not_filed"
    SUPPRESSED = "suppressed"
    UNFILED = "unfiled"
    PUBLIC_PHOTO = "public_photo"
    ORIGINAL = "original"
    CONTACT = "contact"
    REFUSED = "refused"
    SWEEP = "sweep"
    REQUEST = "request"

    @property
    def zh(self) -> str:
        """Give the rule's Chinese name."""
        return _ZH[self]

    @property
    def en(self) -> str:
        """Give the rule's English name."""
        return _EN[self]


_ZH: Final = {
    Rule.CLOSED: "结案案卷的图片",
    Rule.UNTRUE: "核实不属实的图片",
    Rule.NOT_FILED: "未立案案卷的图片",
    Rule.SUPPRESSED: "因许可未上报的图片",
    Rule.UNFILED: "未成案发现的图片",
    Rule.PUBLIC_PHOTO: "市民照片",
    Rule.ORIGINAL: "未脱敏原图",
    Rule.CONTACT: "市民联系方式",
    Rule.REFUSED: "被拒收的设备消息",
    Rule.SWEEP: "巡检覆盖（车辆、无人机走过看过的地面）",
    Rule.REQUEST: "应本人请求",
}
_EN: Final = {
    Rule.CLOSED: "pictures of closed cases",
    Rule.UNTRUE: "pictures of cases found untrue",
    Rule.NOT_FILED: "pictures of cases not filed",
    Rule.SUPPRESSED: "pictures kept back by an approval",
    Rule.UNFILED: "pictures of finds without a case",
    Rule.PUBLIC_PHOTO: "citizens' photos",
    Rule.ORIGINAL: "photos not yet redacted",
    Rule.CONTACT: "citizens' contacts",
    Rule.REFUSED: "refused messages of devices",
    Rule.SWEEP: "sweeps (ground that vehicles and drones went over)",
    Rule.REQUEST: "on request of the person",
}


class RetentionPolicy(BaseModel):
    """`[retention]`: months, or days, for which each kind is kept after its end.

    Refused messages are logs of the network, which the law wants kept for six months at least.
    Sweeps say where a vehicle and its crew were at what time; their time counts from the drive.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    closed_months: Months = 24
    untrue_months: Months = 6
    not_filed_months: Months = 12
    suppressed_months: Months = 6
    unfiled_months: Months = 6
    public_photo_months: Months = 12
    original_days: Annotated[int, Field(ge=1, le=3660)] = 90
    contact_days: Days = 30
    refused_months: Annotated[int, Field(ge=6, le=1200)] = 6
    sweep_months: Months = 12

    def before(self, rule: Rule, now: datetime) -> datetime:
        """Give the time before which whatever falls under a rule is over.

        Raises:
            KeyError: the rule has no time of its own (`REQUEST`).
        """
        if rule in {Rule.ORIGINAL, Rule.CONTACT}:
            days: int = {Rule.ORIGINAL: self.original_days, Rule.CONTACT: self.contact_days}[rule]
            return now - timedelta(days=days)
        return months_before(now, self.months[rule])

    @property
    def months(self) -> dict[Rule, int]:
        """Give the rules that count months."""
        return {
            Rule.CLOSED: self.closed_months,
            Rule.UNTRUE: self.untrue_months,
            Rule.NOT_FILED: self.not_filed_months,
            Rule.SUPPRESSED: self.suppressed_months,
            Rule.UNFILED: self.unfiled_months,
            Rule.PUBLIC_PHOTO: self.public_photo_months,
            Rule.REFUSED: self.refused_months,
            Rule.SWEEP: self.sweep_months,
        }


def months_before(at: datetime, months: int) -> datetime:
    """Give the same day so many calendar months before, or that month's last day."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)
