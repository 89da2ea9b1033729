"""The digits of codes (编码): how many there are, what each part says, which part of one is wrong.

Two directories of what can be wrong in a city are in use at once. GB/T 47678.5-2026 writes a type
with 2 + 3 digits, GB/T 30428.2-2013 with 2 + 2; what is built of a type is a digit longer or
shorter with it, so its length says which directory it is of. No code has a check digit: what is
found is a wrong length, a character that is no digit, a province that is none, another county than
the city's, and a type that the catalogue has not. Province digits are of GB/T 2260; 99 stands for
none and is for examples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatch.errors import DispatchError


class Part(StrEnum):
    """A part of a code."""

    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"
    MAJOR = "major"
    MINOR = "minor"
    SERIAL = "serial"

    @property
    def zh(self) -> str:
        """Give the part's Chinese name."""
        return _PART_ZH[self]


_PART_ZH: Final = {
    Part.COUNTY: "行政区划",
    Part.STREET: "街道",
    Part.COMMUNITY: "社区",
    Part.MAJOR: "大类",
    Part.MINOR: "小类",
    Part.SERIAL: "顺序号",
}
PROVINCES: Final = frozenset(
    f"{number}"
    for number in (
        *(*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55)),
        *(*range(61, 66), 71, 81, 82, 99),
    )
)
COUNTY_DIGITS: Final = 6
MAJOR_DIGITS: Final = 2
SERIAL_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A directory of codes.

    Args:
        name: as cases and catalogues name it.
        slug: as it is typed in a command.
        minor_digits: how many digits tell the types of a major apart.
    """

    name: str
    slug: str
    minor_digits: int

    @property
    def type_digits(self) -> int:
        """Give how long the code of a type is."""
        return MAJOR_DIGITS + self.minor_digits


GBT_47678_5: Final = Standard(name="GB/T 47678.5-2026", slug="gbt47678.5-2026", minor_digits=3)
GBT_30428_2: Final = Standard(name="GB/T 30428.2-2013", slug="gbt30428.2-2013", minor_digits=2)
STANDARDS: Final = (GBT_47678_5, GBT_30428_2)


class WrongCode(DispatchError):
    """A code is not what it is given for; says which part is wrong.

    Attributes:
        part: None where it is the length.
    """

    def __init__(self, written: str, what: "Form", part: Part | None, zh: str, en: str) -> None:
        super().__init__(
            f"{what.zh} {written or '(空)'} 有误：{zh}", f"{what.en} {written or '(empty)'}: {en}"
        )
        self.written, self.part = written, part


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A kind of code: its parts in their order, each with its number of digits.

    Args:
        standard: whose types it is built of; None where it holds no type.
    """

    zh: str
    en: str
    parts: tuple[tuple[Part, int], ...]
    standard: Standard | None = None

    @property
    def digits(self) -> int:
        """Give how long it is."""
        return sum(count for _, count in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code taken apart."""

    form: Form
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Write it again as it was."""
        return "".join(self.values)

    def __getitem__(self, part: Part) -> str:
        """Give the digits of a part.

        Raises:
            KeyError: this kind of code has no such part.
        """
        return dict(zip((each for each, _ in self.form.parts), self.values, strict=True))[part]

    @property
    def type_code(self) -> str:
        """Give the digits of its type.

        Raises:
            KeyError: this kind of code holds no type.
        """
        return self[Part.MAJOR] + self[Part.MINOR]


def _county(form_zh: str, form_en: str, *rest: tuple[Part, int]) -> Form:
    return Form(zh=form_zh, en=form_en, parts=((Part.COUNTY, COUNTY_DIGITS), *rest))


def _typed(zh: str, en: str, before: int, after: int) -> tuple[Form, ...]:
    """Make a kind of code for each standard, with or without a county and a serial number."""
    county = ((Part.COUNTY, before),) if before else ()
    serial = ((Part.SERIAL, after),) if after else ()
    return tuple(
        Form(
            zh=zh,
            en=en,
            parts=(*county, (Part.MAJOR, MAJOR_DIGITS), (Part.MINOR, one.minor_digits), *serial),
            standard=one,
        )
        for one in STANDARDS
    )


COUNTY: Final = (_county("行政区划代码", "county code"),)
UNIT_GRID: Final = (
    _county(
        "单元网格编码", "unit grid id", (Part.STREET, 3), (Part.COMMUNITY, 3), (Part.SERIAL, 3)
    ),
)
TYPE: Final = _typed("类别代码", "type code", 0, 0)
MATTER_CLASS: Final = _typed("事项分类代码", "matter class code", COUNTY_DIGITS, 0)
COMPONENT: Final = _typed("部件标识码", "component id", COUNTY_DIGITS, SERIAL_DIGITS)
EVERY: Final = (*TYPE, *COUNTY, *MATTER_CLASS, *UNIT_GRID, *COMPONENT)
"""No two are of the same length, so that a code alone says what it is."""

TypeKnown = Callable[[Standard, str], bool]
"""Says whether a directory has a type."""


def read_code(
    written: str,
    forms: tuple[Form, ...],
    *,
    county: str = "",
    known: TypeKnown | None = None,
) -> Code:
    """Take a code apart; its length says which of the forms, and so which standard, it is of.

    Args:
        county: digits with which it must begin, where it holds a county; empty for any.
        known: what types there are; None to take any.

    Raises:
        WrongCode: says which part is wrong, or which lengths there are.
    """
    form = next((each for each in forms if each.digits == len(written)), None)
    if form is None:
        raise _wrong_length(written, forms)
    values, start = [], 0
    for part, count in form.parts:
        values.append(_digits(written, form, part, start, start + count))
        start += count
    code = Code(form=form, values=tuple(values))
    if form.parts[0][0] is Part.COUNTY:
        _refuse_county(code, county)
    if known is not None and form.standard is not None:
        _refuse_unknown_type(code, form.standard, known)
    return code


def _digits(written: str, form: Form, part: Part, start: int, end: int) -> str:
    value = written[start:end]
    for place, letter in enumerate(value, start=start + 1):
        if not (letter.isascii() and letter.isdigit()):
            raise WrongCode(
                written,
                form,
                part,
                f"{part.zh}(第 {start + 1}–{end} 位)只能是半角数字，第 {place} 位是“{letter}”",
                f"the {part.value} (digits {start + 1} to {end}) is of digits 0 to 9, "
                f"and character {place} is '{letter}'",
            )
    return value


def _wrong_length(written: str, forms: tuple[Form, ...]) -> WrongCode:
    mixed = len({each.zh for each in forms}) > 1
    said = [_length_words(each, named=mixed) for each in forms]
    zh, en = "、".join(zh for zh, _ in said), ", ".join(en for _, en in said)
    return WrongCode(
        written,
        Form(zh="编码", en="code", parts=()) if mixed else forms[0],
        None,
        f"有 {len(written)} 位，应为 {zh}，请核对是否多写或漏写",
        f"it has {len(written)} characters and should have {en}: check for one too many or too few",
    )


def _length_words(form: Form, *, named: bool) -> tuple[str, str]:
    parts = "+".join(str(count) for _, count in form.parts)
    inside = f"({parts})" if len(form.parts) > 1 else ""
    zh, en = f"{form.digits} 位{inside}", f"{form.digits}{inside}"
    if named:
        zh, en = f"{form.zh} {zh}", f"{en} for a {form.en}"
    of = form.standard
    return (zh, en) if of is None else (f"{zh}（{of.name}）", f"{en} of {of.name}")


def _refuse_county(code: Code, county: str) -> None:
    said = code[Part.COUNTY]
    written = str(code)
    if said[:2] not in PROVINCES:
        raise WrongCode(
            written,
            code.form,
            Part.COUNTY,
            f"行政区划 {said} 的前两位 {said[:2]} 不是省级代码",
            f"the county {said} begins with {said[:2]}, which is no province",
        )
    if not said.startswith(county[:COUNTY_DIGITS]):
        raise WrongCode(
            written,
            code.form,
            Part.COUNTY,
            f"行政区划 {said} 不属于本城市 {county}",
            f"the county {said} is not of this city, {county}",
        )


def _refuse_unknown_type(code: Code, standard: Standard, known: TypeKnown) -> None:
    if known(standard, code.type_code):
        return
    raise WrongCode(
        str(code),
        code.form,
        Part.MINOR,
        f"{standard.name} 的目录中没有类别 {code.type_code}"
        f"(大类 {code[Part.MAJOR]}，小类 {code[Part.MINOR]})",
        f"the directory of {standard.name} has no type {code.type_code} "
        f"(major {code[Part.MAJOR]}, minor {code[Part.MINOR]})",
    )
