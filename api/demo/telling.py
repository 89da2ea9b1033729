"""What the demo says while it runs and when it is done, Chinese first."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from api.demo.figures_shown import FigureShown
from api.demo.outcome import Outcome, PlantedOutcome
from api.reports.figure_words import SMALL, SMALL_MARK
from dispatch.city.profile import Profile

_STORIES: Final = {
    "repair": ("已真修复", "truly repaired"),
    "not_repaired": ("只报未修", "said done, is not"),
    "hidden_later": ("未修且被挡", "not done, hidden"),
}
_STATES: Final = {
    None: ("—", "—"),
    "reported": ("待核实", "reported"),
    "confirmed": ("待立案", "confirmed"),
    "filed": ("待派遣", "filed"),
    "dispatched": ("返工待接单", "rework"),
    "handling": ("处置中", "handling"),
    "suspended": ("挂账", "suspended"),
    "handled": ("待核查", "waits for a look"),
    "closed": ("已结案", "closed"),
    "void": ("已作废", "void"),
}


class Teller:
    """Speaks to whoever runs the demo."""

    def __init__(self, *, english: bool, console: Console | None = None) -> None:
        self._column = 1 if english else 0
        self._console = console or Console(highlight=False)

    def opening(self, city: Profile, *, seed: int, folder: Path) -> None:
        """Say what is going to happen."""
        self._say(
            f"[bold]巡环演示[/bold]：{city.name_zh}的渲染街道（种子 {seed}），真实软件，脚本人员。"
            "全部画面为渲染，不是实拍。\n"
            f"工作文件夹 {folder}",
            f"[bold]Xunhuan demo[/bold]: a rendered street of {city.name_en} (seed {seed}), real "
            f"software, scripted people. Every picture is rendered, none was taken.\n"
            f"Folder {folder}",
        )

    @contextmanager
    def stage(self, zh: str, en: str) -> Iterator[None]:
        """Head what follows."""
        self._console.rule(f"[bold]{(zh, en)[self._column]}[/bold]", align="left")
        yield

    def note(self, zh: str, en: str) -> None:
        """Say one thing that happened."""
        self._say(f"  {zh}", f"  {en}")

    def patrol(self, number: int, device: str, said: Mapping[str, Any]) -> None:
        """Say what a pass found."""
        zh = {"vehicle": "巡查车", "drone": "无人机"}[device]
        self._say(
            f"  第 {number} 次（{zh}）：{said['frames']} 帧，发现 {said['findings']} 个，"
            f"已送达 {said['sent']} 条，用时 {said['seconds']:.0f} 秒",
            f"  pass {number} ({device}): {said['frames']} frames, {said['findings']} findings, "
            f"{said['sent']} messages delivered, {said['seconds']:.0f} s",
        )

    def table(self, outcome: Outcome) -> None:
        """Show what happened, where each case stands and why."""
        self._console.rule(f"[bold]{('结果', 'Outcome')[self._column]}[/bold]", align="left")
        self._console.print(self._planted(outcome.planted))
        for each in outcome.planted:
            self._say(f"  {each.id}：{each.why_zh}", f"  {each.id}: {each.why_en}")
        self._say(
            f"发现送达 {outcome.findings_sent}，丢失 {outcome.findings_lost}，"
            f"重复 {outcome.findings_duplicated}；误报案卷 {outcome.false_cases}；"
            f"未修却结案 {len(outcome.closed_but_not_repaired)}\n"
            f"结案门槛：已修复可能性 ≥ {outcome.close_at:.0%}（τ_close）；"
            f"先验：报完成而未修 {outcome.prior_not_done:.0%}；"
            f"仍存在门槛 {outcome.open_at:.0%}\n"
            f"用时 {outcome.seconds:.0f} 秒，内存峰值 {outcome.peak_bytes / 2**20:.0f} MiB",
            f"{outcome.findings_sent} findings delivered, {outcome.findings_lost} lost, "
            f"{outcome.findings_duplicated} duplicated; false cases {outcome.false_cases}; "
            f"closed without repair {len(outcome.closed_but_not_repaired)}\n"
            f"closing needs P(repaired) ≥ {outcome.close_at:.0%} (τ_close); prior of a false "
            f"'done' {outcome.prior_not_done:.0%}; still there from {outcome.open_at:.0%}\n"
            f"{outcome.seconds:.0f} s, peak memory {outcome.peak_bytes / 2**20:.0f} MiB",
        )
        self._console.print(self._figures(outcome.shown))
        every = len(outcome.indicators)
        self._say(
            "“哪几件”：比率列出拉低它的案卷，计数列出计入的案卷，× 是误报；"
            f"{SMALL_MARK} 不到 {SMALL} 件，只看流程，不评优劣。\n"
            "人员按脚本办事：多数按时；核实超时、部门回退、没处置干净而返工、只报未修而督办，"
            "是故意安排的例外。\n"
            f"全部 {every} 项指标见运行中心“指标”页，逐项可点到案卷。",
            f"'which': the cases that lower a share, or that a count counts, × a false one; "
            f"{SMALL_MARK} of fewer than {SMALL}: it shows the course of things, "
            "not how good anybody is.\n"
            "People follow a script: most are on time; the late confirmation, the return, the "
            "rework of what was not done well and the pressing are exceptions by intent.\n"
            f"All {every} indicators stand on the centre's page, each leading to its cases.",
        )

    def address(self, url: str, people: Mapping[str, Sequence[str]], password: str) -> None:
        """Say where the pages are, who signs in where, and with what.

        Args:
            people: sign-in names by post, in Chinese.
        """
        self._console.rule(
            f"[bold]{('打开看看', 'Have a look')[self._column]}[/bold]", align="left"
        )
        self._say(
            f"运行中心 {url}/centre　手机页 {url}/worker　市民上报 {url}/report",
            f"operations centre {url}/centre   worker's phone {url}/worker   citizens {url}/report",
        )
        table = Table(*(("岗位", "账号"), ("post", "sign-in name"))[self._column])
        for post, names in people.items():
            table.add_row(post, " ".join(names))
        self._console.print(table)
        self._say(
            f"密码都是 {password}\n按 Ctrl-C 结束",
            f"the password of all is {password}\nCtrl-C ends it",
        )

    def _planted(self, planted: Sequence[PlantedOutcome]) -> Table:
        heads = (
            ("问题", "真相", "找到", "偏差/声明误差", "案卷", "仍在"),
            ("problem", "truth", "found", "off/stated", "case", "P(present)"),
        )
        table = Table(*heads[self._column])
        for each in planted:
            chance = each.probability_present
            place = "—"
            if each.offset_m is not None:
                place = f"{each.offset_m:.1f} / {each.stated_ce90_m:.1f} m"
            table.add_row(
                f"{each.id} {(each.name_zh, each.name_en)[self._column]}",
                _STORIES[each.story][self._column],
                "✓" if each.found else "✗",
                place,
                _STATES[each.state][self._column],
                "—" if chance is None else f"{chance:.1%}",
            )
        return table

    def _figures(self, shown: Sequence[FigureShown]) -> Table:
        heads = (("指标", "数值", "分子/分母", "哪几件"), ("indicator", "value", "of", "which"))
        table = Table(*heads[self._column])
        for each in shown:
            table.add_row(
                (each.name_zh, each.name_en)[self._column],
                (each.value_zh, each.value_en)[self._column],
                each.of,
                " ".join(each.which),
            )
        return table

    def _say(self, zh: str, en: str) -> None:
        self._console.print((zh, en)[self._column])
