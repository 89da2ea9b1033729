"""What people read, in a city's own words; without any it reads in the standard's."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from dispatch.term import (
    MARK,
    STANDARD_EN,
    STANDARD_ZH,
    STATUSES_ZH,
    TERMS,
    Form,
    Terms,
    capital,
    mark_of,
)

_ARTICLE: Final = re.compile(r"\b([Aa])n? \[([^\[\]]+)\]")
_VOWELS: Final = frozenset("aeiouAEIOU")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A city's words for one term; empty where the standard's stays.

    Args:
        en: by form, all of the term's forms or none.
    """

    zh: str = ""
    en: Mapping[Form, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CityWords:
    """A city's words by list and term."""

    stated: Mapping[Terms, Mapping[str, Word]] = field(default_factory=dict)

    def zh(self, text: str) -> str:
        """Tell a Chinese sentence: each term that it marks in the city's word."""
        return MARK.sub(lambda found: self.zh_by_mark.get(found[1], found[0]), text)

    def en(self, text: str) -> str:
        """Tell an English sentence: each term that it marks in the city's word, a or an before."""
        apt = _ARTICLE.sub(self._with_article, text)
        return MARK.sub(lambda found: self.en_by_word.get(found[1], found[0]), apt)

    def retold_zh(self, text: str) -> str:
        """Retell a Chinese sentence that the record holds in the standard's words.

        Such a sentence marks nothing, so that each word that may be a term is taken for one. It
        is for what the software wrote, never for what people did.
        """
        if not self.stated:
            return text
        return self._known_zh.sub(lambda found: self._retold_zh[found[0]], text)

    def retold_en(self, text: str) -> str:
        """Retell an English sentence that the record holds in the standard's words."""
        if not self.stated:
            return text
        return self._known_en.sub(lambda found: self.en_by_word[found[0]], text)

    def word_zh(self, kind: Terms, key: str) -> str:
        """Give the Chinese word for a term."""
        return self._of(kind, key).zh or self.zh(TERMS[kind][key].zh)

    def word_en(self, kind: Terms, key: str, form: Form = Form.EN) -> str:
        """Give a form of the English word for a term."""
        stated = self._of(kind, key).en
        return stated.get(form) or self.en(TERMS[kind][key].en[form])

    @cached_property
    def zh_by_mark(self) -> Mapping[str, str]:
        """The city's Chinese word by the standard's, and of a status by its name."""
        said: dict[str, str] = {}

        def tell(mark: str, kind: Terms, key: str) -> None:
            made_of = MARK.sub(lambda found: said[found[1]], TERMS[kind][key].zh)
            said[mark] = self._of(kind, key).zh or made_of

        # Terms that others are made of come first.
        for word, term in sorted(STANDARD_ZH.items(), key=lambda item: _is_made(*item[1])):
            tell(word, *term)
        for status in TERMS[Terms.STATUSES]:
            tell(mark_of(status), Terms.STATUSES, status)
        return said

    @cached_property
    def en_by_word(self) -> Mapping[str, str]:
        """The city's English word by each form of the standard's, also as it begins a sentence."""
        said = {
            word: self._of(kind, key).en.get(form) or word
            for word, (kind, key, form) in STANDARD_EN.items()
        }
        return said | {capital(word): capital(own) for word, own in said.items()}

    @cached_property
    def _retold_zh(self) -> Mapping[str, str]:
        statuses = {word: self.zh_by_mark[mark_of(key)] for key, word in STATUSES_ZH.items()}
        return statuses | {word: self.zh_by_mark[word] for word in STANDARD_ZH}

    @cached_property
    def _known_zh(self) -> re.Pattern[str]:
        return _any_of(self._retold_zh)

    @cached_property
    def _known_en(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{_any_of(self.en_by_word).pattern})\b")

    def _with_article(self, found: re.Match[str]) -> str:
        own = self.en_by_word.get(found[2])
        if own is None:
            return found[0]
        return f"{found[1]}{'n' if own[:1] in _VOWELS else ''} [{found[2]}]"

    def _of(self, kind: Terms, key: str) -> Word:
        return self.stated.get(kind, {}).get(key, Word())


STANDARD: Final = CityWords()
"""The standard's words."""


def _is_made(kind: Terms, key: str) -> bool:
    return MARK.search(TERMS[kind][key].zh) is not None


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of some words, the longest first."""
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
