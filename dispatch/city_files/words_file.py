"""Read a city's own words from `words.toml`: a closed list of terms, short, and told apart."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from dispatch.city_words import STANDARD, CityWords, Word
from dispatch.files.datafile import DataFolder
from dispatch.files.fault_words import Misstated, named
from dispatch.files.toml_lines import Place, line_of_setting
from dispatch.term import TERMS, Form, Terms

WORDS: Final = "words.toml"
MOST_ZH: Final = 6
MOST_EN: Final = 24
"""The longest words that fit a phone's button in large text, with what stands beside them."""


_BETWEEN: Final = frozenset(" -'’·")


def _is_word(written: str) -> str:
    # It stands in pages, in names of sheets and in heads of tables: no sign means anything there.
    if written != written.strip() or not all(c.isalnum() or c in _BETWEEN for c in written):
        raise Misstated(
            "词中只用文字、数字、空格、连字符、间隔号和撇号，前后不留空格",
            "a word is of letters, digits, spaces, hyphens, dots · and apostrophes, with no space "
            "around it",
        )
    return written


_Zh = Annotated[str, Field(min_length=1, max_length=MOST_ZH), AfterValidator(_is_word)]
_En = Annotated[str, Field(min_length=1, max_length=MOST_EN), AfterValidator(_is_word)]


class _Stated(BaseModel):
    """What `words.toml` says of one term."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: _Zh = ""
    en: _En = ""
    en_many: _En = ""
    en_done: _En = ""
    en_noun: _En = ""

    @property
    def forms(self) -> dict[Form, str]:
        """The English forms that are stated."""
        said = {
            Form.EN: self.en,
            Form.MANY: self.en_many,
            Form.DONE: self.en_done,
            Form.NOUN: self.en_noun,
        }
        return {form: word for form, word in said.items() if word}


class _File(RootModel[dict[Terms, dict[str, _Stated]]]):
    """The form of `words.toml`."""


def read_words(data: DataFolder) -> CityWords:
    """Read a city's words; without the file, or where it is faulty, they are the standard's."""
    if not data.has(WORDS):
        return STANDARD
    read = data.settings(WORDS, _File)
    if read is None:
        return STANDARD
    text, before = data.text(WORDS), len(data.faults)
    for kind, terms in read.root.items():
        for key, stated in terms.items():
            _check_term(data, text, kind, key, stated)
    if len(data.faults) > before:
        return STANDARD
    words = CityWords(
        stated={
            kind: {key: Word(zh=said.zh, en=said.forms) for key, said in terms.items()}
            for kind, terms in read.root.items()
        }
    )
    for kind, known in TERMS.items():
        _refuse_alike(data, text, kind, {key: words.word_zh(kind, key) for key in known})
        _refuse_alike(data, text, kind, {key: words.word_en(kind, key) for key in known})
        if len(data.faults) > before:
            break  # what is made of these would only be named once more
    return words


def _check_term(data: DataFolder, text: str, kind: Terms, key: str, stated: _Stated) -> None:
    term = TERMS[kind].get(key)
    if term is None:
        known = ", ".join(TERMS[kind])
        zh = f"[{kind}] 中没有 {key} 这个词条，请改正或删去；可用的有 {known}"
        en = f"{kind} has no term {key}: correct or remove it; there are {known}"
        _fault(data, text, (kind.value, key), zh, en)
        return
    lacking = term.en.keys() - stated.forms.keys()
    if stated.forms and lacking:
        named_ = ", ".join(sorted(lacking))
        zh = f"英文要写全各种形式，缺 {named_}（标准词为 {', '.join(term.en.values())}）"
        en = f"state every English form: {named_} is lacking, of {', '.join(term.en.values())}"
        _fault(data, text, (kind.value, key), zh, en)
    for form in sorted(stated.forms.keys() - term.en.keys()):
        zh, en = f"这个词条没有 {form} 这种形式，请删去", f"it has no form {form}: remove it"
        _fault(data, text, (kind.value, key, form.value), zh, en)


def _refuse_alike(data: DataFolder, text: str, kind: Terms, words: Mapping[str, str]) -> None:
    """Note terms of one list that would read the same."""
    first: dict[str, str] = {}
    for key, word in words.items():
        other = first.setdefault(word.casefold(), key)
        if other != key:
            stated = (kind.value, key)
            # The one that was stated is the one to change; the other may be the standard's.
            place = stated if line_of_setting(text, stated) > 1 else (kind.value, other)
            zh = f"{key} 与 {other} 都叫“{word}”，分不清，请改其中一个"
            en = f"{key} and {other} are both called {word}: give one of them another word"
            _fault(data, text, place, zh, en)


def _fault(data: DataFolder, text: str, place: Place, zh: str, en: str) -> None:
    where = named(place)
    line = line_of_setting(text, place)
    data.fault(WORDS, line, f"{where}：{zh}", f"{where}: {en}", column=where)
