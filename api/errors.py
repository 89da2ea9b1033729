"""The root of every error the HTTP centre raises."""


class ApiError(Exception):
    """A fact that stops a step, said in Chinese and English with what to do about it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en
