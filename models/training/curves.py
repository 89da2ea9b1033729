"""The course of a training as a picture that any browser shows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

WIDTH_PX: Final = 900
PANEL_PX: Final = 260
MARGIN_PX: Final = 48
LEGEND_PX: Final = 230
LOSSES: Final = ("box", "class", "dfl")
INKS: Final = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
    "#56b4e9", "#7f7f7f", "#8c564b", "#000000", "#bcbd22",
)  # fmt: skip
"""Distinguishable with any colour vision: Okabe, M. and Ito, K. (2008), and three more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Panel:
    title: str
    lines: Mapping[str, Sequence[tuple[float, float]]]
    top: int


def read_log(path: Path) -> list[dict[str, object]]:
    """Read the epochs that a training logged, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def draw_curves(log: Path, target: Path) -> None:
    """Draw loss and AP50 by epoch into an SVG file."""
    rows = read_log(log)
    losses = {name: _points(rows, name) for name in LOSSES}
    scores = _scores(rows)
    panels = [_Panel(title="损失 / loss", lines=losses, top=0)]
    if scores:
        title = "留出图片上的 AP50 / AP50 on pictures held out"
        panels.append(_Panel(title=title, lines=scores, top=PANEL_PX))
    body = "".join(_drawn(panel) for panel in panels)
    size = f'width="{WIDTH_PX}" height="{PANEL_PX * len(panels)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif"'
    text = (
        f'{head} font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n{body}</svg>\n'
    )
    target.write_text(text, encoding="utf-8")


def _points(rows: Sequence[Mapping[str, object]], name: str) -> list[tuple[float, float]]:
    return [(float(str(r["epoch"])), float(str(r[name]))) for r in rows if name in r]


def _scores(rows: Sequence[Mapping[str, object]]) -> Mapping[str, list[tuple[float, float]]]:
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        measured = row.get("ap50")
        if isinstance(measured, dict):
            for name, value in measured.items():
                lines.setdefault(name, []).append((float(str(row["epoch"])), float(value)))
    return lines


def _drawn(panel: _Panel) -> str:
    points = [p for line in panel.lines.values() for p in line]
    last = max((x for x, _ in points), default=1.0)
    most = max((y for _, y in points), default=1.0) or 1.0
    right, bottom = WIDTH_PX - LEGEND_PX, panel.top + PANEL_PX - MARGIN_PX
    title = f'<text x="{MARGIN_PX}" y="{panel.top + 24}" font-weight="bold">'
    parts = [
        f"{title}{escape(panel.title)}</text>",
        f'<path d="M{MARGIN_PX} {panel.top + 36}V{bottom}H{right}" fill="none" stroke="#999"/>',
        f'<text x="4" y="{panel.top + 44}">{most:.2f}</text><text x="4" y="{bottom}">0</text>',
        f'<text x="{right - 60}" y="{bottom + 18}">轮 / epoch {last:.0f}</text>',
    ]
    for i, (name, line) in enumerate(panel.lines.items()):
        ink = INKS[i % len(INKS)]
        across = [MARGIN_PX + (right - MARGIN_PX) * x / last for x, _ in line]
        down = [bottom - (bottom - panel.top - 36) * y / most for _, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        latest = f"{line[-1][1]:.3f}" if line else "–"
        label = f'<text x="{right + 12}" y="{panel.top + 44 + 18 * i}" fill="{ink}">'
        parts.append(f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2"/>')
        parts.append(f"{label}{escape(name)} {latest}</text>")
    return "\n".join(parts) + "\n"
