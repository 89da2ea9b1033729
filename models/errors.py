"""The root of every error that `models` raises, and the one that every reader of data raises."""

from pathlib import Path


class ModelsError(Exception):
    """Something about a model, its data or its card is not as it must be."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class BrokenDataset(ModelsError):
    """A data set's folder or one of its files does not hold what it promises.

    `path` and, where one is to blame, `line` (from 1) say where.
    """

    def __init__(self, path: Path, zh: str, en: str, *, line: int | None = None) -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"数据集 {where}：{zh}", f"data set {where}: {en}")
        self.path, self.line = path, line
