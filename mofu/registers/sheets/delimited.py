"""Text tables (.csv): which encoding, which separator, and the cells, all of them text."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO

from mofu.registers.sheets.limits import Refused

ADVICE = "请用 Excel 或 WPS 打开，核对身份证号等长数字后另存为 .xlsx 再上传。"
LONGEST = 32_767  # characters of a cell, as in Excel
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\ufffe\uffff]")
_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)
_SEPARATORS = ",\t;"


def decoded(content: bytes) -> str:
    """Return the text of the file: by its byte order mark, else UTF-8, else GB18030; raise Refused."""
    encoding = next((name for mark, name in _MARKED if content.startswith(mark)), "")
    for name in (encoding,) if encoding else ("utf-8", "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        text = text.rstrip("\x1a")
        if _CONTROLS.search(text):
            break
        if not text.strip():
            raise Refused("文件里没有内容。请检查后重新上传。")
        return text
    raise Refused(f"文件不是 UTF-8 或 GB18030 编码的文本，无法读取。{ADVICE}")


def rows(content: bytes) -> Iterator[list[str]]:
    """Yield the cells of each record; a line break within quotes belongs to its cell. Raises Refused."""
    text = decoded(content)
    named = re.match(r"sep=(.)\r?\n", text)
    separator = named[1] if named else separator_of(text)
    csv.field_size_limit(LONGEST)
    if named:
        yield []
        text = text[named.end() :]
    try:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=separator):
            yield [plain(cell) for cell in cells]
    except csv.Error as error:
        raise Refused(f"文件中有超过 {LONGEST} 个字的单元格，或引号没有成对，无法读取。{ADVICE}") from error


def separator_of(text: str) -> str:
    """Return the separator by which most of the first lines have the same number of cells, the more the better."""
    return max(_SEPARATORS, key=lambda separator: _regularity(text[:20_000], separator))


def _regularity(text: str, separator: str) -> int:
    csv.field_size_limit(LONGEST)
    try:
        widths = [
            len(cells) for cells in csv.reader(StringIO(text, newline=""), delimiter=separator) if cells
        ]
    except csv.Error:
        return 0
    counts = Counter(width for width in widths[:60] if width > 1)
    return max((times * min(width, 30) for width, times in counts.items()), default=0)


def plain(cell: str) -> str:
    """Return a cell without what protects a number from Excel: ``="320…"`` or a leading apostrophe."""
    wrapped = _AS_TEXT.match(cell.strip())
    if wrapped:
        return wrapped[1].replace('""', '"')
    return cell[1:] if cell.startswith("'") and cell[1:2].isdigit() else cell
