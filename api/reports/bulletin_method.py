"""The bulletin's last section: how everything was counted, so that anybody may count it again."""

from api.reports.document import Section, Table
from api.reports.figure_words import SMALL, SMALL_MARK
from api.reports.tongue import Tongue
from dispatch.indicators.duties import DUTY_COUNTS
from dispatch.indicators.table import INDICATORS


def method_section(tongue: Tongue) -> Section:
    """Say how the figures came about, with the sentence of each formula."""
    paragraphs = method_words(tongue)
    heads = tongue.say("指标|公式", "Figure|Formula")
    table = Table(
        heads=tuple(heads.split("|")),
        rows=tuple(
            (
                tongue.retell(each.name_zh, each.name_en),
                tongue.retell(each.formula_zh, each.formula_en),
            )
            for each in INDICATORS
            if each not in DUTY_COUNTS
        ),
        widths=(1, 3),
    )
    return Section(
        title=tongue.say("附　统计方法", "Annex. How it was counted"), parts=(*paragraphs, table)
    )


def method_words(tongue: Tongue) -> tuple[str, ...]:
    """Say what holds for all figures, a sentence or two each."""
    return (
        tongue.say(
            "统计期含起点、不含终点；只用数据截止时间以前的历史，期后发生的事不改变本期数字。"
            "同一历史、同一截止时间重新出报，文件逐字节相同。",
            "A period holds its start and not its end; only what was known before the data's "
            "moment is read, so that what comes later changes nothing. The same history and moment "
            "give the same file, byte for byte.",
        ),
        tongue.say(
            "比率附 95% 置信区间（Wilson，1927）；升降按 Newcombe（1998）方法 10 计算差值的 95% "
            "区间，区间含 0 即写“分不清升降”。",
            "A rate has its 95 % interval (Wilson, 1927). Of a change the 95 % interval of the "
            "difference is reckoned (Newcombe, 1998, method 10); where it holds 0, it may be "
            "chance.",
        ),
        tongue.say(
            f"标 {SMALL_MARK} 的比率分母不足 {SMALL}：多一件少一件都会大幅变化，"
            "不宜据此排名或奖惩。",
            f"A rate marked {SMALL_MARK} is of fewer than {SMALL}: one [case] more or less moves "
            "it far; nobody should be ranked, rewarded or blamed by it.",
        ),
        tongue.say(
            "应办：时限在本期内到期，或此前到期而期初仍未办；[挂账]期间不计。超期未办与超期办结同计入分母。"
            "“看不清”是复巡既不能确认修复也不能确认仍在，单独列出，不算修复。",
            "Due: the deadline falls in the period, or came before and the work was still open; "
            "not while [suspended]. Work left undone is in the denominator like work done late. "
            "Cannot tell: later passes could confirm neither repair nor damage; it never counts as "
            "repaired.",
        ),
        tongue.say(
            "误报由人[核实]“不属实”得出；人未核实的不计。示例综合分按各率区间的不利一端加权，权重由城市配置。",
            "False finds are those that people found untrue; what nobody looked at does not count. "
            "The example mark weighs each rate at the cautious end of its interval, by the city's "
            "weights.",
        ),
    )
