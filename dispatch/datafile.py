"""Data that a city keeps in files: read with the file and line of every fault."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from dispatch.errors import DispatchError

Row = TypeVar("Row", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in one place of a file; line 0 where the whole file is meant."""

    file: str
    line: int
    zh: str
    en: str

    def __str__(self) -> str:
        """Write it as an editor would find it: file:line: what."""
        return f"{self.file}:{self.line}: {self.zh} / {self.en}"


class FaultyData(DispatchError):
    """A folder of data holds faults; all of them are named."""

    def __init__(self, folder: Path, faults: Sequence[Fault]) -> None:
        zh = "；".join(f"{fault.file} 第 {fault.line} 行：{fault.zh}" for fault in faults)
        en = "; ".join(f"{fault.file} line {fault.line}: {fault.en}" for fault in faults)
        super().__init__(
            f"{folder.name} 中有 {len(faults)} 处错误，请改正：{zh}",
            f"{len(faults)} faults in {folder.name}, correct them: {en}",
        )
        self.folder, self.faults = folder, tuple(faults)


@dataclass(slots=True, kw_only=True)
class DataFolder:
    """A folder that is being read, and the faults found so far."""

    path: Path
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Read a file; one that is missing or no UTF-8 is a fault and reads as empty."""
        try:
            return (self.path / name).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.fault(name, 0, "缺少这个文件", "this file is missing")
        except UnicodeDecodeError:
            self.fault(name, 0, "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8: save it as UTF-8")
        return ""

    def table(self, name: str, row: type[Row]) -> list[tuple[int, Row]]:
        """Read a CSV with a header into rows with their lines; empty fields take the default."""
        found: list[tuple[int, Row]] = []
        reader = csv.DictReader(io.StringIO(self.text(name)))
        for fields in reader:
            line = reader.line_num
            if None in fields or None in fields.values():
                zh = "列数与表头不符，文字里的逗号要加引号"
                self.fault(name, line, zh, "not as many fields as the header: quote commas")
                continue
            try:
                found.append((line, row.model_validate({k: v for k, v in fields.items() if v})))
            except ValidationError as error:
                self.invalid(name, line, error)
        return found

    def invalid(self, name: str, line: int, error: ValidationError) -> None:
        """Note what pydantic refused."""
        for detail in error.errors():
            where = ".".join(str(part) for part in detail["loc"])
            self.fault(
                name, line, f"{where} 填写有误({detail['msg']})", f"{where}: {detail['msg']}"
            )

    def fault(self, name: str, line: int, zh: str, en: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(file=name, line=line, zh=zh, en=en))

    def refuse(self) -> None:
        """Stop if faults were found.

        Raises:
            FaultyData: with every one of them.
        """
        if self.faults:
            raise FaultyData(self.path, self.faults)
