"""What patrols did: how far and long, what ground they truly saw, whom they served, how fast."""

from typing import Final

from dispatch.indicators.formula import Amount, Kind, Part
from dispatch.indicators.indicator import Key, Unit, number, rate
from dispatch.indicators.parts import new


def _of_passes(amount: Amount) -> Part:
    return new(Kind.STRETCH, amount=amount)


def _of_ground(amount: Amount) -> Part:
    return new(Kind.GROUND, amount=amount)


PATROLS: Final = (
    number(
        Key.MEDIAN_TO_FILING,
        ("发现到立案中位时长", "sight to filing, median"),
        (
            "本期立案从看到（人工上报的从上报）到立案的时长，取中位",
            "time from the sight, or a person's report, to each filing of the period: the middle",
        ),
        new(Kind.FILING, amount=Amount.MEDIAN),
        of=new(Kind.FILING),
        unit=Unit.HOURS,
        scale=1 / 3600,
    ),
    number(
        Key.P90_TO_FILING,
        ("发现到立案九成时长", "sight to filing, nine in ten"),
        (
            "本期立案从看到（人工上报的从上报）到立案，九成不超过的时长",
            "time from the sight, or a person's report, that nine in ten filings kept within",
        ),
        new(Kind.FILING, amount=Amount.P90),
        of=new(Kind.FILING),
        unit=Unit.HOURS,
        scale=1 / 3600,
    ),
    number(
        Key.PASSES,
        ("巡查趟数", "passes"),
        ("本期到达中心的巡查，按趟", "passes of which anything reached the centre in the period"),
        _of_passes(Amount.PASSES),
    ),
    number(
        Key.PATROL_KM,
        ("巡查里程", "distance patrolled"),
        ("本期到达中心的各巡段里程之和", "distance of the stretches that came in the period"),
        _of_passes(Amount.METRES),
        unit=Unit.KM,
        scale=1 / 1000,
    ),
    number(
        Key.PATROL_HOURS,
        ("巡查时长", "time patrolled"),
        ("本期到达中心的各巡段时长之和", "time of the stretches that came in the period"),
        _of_passes(Amount.SECONDS),
        unit=Unit.HOURS,
        scale=1 / 3600,
    ),
    number(
        Key.DEVICE_DAYS,
        ("出动台日数", "device-days"),
        ("一台设备在一天内巡查过计一台日", "days on which each vehicle or drone patrolled, summed"),
        _of_passes(Amount.DEVICE_DAYS),
    ),
    rate(
        Key.ACTIVE_DAYS,
        ("设备出勤率", "days in use"),
        (
            "出动台日 ÷（登记用于巡查或本期出动过的设备数 × 本期天数）",
            "device-days / devices registered for patrols or on one in the period, times its days",
        ),
        _of_passes(Amount.DEVICE_DAYS),
        of={"fleet": _of_passes(Amount.FLEET_DAYS)},
        sampled=False,
    ),
    number(
        Key.KM_PER_DEVICE_DAY,
        ("台日均里程", "distance per device-day"),
        ("巡查里程 ÷ 出动台日", "distance patrolled / device-days"),
        _of_passes(Amount.METRES),
        of=_of_passes(Amount.DEVICE_DAYS),
        unit=Unit.KM_PER_DAY,
        scale=1 / 1000,
    ),
    number(
        Key.HOURS_PER_DEVICE_DAY,
        ("台日均时长", "time per device-day"),
        ("巡查时长 ÷ 出动台日", "time patrolled / device-days"),
        _of_passes(Amount.SECONDS),
        of=_of_passes(Amount.DEVICE_DAYS),
        unit=Unit.HOURS_PER_DAY,
        scale=1 / 3600,
    ),
    rate(
        Key.COVERAGE,
        ("有效巡检覆盖率", "coverage truly inspected"),
        (
            "以足够把握看清过的地面小格（约 44 m²，重复看只计一次）÷"
            "（单元网格内小格数 × 本期看过的类别数）",
            "cells of ground (some 44 m²) seen well enough to find the class, once however often / "
            "cells of the unit grids, for each class that was looked for",
        ),
        _of_ground(Amount.SEEN),
        of={"land": _of_ground(Amount.LAND)},
        sampled=False,
    ),
    number(
        Key.COVERAGE_AGE,
        ("覆盖龄期中位数", "age of coverage, median"),
        (
            "看清过的地面距最近一次看清的时间，取中位",
            "time since ground that was truly inspected was last so: the middle cell",
        ),
        _of_ground(Amount.AGE),
        of=_of_ground(Amount.SEEN),
        unit=Unit.DAYS,
        scale=1 / 86_400,
    ),
    number(
        Key.OWNERS_SERVED,
        ("每趟服务部门数", "departments served per pass"),
        (
            "本期派遣中（发现该案的巡查，部门）不同组合数 ÷ 巡查趟数",
            "different pairs of finding pass and department among the dispatches / passes",
        ),
        new(Kind.SENDING, amount=Amount.OWNERS),
        of=_of_passes(Amount.PASSES),
        unit=Unit.MEAN,
    ),
    number(
        Key.CLASSES_JUDGED,
        ("每趟评估类别数", "classes judged per pass"),
        (
            "（巡查，以足够把握看过的类别）不同组合数 ÷ 巡查趟数",
            "different pairs of pass and class truly inspected / passes",
        ),
        _of_passes(Amount.CLASSES),
        of=_of_passes(Amount.PASSES),
        unit=Unit.MEAN,
    ),
)
