"""From an uploaded file to rows: a process of its own reads it (docs/decisions/004), what it prints is taken in here."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path, PurePath
from threading import Event, Timer
from typing import Any

from mofu.registers.sheets import child, limits
from mofu.registers.sheets.signatures import check
from mofu.registers.sheets.texts import printable

LARGEST = 20 * 2**20  # bytes of an upload
TIMEOUT = 60  # seconds, waiting included

SheetRefused = limits.Refused
# how JSON writes control characters, and U+FFFE and U+FFFF as they stand
_ESCAPED = (rb"\u00", rb"\b", rb"\f", "\ufffe".encode(), "\uffff".encode())


class Broken(str):
    """A cell without a value: an Excel error such as ``#REF!``, or a formula that was never computed."""

    __slots__ = ()

    @property
    def advice(self) -> str:
        """What is wrong and what to do."""
        if self.startswith("#"):
            return f"单元格是 Excel 的错误值 {self}，请改成正确的内容。"
        return "单元格是公式，文件里没有保存计算结果。请用 Excel 或 WPS 打开并保存一次，或改为填写数值。"


Cell = str | int | float | bool | date | datetime | None


@dataclass
class Sheet:
    """One worksheet: ``rows`` holds (row number as Excel shows it, cells) for each row with content.

    ``merges`` are (first row, first column, last row, last column), rows from 1, columns from 0; ``hidden_rows`` and
    ``hidden_columns`` runs (first, last); ``formulas`` counts cells read by their kept result, the first of which
    ``formula_places`` names.
    """

    name: str
    hidden: bool = False
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filtered: bool = False
    formulas: int = 0
    formula_places: list[str] = field(default_factory=list)


def read(name: str, content: bytes) -> list[Sheet]:
    """Return the worksheets of an uploaded workbook or text table; raise :class:`SheetRefused` with a message."""
    return _named(name, _opened(name, content, lambda _line: None))


def read_to_keep(name: str, content: bytes) -> tuple[list[Sheet], bytes]:
    """Return the worksheets as :func:`read` does, and what :func:`reread` makes them from without opening the file again."""
    out = BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=1) as packer:
        sheets = _opened(name, content, packer.write)
    return _named(name, sheets), out.getvalue()


def reread(name: str, kept: bytes) -> list[Sheet]:
    """Return the worksheets of a file that was read before, from what :func:`read_to_keep` returned."""
    return _named(name, _parsed(gzip.GzipFile(fileobj=BytesIO(kept))))


def _named(name: str, sheets: list[Sheet]) -> list[Sheet]:
    """Give the only table of a text file the name of the file."""
    for sheet in sheets:
        sheet.name = sheet.name or PurePath(name.replace("\\", "/")).stem[:60]
    return sheets


def _opened(name: str, content: bytes, keep: Callable[[bytes], object]) -> list[Sheet]:
    kind = check(name, content, LARGEST)
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(content)
        file.flush()
        return _run(file.name, kind, keep)


def _run(path: str, kind: str, keep: Callable[[bytes], object]) -> list[Sheet]:
    """Return what the reading process finds, each line of it given to ``keep``; one that dies or hangs refuses the file."""
    command = [sys.executable, "-I", "-X", "utf8", str(Path(child.__file__)), path, kind]
    late = Event()
    process = subprocess.Popen(  # noqa: S603 - our own script, the path of a temporary file of ours
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    timer = Timer(TIMEOUT, lambda: (late.set(), process.kill()))
    timer.start()
    try:
        sheets = _parsed(_heard(process.stdout or (), keep))
        code = process.wait()
    except ValueError:  # the last line is cut off where the process was killed
        code = -1
    finally:
        timer.cancel()
        process.kill()
        process.communicate()
    if late.is_set():
        raise SheetRefused("读取文件用时过长，已中止。请删除多余的工作表，或拆分后分批导入。")
    if code:
        raise SheetRefused("读取文件时超出了内存或时间限制。请删除多余的行列、图片和工作表后另存再上传。")
    return sheets


def _heard(lines: Iterable[bytes], keep: Callable[[bytes], object]) -> Iterator[bytes]:
    for line in lines:
        keep(line)
        yield line


def _parsed(lines: Iterable[bytes]) -> list[Sheet]:
    """Take in the lines while they are being written, so that nothing is held twice."""
    found: list[Sheet] = []
    for line in lines:
        item = json.loads(line)
        if "n" in item:
            rows = item["r"]
            if any(mark in line for mark in _ESCAPED):
                _clear(rows)
            if item["m"]:
                _unmark(rows, item["m"])
            found[-1].rows.extend(zip(item["n"], rows, strict=True))
        elif "refused" in item:
            raise SheetRefused(item["refused"])
        else:
            found.append(_sheet(item))
    return found


def _clear(rows: list[list[Any]]) -> None:
    """Take out of the texts what no workbook could give back, in place."""
    for cells in rows:
        cells[:] = [(printable(cell) or None) if isinstance(cell, str) else cell for cell in cells]


def _sheet(item: dict[str, Any]) -> Sheet:
    return Sheet(
        item["sheet"],
        item["hidden"],
        merges=[tuple(merge) for merge in item["merges"]],
        hidden_rows=[tuple(run) for run in item["hidden_rows"]],
        hidden_columns=[tuple(run) for run in item["hidden_columns"]],
        filtered=item["filtered"],
        formulas=item["formulas"],
        formula_places=item["formula_places"],
    )


def _unmark(rows: list[list[Any]], columns: list[int]) -> None:
    """Turn marked cells into dates and broken cells, in place."""
    for cells in rows:
        for index in columns:
            if index < len(cells) and cells[index].__class__ is dict:
                cells[index] = _cell(cells[index])


def _cell(mark: dict[str, str]) -> Cell:
    if "e" in mark:
        return Broken(mark["e"])
    text = mark["d"]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
