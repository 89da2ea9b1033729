"""Is a handled problem repaired? Every verdict, every reason not to give one."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.ground.place import Place
from dispatch.simulation.sighting import ORIGIN, Errors, sighting
from dispatch.simulation.vans import below_a_van, ground
from dispatch.verification.detectability import RecallBand
from dispatch.verification.evidence import Look, Target, Witness
from dispatch.verification.judgement import verify
from dispatch.verification.policy import Policy, Prior
from dispatch.verification.sentence import pass_words, sentence_en, sentence_zh
from dispatch.verification.verdict import Assessment, Outcome, PassRecord, Reason, Verdict
from dispatch.wire import Light, NotInspected

START: Final = datetime(2026, 11, 1, 1, tzinfo=UTC)
HANDLED: Final = START + timedelta(days=9, hours=12)
UNIFORM: Final = (
    RecallBand(min_px=8.0, max_px=640.0, light=Light.DAY, lower=0.5, concentration=2.0),
)
GOOD: Final = (RecallBand(min_px=8.0, max_px=640.0, light=Light.DAY, lower=0.8, concentration=8.0),)
EXACT: Final = Policy(false_alarm=0.0, misplaced=0.0)
USUAL: Final = Policy()


ROAD: Final = ground((-20.0, 20.0), (-8.0, 8.0))


def words_of(record: PassRecord) -> tuple[str, str]:
    return pass_words(record.outcome, record.reason)


def target(sigma_m: float = 0.5, **changes: object) -> Target:
    latitude, longitude = ORIGIN
    place = Place(latitude=latitude, longitude=longitude, ee=sigma_m**2, en=0.0, nn=sigma_m**2)
    usual = Target(
        label="road.pothole",
        place=place,
        size_m=0.8,
        first_seen_at=START,
        handled_at=HANDLED,
        certain_since=START,
    )
    return replace(usual, **changes)


def look(
    day: float,
    *,
    hit: bool = False,
    off_m: float = 0.0,
    bands: tuple[RecallBand, ...] = GOOD,
    inspected: Mapping[int, float] = ROAD,
    hidden: Mapping[int, NotInspected] | None = None,
    sigma_m: float = 0.5,
    light: Light = Light.DAY,
) -> Look:
    at = START + timedelta(days=day)
    name = f"simulated:{day:06.2f}"
    one = sighting(
        pass_id=name, name="x", at=at, east_m=off_m, north_m=0.0, errors=Errors(shared_m=0.5)
    )
    return Look(
        pass_id=name,
        at=at,
        inspected=inspected,
        light=light,
        sigma_m=sigma_m,
        hidden=hidden or {},
        bands=bands,
        seen=(one,) if hit else (),
    )


FOUR_OF_FIVE: Final = [look(day, hit=day != 2, bands=UNIFORM) for day in range(5)]
FOUND: Final = [look(day, hit=day != 2) for day in range(5)]


def judge(*looks: Look, policy: Policy = USUAL, prior: Prior | None = None) -> Assessment:
    return verify(target(), looks=looks, prior=prior or Prior(), policy=policy)


def test_a_problem_nobody_looked_at_cannot_be_told() -> None:
    told = judge(*FOUND)

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.NOT_INSPECTED)
    assert told.present == pytest.approx(0.2)
    assert sentence_zh(told) == "看不清：复巡 0 次，没有巡到这个位置（仍在的可能性 20%）"


def beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


@pytest.mark.parametrize(
    ("hits", "passes", "misses"), [(4, 5, 3), (1, 1, 4), (5, 5, 1), (2, 6, 7), (9, 9, 2)]
)
def test_with_certain_inspection_the_odds_are_the_closed_form(
    hits: int, passes: int, misses: int
) -> None:
    before = [look(day, hit=day < hits, bands=UNIFORM) for day in range(passes)]
    after = [look(10 + day, bands=UNIFORM) for day in range(misses)]

    told = judge(*before, *after, policy=EXACT, prior=Prior(bad=1.0, good=1.0))

    others = passes - hits
    expected = math.exp(beta(1 + hits, 1 + others + misses) - beta(1 + hits, 1 + others))
    assert told.present / (1.0 - told.present) == pytest.approx(expected, rel=2e-3)


def test_three_misses_of_what_was_seen_four_times_of_five_leave_a_twentieth_of_the_odds() -> None:
    after = [look(10 + day, bands=UNIFORM) for day in range(3)]

    told = judge(*FOUR_OF_FIVE, *after, policy=EXACT, prior=Prior(bad=1.0, good=1.0))

    assert told.present / (1.0 - told.present) == pytest.approx(0.048, abs=0.001)


def test_a_problem_clearly_looked_for_and_not_seen_again_is_repaired() -> None:
    told = judge(*FOUND, *(look(10 + day) for day in range(3)))

    assert (told.verdict, told.reason) == (Verdict.REPAIRED, None)
    assert [each.outcome for each in told.passes] == [Outcome.NOT_SEEN] * 3
    assert [each.present for each in told.passes] == sorted(
        (each.present for each in told.passes), reverse=True
    )
    assert sentence_zh(told) == "第 3 次复巡未再看到（看得清，可能性 99.6%）"
    assert sentence_en(told).startswith("Not seen again on pass 3 since (a clear look, repaired")
    assert words_of(told.passes[0]) == ("看得清，未看到", "a clear look, not seen")


def test_three_misses_of_what_the_model_hardly_ever_saw_prove_little() -> None:
    seldom = [look(day, hit=day == 0, bands=UNIFORM) for day in range(9)]

    told = judge(*seldom, *(look(10 + day, bands=UNIFORM) for day in range(3)))

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.NOT_ENOUGH_PASSES)
    assert told.present > 0.08


def test_a_problem_seen_again_is_still_there() -> None:
    told = judge(*FOUND, look(10, hit=True, off_m=0.4))

    assert told.verdict is Verdict.STILL_THERE
    assert told.passes[0].outcome is Outcome.SEEN
    assert sentence_zh(told).startswith("第 1 次复巡仍看到（仍在的可能性 9")
    assert "still there at" in sentence_en(told)


def test_a_sight_three_metres_off_says_less_than_one_on_the_spot() -> None:
    near = judge(*FOUND, look(10, hit=True, off_m=0.2))
    far = judge(*FOUND, look(10, hit=True, off_m=3.0))

    assert far.present < near.present


def test_a_problem_judged_repaired_and_seen_later_has_recurred() -> None:
    clean = [look(10 + day) for day in range(4)]
    again = [look(30, hit=True), look(31, hit=True)]

    told = judge(*FOUND, *clean, *again)

    assert told.verdict is Verdict.RECURRED
    assert "按复发另立一案" in sentence_zh(told)
    assert "linked case" in sentence_en(told)


def test_rubbish_that_comes_back_by_itself_has_recurred_rather_than_stayed() -> None:
    returns = replace(USUAL, return_per_day=0.2)

    told = judge(*FOUND, look(10), look(11), look(25, hit=True), policy=returns)

    assert told.verdict is Verdict.RECURRED
    assert told.returned > told.present / 2.0


def test_a_vendor_who_leaves_by_himself_is_believed_gone_the_longer_the_wait() -> None:
    leaves = replace(USUAL, vanish_per_day=0.5)

    soon = judge(*FOUND, look(10, inspected={}), policy=leaves)
    later = judge(*FOUND, look(15, inspected={}), policy=leaves)

    assert later.present < soon.present < 0.2


def test_hits_and_misses_that_disagree_are_named_conflicting() -> None:
    sure = tuple(replace(band, lower=0.97, concentration=200.0) for band in GOOD)
    misses = [look(10 + day, bands=sure) for day in range(2)]
    strict = replace(USUAL, open=0.999, close=0.9999)

    told = judge(*FOUND, *misses, look(13, hit=True, off_m=1.5, bands=sure), policy=strict)

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.CONFLICTING)


VAN: Final = ground((-2.5, 2.5), (-1.2, 1.2))


@pytest.mark.parametrize("passes", [1, 4, 12])
def test_a_problem_below_a_parked_van_is_never_called_repaired(passes: int) -> None:
    free = {cell: view for cell, view in ROAD.items() if cell not in VAN}
    occluded = dict.fromkeys(VAN, NotInspected.OCCLUDED)
    after = [look(10 + day, inspected=free, hidden=occluded) for day in range(passes)]

    told = judge(*FOUND, *after)

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.OCCLUDED)
    assert "位置被遮挡" in sentence_zh(told)
    assert "stands before it" in sentence_en(told)


def judged_below_a_van(seed: int, *, passes: int, leaves_after: int) -> Assessment:
    handled = below_a_van(passes=passes, leaves_after=leaves_after, rng=np.random.default_rng(seed))
    return verify(handled.target, looks=handled.looks, prior=Prior(), policy=USUAL)


@pytest.mark.parametrize("seed", range(8))
def test_wobbling_claims_round_a_van_that_stays_never_add_up_to_a_look_below_it(seed: int) -> None:
    told = judged_below_a_van(seed, passes=16, leaves_after=16)

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.OCCLUDED)


def test_once_the_van_has_driven_off_the_ground_below_it_is_looked_at() -> None:
    told = judged_below_a_van(1, passes=16, leaves_after=8)

    assert told.verdict is Verdict.REPAIRED


def test_ground_that_no_pass_reached_is_not_inspected() -> None:
    beyond = ground((20.0, 30.0), (-8.0, 8.0))

    told = judge(*FOUND, look(10, inspected=beyond), look(11, inspected=beyond))

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.NOT_INSPECTED)
    assert [each.outcome for each in told.passes] == [Outcome.NOT_INSPECTED] * 2
    assert words_of(told.passes[0]) == ("没看清：没有巡到这个位置", "no pass came near enough")


@pytest.mark.parametrize(
    ("why", "reason"),
    [(NotInspected.DARK, Reason.DARK), (NotInspected.BLURRED, Reason.BLURRED)],
)
def test_ground_in_view_but_unusable_says_why(why: NotInspected, reason: Reason) -> None:
    told = judge(*FOUND, look(10, inspected={}, hidden=dict.fromkeys(ROAD, why)))

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, reason)


def test_a_problem_too_small_for_the_model_is_not_called_repaired() -> None:
    coarse = tuple(replace(band, min_px=100.0) for band in GOOD)

    told = judge(*(look(10 + day, bands=coarse) for day in range(20)))

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.TOO_SMALL)
    assert told.present == pytest.approx(0.2, abs=1e-6)


def test_a_model_that_states_no_recall_clears_nothing() -> None:
    told = judge(*(look(10 + day, bands=()) for day in range(20)))

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.RECALL_UNKNOWN)


def test_a_model_measured_by_day_clears_nothing_at_night() -> None:
    told = judge(*(look(10 + day, light=Light.NIGHT) for day in range(20)))

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.DARK)


def test_a_problem_whose_place_is_vague_is_not_called_repaired() -> None:
    lane = ground((-20.0, 20.0), (-2.0, 2.0))
    after = [look(10 + day, inspected=lane) for day in range(12)]

    told = verify(target(6.0), looks=after, prior=Prior(), policy=USUAL)

    assert (told.verdict, told.reason) == (Verdict.CANNOT_TELL, Reason.POSITION_VAGUE)


def test_vending_at_nineteen_is_not_verified_at_nine() -> None:
    hours = replace(USUAL, hours=2.0)

    mornings = judge(*FOUND, *(look(10.42 + day) for day in range(6)), policy=hours)
    evenings = judge(*FOUND, *(look(10.04 + day) for day in range(6)), policy=hours)

    assert (mornings.verdict, mornings.reason) == (Verdict.CANNOT_TELL, Reason.WRONG_HOUR)
    assert mornings.present == pytest.approx(0.2, abs=1e-6)
    assert evenings.verdict is Verdict.REPAIRED


def test_a_first_sight_proves_less_the_more_passes_had_missed_it() -> None:
    unknown = target(certain_since=None)
    after = [look(10 + day) for day in range(2)]

    def present(*before: Look) -> float:
        return verify(unknown, looks=[*before, *after], prior=Prior(), policy=USUAL).present

    at_once = present(look(5, hit=True))
    after_one = present(look(4), look(5, hit=True))
    after_five = present(*(look(day) for day in range(5)), look(5, hit=True))
    assert at_once < after_one < after_five


def test_a_report_without_a_sweep_teaches_nothing_of_detectability() -> None:
    unknown = target(certain_since=None)
    after = [look(10 + day) for day in range(2)]

    by_phone = verify(
        unknown, looks=[look(5, hit=True, inspected={}), *after], prior=Prior(), policy=USUAL
    )
    unseen = verify(unknown, looks=after, prior=Prior(), policy=USUAL)

    assert by_phone.present == pytest.approx(unseen.present)


def test_an_after_photo_moves_the_belief_by_its_measured_error_rates() -> None:
    photo = Witness(
        source="after_photo",
        at=HANDLED + timedelta(hours=1),
        says_present=False,
        wrong_if_present=0.3,
        wrong_if_absent=0.1,
    )

    alone = verify(target(), looks=[], prior=Prior(), policy=USUAL, witnesses=[photo])
    elsewhere = replace(photo, same_place=0.0)
    other = verify(target(), looks=[], prior=Prior(), policy=USUAL, witnesses=[elsewhere])
    contrary = replace(photo, says_present=True)
    worse = verify(target(), looks=[], prior=Prior(), policy=USUAL, witnesses=[contrary])

    assert alone.present / (1.0 - alone.present) == pytest.approx(0.25 * 0.3 / 0.9)
    assert alone.verdict is Verdict.CANNOT_TELL
    assert other.present == pytest.approx(0.2)
    assert worse.present > 0.5


@pytest.mark.parametrize("ruling", list(Verdict))
def test_a_persons_verdict_outranks_the_numbers(ruling: Verdict) -> None:
    told = verify(
        target(),
        looks=[*FOUND, *(look(10 + day) for day in range(4))],
        prior=Prior(),
        policy=USUAL,
        ruling=ruling,
    )

    assert told.verdict is ruling
    assert told.by_person
    assert sentence_zh(told).startswith("核查员判定")
    assert sentence_en(told).startswith("A verifier")


def test_the_order_in_which_looks_are_handed_in_does_not_matter() -> None:
    looks = [*FOUND, *(look(10 + day, hit=day == 2, off_m=1.0) for day in range(4))]

    assert judge(*looks) == judge(*reversed(looks))


@given(st.lists(st.booleans(), max_size=5), st.floats(11.0, 30.0))
@settings(max_examples=15, deadline=None)
def test_a_pass_elsewhere_moves_no_belief(hits: list[bool], day: float) -> None:
    after = [look(10 + 0.1 * number, hit=hit) for number, hit in enumerate(hits)]
    elsewhere = look(day, inspected=ground((30.0, 34.0), (-2.0, 2.0)))

    with_it = judge(*FOUND, *after, elsewhere)
    without = judge(*FOUND, *after)

    assert with_it.present == pytest.approx(without.present, rel=1e-9)
    assert with_it.verdict is without.verdict


def test_the_grounds_of_a_verdict_can_be_kept_as_json() -> None:
    told = judge(*FOUND, look(10), look(11, hit=True))

    kept = json.loads(json.dumps(told.grounds()))

    assert kept["verdict"] == told.verdict
    assert kept["passes"][0]["power"] == pytest.approx(told.passes[0].power)
    assert datetime.fromisoformat(kept["passes"][1]["at"]) == told.passes[1].at
