"""What a self-check came to, for people and for scripts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

from edge.geocheck.faults import Trial
from edge.geocheck.turning import Turn


class Outcome(StrEnum):
    """Whether placings can be trusted."""

    PASSED = "passed"
    MENDED = "mended"
    FAILED = "failed"
    UNDECIDED = "undecided"


_MOST_LINES: Final = 40
_SAID: Final = {
    Outcome.PASSED: ("通过：重叠画面互相吻合", "passed: overlapping frames agree"),
    Outcome.MENDED: (
        "已修正：修正后重叠画面互相吻合",
        "mended: overlapping frames agree",
    ),
    Outcome.FAILED: (
        "未通过：重叠画面互相矛盾，发现先扣留",
        "failed: overlapping frames disagree, findings are held",
    ),
    Outcome.UNDECIDED: (
        "不能判断：重叠的画面太少",
        "undecided: too few frames overlap",
    ),
}
_STRAIGHTENED: Final = {
    "zh": "照片在相机里已校正镜头畸变，不再重复校正",
    "en": "the camera had taken its lens's distortion out already, so it is not taken out again",
}


_UPSIDE_DOWN: Final = {
    "zh": "画面上下颠倒：请检查录像的旋转标记或相机的安装",
    "en": "the picture is upside down: check the recording's rotation or how the camera is mounted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSaid:
    """One pair of overlapping frames.

    Attributes:
        stated_m, mended_m: median disagreement as stated, and as mended.
        expected_m: what the stated errors explain.
    """

    first: str
    second: str
    matches: int
    stated_m: float
    mended_m: float
    expected_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSaid:
    """One photo that is not simply as stated.

    Attributes:
        usable: whether its pose may be used, as it is or as mended.
    """

    name: str
    turn: Turn
    edited: bool
    usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a self-check came to.

    Attributes:
        stated_m, mended_m: median over the pairs; None without pairs.
        faults: what explains the disagreement, best first.
        trials: every cause that was weighed.
        straightened: whether the camera had taken its lens's distortion out of the photos.
        upside_down: whether a drive's picture agrees once it is turned by 180 degrees.
    """

    outcome: Outcome
    pairs: tuple[PairSaid, ...]
    photos: tuple[PhotoSaid, ...]
    faults: tuple[Trial, ...]
    stated_m: float | None
    mended_m: float | None
    straightened: bool = False
    upside_down: bool = False
    trials: tuple[Trial, ...] = ()

    @property
    def zh(self) -> str:
        """Say it in Chinese."""
        return "；".join((_SAID[self.outcome][0], *self._causes("zh")))

    @property
    def en(self) -> str:
        """Say it in English."""
        return "; ".join((_SAID[self.outcome][1], *self._causes("en")))

    def as_json(self) -> dict[str, object]:
        """Give it for a script."""
        return {
            "outcome": self.outcome.value,
            "zh": self.zh,
            "en": self.en,
            "pairs": len(self.pairs),
            "straightened": self.straightened,
            "upside_down": self.upside_down,
            "stated_m": _rounded(self.stated_m),
            "mended_m": _rounded(self.mended_m),
            "faults": [
                {"cause": f.cause.name, "value": _rounded(f.value), "zh": f.zh, "en": f.en}
                for f in self.faults
            ],
            "causes": [
                {
                    "cause": t.cause.name,
                    "value": _rounded(t.value),
                    "gain": _rounded(t.gain),
                    "held_out": _rounded(t.held_out),
                    "signal": _rounded(t.signal),
                    "shows_from": _rounded(t.shows_from),
                    "evident": t.evident,
                }
                for t in self.trials
            ],
            "photos": [
                {"name": p.name, "turn": p.turn.value, "edited": p.edited, "usable": p.usable}
                for p in self.photos
            ],
            "overlaps": [
                {
                    "first": p.first,
                    "second": p.second,
                    "matches": p.matches,
                    "stated_m": _rounded(p.stated_m),
                    "mended_m": _rounded(p.mended_m),
                    "expected_m": _rounded(p.expected_m),
                }
                for p in self.pairs
            ],
        }

    def text(self) -> str:
        """Give it as a table for people."""
        lines = [*self.pair_lines(_worst(self.pairs)), *self.photo_lines()]
        if self.stated_m is not None and self.mended_m is not None:
            lines.append(
                f"{len(self.pairs)} 对，中位数 {self.stated_m:.2f} → {self.mended_m:.2f} 米 · "
                f"{len(self.pairs)} pairs, median {self.stated_m:.2f} → {self.mended_m:.2f} m"
            )
        return "\n".join((*lines, self.zh, self.en))

    @staticmethod
    def pair_lines(pairs: Sequence[PairSaid]) -> list[str]:
        """Give a line for each of some pairs."""
        return [
            f"{p.first} – {p.second}: {p.matches:4d}  {p.stated_m:6.2f} → {p.mended_m:6.2f} m "
            f"(± {p.expected_m:.2f})"
            for p in pairs
        ]

    def photo_lines(self) -> list[str]:
        """Give a line for each photo that is not simply as stated."""
        return [f"{p.name}: {_photo_text(p)}" for p in self.photos]

    def _causes(self, language: str) -> Sequence[str]:
        joined = " / ".join(getattr(fault, language) for fault in self.faults)
        lens = _STRAIGHTENED[language] if self.straightened else ""
        turned = _UPSIDE_DOWN[language] if self.upside_down else ""
        return tuple(part for part in (joined, lens, turned) if part)


def undecided() -> Verdict:
    """Give the verdict on footage whose frames overlap too little."""
    return Verdict(
        outcome=Outcome.UNDECIDED, pairs=(), photos=(), faults=(), stated_m=None, mended_m=None
    )


def upside_down(pairs: tuple[PairSaid, ...]) -> Verdict:
    """Give the verdict on a drive whose frames agree once they are turned by 180 degrees.

    Args:
        pairs: of frames that were turned.
    """
    usual_m = median(pair.stated_m for pair in pairs)
    return Verdict(
        outcome=Outcome.FAILED,
        pairs=pairs,
        photos=(),
        faults=(),
        stated_m=usual_m,
        mended_m=usual_m,
        upside_down=True,
    )


def _worst(pairs: Sequence[PairSaid]) -> Sequence[PairSaid]:
    """Give all pairs in order, or of many those that disagree most."""
    if len(pairs) <= _MOST_LINES:
        return pairs
    return sorted(pairs, key=lambda pair: -pair.mended_m)[:_MOST_LINES]


def _photo_text(photo: PhotoSaid) -> str:
    turned = {
        Turn.NONE: ("方向与所写一致", "lies as stated"),
        Turn.PICTURE: ("画面转了 180°", "its picture is turned by 180 degrees"),
        Turn.HEADING: ("航向反了 180°", "its heading is reversed by 180 degrees"),
    }[photo.turn]
    used = ("可用", "usable") if photo.usable else ("不采用", "not used")
    return f"{turned[0]}，{used[0]} · {turned[1]}, {used[1]}"


def _rounded(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else round(value, 3)
