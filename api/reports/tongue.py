"""The language in which a document speaks."""

from enum import StrEnum

from api.schemas.base import Words


class Tongue(StrEnum):
    """Chinese or English; a document speaks one of them throughout."""

    ZH = "zh"
    EN = "en"

    def say(self, zh: str, en: str) -> str:
        """Give the wording in this language."""
        return zh if self is Tongue.ZH else en

    def of(self, words: Words) -> str:
        """Give words in this language."""
        return self.say(words.zh, words.en)
