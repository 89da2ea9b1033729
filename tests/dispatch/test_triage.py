"""What is filed by itself, asked about, or held; and who is responsible for it."""

from datetime import date

import pytest

from dispatch.ground.place import Place
from dispatch.indicators.interval import beta_lower, wilson
from dispatch.loop.assignment import assign_department
from dispatch.triage.triage import CardWord, Course, Verdicts, triage
from dispatch.wire import Measure, Quantity
from tests.dispatch.city import demo_profile

PROFILE = demo_profile()
POTHOLE = PROFILE.classes["road.pothole"]
CRACK = PROFILE.classes["road.crack"]
HEAP = PROFILE.classes["sanitation.garbage_pile"]
TRUSTED = Verdicts(true=95, false=2)
DAY = date(2026, 11, 20)


def area(value: float, sigma: float = 0.05) -> Measure:
    return Measure(quantity=Quantity.AREA_M2, value=value, sigma=sigma)


def length(value: float, sigma: float = 0.05) -> Measure:
    return Measure(quantity=Quantity.LENGTH_M, value=value, sigma=sigma)


def course(
    label: str = "road.pothole",
    *,
    chance: float = 0.97,
    measure: Measure | None = None,
    also: tuple[Measure, ...] = (),
    verdicts: Verdicts = TRUSTED,
    card: CardWord = CardWord.MAY_FILE,
) -> Course:
    return triage(
        PROFILE.classes[label],
        label=label,
        chance=chance,
        sizes=(*((measure,) if measure else ()), *also),
        verdicts=verdicts,
        card=card,
        policy=PROFILE.triage,
    ).course


def test_a_sure_find_of_a_proven_class_is_filed_by_itself() -> None:
    assert course(measure=area(0.8)) is Course.FILE


def test_a_new_model_version_has_to_ask_first() -> None:
    assert course(measure=area(0.8), verdicts=Verdicts()) is Course.ASK


def test_an_unsure_find_of_a_proven_class_is_asked_about() -> None:
    assert course(chance=0.5, measure=area(0.8)) is Course.ASK


def test_an_unlikely_heap_is_held_as_visible_stock() -> None:
    assert course("sanitation.garbage_pile", chance=0.1) is Course.HOLD


def test_a_small_crack_is_held_and_an_undecided_one_is_asked_about() -> None:
    assert course("road.crack", measure=area(0.3), also=(length(0.5),)) is Course.HOLD
    assert course("road.crack", measure=area(0.95)) is Course.ASK


def test_a_hazard_is_never_held() -> None:
    assert course(chance=0.05, measure=area(0.3)) is Course.ASK


def test_what_concerns_persons_is_always_asked_about() -> None:
    assert course("street.vending", chance=0.99) is Course.ASK


@pytest.mark.parametrize("card", [CardWord.ASKS, CardWord.UNKNOWN])
@pytest.mark.parametrize("label", sorted(PROFILE.classes))
def test_no_number_outweighs_a_model_that_asks_a_person(label: str, card: CardWord) -> None:
    endless = Verdicts(true=1_000_000)

    said = course(label, chance=1.0, measure=area(1000.0, 1e-6), verdicts=endless, card=card)

    assert said is Course.ASK


def test_a_person_is_told_that_the_models_card_asks_beside_what_else_is_unsure() -> None:
    said = triage(
        POTHOLE,
        label="road.pothole",
        chance=0.97,
        sizes=(area(0.5),),
        verdicts=TRUSTED,
        card=CardWord.ASKS,
        policy=PROFILE.triage,
    )

    assert said.why_zh.startswith("模型卡写明这类发现先问人；尺寸是否达标需现场核实")
    assert "the model's card has a person asked" in said.why_en
    assert said.grounds["card"] == "asks"


def test_triage_says_why_in_both_languages_with_its_numbers() -> None:
    said = triage(
        CRACK,
        label="road.crack",
        chance=0.97,
        sizes=(area(0.3), length(0.5)),
        verdicts=TRUSTED,
        card=CardWord.MAY_FILE,
        policy=PROFILE.triage,
    )

    assert said.why_zh.startswith("测得尺寸未达立案标准：测得面积 0.30 ± 0.05 m²")
    assert said.grounds["threshold"] == 1.0
    assert said.grounds["measured"] == 0.3


def place(latitude: float, longitude: float, *, sigma_m: float = 1.0) -> Place:
    return Place(latitude=latitude, longitude=longitude, ee=sigma_m**2, en=0.0, nn=sigma_m**2)


def test_the_most_special_rule_names_the_department() -> None:
    shares = PROFILE.grids.shares(place(30.003, 110.0), day=DAY)

    found = assign_department("sanitation.bin_overflow", shares, profile=PROFILE)

    assert found.department == "sanitation"
    assert found.grounds["rule"] == "R6"


def test_a_position_error_across_a_border_of_responsibility_is_for_a_person() -> None:
    park = next(grid for grid in PROFILE.grids.grids if grid.owner == "park")
    _, south, east, north = park.polygon.bounds
    edge = next(
        grid.polygon.bounds
        for grid in PROFILE.grids.grids
        if grid.owner == "park" and grid.polygon.bounds[1] == south
    )
    border = max(
        grid.polygon.bounds[2]
        for grid in PROFILE.grids.grids
        if grid.owner == "park" and grid.polygon.bounds[1] == south
    )
    assert edge[2] <= border >= east

    shares = PROFILE.grids.shares(place((south + north) / 2, border), day=DAY)
    found = assign_department("road.pothole", shares, profile=PROFILE)

    assert found.department is None
    assert "跨越责任边界" in found.doubt_zh
    assert set(found.grounds["departments"]) == {"roads", "parks"}


def test_ground_that_no_rule_covers_is_for_a_person() -> None:
    compound = next(grid for grid in PROFILE.grids.grids if grid.owner == "compound")
    inside = compound.polygon.representative_point()

    shares = PROFILE.grids.shares(place(inside.y, inside.x), day=DAY)
    found = assign_department("road.pothole", shares, profile=PROFILE)

    assert found.department is None
    assert "没有规则" in found.doubt_zh


def test_a_border_between_grids_of_one_department_raises_no_doubt() -> None:
    grid = PROFILE.grids.holding(30.0, 110.0, day=DAY)
    assert grid is not None
    _, _, east, north = grid.polygon.bounds

    shares = PROFILE.grids.shares(place(north, east), day=DAY)
    found = assign_department("road.pothole", shares, profile=PROFILE)

    assert len(shares) == 4
    assert found.department == "roads"


@pytest.mark.parametrize("a", [1.0, 2.0, 20.0, 97.0])
def test_the_lower_bound_of_a_beta_agrees_with_its_closed_form(a: float) -> None:
    # Beta(a, 1) has the distribution function x ** a.
    assert beta_lower(a, 1.0) == pytest.approx(0.05 ** (1.0 / a), abs=5e-4)


def test_an_interval_of_nothing_is_everything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
