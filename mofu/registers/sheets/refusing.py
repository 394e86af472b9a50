"""The refused rows of an import as a workbook: the reason at each cell, ready to be corrected and uploaded again."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.committing import Outcome
from mofu.registers.sheets.heads import REASONS_COLUMN
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.results import SKIPPED, RowResult
from mofu.registers.sheets.texts import printable

_WRONG = PatternFill("solid", start_color="FFFFC7CE")
_HEAD = PatternFill("solid", start_color="FFE7EDF4")


def workbook(outcome: Outcome) -> bytes:
    """Return the workbook: the header of the upload, its refused rows as they were, the reasons."""
    book = Workbook()
    sheet = book.active
    sheet.title = "需要修改的行"
    header = [text_of(cell) for cell in outcome.layout.header]
    width = len(header)
    for column, text in enumerate([*header, REASONS_COLUMN], start=1):
        cell = _put(sheet, 1, column, text)
        cell.font, cell.fill, cell.alignment = (
            Font(bold=True),
            _HEAD,
            Alignment(wrap_text=True, vertical="center"),
        )
        sheet.column_dimensions[get_column_letter(column)].width = 50 if column > width else 16
        sheet.column_dimensions[get_column_letter(column)].number_format = "@"
    for number, row in enumerate(outcome.refused, start=2):
        _row(sheet, number, row, width)
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def reasons(row: RowResult) -> str:
    """Return in words why a row is not taken."""
    wrong = [
        f"{problem.column}：{problem.message}" if problem.column else problem.message
        for problem in row.problems
    ]
    open_units = [
        f"单位“{question.text}”{'按您的选择跳过' if question.decision else '尚未登记，未作决定'}"
        for question in row.questions
        if question.decision in ("", "skip")
    ]
    skipped = ["按您的选择跳过"] if row.status == SKIPPED else []
    return "；".join([*skipped, *wrong, *open_units])


def _row(sheet: Worksheet, number: int, row: RowResult, width: int) -> None:
    for column, value in enumerate(row.cells[:width], start=1):
        _put(sheet, number, column, value)
    for problem in row.problems:
        if problem.index is not None:
            cell = sheet.cell(number, problem.index + 1)
            cell.fill = _WRONG
            cell.comment = Comment(printable(problem.message), "导入检查", width=320, height=110)
    reason = _put(sheet, number, width + 1, reasons(row))
    reason.alignment = Alignment(wrap_text=True, vertical="top")


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> SheetCell:
    """Write a value; text stays text, whatever it starts with."""
    cell = sheet.cell(row, column)
    cell.value = printable(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    return cell
