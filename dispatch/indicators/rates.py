"""Shares of what happened, or should have happened, in a period."""

from typing import Final

from dispatch.indicators.formula import HELD, Kind, Test
from dispatch.indicators.indicator import Key, rate
from dispatch.indicators.parts import due, new, owed, reported

RATES: Final = (
    rate(
        Key.VALID_REPORT,
        ("有效上报率", "valid-report rate"),
        ("核实属实或立案的上报 ÷ 本期上报", "reports found true or filed / reports of the period"),
        reported(Test.DONE, Test.STANDS),
        of={"reported": reported()},
    ),
    rate(
        Key.FALSE_ALARM,
        ("误报率", "false-alarm rate"),
        (
            "核实不属实 ÷ 本期作出核实结论的上报",
            "found untrue / reports judged by people in the period",
        ),
        new(Kind.JUDGEMENT, word="refute"),
        of={"judged": new(Kind.JUDGEMENT)},
        less_is_better=True,
    ),
    rate(
        Key.HELD_RATE,
        ("留存率", "held-back rate"),
        (
            "留存 ÷ 本期由车辆、无人机发现而上报的",
            "held back / finds of vehicles and drones reported in the period",
        ),
        new(Kind.FIND, word=HELD),
        of={"finds": new(Kind.FIND)},
    ),
    rate(
        Key.PUBLIC_FOUND,
        ("监督举报率", "public-found rate"),
        ("公众发现而立案 ÷ 立案", "filed and found by the public / filed"),
        new(Kind.FILING, Test.FROM_PUBLIC),
        of={"filed": new(Kind.FILING)},
        less_is_better=True,
    ),
    rate(
        Key.MISSED_RATE,
        ("漏报率", "missed rate"),
        (
            "漏报 ÷ 本期立案（漏报的定义见“漏报数”）",
            "missed, as defined for that count / filings of the period",
        ),
        new(Kind.FILING, Test.NOTED),
        of={"filed": new(Kind.FILING)},
        less_is_better=True,
    ),
    rate(
        Key.FILING,
        ("立案率", "filing rate"),
        (
            "本期上报中已立案 ÷ 本期上报中未判不属实（可配置为全部上报）",
            "filed / reports of the period not found untrue (or all reports, as the city chooses)",
        ),
        reported(Test.NOTED, Test.STANDS),
        of={"accepted": reported(Test.STANDS), "reported": reported()},
    ),
    rate(
        Key.ON_TIME_FILING,
        ("按期立案率", "on-time filing"),
        (
            "不晚于核实时限的立案 ÷ 本期有此时限的立案",
            "filed by the limit of confirmation / filings of the period that had one",
        ),
        new(Kind.FILING, Test.LIMITED, Test.ON_TIME),
        of={"limited": new(Kind.FILING, Test.LIMITED)},
    ),
    rate(
        Key.CORRECT_FILING,
        ("准确立案率", "correct filing"),
        ("未被退回或并案的立案 ÷ 本期立案", "filings not given back or merged / filings"),
        new(Kind.FILING, Test.STANDS),
        of={"filed": new(Kind.FILING)},
    ),
    rate(
        Key.ON_TIME_CONFIRM,
        ("按期核实率", "on-time confirmation"),
        (
            "按期核实 ÷ 应核实（含超期未核实）",
            "confirmed or refuted on time / should be, overdue and open ones included",
        ),
        due(Kind.CONFIRM, Test.ON_TIME),
        of={"should": due(Kind.CONFIRM), "done": due(Kind.CONFIRM, Test.DONE)},
    ),
    rate(
        Key.ON_TIME_DISPATCH,
        ("按期派遣率", "on-time dispatch"),
        ("按期派遣 ÷ 应派遣（含超期未派遣）", "dispatched on time / should dispatch"),
        due(Kind.DISPATCH, Test.ON_TIME),
        of={"should": due(Kind.DISPATCH), "done": due(Kind.DISPATCH, Test.DONE)},
    ),
    rate(
        Key.CORRECT_DISPATCH,
        ("准确派遣率", "correct dispatch"),
        ("未改派其他部门的派遣 ÷ 本期派遣", "dispatches that stood / dispatches of the period"),
        new(Kind.SENDING, Test.STANDS),
        of={"dispatched": new(Kind.SENDING)},
    ),
    rate(
        Key.HANDLING,
        ("处置率", "handling rate"),
        (
            "已处置 ÷ 应处置（含超期未处置、到期前未修终结的）",
            "handled / should handle, overdue and open ones and those given up included",
        ),
        due(Kind.HANDLING, Test.DONE),
        of={"owed": owed(Kind.HANDLING), "should": due(Kind.HANDLING)},
    ),
    rate(
        Key.ON_TIME_HANDLING,
        ("按期处置率", "on-time handling"),
        (
            "按期处置 ÷ 应处置（含超期未处置、到期前未修终结的；延期后的时限内算按期）",
            "handled on time, by the extended limit where there is one / should handle, overdue "
            "and open ones and those given up included",
        ),
        due(Kind.HANDLING, Test.ON_TIME),
        of={
            "owed": owed(Kind.HANDLING),
            "should": due(Kind.HANDLING),
            "done": due(Kind.HANDLING, Test.DONE),
        },
    ),
    rate(
        Key.FIRST_LIMIT_HANDLING,
        ("原时限按期处置率", "handled by the first limit"),
        (
            "在未经延期的原时限内处置 ÷ 应处置（同按期处置率）",
            "handled by the limit as first set, extensions not counted / should handle, as for "
            "on-time handling",
        ),
        due(Kind.HANDLING, Test.ON_TIME, Test.UNNOTED),
        of={
            "owed": owed(Kind.HANDLING),
            "should": due(Kind.HANDLING),
            "done": due(Kind.HANDLING, Test.DONE),
        },
    ),
    rate(
        Key.ON_TIME_CHECK,
        ("按期核查率", "on-time check"),
        (
            "按期核查 ÷ 应核查（含超期未核查）",
            "checked on time / should check, overdue and open ones included",
        ),
        due(Kind.CHECK, Test.ON_TIME),
        of={"should": due(Kind.CHECK), "done": due(Kind.CHECK, Test.DONE)},
    ),
    rate(
        Key.CLOSURE,
        ("结案率", "closure rate"),
        (
            "已结案 ÷ 应结案（含超期未结案、到期前未修终结的）",
            "closed / should close, overdue and open ones and those given up included",
        ),
        due(Kind.WHOLE, Test.DONE),
        of={"owed": owed(Kind.WHOLE), "should": due(Kind.WHOLE)},
    ),
    rate(
        Key.ON_TIME_CLOSURE,
        ("按期结案率", "on-time closure"),
        (
            "按期结案 ÷ 应结案（含超期未结案、到期前未修终结的；延期不延长结案时限）",
            "closed on time / should close, overdue and open ones and those given up included; an "
            "extension does not lengthen this limit",
        ),
        due(Kind.WHOLE, Test.ON_TIME),
        of={
            "owed": owed(Kind.WHOLE),
            "should": due(Kind.WHOLE),
            "done": due(Kind.WHOLE, Test.DONE),
        },
    ),
    rate(
        Key.GIVEN_UP_RATE,
        ("未修终结率", "given-up rate"),
        (
            "特殊结案、或派遣后退回作废的 ÷ 应结案（含到期前未修终结的）",
            "written off, or void after a department had them / should close, those given up "
            "included",
        ),
        owed(Kind.WHOLE, Test.GIVEN_UP),
        of={"owed": owed(Kind.WHOLE)},
        less_is_better=True,
    ),
    rate(
        Key.RECURRENCE,
        ("复发率", "recurrence rate"),
        (
            "接续已结案卷的（同一问题又出现） ÷ 应结案（含到期前未修终结的）",
            "those that follow a closed case of the same problem / should close, those given up "
            "included",
        ),
        owed(Kind.WHOLE, Test.RECURS),
        of={"owed": owed(Kind.WHOLE)},
        less_is_better=True,
    ),
    rate(
        Key.SELF_HANDLED_FALSE,
        ("自行处置失实率", "not done on the spot"),
        (
            "自行处置未办妥 ÷ 本期自行处置（未办妥：后来仍须立案、或结案后又重新启动）",
            "filed all the same, or taken up again / handled on the spot in the period",
        ),
        new(Kind.STEP, Test.NOTED, word="self_handle"),
        of={"self_handled": new(Kind.STEP, word="self_handle")},
        less_is_better=True,
    ),
    rate(
        Key.REWORK,
        ("返工率", "rework rate"),
        (
            "返过工、或处置后再派同一部门的案卷 ÷ 应结案（含到期前未修终结的）；"
            "每件算在最先被退回的处置上",
            "cases sent back, or dispatched again to who had handled them / should close, those "
            "given up included; each counts for whose work was sent back first",
        ),
        owed(Kind.WORK, Test.NOTED),
        of={"owed": owed(Kind.WORK)},
        less_is_better=True,
    ),
    rate(
        Key.ON_TIME_REPLY,
        ("督办按期回复率", "on-time reply"),
        (
            "按期回复 ÷ 应回复的督办（含超期未回复）",
            "replied on time / supervisions that should be replied to, overdue ones included",
        ),
        due(Kind.REPLY, Test.ON_TIME),
        of={"should": due(Kind.REPLY)},
    ),
    rate(
        Key.CANNOT_TELL,
        ("看不清率", "cannot-tell rate"),
        (
            "最近一次复巡判断为看不清的案卷 ÷ 本期作过复巡判断的案卷",
            "cases whose last verdict by a pass is 'cannot tell' / cases judged in the period",
        ),
        new(Kind.VERDICT, word="cannot_tell"),
        of={"judged": new(Kind.VERDICT)},
        less_is_better=True,
    ),
)
