"""The bulletin of a period (月报 and its kin): what was counted, set in sections to be signed."""

from datetime import datetime
from typing import Final

from api.figures import group_words
from api.periods import Length, Span
from api.reports.bulletin_figures import (
    bars_section,
    key_section,
    patrol_section,
    summary_section,
)
from api.reports.bulletin_groups import group_sections, model_section
from api.reports.bulletin_lists import kept_back_section, late_section, redone_section
from api.reports.bulletin_method import method_section
from api.reports.counted import Counted
from api.reports.document import Document, Section
from api.reports.tongue import Tongue
from api.schemas.base import Words
from dispatch.city.calendar_gap import gap_words, years_unplanned
from dispatch.city.profile import Profile
from dispatch.ground.area import Level
from dispatch.indicators.formula import Grouping

_KINDS: Final = {
    Length.DAY: Words(zh="日报", en="Daily report"),
    Length.WEEK: Words(zh="周报", en="Weekly report"),
    Length.MONTH: Words(zh="月报", en="Monthly report"),
    Length.QUARTER: Words(zh="季报", en="Quarterly report"),
    Length.YEAR: Words(zh="年报", en="Annual report"),
    Length.DAYS: Words(zh="专报", en="Report"),
}
_NUMERALS: Final = "一二三四五六七八九十"


def bulletin(counted: Counted, profile: Profile, tongue: Tongue) -> Document:
    """Set what was counted as a document in one language."""
    sections = [
        summary_section(counted, tongue),
        bars_section(counted, tongue),
        key_section(counted, tongue),
        *group_sections(counted, profile, tongue),
        late_section(counted, profile, tongue),
        redone_section(counted, profile, tongue),
        patrol_section(counted, profile, tongue),
        model_section(counted, profile, tongue),
        kept_back_section(counted, profile, tongue),
    ]
    head, as_of = counted.head, _moment(counted.as_of, profile)
    return Document(
        issuer=tongue.say(profile.name_zh, profile.name_en),
        title=_title(counted.span, tongue),
        facts=facts_of(counted, profile, tongue),
        warnings=warnings_of(counted, profile, tongue),
        sections=tuple(_numbered(sections, tongue)),
        signatures=(
            tongue.say("编制", "Drawn up"),
            tongue.say("审核", "Checked"),
            tongue.say("签发", "Signed"),
        ),
        annex=method_section(tongue),
        lacking=tongue.say(
            "注：字库缺 {number} 个字，以“{sign}”代替；原文见同期 Excel 报表。",
            "The font lacks {number} characters, for which {sign} stands; the workbook has them.",
        ),
        footer=tongue.say(
            f"数据截至 {as_of} · 总账第 {head.number} 条 {head.hash[:16]}",
            f"data as of {as_of} · ledger entry {head.number} {head.hash[:16]}",
        ),
    )


def span_words(span: Span) -> Words:
    """Say which period it is, as people say it."""
    first, last = span.period.start.date(), span.period.last_day
    if span.length is Length.MONTH:
        return Words(zh=f"{first.year} 年 {first.month} 月", en=span.text)
    if span.length is Length.QUARTER:
        return Words(zh=f"{first.year} 年第 {span.text[-1]} 季度", en=span.text)
    if span.length is Length.YEAR:
        return Words(zh=f"{first.year} 年", en=span.text)
    if span.length is Length.DAY:
        return Words(zh=f"{first.year} 年 {first.month} 月 {first.day} 日", en=span.text)
    days = f"{first.isoformat()} — {last.isoformat()}"
    if span.length is Length.WEEK:
        return Words(zh=f"{span.text[:4]} 年第 {int(span.text[-2:])} 周（{days}）", en=span.text)
    return Words(zh=days, en=days)


def _title(span: Span, tongue: Tongue) -> str:
    kind, words = _KINDS[span.length], span_words(span)
    return tongue.say(f"城市立体巡检{kind.zh}", f"{kind.en} of urban inspection") + tongue.say(
        f"（{words.zh}）", f", {words.en}"
    )


def facts_of(counted: Counted, profile: Profile, tongue: Tongue) -> tuple[tuple[str, str], ...]:
    """Give what a report's head says: period, area, moment, ledger, command."""
    period = counted.span.period
    head = counted.head
    kept = tongue.say("（本期已冻结）", " (frozen)") if head.frozen else ""
    return (
        (
            tongue.say("统计期", "Period"),
            tongue.say(
                f"{_moment(period.start, profile)} 起，{_moment(period.end, profile)} 止（不含）",
                f"from {_moment(period.start, profile)} to {_moment(period.end, profile)}, "
                "not including it",
            ),
        ),
        (tongue.say("统计范围", "Area"), _area(counted, profile, tongue)),
        (
            tongue.say("数据截至", "Data as of"),
            f"{_moment(counted.as_of, profile)} ({profile.zone.key})",
        ),
        (
            tongue.say("历史总账", "Ledger"),
            tongue.say(
                f"第 {head.number} 条，尾值 {head.hash}{kept}",
                f"entry {head.number}, head {head.hash}{kept}",
            ),
        ),
        (tongue.say("核验命令", "To verify"), f"xunhuan audit verify --head {head.hash}"),
    )


def warnings_of(counted: Counted, profile: Profile, tongue: Tongue) -> tuple[str, ...]:
    """Give what a reader must know before any figure."""
    found = []
    if not counted.is_over:
        found.append(
            tongue.say(
                "本期尚未结束：数字还会变化，上期也只比到同样的进度。",
                "The period is not over: figures will change, and the one before is compared up to "
                "the same point of it.",
            )
        )
    rendered = counted.lists.rendered
    if rendered:
        found.append(
            tongue.say(
                f"含渲染（仿真）[案卷] {rendered} 件，不是实拍，不能作为考核依据。",
                f"{rendered} [cases] come from rendered footage: nothing here was filmed "
                "in a street, and no one may be judged by it.",
            )
        )
    years = years_unplanned(profile.calendar, counted.span.period)
    if years:
        found.append(tongue.say(*gap_words(years)))
    return tuple(found)


def _area(counted: Counted, profile: Profile, tongue: Tongue) -> str:
    if not counted.area:
        return tongue.say("全部", "all of it")
    levels = {
        Level.DISTRICT: Grouping.DISTRICT,
        Level.STREET: Grouping.STREET,
        Level.COMMUNITY: Grouping.COMMUNITY,
        Level.GRID: Grouping.GRID,
    }
    by = next((by for level, by in levels.items() if level == len(counted.area)), Grouping.CITY)
    named = group_words(by, counted.area, profile=profile, day=counted.span.period.last_day)
    return f"{tongue.of(named)} ({counted.area})"


def _numbered(sections: list[Section], tongue: Tongue) -> list[Section]:
    return [
        Section(
            title=tongue.say(f"{_numeral(number)}、", f"{number}. ") + section.title,
            parts=section.parts,
        )
        for number, section in enumerate(sections, start=1)
    ]


def _numeral(number: int) -> str:
    return _NUMERALS[number - 1] if number <= 10 else f"十{_NUMERALS[number - 11]}"


def _moment(at: datetime, profile: Profile) -> str:
    return f"{at.astimezone(profile.zone):%Y-%m-%d %H:%M}"
