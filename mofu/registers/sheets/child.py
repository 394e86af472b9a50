"""The process that opens an uploaded table: it may die, the web worker may not.

Run by path by :mod:`mofu.registers.sheets.reading` with the path and the kind (``xlsx`` or ``csv``) of the file; it
knows nothing of Django. It limits its own memory and time, scans the package before a parser sees it, and prints JSON
lines: ``{"sheet": name, "hidden": …, …facts}`` for each sheet, then blocks of rows ``{"n": [row numbers], "r": [cells of
each row], "m": [columns that hold marked cells]}``, or ``{"refused": message}``. A marked cell is ``{"d": iso}`` for a
date and ``{"e": text}`` for one that has no value.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # isolated: nothing but the standard library and this package is in sight
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from mofu.registers.sheets import delimited
from mofu.registers.sheets.facts import ERRORS, Facts, column_letters, farthest
from mofu.registers.sheets.limits import (
    COLUMNS,
    DENSE,
    OUTPUT,
    ROWS,
    SPLIT,
    STREAMED,
    Refused,
    limit_process,
)
from mofu.registers.sheets.packages import Package

BLOCK = 500  # rows of a line
_PICTURE = ("=DISPIMG(", "=_xlfn.DISPIMG(")  # what WPS writes where a picture lies in a cell
Rows = Iterable[list[Any]]


def scan(path: str) -> tuple[dict[str, Facts], bool]:
    """Check the package part by part; return what is known of each worksheet, and whether some cells lie far apart."""
    with Package(path) as package:
        sheets = package.worksheets()
        facts = {part: Facts() for part in sheets.values()}
        for part in package.parts:
            known = facts.get(part.filename)
            if known is not None or part.filename.lower().endswith((".xml", ".rels")):
                for piece in package.pieces(part):
                    if known is not None:
                        known.take(piece)
        sparse = any(
            _is_sparse(package, part, known) for part, known in facts.items() if part in package.by_name
        )
        return {name: facts[part] for name, part in sheets.items()}, sparse


def _is_sparse(package: Package, part: str, facts: Facts) -> bool:
    """Whether the rectangle of a sheet's content is too large to be laid out in memory."""
    if facts.rows * facts.width <= DENSE:
        return False
    rows, columns = farthest(package.pieces(package.by_name[part], counted=False))
    if rows * columns > DENSE and facts.cells > STREAMED:
        cell = f"{column_letters(columns - 1)}{rows}"
        raise Refused(
            f"表格的内容一直延伸到 {cell}，其中大部分是空的，可能在很远的行列误填了空格。"
            "请删除表格以外的行和列后另存，再上传。"
        )
    return rows * columns > DENSE


def worksheets(path: str, *, sparse: bool) -> Iterator[tuple[str, bool, Rows]]:
    """Yield name, whether hidden, and rows of each worksheet: by calamine, by openpyxl where cells are far apart."""
    if sparse:
        yield from _streamed(path)
        return
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - after the limits

    book = CalamineWorkbook.from_path(path)
    for index, about in enumerate(book.sheets_metadata):
        if str(about.typ).endswith("WorkSheet"):
            hidden = about.visible != SheetVisibleEnum.Visible
            yield about.name, hidden, _padded(book.get_sheet_by_index(index))


def _padded(sheet: Any) -> Iterator[list[Any]]:
    """Yield the rows from the first on; calamine leaves out empty columns on the left."""
    left = [None] * sheet.start[1] if sheet.start else []
    for cells in sheet.iter_rows():
        yield left + cells if left else cells


def _streamed(path: str) -> Iterator[tuple[str, bool, Rows]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - after the limits

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield sheet.title, sheet.sheet_state != "visible", sheet.iter_rows(values_only=True)


def lines(rows: Rows, broken: dict[int, dict[int, str]]) -> Iterator[tuple[int, list[Any]]]:
    """Yield number and cells of every row that holds more than blanks; refuse what lies too far out."""
    for number, cells in enumerate(rows, start=1):
        values = [
            (cell if cell.strip() else None) if cell.__class__ is str else _plain(cell) for cell in cells
        ]
        if number in broken:
            _mark(values, broken[number])
        while values and values[-1] is None:
            values.pop()
        if not values:
            continue
        if number > ROWS or len(values) > COLUMNS:
            cell = f"{column_letters(len(values) - 1)}{number}"
            raise Refused(
                f"单元格 {cell} 里有内容，表格超出 {ROWS} 行、{COLUMNS} 列。"
                "如是误填，请删除该单元格所在的行列后另存；否则请拆分后分批导入。"
            )
        yield number, values


def _mark(values: list[Any], broken: dict[int, str]) -> None:
    values += [None] * (max(broken) + 1 - len(values))
    for column, text in broken.items():
        values[column] = {"e": text}


def _plain(cell: Any) -> Any:
    """Return a cell that is no text as JSON can carry it; whole numbers lose their fraction."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, (int, float)):
        if not math.isfinite(cell):
            return {"e": "#NUM!"}
        return int(cell) if abs(cell) < 1e15 and cell == int(cell) else cell
    if isinstance(cell, (datetime, date)):
        return {"d": cell.isoformat()}
    return cell.isoformat() if isinstance(cell, time) else str(cell) or None


def blocks(rows: Iterable[tuple[int, list[Any]]]) -> Iterator[bytes]:
    """Yield lines of JSON, each with up to ``BLOCK`` rows."""
    numbers: list[int] = []
    cells: list[list[Any]] = []
    for number, values in rows:
        numbers.append(number)
        cells.append(values)
        if len(cells) == BLOCK:
            yield _block(numbers, cells)
            numbers, cells = [], []
    if cells:
        yield _block(numbers, cells)


def _block(numbers: list[int], rows: list[list[Any]]) -> bytes:
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    if '"=' in text or '"#' in text:
        rows = [[_special(cell) for cell in cells] for cells in rows]
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    marked: set[int] = set()
    if '{"' in text:
        for cells in rows:
            marked.update(index for index, cell in enumerate(cells) if cell.__class__ is dict)
    return f'{{"n":{json.dumps(numbers)},"r":{text},"m":{json.dumps(sorted(marked))}}}\n'.encode()


def _special(cell: Any) -> Any:
    """Return nothing for the picture in a cell, and the mark of an error that was pasted as text."""
    if not isinstance(cell, str) or cell[0] not in "=#":
        return cell
    if cell.startswith(_PICTURE):
        return None
    return {"e": cell.strip()} if cell.strip() in ERRORS else cell


def table(path: str, kind: str) -> Iterator[bytes]:
    """Yield the lines that describe the file. Raises Refused, or whatever the parsers raise."""
    if kind == "csv":
        yield _head("", hidden=False, facts=Facts())
        yield from blocks(lines(delimited.rows(Path(path).read_bytes()), {}))
        return
    facts, sparse = scan(path)
    for name, hidden, rows in worksheets(path, sparse=sparse):
        known = facts.get(name) or Facts()
        yield _head(name, hidden=hidden, facts=known)
        yield from blocks(lines(rows, known.broken))


def _head(name: str, *, hidden: bool, facts: Facts) -> bytes:
    return (json.dumps({"sheet": name, "hidden": hidden, **facts.as_json()}) + "\n").encode()


def _refusal(message: str) -> bytes:
    return (json.dumps({"refused": message}) + "\n").encode()


def main(path: str, kind: str) -> None:
    """Print what the file holds."""
    limit_process()
    out, left = sys.stdout.buffer, OUTPUT
    try:
        for line in table(path, kind):
            left -= len(line)
            if left < 0:
                raise Refused(f"表格内容过多，不予读取。{SPLIT}")
            out.write(line)
    except Refused as refusal:
        out.write(_refusal(str(refusal)))
    except MemoryError:
        out.write(_refusal(f"读取该文件需要的内存过大。{SPLIT}"))
    except BrokenPipeError:
        return
    except Exception as error:
        out.write(_refusal(f"文件无法读取（{type(error).__name__}）。请用 Excel 或 WPS 另存为新的 .xlsx。"))


if __name__ == "__main__":
    main(*sys.argv[1:3])
