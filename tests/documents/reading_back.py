"""Reading finished files back: does every table and paragraph of a report stand in them, to the digit?"""

from __future__ import annotations

import datetime
import io
import re

import docx
import openpyxl
import pypdf

from mofu.documents.report import Paragraph, Table, numbered
from mofu.documents.values import as_text


def blocks_of(report, medium):
    """Yield the blocks of the text and the annexes that belong on paper or into the workbook."""
    for sections in (report.sections, *(annex.sections for annex in report.annexes)):
        for _, section in numbered(sections, medium):
            yield from section.blocks


def assert_word_agrees(report, content):
    """Tables cell by cell in their order, and every line of text."""
    document = docx.Document(io.BytesIO(content))
    printed = [
        [[_text(cell) for cell in row.tc_lst] for row in table._tbl.tr_lst] for table in document.tables
    ]
    tables = [block for block in blocks_of(report, "paper") if isinstance(block, Table)]
    for table, rows in zip(tables, printed, strict=False):
        body = list(table.text_rows) or [["无记录"]]
        assert rows == [list(table.columns), *body], table.caption
    assert len(printed) == len(tables) + report.formalities.has_imprint
    lines = {paragraph.text for paragraph in document.paragraphs}
    for block in blocks_of(report, "paper"):
        if isinstance(block, Paragraph):
            assert set(block.lines) <= lines


def _text(cell):
    return "\n".join("".join(node.text or "" for node in p.iter(f"{{{p.nsmap['w']}}}t")) for p in cell.p_lst)


def assert_workbook_agrees(report, content):
    """Every table stands on a sheet, row below row, numbers as numbers; totals by the value beside their formula."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheets = [list(sheet.iter_rows(values_only=True)) for sheet in book]
    for table in (block for block in blocks_of(report, "workbook") if isinstance(block, Table)):
        assert any(_holds(sheet, table) for sheet in sheets), table.caption


def _holds(sheet, table):
    width, kinds = len(table.columns), [table.kind(column) for column in range(len(table.columns))]
    starts = [at for at, row in enumerate(sheet) if list(row[:width]) == list(table.columns)]
    expected = list(table.text_rows)
    for start in starts:
        found = sheet[start + 1 : start + 1 + len(expected)]
        texts = [
            [as_text(_day(value), kind) for value, kind in zip(row[:width], kinds, strict=True)]
            for row in found
        ]
        if texts == expected:
            return True
    return False


def _day(value):
    return value.date() if isinstance(value, datetime.datetime) else value


def assert_pdf_agrees(report, content):
    """Every row of every table and every line of text, in their order, whatever page they fall on."""
    pages = [_page_text(page) for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    text, at = re.sub(r"—\d+—", "", "".join(pages)), 0
    for block in blocks_of(report, "paper"):
        if isinstance(block, Paragraph):
            lines = block.lines
        elif isinstance(block, Table):
            lines = ["".join(row) for row in block.text_rows]
        else:
            continue
        for line in lines:
            wanted = re.sub(r"\s", "", line)
            found = text.find(wanted, at)
            assert found >= 0, line
            at = found + len(wanted)


def _page_text(page):
    """The text of a page without its charts, whose letters would stand amid a paragraph that goes on overleaf."""
    page["/Resources"].get_object().pop("/XObject", None)
    return re.sub(r"\s|—\d+—", "", page.extract_text())
