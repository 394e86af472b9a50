"""What a worksheet's XML says beside its values: how far it reaches, merged, hidden and computed cells.

Found by searching the text piece by piece, because the fast reader of values does not tell; each search runs only
where a piece holds its key word, so a plain roster costs little more than the inflating.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mofu.registers.sheets.limits import AGAIN, CELLS, COLUMNS, ROWS, SPLIT, Refused

MOST = 20_000  # merged ranges that are kept
SHOWN = 1000  # places of formulas that are named
_ROOT = re.compile(rb"<(\w+):worksheet\b")
_ROW = re.compile(rb'<row [^<>]*?\br="(\d{1,9})"')
_HIDDEN_ROW = re.compile(rb'<row (?=[^<>]*?\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
_COLUMN = re.compile(rb"<col [^<>]*>")
_MERGE = re.compile(rb'<mergeCell [^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_FORMULA = re.compile(rb"<c ([^<>]*)>\s*<f\b(?:[^<>]*/>|[^<>]*>[^<]*</f>)\s*(<v\b[^<>]*>[^<]+</)?")
_ERROR = re.compile(
    rb'<c (?=[^<>]*?\bt="e")([^<>]*)>(?:\s*<f\b(?:[^<>]*/>|[^<>]*>[^<]*</f>))?\s*<v\b[^<>]*>([^<]*)</'
)
_CELL = re.compile(rb"<c ([^<>]*[^<>/])>\s*<(?:v|is|f)\b")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_TWO, _THREE, _FOUR = (re.compile(rb' r="[A-Z]{%d}' % count) for count in (2, 3, 4))
NOT_COMPUTED = "公式未计算"
ERRORS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", NOT_COMPUTED)


@dataclass
class Spelling:
    """How a sheet's XML is spelt; unusual spellings are brought into the usual one before they are searched."""

    prefix: bytes = b""
    quoted: bool = False
    seen: bool = False

    @property
    def unusual(self) -> bool:
        """Whether tags bear a prefix or attributes stand in single quotes."""
        return bool(self.prefix) or self.quoted

    def taken(self, piece: bytes) -> bytes:
        """Return the piece as most programs would write it; the first piece tells how it is spelt."""
        if not self.seen:
            root = _ROOT.search(piece[:4096])
            self.prefix, self.quoted = root[1] + b":" if root else b"", b" r='" in piece
            self.seen = b"<sheetData" in piece or b"<row" in piece or bool(root)
        if self.prefix:
            piece = piece.replace(b"<" + self.prefix, b"<").replace(b"</" + self.prefix, b"</")
        return piece.replace(b"'", b'"') if self.quoted else piece


@dataclass
class Facts:
    """What is known of one worksheet. Rows count from 1, columns from 0; ``width`` is an upper bound."""

    rows: int = 0
    width: int = 26
    cells: int = 0
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    filtered: bool = False
    formulas: int = 0
    formula_places: list[str] = field(default_factory=list)
    plain: Spelling = field(default_factory=Spelling)
    broken: dict[int, dict[int, str]] = field(default_factory=dict)  # row → column → what stands for a value

    def take(self, piece: bytes) -> None:
        """Take in one piece of the sheet's XML."""
        piece = self.plain.taken(piece)
        cells = piece.count(b"<c ")
        self.cells += cells
        if self.cells > CELLS:
            raise Refused(f"工作表的单元格超过 {CELLS} 个，不予读取。{SPLIT}")
        self.rows = max(self.rows, max(map(int, _ROW.findall(piece)), default=0))
        self._widen(piece)
        if b"hidden=" in piece:
            self.hidden_rows += map(int, _HIDDEN_ROW.findall(piece))
            self.hidden_columns += filter(None, map(_hidden_range, _COLUMN.findall(piece)))
        if b"<f" in piece:
            self._take_formulas(piece)
        if b't="e"' in piece:
            self._take_errors(piece)
        if cells <= 1 or self.plain.unusual:  # what follows the cells comes in a piece without any
            self._take_merges(piece)
            self.filtered = self.filtered or b"<autoFilter" in piece

    def _widen(self, piece: bytes) -> None:
        if self.width < 702 and _TWO.search(piece):
            self.width = 702
        if 26 < self.width < 16384 and _THREE.search(piece):
            self.width = 16384
        if self.width == 16384 and _FOUR.search(piece):
            raise Refused(f"文件含有超出范围的列号，不予读取。{AGAIN}")

    def _take_merges(self, piece: bytes) -> None:
        for left, top, right, bottom in _MERGE.findall(piece)[: MOST - len(self.merges)]:
            self.merges.append((int(top), column_index(left), int(bottom), column_index(right)))

    def _take_formulas(self, piece: bytes) -> None:
        for attributes, value in _FORMULA.findall(piece):
            place = _PLACE.search(attributes)
            if place is None:
                continue
            self.formulas += 1
            if len(self.formula_places) < SHOWN:
                self.formula_places.append((place[1] + place[2]).decode())
            if not value and b't="str"' not in attributes:
                self._mark(place, NOT_COMPUTED)

    def _take_errors(self, piece: bytes) -> None:
        for attributes, value in _ERROR.findall(piece):
            place, text = _PLACE.search(attributes), value.decode("utf-8", "replace").strip()
            if place is not None and text in ERRORS:
                self._mark(place, text)

    def _mark(self, place: re.Match[bytes], text: str) -> None:
        row, column = int(place[2]), column_index(place[1])
        if row <= ROWS and column < COLUMNS:
            self.broken.setdefault(row, {})[column] = text

    def as_json(self) -> dict[str, Any]:
        """Return what the web worker is told about the sheet."""
        return {
            "merges": self.merges,
            "hidden_rows": _runs(sorted(set(self.hidden_rows))),
            "hidden_columns": self.hidden_columns,
            "filtered": self.filtered,
            "formulas": self.formulas,
            "formula_places": self.formula_places,
        }


def farthest(pieces: Iterable[bytes]) -> tuple[int, int]:
    """Return the last row and column that hold content: formatting alone does not count."""
    rows = columns = 0
    spelling = Spelling()
    for piece in map(spelling.taken, pieces):
        for attributes in _CELL.findall(piece):
            place = _PLACE.search(attributes)
            if place:
                rows = max(rows, int(place[2]))
                columns = max(columns, column_index(place[1]) + 1)
    return rows, columns


def column_index(letters: bytes) -> int:
    """Return the index of a column: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def column_letters(index: int) -> str:
    """Return the letters of a column: 0 is A."""
    text, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def _hidden_range(tag: bytes) -> tuple[int, int] | None:
    words = dict(re.findall(rb'(\w+)="([^"]*)"', tag))
    if words.get(b"hidden") not in (b"1", b"true"):
        return None
    first, last = words.get(b"min", b""), words.get(b"max", b"")
    return (int(first[:6]) - 1, int(last[:6]) - 1) if first.isdigit() and last.isdigit() else None


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as runs (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
