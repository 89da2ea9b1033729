"""How often automatic closing may be wrong, known at any moment: the guarantee before the trust.

A random share of automatic closures is checked by people who are not told the machine's answer.
"""

import math
from typing import Final

import numpy as np

from dispatch.errors import DispatchError

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_SHARES: Final = (_NODES + 1.0) / 2.0
_LOG_WEIGHTS: Final = np.log(_WEIGHTS / 4.0)
"""Half of the stake is spread evenly over lower rates; the other half is on no error at all."""


class MoreWrongThanChecked(DispatchError):
    """Counts of checks cannot be: more were wrong than were made."""

    def __init__(self, checks: int, wrong: int) -> None:
        super().__init__(
            f"抽查 {checks} 件，其中错误 {wrong} 件：数目不对，请核对抽查记录",
            f"{wrong} wrong of {checks} checks cannot be: look the records of the checks through",
        )
        self.checks, self.wrong = checks, wrong


def false_closure_bound(checks: int, wrong: int, alpha: float = 0.05) -> float:
    """Give an upper bound of the rate of false closures that holds at all times at once.

    However often it is looked at, the chance that it ever falls under the true rate is at most
    alpha: an e-process bets against each rate, and those rates are left that have not been
    refuted at 1 / alpha (Ville's inequality).

    Sources: H. Robbins, Ann. Math. Statist. 41 (1970); A. Ramdas et al., "Game-theoretic
    statistics and safe anytime-valid inference", Statistical Science 38 (2023).

    Args:
        checks: blind checks of automatic closures drawn at random.
        wrong: of these, closures that were false.

    Raises:
        MoreWrongThanChecked: the counts cannot be.
    """
    if not 0 <= wrong <= checks:
        raise MoreWrongThanChecked(checks, wrong)
    if checks == wrong:  # nothing that was right: every rate is possible
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(36):
        rate = (low + high) / 2.0
        if _log_e_value(rate, checks, wrong) < -math.log(alpha):
            low = rate
        else:
            high = rate
    return high


def _log_e_value(rate: float, checks: int, wrong: int) -> float:
    """Give the log of the wealth won by betting that the true rate lies under a rate."""
    right = checks - wrong
    log_ratios = wrong * np.log(_SHARES) + right * (np.log1p(-rate * _SHARES) - math.log1p(-rate))
    stakes = log_ratios + _LOG_WEIGHTS
    if wrong == 0:
        stakes = np.append(stakes, math.log(0.5) - right * math.log1p(-rate))
    highest = float(stakes.max())
    return highest + math.log(float(np.exp(stakes - highest).sum()))


def may_close_itself(*, checks: int, wrong: int, limit: float, alpha: float = 0.05) -> bool:
    """Say whether cases of a class may be closed without a person: the bound is under the limit.

    Raises:
        MoreWrongThanChecked: the counts cannot be.
    """
    return false_closure_bound(checks, wrong, alpha) <= limit
