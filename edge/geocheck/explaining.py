"""A self-check told in full: what was compared, what was weighed, and what could not show."""

from statistics import median

from edge.geocheck.faults import EVIDENT, Trial
from edge.geocheck.verdict import Outcome, Verdict

_COMPARED_ZH = (
    "每对画面各自把同样的点投到地面，两处应当重合；"
    "括号内是所写误差能解释的距离（米），数字是吻合的点数。"
)
_COMPARED_EN = (
    "The same points of two frames are projected to the ground from each; the two places should "
    "meet. A line gives how many points matched, how far apart they lie as stated and as mended, "
    "and in brackets what the stated errors explain."
)
_NOTHING = (
    "没有足够的重叠画面，什么原因都没有权衡。",
    "Too few frames overlap, so no cause was weighed.",
)
_LUCK = (
    f"单位：标准差的平方；拟合、留出和可见三项都要超过 {EVIDENT:.0f}，并且超出容差，才算找到。",
    "Evidence is in squared standard errors: a cause is named where fitted, held-out and possible "
    f"evidence all pass {EVIDENT:.0f}, and its value lies beyond what is tolerated.",
)


def explained(verdict: Verdict) -> str:
    """Tell a self-check to people, in Chinese and in English."""
    lines = [_COMPARED_ZH, _COMPARED_EN, *verdict.pair_lines(verdict.pairs)]
    if verdict.pairs:
        count, matches = len(verdict.pairs), median(pair.matches for pair in verdict.pairs)
        lines.append(
            f"共 {count} 对，每对点数的中位数 {matches:.0f} · "
            f"{count} pairs, {matches:.0f} points in the median pair"
        )
    lines += [*verdict.photo_lines(), *_weighed(verdict.trials)]
    if verdict.outcome is Outcome.FAILED and not verdict.faults:
        lines.append(
            "画面互相矛盾，但上述原因都解释不了：请检查轨迹与画面是否配对、镜头是否对准、地面是否平整。"
        )
        lines.append(
            "The frames disagree and none of these causes explains it: check that track and "
            "pictures belong together, how the camera sits, and that the ground is even."
        )
    return "\n".join((*lines, verdict.zh, verdict.en))


def _weighed(trials: tuple[Trial, ...]) -> list[str]:
    if not trials:
        return list(_NOTHING)
    return [*_LUCK, *(line for trial in trials for line in (_zh(trial), _en(trial)))]


def _zh(trial: Trial) -> str:
    cause = trial.cause
    if trial.shows_from is None:
        shows = "这一趟看不出它（例如直路匀速看不出时间差），不作判断"
    else:
        shows = f"这一趟从差 {_distance(trial, trial.shows_from)} 起看得出"
    return (
        f"{cause.called_zh}：最吻合处差 {_distance(trial, cause.distance(trial.value))}，"
        f"拟合 {trial.gain:.0f}、留出 {trial.held_out:.0f}、可见 {trial.signal:.0f}；{shows}；"
        f"{_judged(trial)[0]}"
    )


def _en(trial: Trial) -> str:
    cause = trial.cause
    if trial.shows_from is None:
        shows = "it could not show in this pass"
    else:
        shows = f"this pass would show it from {_distance(trial, trial.shows_from)} on"
    return (
        f"{cause.called_en}: agrees best {_distance(trial, cause.distance(trial.value))} off; "
        f"evidence fitted {trial.gain:.0f}, held out {trial.held_out:.0f}, "
        f"possible {trial.signal:.0f}; {shows}; {_judged(trial)[1]}"
    )


def _judged(trial: Trial) -> tuple[str, str]:
    if trial.evident and trial.beyond:
        return "超出容差", "beyond what is tolerated"
    if trial.evident:
        return "在容差之内", "within what is tolerated"
    return "证据不足", "too little evidence"


def _distance(trial: Trial, distance: float) -> str:
    if trial.cause.ratio:
        return f"{100.0 * distance:.0f}{trial.cause.unit}"
    return f"{distance:.2f}{trial.cause.unit}"
