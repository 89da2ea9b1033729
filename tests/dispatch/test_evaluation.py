"""Indicators: what a user relies on when figures are compared, grouped and ranked."""

from collections.abc import Collection

import pytest

from dispatch.case.case import Case
from dispatch.case.transition import Action
from dispatch.clocks.period import Period, PeriodReversed
from dispatch.figures.evaluation import (
    Figure,
    count_cases,
    figures,
    index_of,
    parts_of,
    select_facts,
)
from dispatch.figures.life import facts_since
from dispatch.indicators.formula import Grouping, Kind, Test
from dispatch.indicators.indicator import Indicator, Key
from dispatch.indicators.table import INDICATORS
from tests.dispatch.city import CITIES, SANITATION, WORKER, profile_of
from tests.dispatch.evaluating import (
    AFTERWARDS,
    NOVEMBER,
    POLICY,
    closed,
    declined,
    dispatched,
    done,
    evaluate,
    filed,
    finished,
    hour,
    refuted,
    reported,
    send,
    share,
    supervised,
)
from tests.dispatch.more_lives import redone_by_another


def test_no_cases_give_no_shares_and_counts_of_zero() -> None:
    found = evaluate()

    assert found[Key.REPORTED].value == 0
    assert found[Key.CLOSURE].value is None


def test_one_lucky_case_says_little_and_its_interval_says_so() -> None:
    found = evaluate(closed(finished(dispatched(), at=0.01), at=0.07))

    assert found[Key.CLOSURE].value == 1.0
    assert found[Key.CLOSURE].low == pytest.approx(0.207, abs=0.001)


def test_what_happens_after_the_period_does_not_change_it() -> None:
    case = finished(dispatched(due=50), at=40)
    before = evaluate(case)

    closed(case, at=24 * 40)

    assert evaluate(case) == before


def test_a_period_in_progress_does_not_count_what_is_not_yet_due() -> None:
    case = dispatched(due=50)

    found = evaluate(case, now=hour(20))

    assert share(found[Key.ON_TIME_HANDLING]) == (0, 0)


def _by(by: Grouping, *cases: Case) -> dict[str, dict[Key, Figure]]:
    window = NOVEMBER.known_at(AFTERWARDS)
    counted = count_cases(cases, parts=parts_of(POLICY), window=window, by=by)
    return {
        name: {each.indicator.key: each for each in figures(counts, policy=POLICY, by=by)}
        for name, counts in counted.items()
    }


@pytest.mark.parametrize(
    ("by", "whose"),
    [
        (Grouping.DEPARTMENT, "roads"),
        (Grouping.POST, "handler"),
        (Grouping.PERSON, WORKER.id),
        (Grouping.CITY, ""),
    ],
)
def test_rework_counts_against_whose_work_was_sent_back_whoever_does_it_again(
    by: Grouping, whose: str
) -> None:
    # Roads did both; one was sent back to them, which they gave back and sanitation did well.
    found = _by(by, redone_by_another("1"), done("2"))

    rework = {name: share(each[Key.REWORK]) for name, each in found.items()}
    assert {name: value for name, value in rework.items() if value != (0, 0)} == {whose: (1, 2)}


def test_who_does_well_what_was_sent_back_to_another_has_closed_it_without_rework() -> None:
    found = _by(Grouping.DEPARTMENT, redone_by_another("1"), done("2"))

    assert share(found["sanitation"][Key.CLOSURE]) == (1, 1)
    assert share(found["sanitation"][Key.REWORK]) == (0, 0)
    assert share(found["roads"][Key.CLOSURE]) == (1, 1)
    assert found["sanitation"][Key.SENT_BACK].numerator == 0
    assert found["roads"][Key.SENT_BACK].numerator == 1


def test_whose_work_it_is_takes_no_facts_beside_those_of_the_whole() -> None:
    """Every figure of a month reads them all."""
    told = facts_since(done("1").history, known=0)

    whose = [(each.department, each.worked_for) for each in told if each.kind is Kind.WHOLE]
    assert whose == [("roads", "roads")]
    assert Kind.WORK not in {each.kind for each in told}


def test_a_step_writes_anew_only_the_facts_that_it_changes() -> None:
    case = dispatched()
    known = len(case.history)
    supervised(case, at=10, due=20)

    told = facts_since(case.history, known=known)

    assert sorted(each.kind for each in told) == [Kind.REPLY, Kind.STEP]


def test_each_department_answers_for_its_own_rounds() -> None:
    case = send(declined(dispatched(due=50), at=10), at=11, due=50, to=SANITATION)
    finished(case, at=60)

    found = _by(Grouping.DEPARTMENT, case)

    assert share(found["sanitation"][Key.ON_TIME_HANDLING]) == (0, 1)
    assert share(found["roads"][Key.ON_TIME_HANDLING]) == (0, 0)
    assert share(found["roads"][Key.CORRECT_DISPATCH]) == (0, 1)


def test_every_figure_leads_to_its_cases() -> None:
    good, bad = done("good"), dispatched("bad")
    on_time = next(each for each in INDICATORS if each.key is Key.ON_TIME_CLOSURE)

    window = NOVEMBER.known_at(AFTERWARDS)
    hits = [of.case for of, _ in select_facts([good, bad], on_time.counts, window)]
    of = [of.case for of, _ in select_facts([good, bad], on_time.of["should"], window)]

    assert (hits, of) == ([good.id], [good.id, bad.id])


def test_a_city_chooses_of_what_the_filing_rate_is() -> None:
    cases = [filed("1"), refuted(reported("2"), at=1), reported("3")]
    of_all = POLICY.model_copy(update={"denominators": {Key.FILING: "reported"}})

    assert share(evaluate(*cases)[Key.FILING]) == (1, 2)
    assert share(evaluate(*cases, policy=of_all)[Key.FILING]) == (1, 3)


def test_a_denominator_that_no_formula_offers_is_refused_with_those_it_has() -> None:
    written = POLICY.model_dump() | {"denominators": {"filing": "handled"}}

    with pytest.raises(ValueError, match="accepted, reported"):
        type(POLICY).model_validate(written)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(PeriodReversed):
        Period(start=hour(2), end=hour(1))


@pytest.mark.parametrize("city", CITIES)
def test_one_case_closed_in_four_minutes_does_not_lead_a_ranking(city: str) -> None:
    policy = profile_of(city).indicators
    worst, *_, best = sorted(policy.grades, key=lambda grade: policy.grades[grade])
    lucky = evaluate(closed(finished(dispatched(), at=0.02), at=0.07))
    steady = evaluate(*[closed(finished(dispatched(f"s{n}"), at=40), at=70) for n in range(60)])

    one, many = (index_of(each.values(), policy=policy) for each in (lucky, steady))

    assert one is not None
    assert many is not None
    assert one.mark < many.mark
    assert (one.grade, many.grade) == (worst, best)


def test_what_is_judged_by_weights_of_its_own_gets_another_mark() -> None:
    found = evaluate(*[done(f"d{n}") for n in range(40)], *[filed(f"f{n}") for n in range(40)])

    handling = index_of(found.values(), policy=POLICY, weights={Key.ON_TIME_HANDLING: 1.0})
    closing = index_of(found.values(), policy=POLICY, weights={Key.ON_TIME_CLOSURE: 1.0})

    assert handling is not None
    assert closing is not None
    assert (handling.grade, closing.grade) == ("A", "E")


@pytest.mark.parametrize("city", CITIES)
def test_nothing_to_judge_gives_no_index(city: str) -> None:
    assert index_of(evaluate().values(), policy=profile_of(city).indicators) is None


def test_every_indicator_says_its_formula_in_both_languages() -> None:
    assert [i.key for i in INDICATORS] == list(dict.fromkeys(i.key for i in INDICATORS))
    assert {indicator.key for indicator in INDICATORS} == set(Key)
    assert all(i.formula_zh and i.formula_en for i in INDICATORS)
    assert Action.VERIFY.zh == "复巡判断"


@pytest.mark.parametrize("indicator", [i for i in INDICATORS if i.is_rate], ids=lambda i: i.key)
def test_what_a_rate_counts_is_among_what_it_is_of(indicator: Indicator) -> None:
    for of in indicator.of.values():
        assert of.kind is indicator.counts.kind
        assert set(of.tests) <= set(indicator.counts.tests) | _implied(indicator.counts.tests)


def _implied(tests: Collection[Test]) -> set[Test]:
    implied = {Test.ON_TIME: Test.DONE, Test.DUE: Test.OWED}
    return {implied[test] for test in tests if test in implied}
