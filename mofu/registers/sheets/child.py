"""The process that opens an uploaded workbook: it may die, the web worker may not.

Run as a script by :mod:`mofu.registers.sheets.reading` with the path of the file; it knows nothing of Django. It limits
its own memory and time, scans the package before a parser sees it, and prints JSON lines: ``{"sheet": name, …}``
for each sheet, then ``[row number, [cells]]`` for each row that holds something, or ``{"refused": message}`` alone.
Dates travel as ``{"d": iso}``.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

MEMORY = 1024 * 2**20  # bytes of address space, the interpreter included
SECONDS = 40  # of processor time
UNPACKED = 300 * 2**20  # bytes of all parts together, declared and counted
PARTS = 2000
ROWS, COLUMNS = 200_000, 256
DENSE = 5_000_000  # cells: a larger rectangle with few cells in it is read row by row instead
_BLOCK = 2**20
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*[^<>/])>\s*<(?:\w+:)?(?:v|is|f)\b")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)


class Refused(Exception):  # noqa: N818 - the file is refused, the program has not erred
    """The file is not read; the message tells the user why and what to do."""


def limit() -> None:
    """Limit this process's own memory and processor time, where the system can."""
    try:
        import resource  # noqa: PLC0415 - missing on Windows
    except ImportError:  # pragma: no cover - servers are Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def scan(path: str) -> tuple[int, int]:
    """Check the package part by part; return the last row and column that hold content in any sheet."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_directory(package)
            return _scan_parts(package)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise Refused("文件已损坏，无法打开。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。") from error
    except zipfile.zlib.error as error:
        raise Refused("文件已损坏，无法解压。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。") from error


def _check_directory(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("文件已加密。请取消密码，另存为 .xlsx 再上传。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("文件带有宏（.xlsm）。请另存为不带宏的 .xlsx 再上传。")
    if "xl/workbook.bin" in names:
        raise Refused("这是 .xlsb 二进制工作簿。请另存为 .xlsx 再上传。")
    if "xl/workbook.xml" not in names:
        raise Refused("这不是 Excel 工作簿。请上传 .xlsx 文件。")
    if len(parts) > PARTS or len(names) < len(parts):
        raise Refused("文件内部结构异常（部件过多或重名），不予读取。请另存为新的 .xlsx 再上传。")
    if sum(part.file_size for part in parts) > UNPACKED:
        raise Refused("文件解压后过大，不予读取。请删除无关的工作表和图片，或拆分后分批导入。")


def _scan_parts(package: zipfile.ZipFile) -> tuple[int, int]:
    left, rows, columns = UNPACKED, 0, 0
    for part in package.infolist():
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        cells = bool(_SHEET.search(part.filename))
        rest = b""
        with package.open(part) as stream:
            while block := stream.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise Refused("文件解压后过大，不予读取。请拆分后分批导入。")
                rest += block
                _refuse_declarations(rest)
                if cells:
                    rows, columns = _farthest(rest, rows, columns)
                rest = rest[-2000:]
    return rows, columns


def _refuse_declarations(text: bytes) -> None:
    """Refuse document types and entities, also hidden in UTF-16."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\x00" in text:
        raise Refused("文件含有不允许的内容（文档类型声明）。请另存为新的 .xlsx 再上传。")


def _farthest(text: bytes, rows: int, columns: int) -> tuple[int, int]:
    for attributes in _CELL.findall(text):
        place = _PLACE.search(attributes)
        if place:
            rows = max(rows, int(place[2]))
            columns = max(columns, _column_number(place[1]))
    return rows, columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def sheets(path: str, rows: int, columns: int) -> Iterator[tuple[str, bool, Iterable[Iterable[Any]]]]:
    """Yield name, whether hidden, and rows of each worksheet: by calamine, by openpyxl where cells are far apart."""
    if rows * columns > DENSE:
        yield from _sparse(path)
        return
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - after the limits

    book = CalamineWorkbook.from_path(path)
    for about in book.sheets_metadata:
        if str(about.typ).endswith("WorkSheet"):
            sheet = book.get_sheet_by_name(about.name)
            yield (
                about.name,
                about.visible != SheetVisibleEnum.Visible,
                sheet.to_python(skip_empty_area=False),
            )


def _sparse(path: str) -> Iterator[tuple[str, bool, Iterable[Iterable[Any]]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - after the limits

    book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield sheet.title, sheet.sheet_state != "visible", sheet.iter_rows(values_only=True)


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """Yield ``[number, cells]`` of every row that holds more than blanks; refuse what lies too far out."""
    count = 0
    for number, cells in enumerate(rows, start=1):
        values = [_plain(cell) for cell in cells]
        while values and values[-1] is None:
            values.pop()
        if not values:
            continue
        count += 1
        if number > ROWS or len(values) > COLUMNS or count > ROWS:
            cell = f"{_letters(len(values))}{number}"
            raise Refused(
                f"单元格 {cell} 里有内容，表格超出 {ROWS} 行、{COLUMNS} 列。"
                "如是误填，请删除该单元格所在的行列后另存；否则请拆分后分批导入。"
            )
        yield [number, values]


def _plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, (datetime, date)):
        return {"d": cell.isoformat()}
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if cell is None or isinstance(cell, (bool, int, float)):
        return cell
    return cell.isoformat() if isinstance(cell, time) else str(cell)


def main(path: str) -> None:
    """Print what the workbook holds."""
    limit()
    out = sys.stdout
    try:
        farthest = scan(path)
        for name, hidden, rows in sheets(path, *farthest):
            out.write(json.dumps({"sheet": name, "hidden": hidden}) + "\n")
            out.writelines(json.dumps(line) + "\n" for line in lines(rows))
    except Refused as refusal:
        out.write(json.dumps({"refused": str(refusal)}) + "\n")
    except MemoryError:
        out.write(
            json.dumps({"refused": "读取该文件需要的内存过大。请删除多余的行列，或拆分后分批导入。"}) + "\n"
        )
    except Exception as error:
        out.write(
            json.dumps(
                {"refused": f"文件无法读取（{type(error).__name__}）。请用 Excel 或 WPS 另存为新的 .xlsx。"}
            )
            + "\n"
        )


if __name__ == "__main__":
    main(sys.argv[1])
