"""The root of every error casework raises."""

from dispatch.term import plain


class BilingualError(Exception):
    """A fact that stops a step, said in Chinese and English with what to do about it.

    Args:
        zh, en: may mark terms that a city has words of its own for, see `dispatch.term`.
    """

    def __init__(self, zh: str, en: str) -> None:
        self.marked_zh, self.marked_en = zh, en
        self.zh, self.en = plain(zh), plain(en)
        super().__init__(f"{self.zh} / {self.en}")


class DispatchError(BilingualError):
    """A fact of casework that stops a step."""
