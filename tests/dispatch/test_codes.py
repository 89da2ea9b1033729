"""Codes taken apart and written again, and what is said of one that is damaged."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.catalogue.catalog_file import shipped_catalog
from dispatch.catalogue.codes import (
    COMPONENT,
    COUNTY,
    EVERY,
    GBT_30428_2,
    GBT_47678_5,
    MATTER_CLASS,
    PROVINCES,
    TYPE,
    UNIT_GRID,
    Form,
    Part,
    Standard,
    WrongCode,
    read_code,
)

FORMS = {"county": COUNTY, "grid": UNIT_GRID, "type": TYPE, "class": MATTER_CLASS, "id": COMPONENT}
TYPES = {(key.standard, key.code) for key in shipped_catalog().entries}


def known(standard: Standard, code: str) -> bool:
    return (standard.name, code) in TYPES


@st.composite
def codes(draw: st.DrawFn) -> tuple[tuple[Form, ...], str]:
    forms = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    form = draw(st.sampled_from(forms))
    written = "".join(draw(st.text("0123456789", min_size=n, max_size=n)) for _, n in form.parts)
    if form.parts[0][0] is Part.COUNTY:
        written = draw(st.sampled_from(sorted(PROVINCES))) + written[2:]
    return forms, written


@given(codes())
@settings(max_examples=150, deadline=None)
def test_a_code_is_written_again_as_it_was_read(made: tuple[tuple[Form, ...], str]) -> None:
    forms, written = made

    assert str(read_code(written, forms)) == written


@given(made=codes(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_one_damaged_digit_is_refused_in_its_part_or_changes_that_part_alone(
    made: tuple[tuple[Form, ...], str], data: st.DataObject
) -> None:
    forms, written = made
    sound = read_code(written, forms)
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.sampled_from("0123456789Oo１ -").filter(lambda one: one != written[place]))
    damaged = written[:place] + other + written[place + 1 :]

    try:
        read = read_code(damaged, forms)
    except WrongCode as error:
        assert error.part is part_at(sound.form, place)
        assert not other.isdigit() or not other.isascii() or place < 2
    else:
        changed = [part for part, _ in sound.form.parts if read[part] != sound[part]]
        assert changed == [part_at(sound.form, place)]


@given(made=codes(), data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_digit_too_many_or_too_few_is_of_the_other_standard_or_refused(
    made: tuple[tuple[Form, ...], str], data: st.DataObject
) -> None:
    forms, written = made
    place = data.draw(st.integers(0, len(written) - 1))
    longer = data.draw(st.booleans())
    damaged = written[:place] + ("7" + written[place:] if longer else written[place + 1 :])

    try:
        read = read_code(damaged, forms)
    except WrongCode as error:
        assert error.part in {None, Part.COUNTY}
        assert "位" in error.zh
    else:
        assert read.form is not read_code(written, forms).form


@pytest.mark.parametrize("place", range(6))
def test_every_damaged_digit_of_a_county_shows_where_the_city_is_known(place: int) -> None:
    sound = "11010101002000001"
    for other in set("0123456789") - {sound[place]}:
        with pytest.raises(WrongCode) as refused:
            read_code(sound[:place] + other + sound[place + 1 :], COMPONENT, county="110101")
        assert refused.value.part is Part.COUNTY


def test_every_damaged_type_that_the_directory_has_not_is_refused() -> None:
    sound = "99990101077000001"
    assert read_code(sound, COMPONENT, known=known).type_code == "01077"

    for place in range(6, 11):
        for other in set("0123456789") - {sound[place]}:
            damaged = sound[:place] + other + sound[place + 1 :]
            if known(GBT_47678_5, damaged[6:11]):
                assert read_code(damaged, COMPONENT, known=known).type_code == damaged[6:11]
                continue
            with pytest.raises(WrongCode, match=damaged[6:11]):
                read_code(damaged, COMPONENT, known=known)


@pytest.mark.parametrize(
    ("written", "forms", "said"),
    [
        ("06013", TYPE, GBT_47678_5),
        ("0112", TYPE, GBT_30428_2),
        ("99990106013", MATTER_CLASS, GBT_47678_5),
        ("9999010112", MATTER_CLASS, GBT_30428_2),
        ("99990101002000001", COMPONENT, GBT_47678_5),
        ("9999010102000001", COMPONENT, GBT_30428_2),
    ],
)
def test_the_length_says_of_which_standard_a_code_is(
    written: str, forms: tuple[Form, ...], said: Standard
) -> None:
    assert read_code(written, forms).form.standard is said


@pytest.mark.parametrize(
    ("written", "forms", "words"),
    [
        ("060130", TYPE, ["6 位", "5 位", "GB/T 47678.5-2026", "4 位", "GB/T 30428.2-2013"]),
        ("999901010020000", COMPONENT, ["15 位", "17 位", "16 位"]),
        ("9999010010010", UNIT_GRID, ["13 位", "15 位(6+3+3+3)"]),
        ("", COUNTY, ["(空)", "6 位"]),
        ("99990100100100O", UNIT_GRID, ["顺序号", "第 13–15 位", "“O”"]),
        ("０99901001001001", UNIT_GRID, ["半角"]),
        ("979901001001001", UNIT_GRID, ["97 不是省级代码"]),
    ],
)
def test_what_is_wrong_is_said_with_the_part_and_the_lengths_there_are(
    written: str, forms: tuple[Form, ...], words: list[str]
) -> None:
    with pytest.raises(WrongCode) as refused:
        read_code(written, forms)

    assert all(each in refused.value.zh for each in words), refused.value.zh


def test_no_two_kinds_of_codes_are_of_one_length() -> None:
    lengths = [form.digits for form in EVERY]

    assert sorted(lengths) == [4, 5, 6, 10, 11, 15, 16, 17]
    with pytest.raises(WrongCode, match="编码 123 有误"):
        read_code("123", EVERY)


def test_a_part_that_a_code_has_not_is_no_part_of_it() -> None:
    with pytest.raises(KeyError):
        read_code("999901001001001", UNIT_GRID).type_code  # noqa: B018


def part_at(form: Form, place: int) -> Part:
    """Name the part in which a character stands."""
    end = 0
    for part, count in form.parts:
        end += count
        if place < end:
            return part
    raise AssertionError(place)
