"""The language in which a document speaks, in the words of its city."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from api.schemas.base import Words
from dispatch.city_words import STANDARD, CityWords


class Language(StrEnum):
    """Chinese or English."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """A language and a city's words; a document speaks one tongue throughout."""

    language: Language
    city: CityWords = STANDARD

    ZH: ClassVar["Tongue"]
    """Chinese in the standard's words."""
    EN: ClassVar["Tongue"]
    """English in the standard's words."""

    def say(self, zh: str, en: str) -> str:
        """Give the wording in this language, with the terms that it marks in the city's words."""
        return self.city.zh(zh) if self.language is Language.ZH else self.city.en(en)

    def retell(self, zh: str, en: str) -> str:
        """Give what the record says in the standard's words in this language and the city's."""
        retold = self.city.retold_zh(zh), self.city.retold_en(en)
        return retold[0] if self.language is Language.ZH else retold[1]

    def of(self, words: Words) -> str:
        """Give words in this language."""
        return self.say(words.zh, words.en)


Tongue.ZH = Tongue(language=Language.ZH)
Tongue.EN = Tongue(language=Language.EN)
