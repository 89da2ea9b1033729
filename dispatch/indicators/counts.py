"""Counts of what happened in a period."""

from typing import Final

from dispatch.indicators.formula import HELD, Amount, Kind, Test
from dispatch.indicators.indicator import Key, Unit, number
from dispatch.indicators.parts import new, of_kind, owed, reported, step

COUNTS: Final = (
    number(
        Key.REPORTED,
        ("上报数", "reported"),
        (
            "本期上报的案卷；系统自动并入已知问题的不重复计",
            "cases reported in the period; what the system itself finds to be a known problem "
            "is not counted twice",
        ),
        reported(),
    ),
    number(
        Key.VALID_REPORTED,
        ("有效上报数", "validly reported"),
        (
            "本期上报、核实属实或已立案的案卷",
            "cases reported in the period and found true or filed",
        ),
        reported(Test.DONE, Test.STANDS),
    ),
    number(
        Key.RECURRED,
        ("复发数", "recurred"),
        ("本期上报、接续已结案卷的案卷", "cases reported in the period that follow a closed one"),
        reported(Test.RECURS),
    ),
    number(
        Key.SELF_HANDLED,
        ("自行处置数", "handled on the spot"),
        ("本期采集员自行处置", "cases that collectors put right themselves in the period"),
        step("self_handle"),
    ),
    number(
        Key.SELF_HANDLED_UNDONE,
        ("自行处置未办妥数", "handled on the spot, not done"),
        (
            "本期自行处置、后来仍须立案交部门处置或结案后又重新启动的",
            "of what collectors put right themselves in the period, what was filed for a "
            "department all the same, or taken up again after closure",
        ),
        new(Kind.STEP, Test.NOTED, word="self_handle"),
    ),
    number(
        Key.SELF_HANDLED_RECURRED,
        ("自行处置后复发数", "recurred after handling on the spot"),
        (
            "本期上报、接续由采集员自行处置而结案的案卷",
            "cases reported in the period that follow one closed as put right by a collector",
        ),
        new(Kind.REPORT, Test.RECURS, word="self_handle"),
    ),
    number(
        Key.FOUND_UNTRUE,
        ("不属实数", "found untrue"),
        ("本期最后核实为不属实的上报", "reports whose last judgement, in the period, is untrue"),
        new(Kind.JUDGEMENT, word="refute"),
    ),
    number(
        Key.SUPPRESSED,
        ("核准不报数", "suppressed"),
        (
            "本期发现、在核准区域和时段内因而不上报的问题，同一处只计一次",
            "things seen in the period on ground and at hours where an approval keeps them from "
            "becoming cases, each once",
        ),
        new(Kind.SUPPRESSED, amount=Amount.THINGS),
    ),
    number(
        Key.SUPPRESSED_SIGHTS,
        ("核准不报发现数", "suppressed sights"),
        (
            "本期因核准而不上报的发现，每看到一次计一次",
            "sights of the period that an approval kept from becoming cases, each time counted",
        ),
        new(Kind.SUPPRESSED, amount=Amount.SIGHTS),
    ),
    number(
        Key.SUPPRESSED_PER_REPORT,
        ("核准不报与上报之比", "suppressed per report"),
        (
            "核准不报数 ÷ 本期上报的案卷；大则应核对核准区域是否过宽",
            "suppressed / cases reported in the period; where it is large, look whether approvals "
            "reach too far",
        ),
        new(Kind.SUPPRESSED, amount=Amount.THINGS),
        of=new(Kind.REPORT),
        unit=Unit.MEAN,
    ),
    number(
        Key.HELD,
        ("留存数", "held back"),
        (
            "本期上报、把握或尺寸不足而先留存观察的（不立案、也不派人核实）",
            "reports of the period that were neither filed nor asked about, being too unlikely or "
            "too small",
        ),
        new(Kind.FIND, word=HELD),
    ),
    number(
        Key.HELD_ON,
        ("在留存数", "still held back"),
        (
            "期末仍留存、无人经手的（此前各期留存的也计）",
            "held back at the period's end, whenever they were reported, and taken up by nobody",
        ),
        of_kind(Kind.FIND, Test.UNDONE, word=HELD),
    ),
    number(
        Key.HELD_FILED,
        ("留存后立案数", "filed after being held back"),
        ("本期留存的上报中后来立案的", "of those held back in the period, filed later"),
        new(Kind.FIND, Test.NOTED, word=HELD),
    ),
    number(
        Key.FILED,
        ("立案数", "filed"),
        ("本期立案", "filings in the period"),
        new(Kind.FILING),
    ),
    number(
        Key.FILED_IN_TIME,
        ("按期立案数", "filed on time"),
        (
            "本期立案中，不晚于核实时限的",
            "filings of the period no later than the limit by which the report was to be confirmed",
        ),
        new(Kind.FILING, Test.LIMITED, Test.ON_TIME),
    ),
    number(
        Key.FILED_RIGHTLY,
        ("准确立案数", "filed rightly"),
        ("本期立案中未被退回或并案的", "filings of the period not given back or merged"),
        new(Kind.FILING, Test.STANDS),
    ),
    number(
        Key.FOUND_BY_PUBLIC,
        ("监督举报数", "found by the public"),
        ("本期立案中由公众发现的", "filings of the period that the public found"),
        new(Kind.FILING, Test.FROM_PUBLIC),
    ),
    number(
        Key.MISSED,
        ("漏报数", "missed"),
        (
            "本期立案中，发现之前若干日内（城市配置）已有车辆或无人机以足够把握看过该处而未报的",
            "filings of the period where a pass had looked at the spot within the days before "
            "(the city says how many), sure enough to find it, and had reported nothing",
        ),
        new(Kind.FILING, Test.NOTED),
    ),
    number(
        Key.VOIDED,
        ("作废数", "void"),
        ("本期立案前作废的案卷", "cases ended before filing in the period, with a reason"),
        step("void"),
    ),
    number(
        Key.MERGED,
        ("并案数", "merged"),
        ("本期并入其他案卷的案卷", "cases merged into another in the period"),
        step("merge"),
    ),
    number(
        Key.DISPATCHED,
        ("派遣数", "dispatched"),
        ("本期派遣", "dispatches in the period"),
        new(Kind.SENDING),
    ),
    number(
        Key.SENT_RIGHTLY,
        ("准确派遣数", "dispatched rightly"),
        ("本期派遣中未改派其他部门的", "dispatches of the period that stood"),
        new(Kind.SENDING, Test.STANDS),
    ),
    number(
        Key.WRONGLY_DISPATCHED,
        ("错误派遣数", "wrongly dispatched"),
        (
            "本期派遣、后来改派其他部门",
            "dispatches of the period after which the case went elsewhere",
        ),
        new(Kind.SENDING, Test.LAPSED),
    ),
    number(
        Key.CORRECTED,
        ("更正数", "corrected"),
        ("本期更正类别或位置", "corrections of a class or a place in the period"),
        step("correct"),
    ),
    number(
        Key.RETURNED,
        ("回退数", "returned"),
        ("本期部门回退的派遣", "dispatches that a department gave back in the period"),
        step("decline"),
    ),
    number(
        Key.GIVEN_BACK,
        ("退回立案数", "given back to filing"),
        ("本期派遣员退回立案", "filings that a dispatcher gave back in the period"),
        step("return"),
    ),
    number(
        Key.EXTENDED,
        ("延期数", "extended"),
        ("本期批准的延期", "extensions granted in the period"),
        step("extend"),
    ),
    number(
        Key.SUSPENDED,
        ("挂账数", "suspended"),
        ("本期批准的挂账", "suspensions granted in the period"),
        step("suspend"),
    ),
    number(
        Key.SUPERVISED,
        ("督办数", "supervised"),
        ("本期督办", "supervisions in the period"),
        step("supervise"),
    ),
    number(
        Key.SENT_BACK,
        ("返工数", "sent back"),
        ("本期核查不合格、退回返工", "handled cases sent back in the period"),
        step("send_back"),
    ),
    number(
        Key.REWORKED,
        ("返工案卷数", "cases reworked"),
        (
            "应结案（含到期前未修终结的）中返过工、或处置后再派同一部门的；每件算在最先被退回的处置上",
            "of those that should be closed, given up or not, sent back or dispatched again to "
            "who had handled them; each counts for whose work was sent back first",
        ),
        owed(Kind.WORK, Test.NOTED),
    ),
    number(
        Key.CLOSED,
        ("结案数", "closed"),
        ("本期经核查结案", "closures as repaired in the period"),
        step("approve"),
    ),
    number(
        Key.WRITTEN_OFF,
        ("特殊结案数", "written off"),
        ("本期未经修复而注明原因结案", "closures without repair, with a reason, in the period"),
        step("write_off"),
    ),
    number(
        Key.GIVEN_UP,
        ("未修终结数", "given up"),
        (
            "应结案中特殊结案、或派遣后退回作废的（到期前未修终结的也计）",
            "of those that should be closed, written off, or void after a department had them, "
            "even before the deadline",
        ),
        owed(Kind.WHOLE, Test.GIVEN_UP),
    ),
    number(
        Key.REOPENED,
        ("重新启动数", "reopened"),
        ("本期重新启动的案卷", "cases taken up again in the period"),
        step("reopen"),
    ),
    number(
        Key.APPEALED,
        ("申诉数", "appealed"),
        ("本期对超期的申诉", "appeals against a missed limit in the period"),
        step("appeal"),
    ),
    number(
        Key.UPHELD,
        ("申诉成立数", "appeals upheld"),
        ("本期成立的申诉，超期不计入统计", "appeals upheld in the period: exempt from the rates"),
        step("uphold"),
    ),
)
