"""The rows below a header divided into records and what is left out; merged cells and headings of units filled in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from mofu.registers.sheets import leaving
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.facts import column_letters
from mofu.registers.sheets.reading import Cell, Sheet

GAPS = 50  # blank rows listed of one gap
NAMED = 8  # places named in a note


@dataclass(frozen=True)
class LeftOut:
    """A row that is no record, and why it was left out."""

    row: int
    reason: str
    text: str


class Sorter:
    """Sorts the rows of one sheet below its header.

    ``unit_column`` is set when headings such as “东台市” give the unit of the rows below; each record then has one more
    cell, the last one. Where the file has a unit column, a heading fills only its empty cells.
    Most rows are taken over as they are, without copying.
    """

    def __init__(
        self,
        sheet: Sheet,
        bound: dict[int, SheetColumn],
        columns: Sequence[SheetColumn],
        numbering: int | None,
        width: int,
    ) -> None:
        self.sheet, self.bound, self.numbering, self.width = sheet, bound, numbering, width
        self.records: list[tuple[int, list[Cell]]] = []
        self.left_out: list[LeftOut] = []
        self.notes: list[str] = []
        self.unit_column: SheetColumn | None = None
        self._units: list[tuple[int, str]] = []  # where in records a heading's rows begin, and its text
        self._wide = {merge[0] for merge in sheet.merges if merge[3] - merge[1] >= 2}
        self._unit = self._free_unit_column(columns)
        self._units_at = next((index for index, column in bound.items() if _names_unit(column)), None)
        self._probes: list[tuple[int, set[str]]] = []
        self._headers: list[list[str]] = []

    def _free_unit_column(self, columns: Sequence[SheetColumn]) -> SheetColumn | None:
        """Return the column of the record's unit, or of its person's, where the file has none."""
        if any(_names_unit(column) for column in self.bound.values()):
            return None
        units = [column for column in columns if _names_unit(column)]
        return min(units, key=lambda column: column.shown, default=None)

    def sort(self, position: int, height: int) -> None:
        """Sort what follows the header, which begins at ``position`` of the sheet's rows and is ``height`` rows high."""
        rows, below = self.sheet.rows, position + height
        self._headers = [[text_of(cell) for cell in cells] for _, cells in rows[position:below]]
        self._probes = [
            (index, {heads[index] for heads in self._headers if index < len(heads)} - {""})
            for index in list(self.bound)[:3]
        ]
        expected = rows[below - 1][0] + 1
        for number, cells in islice(rows, below, None):
            if number != expected:
                missing = range(expected, min(number, expected + GAPS))
                self.left_out += [LeftOut(row, "空行", "") for row in missing]
            self._take(number, cells)
            expected = number + 1
        last = self.records[-1][0] if self.records else 0
        self.left_out = [row for row in self.left_out if row.reason != "空行" or row.row < last]
        self._fill_merged()
        self._fill_units()
        self._note_hidden()
        self._note_formulas()

    def _take(self, number: int, cells: list[Cell]) -> None:
        """Put one row where it belongs."""
        reason = self._reason(number, cells)
        if reason:
            words = "　".join(filter(None, map(text_of, cells)))
            self.left_out.append(LeftOut(number, reason, words[:80]))
            return
        if len(cells) < self.width:
            cells.extend([None] * (self.width - len(cells)))
        self.records.append((number, cells))

    def _reason(self, number: int, cells: list[Cell]) -> str:
        """Return why a row is no record, empty when it is one."""
        filled = len(cells) - cells.count(None)
        if not filled:
            return "空行"
        front = list(islice((cell for cell in cells if cell is not None), 2))
        if leaving.looks_odd(front, filled):
            heading = filled == 1 and leaving.heading(
                cells, merged=number in self._wide, numbering=self.numbering
            )
            reason = leaving.reason(cells, self.numbering)
            if heading and not reason and self._is_heading(number, cells, heading):
                return "单位小标题" if self._unit else "小标题"
            if reason:
                return reason
            if filled == 1 and self.numbering is not None and text_of(front[0]) == self._serial(cells):
                return "只有序号的空行"
        return "重复的表头" if self._repeats_header(cells) else ""

    def _is_heading(self, number: int, cells: Sequence[Cell], heading: str) -> bool:
        """Whether a single text heads the rows below it; without a free unit column only a merged one does."""
        heads = self._unit is not None or number in self._wide or bool(self._serial(cells))
        if heads:
            self._units.append((len(self.records), heading if self._heads_unit(heading) else ""))
        return heads

    def _heads_unit(self, heading: str) -> bool:
        """Whether a heading names the unit of the rows below; beside a unit column only what ends like a unit does."""
        return self._unit is not None or (self._units_at is not None and leaving.names_unit(heading))

    def _serial(self, cells: Sequence[Cell]) -> str:
        index = self.numbering
        return text_of(cells[index]) if index is not None and index < len(cells) else ""

    def _repeats_header(self, cells: Sequence[Cell]) -> bool:
        if not any(
            index < len(cells) and cells[index].__class__ is str and text_of(cells[index]) in heads
            for index, heads in self._probes
        ):
            return False
        texts = [text_of(cell) for cell in cells]
        return any(
            sum(bool(text) and text == head for text, head in zip(texts, heads, strict=False))
            >= max(2, sum(map(bool, heads)) // 2)
            for heads in self._headers
        )

    # filled in -------------------------------------------------------------------------------------------

    def _fill_merged(self) -> None:
        """Give a merged cell's value to every record it lies over."""
        values = self._first_values()
        numbers = [number for number, _ in self.records] if values else []
        places: dict[int, list[str]] = {}
        reached: dict[int, int] = {}  # by column, so that overlapping ranges cannot multiply the work
        copied: set[int] = set()
        for (top, left), (bottom, value) in sorted(values.items(), key=lambda item: item[0]):
            if top <= reached.get(left, 0):
                continue
            reached[left] = bottom
            below = range(bisect_left(numbers, top + 1), bisect_left(numbers, bottom + 1))
            empty = [at for at in below if self.records[at][1][left] is None]
            for at in empty:
                self._put(at, left, value, copied)
            if empty and left != self.numbering:
                places.setdefault(left, []).append(f"第{top}—{bottom}行")
        for column, spans in sorted(places.items()):
            self.notes.append(
                f"{self._named(column)}有合并单元格（{_some(spans)}），各行按同一内容读入，请核对。"
            )

    def _put(self, at: int, column: int, value: Cell, copied: set[int]) -> None:
        """Put a value into a record; its row is copied first, the sheet stays as it was read."""
        if at not in copied:
            copied.add(at)
            number, cells = self.records[at]
            self.records[at] = (number, list(cells))
        self.records[at][1][column] = value

    def _first_values(self) -> dict[tuple[int, int], tuple[int, Cell]]:
        """Return the last row and the value of each range merged over several rows, by the place it begins at."""
        tall: dict[tuple[int, int], int] = {}
        for top, left, bottom, _ in self.sheet.merges:
            if bottom > top and left < self.width:
                tall.setdefault((top, left), bottom)
        tops = {top for top, _ in tall}
        rows = {number: cells for number, cells in self.records if number in tops} if tall else {}
        return {
            (top, left): (bottom, rows[top][left])
            for (top, left), bottom in tall.items()
            if top in rows and rows[top][left] is not None
        }

    def _fill_units(self) -> None:
        """Give the records below a heading its unit, in a cell of their own."""
        ends = [*(start for start, _ in self._units[1:]), len(self.records)]
        spans = [
            (start, end, unit) for (start, unit), end in zip(self._units, ends, strict=False) if start < end
        ]
        if self._unit is None:
            self._fill_empty_units(spans)
            return
        if not spans:
            return
        self.unit_column = self._unit
        units: list[Cell] = [None] * len(self.records)
        for start, end, unit in spans:
            units[start:end] = [unit] * (end - start)
        self.records = [
            (number, [*cells, unit]) for (number, cells), unit in zip(self.records, units, strict=True)
        ]
        names = _some(f"“{unit}”" for _, _, unit in spans)
        label = self._unit.label
        self.notes.append(f"表中没有{label}列，小标题{names}作为其下各行的{label}，请核对。")

    def _fill_empty_units(self, spans: Sequence[tuple[int, int, str]]) -> None:
        """Give the records below a heading its unit where their own unit cell is empty."""
        column, copied, filled = self._units_at, set[int](), dict[str, None]()
        for start, end, unit in spans if column is not None else ():
            empty = [at for at in range(start, end) if unit and not text_of(self.records[at][1][column])]
            for at in empty:
                self._put(at, column, unit, copied)
            if empty:
                filled[f"“{unit}”"] = None
        if filled:
            self.notes.append(f"{self._named(column)}为空的行，按所在的小标题{_some(filled)}读入，请核对。")

    # notes -----------------------------------------------------------------------------------------------

    def _named(self, index: int) -> str:
        column = self.bound.get(index)
        head = next(
            (heads[index] for heads in reversed(self._headers) if index < len(heads) and heads[index]), ""
        )
        return f"{column_letters(index)}列（{head or (column.label if column else '无列名')}）"

    def _note_hidden(self) -> None:
        numbers = [number for number, _ in self.records]
        rows = [
            run
            for run in self.sheet.hidden_rows
            if bisect_left(numbers, run[0]) < bisect_left(numbers, run[1] + 1)
        ]
        if rows:
            why = "被隐藏或筛选掉" if self.sheet.filtered else "隐藏"
            spans = [f"{first}" if first == last else f"{first}—{last}" for first, last in rows]
            self.notes.append(f"第 {_some(spans)} 行是{why}的行，已一并读取，请核对。")
        hidden = [
            index
            for first, last in self.sheet.hidden_columns
            for index in range(first, min(last, self.width - 1) + 1)
            if index in self.bound
        ]
        if hidden:
            self.notes.append(f"{_some(map(self._named, hidden))}是隐藏的列，已一并读取，请核对。")

    def _note_formulas(self) -> None:
        rows = {number for number, _ in self.records}
        places = [
            place
            for place in self.sheet.formula_places
            if int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) in rows
        ]
        if places:
            more = "至少 " if self.sheet.formulas > len(self.sheet.formula_places) else ""
            self.notes.append(
                f"有{more}{len(places)} 个单元格是公式（{_some(places)}），按文件中保存的计算结果读取，请核对。"
            )


def _names_unit(column: SheetColumn) -> bool:
    return not column.side and (column.name in ("org", "org_name") or column.name.endswith("__org"))


def _some(words: Iterable[str]) -> str:
    """Return the first words of a list, with 等 where there are more."""
    found = list(words)
    return "、".join(found[:NAMED]) + (f" 等 {len(found)} 处" if len(found) > NAMED else "")
