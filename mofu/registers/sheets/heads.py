"""Where the header is, which column means what, and which rows are no records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mofu.registers.sheets import versions
from mofu.registers.sheets.binding import LONGEST, REASONS_COLUMN, Binding, Names, double, nameless, single
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.leaving import EXAMPLE_MARK
from mofu.registers.sheets.reading import Cell, Sheet, SheetRefused
from mofu.registers.sheets.sorting import LeftOut, Sorter
from mofu.registers.sheets.versions import GUIDE_SHEET

__all__ = ["EXAMPLE_MARK", "GUIDE_SHEET", "LISTS_SHEET", "REASONS_COLUMN", "Layout", "LeftOut", "understand"]

HEADER_WITHIN = 40  # content rows looked at for the header
LISTS_SHEET = "选项"
SAMPLES = 3  # values shown of a column that is asked about


@dataclass
class Layout:
    """A worksheet understood: which cell belongs to which column, what was left out, what was not understood.

    ``records`` are (row number, cells), as wide as ``header``; where nothing had to be filled in they are the sheet's
    own lists: copy one before changing it. ``header`` holds the texts by which the columns were understood;
    ``unknown_columns`` the others that hold something, as (index, head, samples), and ``dropped`` those the user wants
    left out. The key of a head in ``mapping`` is ``texts.head_key(head)``. ``sheets`` are the worksheets to choose
    from, as (name, rows, whether it fits, whether it is hidden).
    """

    sheet: Sheet
    header_row: int
    header: list[Cell]
    columns: dict[int, SheetColumn]
    numbering: int | None
    first_header_row: int = 0  # the upper one of two
    records: list[tuple[int, list[Cell]]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    reporting_unit: str = ""
    notes: list[str] = field(default_factory=list)
    unknown_columns: list[tuple[int, str, list[str]]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    sheets: list[tuple[str, int, bool, bool]] = field(default_factory=list)
    template_version: str = ""

    @property
    def unknown(self) -> list[str]:
        """The heads that are asked about."""
        return [head for _, head, _ in self.unknown_columns]

    @property
    def read_columns(self) -> list[SheetColumn]:
        """The columns of the file that are read, from left to right."""
        return [column for _, column in sorted(self.columns.items()) if not column.shown]

    def serial(self, cells: Sequence[Cell]) -> str:
        """Return what the 序号 column says about a row."""
        index = self.numbering
        return text_of(cells[index]) if index is not None and index < len(cells) else ""


@dataclass(frozen=True)
class _Header:
    """A row (or two) that may be the header of a sheet."""

    sheet: Sheet
    position: int  # in the sheet's rows, of the upper one
    height: int
    binding: Binding

    @property
    def fitness(self) -> tuple[int, int, int]:
        """The better header says more; of two that say the same the shorter one is it."""
        return self.binding.told, len(self.binding.columns), -self.height

    @property
    def width(self) -> int:
        """Number of columns that hold something in the header or below."""
        last = self.position + self.height - 1
        return max(*(len(cells) for _, cells in self.sheet.rows[last:]), max(self.binding.heads) + 1)


def understand(
    sheets: Sequence[Sheet],
    columns: Sequence[SheetColumn],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str = "",
) -> Layout:
    """Return the layout of the sheet that fits ``columns`` best, or of the one named; raise SheetRefused.

    ``mapping`` is what the user said about heads: the field by ``head_key`` (``side.field`` for side columns, see
    :func:`binding.target`), or an empty text for a column to be left out. Raises MappingRefused when two heads are to
    mean the same column.
    """
    candidates = [one for one in sheets if one.name not in (GUIDE_SHEET, LISTS_SHEET) and one.rows]
    names = Names(columns)
    found = {id(one): header for one in candidates if (header := _header(one, names, mapping or {}))}
    chosen = [one for one in candidates if not sheet or one.name == sheet]
    if sheet and not chosen:
        raise SheetRefused(f"文件里没有工作表“{sheet}”，或其中没有内容。")
    fitting = [found[id(one)] for one in chosen if id(one) in found]
    if not fitting:
        raise SheetRefused(_nothing_found(chosen, columns))
    best = max(fitting, key=lambda header: (not header.sheet.hidden, header.fitness, len(header.sheet.rows)))
    best = _with_nameless(best, names, mapping or {})
    layout = _layout(best, columns)
    layout.sheets = [(one.name, len(one.rows), id(one) in found, one.hidden) for one in candidates]
    layout.template_version = versions.version_in(sheets)
    layout.notes += filter(None, [versions.note_on(layout.template_version, columns)])
    layout.notes += _notes_on_sheets(best.sheet, candidates)
    return layout


def _header(sheet: Sheet, names: Names, mapping: Mapping[str, str]) -> _Header | None:
    """Return the row, or the two rows, that name most columns; None when none names two."""
    best: _Header | None = None
    for position in range(min(HEADER_WITHIN, len(sheet.rows))):
        number, cells = sheet.rows[position]
        below = sheet.rows[position + 1] if position + 1 < len(sheet.rows) else (0, [])
        shapes = [single(cells)]
        if below[0] == number + 1:
            shapes.append(double(_groups(sheet, number, cells, below[1]), below[1]))
        for height, heads in enumerate(shapes, start=1):
            if len(heads) < 2:
                continue
            header = _Header(sheet, position, height, names.bind(heads, mapping))
            if header.binding.told >= 2 and (best is None or header.fitness > best.fitness):
                best = header
    return best


def _groups(sheet: Sheet, number: int, cells: Sequence[Cell], below: Sequence[Cell]) -> list[str]:
    """Return the texts of an upper header row, each one over the columns it groups."""
    texts = [text_of(cell)[:LONGEST] for cell in cells]
    texts += [""] * (len(below) - len(texts))
    merges = [merge for merge in sheet.merges if merge[0] == number and merge[3] > merge[1]]
    for _, left, _, right in merges:
        for index in range(left + 1, min(right, len(texts) - 1) + 1):
            texts[index] = texts[left]
    if not merges:
        for index in range(1, len(texts)):
            if not texts[index] and index < len(below) and text_of(below[index]) and texts[index - 1]:
                texts[index] = texts[index - 1]
    return texts


def _with_nameless(header: _Header, names: Names, mapping: Mapping[str, str]) -> _Header:
    """Return the header with those columns without a head that the user said something about."""
    heads = dict(header.binding.heads)
    for index in range(header.width):
        if index not in heads and nameless(index).key in mapping:
            heads[index] = nameless(index)
    if len(heads) == len(header.binding.heads):
        return header
    return replace(header, binding=names.bind(dict(sorted(heads.items())), mapping))


def _layout(header: _Header, columns: Sequence[SheetColumn]) -> Layout:
    """Return the layout below a header: rows sorted, the rest noted."""
    sheet, binding = header.sheet, header.binding
    last, width = header.position + header.height - 1, header.width
    texts: list[Cell] = [None] * width
    for index, head in binding.heads.items():
        texts[index] = binding.texts.get(index, head.text)
    layout = Layout(sheet, sheet.rows[last][0], texts, dict(binding.columns), binding.numbering)
    layout.first_header_row = sheet.rows[header.position][0]
    for _, cells in sheet.rows[: header.position]:
        layout.reporting_unit = layout.reporting_unit or _reporting_unit(cells)
    sorter = Sorter(sheet, layout.columns, columns, layout.numbering, width)
    sorter.sort(header.position, header.height)
    layout.records, layout.left_out, layout.notes = sorter.records, sorter.left_out, sorter.notes
    if sorter.unit_column is not None:
        layout.columns[width] = sorter.unit_column
        layout.header = [*texts, sorter.unit_column.label]
    layout.dropped = [binding.heads[index].text for index in sorted(binding.dropped)]
    layout.unknown_columns = list(_unknown(layout, binding, width))
    return layout


def _unknown(layout: Layout, binding: Binding, width: int) -> Iterable[tuple[int, str, list[str]]]:
    """Yield the columns that hold something and mean nothing, those without a head too."""
    known = {*layout.columns, *binding.dropped, binding.numbering}
    asked = set(binding.unknown)
    for index in range(width):
        if index in known or (index in binding.heads and index not in asked):
            continue
        samples: list[str] = []
        for _, cells in layout.records:
            if cells[index] is not None:
                samples.append(text_of(cells[index])[:40])
                if len(samples) == SAMPLES:
                    break
        if samples:
            yield index, (binding.heads[index] if index in asked else nameless(index)).text, samples


def _reporting_unit(cells: Iterable[Cell]) -> str:
    for cell in cells:
        found = re.match(
            r"^填报单位(?:[(（]盖章[)）])?[:：]\s*(.+?)(?:\s{2,}|填报日期|$)", text_of(cell)[:300]
        )
        if found:
            return found[1].strip()
    return ""


def _nothing_found(sheets: Sequence[Sheet], columns: Sequence[SheetColumn]) -> str:
    wanted = "、".join(column.label for column in columns if column.required) or columns[0].label
    looked = "、".join(f"“{sheet.name}”" for sheet in sheets[:10]) or "（没有内容）"
    return (
        f"没有找到表头。已查看工作表{looked}，前 {HEADER_WITHIN} 行内没有一行列名能与本台账对应"
        f"（至少两列，如：{wanted}）。请保留一行列名，或下载导入模板填写。"
    )


def _notes_on_sheets(best: Sheet, sheets: Sequence[Sheet]) -> list[str]:
    others = [sheet.name for sheet in sheets if sheet is not best]
    notes = (
        [f"只读取了工作表“{best.name}”，未读取：{'、'.join(others)}。需要导入的请单独上传。"]
        if others
        else []
    )
    return [*notes, "读取的是隐藏的工作表，请核对。"] if best.hidden else notes
