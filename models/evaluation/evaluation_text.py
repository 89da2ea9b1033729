"""An evaluation as tables that a person can read, Chinese first."""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Column, Table

from models.dataset.labels import LABEL_NAMES
from models.evaluation.evaluation import Against, Evaluation
from models.registry.card import Estimate, Score

SCORINGS = {
    "labelled classes only": "只在标注了该类的照片上 / labelled classes only",
    "every class everywhere": "所有照片 / every class everywhere",
}
LEGEND = """
阈值 threshold；P 精度 precision；R 召回 recall；ECE 校准误差 calibration error
千帧误报 false alarms per 1,000 pictures that label the class and show none
"""
PARTS = {"size": "物体大小 / size", "light": "光线 / light", "source": "来源 / source"}


def tables(found: Evaluation) -> Group:
    """Return what was measured: scores, slices, and how another model compares."""
    head = (
        f"{found.name} {found.version}, {found.profile}, {found.data}/{found.split}: "
        f"{found.pictures} 张照片 / pictures; 1080p {found.ms_per_frame:.0f} ms, 1 线程 / thread"
    )
    parts: list[RenderableType] = [head]
    for scoring, title in SCORINGS.items():
        rows = [s for s in found.scores if s.scoring == scoring]
        if rows:
            parts.append(_scores(title, rows, found))
    parts += [LEGEND, *(_slices(found, by) for by in PARTS)]
    if found.against:
        parts.append(_against(found.against))
    for said, labels in (
        ("模型认识、数据未标注 / known to the model, not labelled here", found.unlabelled),
        ("数据标注、模型不认识 / labelled here, unknown to the model", found.unknown),
    ):
        if labels:
            parts.append(f"{said}: {', '.join(labels)}")
    return Group(*parts)


def _scores(title: str, rows: Iterable[Score], found: Evaluation) -> Table:
    alarms = {row.label: row.per_1000 for row in found.false_alarms}
    head = ("类别", "n", "AP50 (95 %)", "50–95", "阈值", "P", "R", "ECE", "千帧误报")
    table = Table(
        *(Column(name, no_wrap=True) for name in head), title=title, box=None, padding=(0, 1, 0, 0)
    )
    for row in rows:
        rate = alarms.get(row.label)
        table.add_row(
            LABEL_NAMES.get(row.label, (row.label,))[0],
            str(row.objects),
            f"{row.ap50.value:.3f} ({row.ap50.low:.2f}–{row.ap50.high:.2f})",
            f"{row.ap50_95:.3f}",
            f"{row.threshold:.2f}",
            f"{row.precision.value:.2f}",
            f"{row.recall.value:.2f}",
            f"{row.ece:.3f}",
            f"{rate.value:.0f} ({rate.low:.0f}–{rate.high:.0f})" if rate else "–",
        )
    return table


def _slices(found: Evaluation, by: str) -> Table:
    mine = [row for row in found.slices if row.by == by]
    names = list(dict.fromkeys(row.name for row in mine))
    table = Table("类别 class", *names, title=f"{PARTS[by]}: AP50, P, R (n)")
    cell = {
        (row.label, row.name): f"{row.ap50:.2f}, "
        f"{'–' if row.precision is None else f'{row.precision:.2f}'}, "
        f"{row.recall:.2f} ({row.objects})"
        for row in mine
    }
    for label in dict.fromkeys(row.label for row in mine):
        table.add_row(_name(label), *(cell.get((label, name), "–") for name in names))
    return table


def _against(other: Against) -> Table:
    table = Table(
        "类别 class",
        "AP50 差 difference (95 %)",
        title=f"比 {other.name} {other.version} 高 / higher than it, {other.profile}",
    )
    for label, figure in other.by_label.items():
        table.add_row(_name(label), _signed(figure))
    table.add_row("平均 mean", _signed(other.mean))
    return table


def _name(label: str) -> str:
    return f"{LABEL_NAMES[label][0]} {label}" if label in LABEL_NAMES else label


def _signed(figure: Estimate) -> str:
    return f"{figure.value:+.3f} ({figure.low:+.3f} … {figure.high:+.3f})"
