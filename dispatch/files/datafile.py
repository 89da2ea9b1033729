"""Data that a city keeps in files: read with the file and line of every fault."""

import csv
import io
import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from dispatch.errors import DispatchError
from dispatch.files.fault_words import columns_of, named, refusals
from dispatch.files.toml_lines import line_of_setting

Form = TypeVar("Form", bound=BaseModel)
Row = TypeVar("Row", bound=BaseModel)
MOST_TOLD: Final = 20
"""Faults that an error names; `xunhuan profile check` names all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong, or should be known, in one place of a file.

    Args:
        line: from 1; 0 where the whole file is meant.
        column: of a table, or the setting; empty where the whole line is meant.
    """

    file: str
    line: int
    zh: str
    en: str
    column: str = ""

    def __str__(self) -> str:
        """Write it as an editor would find it: file:line: what."""
        return f"{self.where}: {self.zh} / {self.en}"

    @property
    def where(self) -> str:
        """Give the place as an editor takes it: file:line."""
        return f"{self.file}:{self.line}"


class FaultyData(DispatchError):
    """A folder of data holds faults; the first of them are named."""

    def __init__(self, folder: Path, faults: Sequence[Fault]) -> None:
        first, rest = faults[:MOST_TOLD], len(faults) - MOST_TOLD
        zh = "；".join(f"{fault.file} 第 {fault.line} 行：{fault.zh}" for fault in first)
        en = "; ".join(f"{fault.file} line {fault.line}: {fault.en}" for fault in first)
        if rest > 0:
            zh += f"；另有 {rest} 处，请运行 xunhuan profile check 查看"
            en += f"; {rest} more, run xunhuan profile check to see them"
        super().__init__(
            f"{folder.name} 中有 {len(faults)} 处错误，请改正：{zh}",
            f"{len(faults)} faults in {folder.name}, correct them: {en}",
        )
        self.folder, self.faults = folder, tuple(faults)


@dataclass(slots=True, kw_only=True)
class DataFolder:
    """A folder that is being read, with the faults and the warnings found so far.

    Whoever reads notes every fault and reads on, so that one run names all of them.

    Args:
        incomplete: files of which something could not be read, so that what is missing in them
            is no fault of its own.
    """

    path: Path
    incomplete: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Say whether there is a file of a name."""
        return (self.path / name).is_file()

    def text(self, name: str) -> str:
        """Read a file; one that is missing or no UTF-8 is a fault and reads as empty."""
        try:
            return (self.path / name).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.fault(name, 0, "缺少这个文件，请补上", "this file is missing: add it")
            self.incomplete.add(name)
        except UnicodeDecodeError:
            self.fault(name, 0, "不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8: save it as UTF-8")
        return ""

    def settings(self, name: str, form: type[Form]) -> Form | None:
        """Read a TOML file in a form; None where it is faulty, each fault noted with its line."""
        text = self.text(name)
        if not text:
            return None
        try:
            return form.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            line = int(found[1]) if found else text.count("\n") + 1
            zh = f"不是 TOML 写法({error})，请改正"
            self.fault(name, line, zh, f"no TOML, correct it: {error}")
        except ValidationError as error:
            for place, zh, en in refusals(error):
                where = named(place)
                line = line_of_setting(text, place)
                self.fault(name, line, f"{where}：{zh}", f"{where}: {en}", column=where)
        self.incomplete.add(name)
        return None

    def table(self, name: str, row: type[Row]) -> list[tuple[int, Row]]:
        """Read a CSV with a header into rows with their lines; empty fields take the default."""
        return list(self.rows(name, row))

    def rows(self, name: str, row: type[Row]) -> Iterator[tuple[int, Row]]:
        """Read a CSV row by row, as `table` does; a header that is wrong ends it."""
        text = self.text(name)
        if not text:
            return
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            if not self._is_header(name, reader.fieldnames or (), row):
                self.incomplete.add(name)
                return
            for fields in reader:
                read = self._row(name, reader.line_num, fields, row)
                if read is not None:
                    yield reader.line_num, read
        except csv.Error as error:
            zh = f"引号不成对或写法有误({error})，请改正"
            self.fault(name, reader.line_num, zh, f"no CSV ({error}): correct the quotes")

    def column(self, name: str, column: str) -> frozenset[str]:
        """Give what the rows of a CSV state in a column, those that are faulty included."""
        if not self.has(name):
            return frozenset()
        text = (self.path / name).read_text(encoding="utf-8-sig", errors="replace")
        reader = csv.DictReader(io.StringIO(text, newline=""))
        return frozenset(fields.get(column) or "" for fields in reader)

    def invalid(self, name: str, line: int, error: ValidationError) -> None:
        """Note what pydantic refused."""
        for place, zh, en in refusals(error):
            where = named(place)
            before_zh, before_en = (f"{where}：", f"{where}: ") if where else ("", "")
            self.fault(name, line, before_zh + zh, before_en + en, column=where)
        self.incomplete.add(name)

    def fault(self, name: str, line: int, zh: str, en: str, *, column: str = "") -> None:
        """Note a fault."""
        self.faults.append(Fault(file=name, line=line, zh=zh, en=en, column=column))

    def warn(self, name: str, line: int, zh: str, en: str, *, column: str = "") -> None:
        """Note what somebody should know, and what is no fault."""
        self.warnings.append(Fault(file=name, line=line, zh=zh, en=en, column=column))

    def refuse(self) -> None:
        """Stop if faults were found.

        Raises:
            FaultyData: with every one of them.
        """
        if self.faults:
            raise FaultyData(self.path, self.faults)

    def _is_header(self, name: str, header: Collection[str], row: type[Row]) -> bool:
        known, needed = columns_of(row)
        before = len(self.faults)
        for column in header:
            if column not in known:
                zh = f"没有“{column}”这一列，请改正列名或删去；可用的列：{'、'.join(sorted(known))}"
                en = f"there is no column {column}: correct or remove it; {sorted(known)} are known"
                self.fault(name, 1, zh, en, column=column)
        for column in sorted(needed - set(header)):
            self.fault(
                name, 1, f"缺少“{column}”列，请补上", f"add the column {column}", column=column
            )
        if len(set(header)) < len(header):
            self.fault(name, 1, "列名重复，请只留一列", "a column is there twice: keep one")
        return len(self.faults) == before

    def _row(
        self, name: str, line: int, fields: dict[str | None, str | None], row: type[Row]
    ) -> Row | None:
        if None in fields or None in fields.values():
            zh = "列数与表头不符，文字里的逗号要加引号"
            self.fault(name, line, zh, "not as many fields as the header: quote commas")
            self.incomplete.add(name)
            return None
        try:
            return row.model_validate({key: value for key, value in fields.items() if value})
        except ValidationError as error:
            self.invalid(name, line, error)
            return None
