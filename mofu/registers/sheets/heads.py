"""Where the header is, which column means what, and which rows are no records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.reading import Cell, Sheet, SheetRefused
from mofu.registers.sheets.texts import head_key, squeezed, without_brackets

HEADER_WITHIN = 40  # content rows looked at for the header
GUIDE_SHEET, LISTS_SHEET, REASONS_COLUMN = "填表说明", "选项", "退回原因"
EXAMPLE_MARK = "示例"
_NUMBERING = {"序号", "编号", "no", "no.", "序", "行号"}
_TOTALS = re.compile(r"^(合计|总计|小计|累计|总数|本页合计|共计)")
_SIGNS = re.compile(
    r"(单位负责人|负责人|填表人|制表人?|审核人|经办人|联系电话|填报人|联系人|填报单位|填报日期|盖章)[(（\w）)]*[:：]"
)
_NOTES = re.compile(r"^(注|备注|说明|填表说明|附注|提示|要求)[:：\d]|^(注|说明)$|^\d+[.、].{20,}")


@dataclass(frozen=True)
class LeftOut:
    """A row that is no record, and why it was left out."""

    row: int
    reason: str
    text: str


@dataclass
class Layout:
    """A worksheet understood: which cell belongs to which column, what was left out, what was not understood."""

    sheet: Sheet
    header_row: int
    header: list[Cell]
    columns: dict[int, SheetColumn]
    unknown: list[str]
    numbering: int | None
    records: list[tuple[int, list[Cell]]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    reporting_unit: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def read_columns(self) -> list[SheetColumn]:
        """The columns of the file that are read, from left to right."""
        return [column for _, column in sorted(self.columns.items()) if not column.shown]

    def serial(self, cells: Sequence[Cell]) -> str:
        """Return what the 序号 column says about a row."""
        index = self.numbering
        return text_of(cells[index]) if index is not None and index < len(cells) else ""


def understand(sheets: Sequence[Sheet], columns: Sequence[SheetColumn]) -> Layout:
    """Return the layout of the sheet that fits ``columns`` best; raise SheetRefused when none does."""
    candidates = [sheet for sheet in sheets if sheet.name not in (GUIDE_SHEET, LISTS_SHEET) and sheet.rows]
    found = [layout for sheet in candidates if (layout := _layout(sheet, columns))]
    if not found:
        wanted = "、".join(column.label for column in columns if column.required) or columns[0].label
        raise SheetRefused(
            f"没有找到表头。请在表格前 {HEADER_WITHIN} 行内保留一行列名（如：{wanted}），或下载导入模板填写。"
        )
    best = max(
        found, key=lambda layout: (not layout.sheet.hidden, len(layout.columns), len(layout.sheet.rows))
    )
    _sort_rows(best)
    best.notes += _notes_on_sheets(best, candidates)
    return best


def _layout(sheet: Sheet, columns: Sequence[SheetColumn]) -> Layout | None:
    """Return the layout with the row that names most columns as header, None when no row names two."""
    best: Layout | None = None
    for number, cells in sheet.rows[:HEADER_WITHIN]:
        bound, unknown, numbering = bind(cells, columns)
        told = sum(not column.shown for column in bound.values())
        if told >= 2 and (best is None or len(bound) > len(best.columns)):
            best = Layout(sheet, number, cells, bound, unknown, numbering)
    return best


def bind(
    cells: Sequence[Cell], columns: Sequence[SheetColumn]
) -> tuple[dict[int, SheetColumn], list[str], int | None]:
    """Match header texts with columns: by label, by synonym, then without brackets; each column once."""
    keys = {index: head_key(text_of(cell)) for index, cell in enumerate(cells) if text_of(cell)}
    numbering = _numbering(keys, columns)
    free = {index: key for index, key in keys.items() if index != numbering and key != REASONS_COLUMN}
    bound: dict[int, SheetColumn] = {}
    for names in (_labels, _synonyms, _bare_names):
        for column in columns:
            if column in bound.values():
                continue
            wanted = names(column)
            bare = names is _bare_names
            hit = next(
                (i for i, key in free.items() if (without_brackets(key) if bare else key) in wanted), None
            )
            if hit is not None:
                bound[hit] = column
                del free[hit]
    return bound, [text_of(cells[index]) for index in sorted(free)], numbering


def _labels(column: SheetColumn) -> set[str]:
    return {head_key(column.label)}


def _synonyms(column: SheetColumn) -> set[str]:
    return {head_key(name) for name in column.synonyms}


def _bare_names(column: SheetColumn) -> set[str]:
    return {without_brackets(head_key(name)) for name in (column.label, *column.synonyms)} - {""}


def _numbering(keys: dict[int, str], columns: Sequence[SheetColumn]) -> int | None:
    """Return the index of the running number; where 序号 is itself a field, only a second 序号 makes the first one it."""
    hits = [index for index, key in keys.items() if key in _NUMBERING]
    own = any(head_key(column.label) in _NUMBERING and not column.shown for column in columns)
    return hits[0] if hits and (len(hits) > 1 or not own) else None


def _sort_rows(layout: Layout) -> None:
    """Divide the rows below the header into records and what is left out; read 填报单位 above it."""
    expected = layout.header_row
    width = len(layout.header)
    for number, cells in layout.sheet.rows:
        if number <= layout.header_row:
            layout.reporting_unit = layout.reporting_unit or _reporting_unit(cells)
            continue
        expected = _gap(layout, expected, number)
        reason = _no_record(layout, cells)
        if reason:
            words = "　".join(filter(None, map(text_of, cells)))
            layout.left_out.append(LeftOut(number, reason, words[:80]))
        else:
            layout.records.append((number, [*cells, *[None] * (width - len(cells))]))
    last = max((number for number, _ in layout.records), default=layout.header_row)
    layout.left_out = [row for row in layout.left_out if row.reason != "空行" or row.row < last]


def _gap(layout: Layout, expected: int, number: int) -> int:
    missing = range(expected + 1, number)
    layout.left_out += [LeftOut(row, "空行", "") for row in missing[:50]]
    return number


def _no_record(layout: Layout, cells: Sequence[Cell]) -> str:
    """Return why a row is no record, empty when it is one."""
    texts = [text_of(cell) for cell in cells]
    filled = [text for index, text in enumerate(texts) if text and index != layout.numbering]
    front = [squeezed(text) for text in texts if text][:2]
    if any(_TOTALS.match(text) for text in front):
        return "合计行"
    if front[0].startswith(EXAMPLE_MARK) and layout.numbering is not None:
        return "模板的示例行"
    if len(filled) <= 4 and any(_SIGNS.search(text) for text in front):
        return "签字栏"
    if len(front) == 1 and _NOTES.match(front[0]):
        return "说明文字"
    if not filled:
        return "只有序号的空行"
    if _repeats_header(layout, texts):
        return "重复的表头"
    return ""


def _repeats_header(layout: Layout, texts: Sequence[str]) -> bool:
    heads = [text_of(cell) for cell in layout.header]
    same = sum(bool(text) and text == head for text, head in zip(texts, heads, strict=False))
    return same >= max(2, len(layout.columns) // 2)


def _reporting_unit(cells: Iterable[Cell]) -> str:
    for cell in cells:
        found = re.match(r"^填报单位(?:[(（]盖章[)）])?[:：]\s*(.+?)(?:\s{2,}|填报日期|$)", text_of(cell))
        if found:
            return found[1].strip()
    return ""


def _notes_on_sheets(best: Layout, sheets: Sequence[Sheet]) -> list[str]:
    others = [sheet.name for sheet in sheets if sheet is not best.sheet]
    notes = (
        [f"只读取了工作表“{best.sheet.name}”，未读取：{'、'.join(others)}。需要导入的请单独上传。"]
        if others
        else []
    )
    return [*notes, "读取的是隐藏的工作表，请核对。"] if best.sheet.hidden else notes
