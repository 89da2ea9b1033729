"""A card as Markdown: what an officer must know on the first screen, the tables below."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from detect.manifest import Recall
from models.dataset.labels import LABEL_NAMES
from models.registry.card import CARD_FILE, CARD_TEXT_FILE, Estimate, ModelCard, Score, Slice

NOTHING: Final = "–"
_BY: Final = {
    "size": "物体大小 / by size (√area, input pixels)",
    "light": "光线 / by light (from the picture's brightness)",
    "source": "来源 / by source",
}


def card_text(card: ModelCard) -> str:
    """Return the card as Markdown, Chinese first."""
    parts: tuple[Callable[[ModelCard], list[str]], ...] = (
        _first_screen,
        _limits,
        _filing,
        _scores,
        _profiles,
        _slices,
        _recall,
        _comparison,
        _data,
        _training,
    )
    return "\n".join(line for part in parts for line in part(card)).rstrip() + "\n"


def write_card(folder: Path, card: ModelCard) -> None:
    """Write a card into a model's folder, as data and for people."""
    text = card.model_dump_json(indent=1)
    (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")
    (folder / CARD_TEXT_FILE).write_text(card_text(card), encoding="utf-8")


def main_scores(card: ModelCard) -> list[Score]:
    """Return each class's score on the first set and profile, where it is labelled."""
    first = card.scores[0]
    return [
        s
        for s in card.scores
        if (s.on, s.profile, s.scoring) == (first.on, first.profile, first.scoring)
    ]


def _first_screen(card: ModelCard) -> list[str]:
    files = {entry.label: entry.may_file for entry in card.filing}
    alarms = {
        row.label: row.per_1000
        for row in card.false_alarms
        if (row.on, row.profile) == (card.scores[0].on, card.scores[0].profile)
    }
    rows = [
        (
            _both(s.label),
            f"{s.recall.value * 10:.1f}",
            f"{s.precision.value * 10:.1f}",
            f"{alarms[s.label].value:.0f}" if s.label in alarms else NOTHING,
            "可以 yes" if files[s.label] else "先问人 asks a person",
        )
        for s in main_scores(card)
    ]
    head = ("类别 class", "十个找到 found of 10", "报十个对 right of 10")
    more = ("千帧误报 false per 1,000 frames", "自动立案 files by itself")
    return [
        f"# {card.name} {card.version}",
        "",
        card.purpose[0],
        "",
        card.purpose[1],
        "",
        *_table((*head, *more), rows),
        "",
        "单张照片上的成绩；误报按标注了该类而画面里没有的照片计算，一趟巡检会看到同一处很多次。",
        "",
        "On single photos; false alarms are of photos in which the class is labelled and absent. "
        "One pass sees a place many times.",
        "",
    ]


def _limits(card: ModelCard) -> list[str]:
    return [
        "## 弱点 / Weaknesses",
        "",
        *(f"- {zh}\n  {en}" for zh, en in card.weaknesses),
        "",
        "## 不认识 / Does not know",
        "",
        *(f"- {zh} / {en}" for zh, en in card.does_not_know),
        "",
    ]


def _filing(card: ModelCard) -> list[str]:
    rows = [
        (
            entry.label,
            "可以 yes" if entry.may_file else "先问人 asks",
            _share(entry.held_out),
            _share(entry.measured) if entry.measured else NOTHING,
            f"{entry.why[0]} / {entry.why[1]}",
        )
        for entry in card.filing
    ]
    head = ("类别", "自动立案 files", "精度 precision, held out", "validation", "原因 why")
    return ["## 谁可以自动立案 / What may file by itself", "", *_table(head, rows), ""]


def _scores(card: ModelCard) -> list[str]:
    lines = ["## 成绩 / Scores", "", "95 % 区间在括号内。/ 95 % intervals in brackets.", ""]
    groups: dict[tuple[str, str, str], list[Score]] = {}
    for score in card.scores:
        groups.setdefault((score.on, score.profile, score.scoring), []).append(score)
    first = card.scores[0]
    told: list[list[tuple[str, ...]]] = []
    for (on, profile, scoring), scores in groups.items():
        rows = [_score_row(score) for score in scores]
        # Other profiles stand in a table of their own; one set may label all its classes anywhere.
        if (on == first.on and profile != first.profile) or rows in told:
            continue
        told.append(rows)
        lines += [f"### {on}, {profile}, {scoring}", "", *_table(_SCORE_HEAD, rows), ""]
    return lines


_SCORE_HEAD: Final = ("类别", "真值", "n", "AP50", "AP50–95", "阈值", "P", "R", "ECE")


def _score_row(score: Score) -> tuple[str, ...]:
    return (
        score.label,
        score.kind,
        str(score.objects),
        _share(score.ap50),
        f"{score.ap50_95:.2f}",
        f"{score.threshold:.2f}",
        _share(score.precision),
        _share(score.recall),
        f"{score.ece:.3f}",
    )


def _profiles(card: ModelCard) -> list[str]:
    first = card.scores[0]
    same = [s for s in card.scores if (s.on, s.scoring) == (first.on, first.scoring)]
    profiles = list(dict.fromkeys(s.profile for s in same))
    value = {(s.label, s.profile): f"{s.ap50.value:.3f}" for s in same}
    rows = [
        (label, *(value.get((label, p), NOTHING) for p in profiles))
        for label in dict.fromkeys(s.label for s in same)
    ]
    spent = {profile: f"{ms:.0f}" for profile, ms in card.ms_per_frame.items()}
    rows.append(("ms / 1080p, 1 thread", *(spent.get(p, NOTHING) for p in profiles)))
    lines = ["## 运行方式 / Profiles: AP50", "", *_table(("类别", *profiles), rows), ""]
    if card.quantised:
        loss, shape = card.quantised.ap50_loss, card.quantised.shape
        lines += [
            f"int8 比 fp32 平均低 / int8 loses on average: {loss.value:.3f} "
            f"({loss.low:.3f} … {loss.high:.3f}) AP50, {card.quantised.on}, {shape}",
            "",
        ]
    return [*lines, f"速度测于 / Timed on: {card.machine}", ""]


def _slices(card: ModelCard) -> list[str]:
    lines: list[str] = []
    for by, title in _BY.items():
        mine = [s for s in card.slices if s.by == by and s.on == card.scores[0].on]
        names = list(dict.fromkeys(s.name for s in mine))
        cell = {(s.label, s.name): _slice_cell(s) for s in mine}
        rows = [
            (label, *(cell.get((label, name), NOTHING) for name in names))
            for label in card.labels
            if any(s.label == label for s in mine)
        ]
        lines += [f"## {title}: AP50, P, R (n)", "", *_table(("类别", *names), rows), ""]
    return lines


def _slice_cell(part: Slice) -> str:
    precision = NOTHING if part.precision is None else f"{part.precision:.2f}"
    return f"{part.ap50:.2f}, {precision}, {part.recall:.2f} ({part.objects})"


def _recall(card: ModelCard) -> list[str]:
    lines = [
        "## 召回 / Recall, as a spread over objects",
        "",
        "均值 ≥ 单侧 95 % 下界（n；集中度，* 为假定）。real：照片；rendered：绘制街道。",
        "",
        "Mean ≥ one-sided 95 % lower bound (n; concentration, * assumed). "
        "real: photos; rendered: drawn streets.",
        "",
    ]
    entries = [(each.label, band) for each in card.recall for band in each.bands]
    kinds = sorted({(band.measured_on, band.light) for _, band in entries})
    for measured_on, light in kinds:
        mine = [e for e in entries if (e[1].measured_on, e[1].light) == (measured_on, light)]
        sizes = sorted({(band.min_px, band.max_px) for _, band in mine})
        cell = {(label, band.min_px): _band(band) for label, band in mine}
        rows = [
            (label, *(cell.get((label, low), NOTHING) for low, _ in sizes))
            for label in card.labels
            if any(each == label for each, _ in mine)
        ]
        names = [f"{low:.0f}–{high:.0f} px" for low, high in sizes]
        lines += [f"### {measured_on}, {light}", "", *_table(("类别", *names), rows), ""]
    return lines


def _band(band: Recall) -> str:
    mark = "*" if band.concentration_assumed else ""
    spread = f"{band.objects}; {band.concentration:.3g}{mark}"
    return f"{band.mean:.2f} ≥ {band.lower:.2f} ({spread})"


def _comparison(card: ModelCard) -> list[str]:
    if not card.comparison:
        return []
    rows = [
        (
            row.label,
            f"{row.baseline:.3f}",
            f"{row.ours:.3f}",
            f"{row.ours - row.baseline:+.3f}",
            f"{row.reason[0]} / {row.reason[1]}" if row.reason else "",
        )
        for row in card.comparison
    ]
    head = ("类别", card.compared_with, card.name, "差 difference", "原因 why not more")
    return [f"## 与 {card.compared_with} 相比 / Beside it: AP50", "", *_table(head, rows), ""]


def _data(card: ModelCard) -> list[str]:
    rows = [
        (
            d.name,
            str(d.pictures),
            ", ".join(f"{label} {count}" for label, count in d.boxes.items()),
            d.labels_by,
            d.licence,
            d.origin,
            f"{d.note[0]} / {d.note[1]}",
        )
        for d in card.data
    ]
    head = ("来源 source", "照片", "边框 boxes", "标注 by", "许可 licence", "出处", "说明 note")
    return ["## 训练数据 / Learnt from", "", *_table(head, rows), ""]


def _training(card: ModelCard) -> list[str]:
    made = card.training
    files = f"fp32 {card.sha256}" + (f"; int8 {card.int8_sha256}" if card.int8_sha256 else "")
    facts = [
        ("轮数 epochs", made.epochs, "d"),
        ("小时 hours", made.hours, ".1f"),
        (
            "导出与检查点得分最多相差 ONNX differs from the checkpoint by at most",
            made.parity,
            ".4f",
        ),
    ]
    return [
        "## 训练 / Training",
        "",
        f"{made.trained_on}.",
        "",
        *(f"- {what}: {NOTHING if v is None else format(v, form)}" for what, v, form in facts),
        f"- 许可 licence: {card.licence}",
        f"- SHA-256: {files}",
    ]


def _both(label: str) -> str:
    zh, en = LABEL_NAMES.get(label, (label, label))
    return f"{zh} {en}"


def _share(figure: Estimate) -> str:
    return f"{figure.value:.2f} ({figure.low:.2f}–{figure.high:.2f})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
