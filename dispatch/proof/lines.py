"""The lines of a bundle: cases, ledger, pictures and figures in the form that `verify` reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import JsonValue

from dispatch.case.case import Case
from dispatch.city.policies import IndicatorPolicy
from dispatch.clocks.period import Window
from dispatch.figures.evaluation import Figure
from dispatch.figures.patrol_figures import Patrolled
from dispatch.indicators.formula import Grouping, Part
from dispatch.indicators.indicator import Indicator
from dispatch.proof.ledger import Entry, EntryKind

Line = dict[str, JsonValue]
Groups = Mapping[str, Iterable[Figure]]


def case_line(case: Case) -> Line:
    """Write a case with all its steps and their seals."""
    steps: list[JsonValue] = [{**step.record(), "seal": step.seal} for step in case.history]
    return {"case": case.id, "number": case.number, **case.subject(), "steps": steps}


def entry_line(entry: Entry) -> Line:
    """Write an entry of the ledger."""
    return {
        "number": entry.number,
        "kind": entry.kind.value,
        "subject": entry.subject,
        "seal": entry.seal,
        "head": entry.head,
    }


def picture_lines(entries: Iterable[Entry], *, state: Callable[[str], str]) -> Iterator[Line]:
    """Write what became of every picture, in the order in which they came.

    Args:
        state: `kept` or `missing` for a picture that the ledger does not call deleted.
    """
    pictures: dict[str, EntryKind] = {}
    for entry in entries:
        if entry.kind in {EntryKind.EVIDENCE, EntryKind.DELETED}:
            pictures[entry.subject] = entry.kind
    for sha256, kind in pictures.items():
        yield {
            "sha256": sha256,
            "state": "deleted" if kind is EntryKind.DELETED else state(sha256),
        }


def figures_line(
    window: Window,
    formulas: Iterable[Indicator],
    figures: Mapping[Grouping, Groups],
    *,
    policy: IndicatorPolicy,
    patrolled: Patrolled,
) -> Line:
    """Write formulas as data, and figures as numerator and denominator, group by group."""
    return {
        "patrols": {"fleet": dict(patrolled.fleet), "lands": dict(patrolled.lands)},
        "window": {
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
            "until": window.until.isoformat(),
        },
        "formulas": [_formula(each, policy) for each in formulas],
        "figures": {
            by.value: {
                group: {
                    figure.indicator.key.value: [figure.numerator, figure.denominator]
                    for figure in found
                }
                for group, found in groups.items()
            }
            for by, groups in figures.items()
        },
    }


def _formula(indicator: Indicator, policy: IndicatorPolicy) -> Line:
    of = indicator.denominator(policy.denominators.get(indicator.key))
    return {
        "key": indicator.key.value,
        "name_zh": indicator.name_zh,
        "name_en": indicator.name_en,
        "formula_zh": indicator.formula_zh,
        "formula_en": indicator.formula_en,
        "counts": _part(indicator.counts),
        "of": None if of is None else _part(of),
    }


def _part(part: Part) -> Line:
    return {
        "kind": part.kind.value,
        "tests": [test.value for test in part.tests],
        "word": part.word,
        "amount": part.amount.value,
    }
