"""Workbooks made by the tests of imports, in memory."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook


def workbook_bytes(*rows, title="表", extra=()):
    """Return an .xlsx with ``rows`` on its first sheet; ``extra`` holds (name, rows) of further sheets."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
        for cell in book.active[book.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # also what begins like a formula
    for name, more in extra:
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    return saved(book)


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()
