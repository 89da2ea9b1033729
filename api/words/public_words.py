"""What the pages for citizens say: plain words, Chinese first."""

from collections.abc import Mapping
from typing import Final

from dispatch.case.case import Case
from dispatch.case.transition import Action, Status
from dispatch.city_words import CityWords

LANGUAGES: Final = ("zh", "en")
PAGE: Final = {
    "title": ("[上报]城市[问题]", "[Report] a [problem] in the city"),
    "lead": ("拍一张照片，说在哪里。不用注册。", "A photo and where it is. No account needed."),
    "photo": ("照片（必填）", "Photo (required)"),
    "photo_hint": (
        "人脸和车牌先打码，别人才看得到。JPEG、PNG 或 WebP，最大 12 MB",
        "Faces and plates are masked before anybody sees it. JPEG, PNG or WebP up to 12 MB",
    ),
    "what": ("是什么[问题]", "What is it"),
    "choose": ("请选择", "Choose"),
    "where": ("在哪里", "Where is it"),
    "locate": ("用手机定位", "Use the phone's position"),
    "located": ("已定位，误差约 ±{m} 米", "Located, ±{m} m"),
    "not_located": ("没有定位成功，请选区域", "No position: choose the area"),
    "area": ("没有定位就选所在区域", "Without a position choose the area"),
    "note": ("说明（路名、门牌、情况）", "Describe it (street, number, what is wrong)"),
    "contact": ("联系方式（可不填）", "Contact (optional)"),
    "contact_hint": (
        "只有[受理员]看得到，不进[案卷]；办结 {days} 天后删除",
        "Only the [acceptor] sees it; it is no part of the [case] and is deleted {days} days "
        "after it",
    ),
    "send": ("提交", "Send"),
    "trap": ("请留空", "Leave this empty"),
    "kept": ("已收到，编号 {number}", "Received, number {number}"),
    "into": (
        "已并入 {number}，下面是它的进展",
        "Merged into {number}: this is how that one stands",
    ),
    "keep_link": (
        "请收藏本页：只有用这个链接才能查看进展",
        "Keep this page: its link is the only way to see what becomes of it",
    ),
    "since": ("自 {at}", "since {at}"),
    "reported": ("[上报]时间 {at}", "[reported] {at}"),
    "with": ("负责单位：{name}", "Responsible: {name}"),
    "because": ("原因：{why}", "Because: {why}"),
    "reopen": ("没有修好？", "Not repaired?"),
    "reopen_hint": (
        "{days} 天内可以申请重新处理，请附一张现在的照片",
        "Within {days} days you may ask for it to be taken up again, with a photo of today",
    ),
    "reopen_why": ("哪里没有修好", "What is not repaired"),
    "reopen_send": ("申请重新处理", "Ask for it to be done again"),
    "another": ("再报一个", "[Report] another"),
    "other_language": ("English", "中文"),
    "urgent": (
        "有人受伤或正有危险，请打 110、119、120",
        "In danger: call 110, 119, 120",
    ),
    "shut": ("本市没有开通网页上报，请打 12345", "This city takes no reports here: call 12345"),
}
_STANDS: Final[Mapping[Status, tuple[str, str]]] = {
    Status.REPORTED: ("已收到，正在[核实]", "Received, being looked into"),
    Status.CONFIRMED: ("已[核实]，等待[立案]", "Found to be true, about to be [filed]"),
    Status.FILED: ("已[立案]，正在安排单位处理", "[Filed]; a [department] is being found"),
    Status.DISPATCHED: ("已派给责任单位", "Given to the [department] responsible"),
    Status.HANDLING: ("责任单位正在处理", "Being [handled]"),
    Status.SUSPENDED: ("暂缓处理，到期继续", "Put off, and taken up again later"),
    Status.HANDLED: ("已处理，正在[核查]", "[Handled], being [checked]"),
    Status.CLOSED: ("已办结", "[Closed]"),
    Status.VOID: ("[核实]后未[立案]", "Looked into, and not taken up"),
}


def words_in(language: str, city: CityWords) -> dict[str, str]:
    """Give every word of the pages in a language."""
    column = LANGUAGES.index(language)
    tell = city.zh if language == "zh" else city.en
    return {name: tell(said[column]) for name, said in PAGE.items()}


def stands(case: Case, language: str, city: CityWords) -> str:
    """Say how a case stands as a neighbour would."""
    zh, en = _STANDS[case.status]
    return city.zh(zh) if language == "zh" else city.en(en)


def because(case: Case, language: str) -> str | None:
    """Give the city's reason for which a case was not taken up or not repaired, if it has one."""
    ends = {Action.VOID, Action.REFUTE, Action.WRITE_OFF}
    if case.is_open or not case.history:
        return None
    step = next((each for each in reversed(case.history) if each.action in ends), None)
    said = None if step is None else step.grounds.get(f"reason_{language}")
    return str(said) if said else None
