"""Where a vehicle and its crew were is kept for a time, on every store: then only sums stay."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from dispatch.case.step import Decision
from dispatch.city.retention import Rule
from dispatch.clocks.period import Period, Window
from dispatch.figures.evaluation import figures, parts_of
from dispatch.indicators.formula import OF_PATROLS, Grouping
from dispatch.indicators.table import INDICATORS
from dispatch.intake import surveying
from dispatch.keeping import erasing
from dispatch.loop import casework
from dispatch.ports.unit_of_work import FactFilter, UnitOfWork
from dispatch.proof.erasure import Erasure
from dispatch.proof.ledger import EntryKind
from dispatch.proof.lines import Line, figures_line
from dispatch.proof.recount import Tally
from dispatch.proof.recount_patrols import Patrols
from dispatch.proof.rows import covered_line, stretch_line
from dispatch.sights.swept import lookup_cells
from dispatch.wire import Sweep, canonical_bytes
from tests.dispatch import making
from tests.dispatch.chained import last_head
from tests.dispatch.city import SUPERVISOR, City, certain_recall
from tests.dispatch.noted import held, lines_of
from tests.dispatch.test_retention_on_stores import run

OLD = "vehicle-07:1"


@pytest.fixture
def city(begin: Callable[[], UnitOfWork]) -> City:
    return City(begin=begin)


def told(city: City) -> None:
    tell = partial(surveying.tell_sweeps, recalls=certain_recall, profile=city.profile)
    while tell(now=city.now, uow=city.uow):
        pass


def sweeps(city: City, pass_id: str = OLD) -> list[Sweep]:
    with city.uow as uow:
        return list(uow.sweeps.of_pass(pass_id))


def driven(city: City, pass_id: str = OLD, *, hidden: bool = False) -> list[Sweep]:
    """A pass over the usual place, told for the figures."""
    city.sweep(pass_id, hidden=hidden)
    told(city)
    return sweeps(city, pass_id)


def ground(city: City) -> list[Erasure]:
    return [each for each in run(city) if each.rule is Rule.SWEEP]


@pytest.mark.parametrize("hidden", [False, True])
def test_ground_goes_in_its_time_and_sums_say_what_it_was(city: City, hidden: bool) -> None:
    (before,) = driven(city, hidden=hidden)
    city.later(days=360)
    assert ground(city) == []
    city.later(days=10)

    (erasure,) = ground(city)

    (after,) = sweeps(city)
    assert (after.inspected, after.hidden) == ((), ())
    assert after == before.model_copy(update={"inspected": (), "hidden": ()})
    assert erasure.subject == f"pass:{OLD}"
    assert erasure.sweeps == (f"{before.id} {sum_of(before)}",)
    with city.uow as uow:
        assert uow.sweeps.near(lookup_cells(before)) == []
        assert uow.sweeps.has_ended(OLD)
        assert [each.seal for each in uow.erasures.all()] == [erasure.seal]
        entries = list(uow.ledger.entries())
    (entry,) = [each for each in entries if each.kind is EntryKind.GROUND]
    assert (entry.subject, entry.seal) == (OLD, erasure.seal)
    last_head(entries)
    assert run(city) == []


def test_what_a_pass_was_told_of_stays_and_is_told_anew_from_nothing_empty(city: City) -> None:
    (one,) = driven(city)
    with city.uow as uow:
        before = uow.stretches.of_sweep(one.id)
    city.later(days=370)
    ground(city)

    differed = surveying.retell_sweeps(
        recalls=certain_recall, profile=city.profile, uow=city.uow, write=True
    )

    assert differed == ()
    assert before is not None
    with city.uow as uow:
        after = uow.stretches.of_sweep(one.id) or pytest.fail("not told")
    assert after[0] == before[0]
    assert after[1] == tuple(replace(patch, cells=b"") for patch in before[1]) != ()


def test_figures_of_a_month_stay_and_are_recounted_where_the_ground_behind_them_went(
    city: City,
) -> None:
    month = Period(start=datetime(2026, 11, 1, tzinfo=UTC), end=datetime(2026, 12, 1, tzinfo=UTC))
    window = month.known_at(month.end)
    surveying.keep_lands(at=month.start, profile=city.profile, uow=city.uow)
    driven(city)
    city.later(days=1)
    driven(city, "vehicle-07:2")
    before = stated(city, window)
    city.later(days=370)
    assert len(ground(city)) == 2

    after = stated(city, window)

    assert after == before
    covered = before["figures"]["city"][""]["coverage"]  # type: ignore[index, call-overload]
    assert covered[0] > 0
    with city.uow as uow:
        tally = Tally(json.loads(json.dumps(after)), Patrols)
        for each in uow.stretches.told(window):
            assert not any(patch.cells for patch in each.patches)
            tally.patrols.add(json.loads(json.dumps(stretch_line(each))))
        assert held(uow, window, lines_of(uow, window)) == []
        for piece in uow.stretches.erased(window):
            tally.patrols.cover(json.loads(json.dumps(covered_line(piece))))
    assert list(tally.troubles()) == []


def stated(city: City, window: Window) -> Line:
    """What a bundle states of the figures of patrols."""
    policy = city.profile.indicators
    of_patrols = tuple(part for part in parts_of(policy) if part.kind in OF_PATROLS)
    with city.uow as uow:
        found = {
            by: {
                group: figures(counts, policy=policy, by=by)
                for group, counts in uow.facts.count(of_patrols, window, FactFilter(by=by)).items()
            }
            for by in Grouping
        }
        patrolled = uow.stretches.patrolled(window, area="")
    shown = [each for each in INDICATORS if each.counts in of_patrols]
    return figures_line(window, shown, found, policy=policy, patrolled=patrolled)


def test_a_younger_stretch_of_the_same_pass_keeps_all_of_it(city: City) -> None:
    driven(city)
    city.later(days=360)
    with city.uow as uow:
        uow.sweeps.save(making.sweep(pass_id=OLD, at=city.now, stretch=1))
        uow.commit()
    told(city)
    city.later(days=10)

    assert ground(city) == []


def test_what_comes_late_of_a_pass_that_was_erased_goes_too(city: City) -> None:
    (one,) = driven(city)
    city.later(days=370)
    ground(city)
    with city.uow as uow:
        uow.sweeps.save(one.model_copy(update={"revision": one.revision + 1}))
        uow.commit()
    assert ground(city) == []
    told(city)

    (again,) = ground(city)

    assert again.sweeps != ()
    assert [each.inspected for each in sweeps(city)] == [()]


def test_a_pass_stays_while_the_verdict_on_an_open_case_rests_on_it(city: City) -> None:
    case = city.filed()
    driven(city, "vehicle-07:77")
    city.later(days=500)
    assert ground(city) == []

    said = Decision(by=SUPERVISOR, at=city.later(minutes=5), code="W1")
    casework.write_off_case(case, said, profile=city.profile, uow=city.uow)
    assert ground(city) == []
    city.later(days=100)

    assert {each.subject for each in ground(city)} == {"pass:vehicle-07:77"}


def test_a_pass_from_before_a_thing_was_there_does_not_wait_for_its_case(city: City) -> None:
    driven(city, "vehicle-07:66")
    city.later(days=360)
    city.filed()
    city.later(days=10)

    assert "pass:vehicle-07:66" in {each.subject for each in ground(city)}


def test_a_hold_keeps_the_ground_as_long_as_the_pictures(city: City) -> None:
    case = city.filed()
    driven(city, "vehicle-07:77")
    said = Decision(by=SUPERVISOR, at=city.later(minutes=5), code="W1")
    casework.write_off_case(case, said, profile=city.profile, uow=city.uow)
    hold = Decision(by=SUPERVISOR, at=city.later(minutes=1), note="法院调取")
    erasing.hold_case(case, hold, uow=city.uow)
    city.later(days=1000)
    assert ground(city) == []

    free = Decision(by=SUPERVISOR, at=city.later(minutes=1), note="判决生效")
    erasing.release_case(case, free, uow=city.uow)

    assert {each.subject for each in ground(city)} == {"pass:vehicle-07:77"}


def test_what_was_decided_to_go_stays_if_a_case_rests_on_it_by_then(city: City) -> None:
    case = city.filed()
    driven(city, "vehicle-07:77")
    said = Decision(by=SUPERVISOR, at=city.later(minutes=5), code="W1")
    casework.write_off_case(case, said, profile=city.profile, uow=city.uow)
    city.later(days=380)
    due = expiry_due(city)
    city.show_now(case)
    again = Decision(by=SUPERVISOR, at=city.later(minutes=1), note="没修好")
    casework.reopen_case(case, again, profile=city.profile, uow=city.uow)

    erased = [erasing.erase(one, now=city.now, profile=city.profile, uow=city.uow) for one in due]

    assert erased == [None]


def expiry_due(city: City) -> list[erasing.Due]:
    with city.uow as uow:
        found = erasing.Expiry(city.now, city.profile.retention, uow).over()
        return [
            erasing.Due(rule=rule, id=id_) for rule, ids in found for id_ in ids if rule is RULE
        ]


RULE = Rule.SWEEP


def sum_of(sweep: Sweep) -> str:
    return hashlib.sha256(canonical_bytes(sweep)).hexdigest()


def test_the_time_counts_from_the_drive(city: City) -> None:
    driven(city)
    city.later(days=364)
    driven(city, "vehicle-07:2")
    city.now += timedelta(days=3)

    assert {each.subject for each in ground(city)} == {f"pass:{OLD}"}
