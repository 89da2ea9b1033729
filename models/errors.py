"""The root of every error that `models` raises."""


class ModelsError(Exception):
    """Something about a model, its data or its card is not as it must be."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
