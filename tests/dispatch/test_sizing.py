"""What a measured size says of the filing condition: meets, falls short, or for a person."""

from dataclasses import replace

import pytest

from dispatch.catalogue.catalog import CatalogClass, Threshold
from dispatch.city.condition_text import conditions_of
from dispatch.triage.sizing import SizeAnswer, chance_of_reaching, condition_words, judge_size
from dispatch.wire import Measure, NotObservable, Quantity, Unseen
from tests.dispatch.city import demo_profile

PROFILE = demo_profile()
POTHOLE = PROFILE.classes["road.pothole"]
CRACK = PROFILE.classes["road.crack"]
HEAP = PROFILE.classes["sanitation.garbage_pile"]
SUNKEN_COVER = PROFILE.classes["road.manhole_sunken"]
NO_WIDTH = NotObservable(quantity=Quantity.WIDTH_M, reason=Unseen.FINER_THAN_PIXELS)


def area(value: float, sigma: float = 0.05) -> Measure:
    return Measure(quantity=Quantity.AREA_M2, value=value, sigma=sigma)


def length(value: float, sigma: float = 0.05) -> Measure:
    return Measure(quantity=Quantity.LENGTH_M, value=value, sigma=sigma)


@pytest.mark.parametrize(
    ("sizes", "answer"),
    [
        ((), SizeAnswer.NEEDS_PERSON),
        ((area(0.60),), SizeAnswer.MEETS),
        ((area(0.55),), SizeAnswer.NEEDS_PERSON),
        ((area(0.45),), SizeAnswer.NEEDS_PERSON),
        ((area(0.40),), SizeAnswer.FALLS_SHORT),
        ((area(0.60, sigma=0.3),), SizeAnswer.NEEDS_PERSON),
        ((length(9.0),), SizeAnswer.NEEDS_PERSON),
        ((length(9.0), area(0.60)), SizeAnswer.MEETS),
    ],
)
def test_a_size_meets_the_threshold_only_beyond_its_error(
    sizes: tuple[Measure, ...], answer: SizeAnswer
) -> None:
    assert judge_size(POTHOLE, sizes).answer is answer


def test_the_chance_of_reaching_the_threshold_is_even_on_it_and_grows_with_the_size() -> None:
    half_metre = Threshold(quantity=Quantity.AREA_M2, value=0.5)

    assert chance_of_reaching(area(0.5), half_metre) == pytest.approx(0.5)
    assert chance_of_reaching(area(0.55), half_metre) == pytest.approx(0.8413, abs=1e-4)


def test_a_heap_needs_no_measured_size() -> None:
    assert judge_size(HEAP, ()).answer is SizeAnswer.NO_THRESHOLD
    asked = replace(HEAP, threshold=POTHOLE.threshold)
    assert judge_size(asked, (area(0.6),)).answer is SizeAnswer.MEETS


@pytest.mark.parametrize(
    ("sizes", "answer"),
    [
        ((area(1.5), length(3.0)), SizeAnswer.MEETS),
        ((area(0.3), length(0.5)), SizeAnswer.FALLS_SHORT),
        ((area(0.3), length(3.0)), SizeAnswer.NEEDS_PERSON),
        ((area(0.3),), SizeAnswer.NEEDS_PERSON),
    ],
    ids=["wide cracking", "a short crack", "a long thin crack", "of unknown length"],
)
def test_a_crack_is_filed_by_its_area_or_by_its_length_and_a_width_that_a_person_measures(
    sizes: tuple[Measure, ...], answer: SizeAnswer
) -> None:
    assert judge_size(CRACK, sizes, [NO_WIDTH]).answer is answer


def test_a_person_reads_why_the_width_of_a_crack_is_left_to_them() -> None:
    said = judge_size(CRACK, (area(0.3), length(3.0)), [NO_WIDTH])

    assert "要求宽度 0.003 m 以上，小于画面像素，测不出，由人判断" in said.why_zh
    assert "width of 0.003 m or more is asked for, it is finer than a pixel" in said.why_en


def test_how_far_a_cover_has_sunk_is_always_for_a_person_because_one_camera_cannot_see_it() -> None:
    said = judge_size(SUNKEN_COVER, (area(0.6),))

    assert said.answer is SizeAnswer.NEEDS_PERSON
    assert said.why_zh == "要求高差 0.02 m 以上，单个相机测不出，由人判断"
    assert "one camera cannot observe it: a person decides" in said.why_en


def test_a_size_that_meets_is_said_with_its_error_in_both_languages() -> None:
    said = judge_size(POTHOLE, (area(0.8, 0.1),))

    assert said.why_zh == "测得面积 0.80 ± 0.10 m²，要求面积 0.5 m² 以上，达到"
    assert said.why_en == (
        "area 0.80 ± 0.10 m² was measured, area of 0.5 m² or more is asked for: meets"
    )


@pytest.mark.parametrize(
    ("category", "zh"),
    [
        (HEAP, None),
        (POTHOLE, "立案标准：面积 0.5 m² 以上"),
        (CRACK, "立案标准：面积 1 m² 以上，或长度 1 m 以上且宽度 0.003 m 以上"),
    ],
)
def test_people_read_from_which_sizes_a_class_is_filed(
    category: CatalogClass, zh: str | None
) -> None:
    words = condition_words(category)

    assert (words[0] if words else None) == zh


@pytest.mark.parametrize(
    "written",
    ["length", "length_m>1", "girth_m>=1", "length_m>=0", "length_m>=1 &", "area_m2>=1 | "],
)
def test_a_condition_that_cannot_be_read_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="write for example"):
        conditions_of(written)
