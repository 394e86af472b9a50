"""A report as an editable Word file in the styles of GB/T 9704: the clerk changes a style, not every paragraph."""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tc
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from mofu.documents.report import Block, Paragraph, Picture, Report, Table
from mofu.documents.spreadsheetml import ILLEGAL
from mofu.documents.values import long_date
from mofu.documents.word_styles import (
    SIGNATURE,
    TABLE_NOTE,
    TABLE_TEXT,
    declare_styles,
    number_pages,
    set_page,
)

_EMPTY = "无记录"


def to_docx(report: Report) -> bytes:
    """The report as a .docx file, with real headings, repeated table headers and page numbers.

    A picture is shown when it brings a ``png``; without one its caption says that the PDF holds it.
    """
    document = Document()
    declare_styles(document)
    set_page(document.sections[0], landscape=False)
    number_pages(document)
    properties = document.core_properties
    properties.title, properties.author, properties.language = report.title, report.issuer, "zh-CN"
    _Writer(document).write(report)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Writes the parts of a report one after the other, counting the tables."""

    def __init__(self, document: DocumentType) -> None:
        self.document, self.tables, self.landscape = document, 0, False

    def write(self, report: Report) -> None:
        self._paragraph(report.title, "Title")
        if report.subtitle:
            self._paragraph(report.subtitle, "Subtitle")
        for heading, section in report.sections_for("paper"):
            self._turn(landscape=section.landscape)
            if heading:
                self._paragraph(heading, f"Heading {section.level}")
            for block in section.blocks:
                self._block(block)
        if report.issuer:
            self._turn(landscape=False)
            self._paragraph("", "Normal")
            self._paragraph(report.issuer, SIGNATURE).paragraph_format.keep_with_next = True
            self._paragraph(long_date(report.date), SIGNATURE)

    def _turn(self, *, landscape: bool) -> None:
        if landscape != self.landscape:
            self.landscape = landscape
            set_page(self.document.add_section(WD_SECTION.NEW_PAGE), landscape=landscape)

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        return self.document.add_paragraph(_clean(text), style=style)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            for line in block.lines:
                self._paragraph(line, "Normal")
        elif isinstance(block, Picture):
            self._picture(block)
        else:
            self._table(block)

    def _picture(self, picture: Picture) -> None:
        if not picture.png:
            self._paragraph(f"{picture.caption or '图'}（图见本报告 PDF 版）", "Caption")
            return
        paragraph = self._paragraph("", "Caption")
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        paragraph.add_run().add_picture(io.BytesIO(picture.png), width=Mm(150))
        if picture.caption:
            self._paragraph(picture.caption, "Caption")

    def _table(self, table: Table) -> None:
        self.tables += 1
        if table.caption:
            self._paragraph(f"表{self.tables}　{table.caption}", "Caption")
        body = list(table.text_rows) or [[_EMPTY, *[""] * (len(table.columns) - 1)]]
        grid = self.document.add_table(1 + len(body), len(table.columns), style="Table Grid")
        grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        self._set_widths(grid, table)
        rows = grid._tbl.tr_lst  # Table.rows walks the whole table for every cell
        self._fill(rows[0], table.columns, ["center"] * len(table.columns), bold=False)
        _mark(rows[0], "w:tblHeader")
        sides = ["right" if table.is_numeric(column) else "left" for column in range(len(table.columns))]
        for row, texts in zip(rows[1:], body, strict=True):
            self._fill(row, texts, sides, bold=table.total_row and row is rows[-1])
        if not table.rows:
            _span_row(rows[1])
        if table.note:
            self._paragraph(f"注：{table.note}", TABLE_NOTE)

    def _set_widths(self, grid: WordTable, table: Table) -> None:
        """Column widths in the grid and in every cell (WPS reads the one, Word the other)."""
        room = Mm(247 if self.landscape else 156)
        widths = [int(room * share) for share in table.shares]
        for column, width in zip(grid._tbl.tblGrid.gridCol_lst, widths, strict=True):  # as above
            column.w = width
        for row in grid._tbl.tr_lst:  # as above
            for cell, width in zip(row.tc_lst, widths, strict=True):
                cell.width = width

    def _fill(self, row: CT_Row, texts: Sequence[str], sides: Sequence[str], *, bold: bool) -> None:
        _mark(row, "w:cantSplit")
        style = self.document.styles[TABLE_TEXT].style_id
        for cell, text, side in zip(row.tc_lst, texts, sides, strict=True):
            _write_cell(cell, _clean(text), style, side, bold=bold)


def _write_cell(cell: CT_Tc, text: str, style: str, side: str, *, bold: bool) -> None:
    """Text, style and alignment straight into the cell: a table of a thousand rows takes a second, not a minute."""
    paragraph = cell.p_lst[0]
    paragraph.style = style
    if side != "left":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_r()
    run.text = text
    if bold:
        run.get_or_add_rPr().append(OxmlElement("w:b"))
    centred = OxmlElement("w:vAlign")
    centred.set(qn("w:val"), "center")
    cell.get_or_add_tcPr().append(centred)


def _span_row(row: CT_Row) -> None:
    """Let the first cell take the whole row."""
    first, *others = row.tc_lst
    first.grid_span = 1 + len(others)
    for cell in others:
        row.remove(cell)


def _mark(row: CT_Row, name: str) -> None:
    """Switch a row property on: ``w:tblHeader`` (repeat on every page) or ``w:cantSplit``."""
    row.get_or_add_trPr().append(OxmlElement(name))


def _clean(text: str) -> str:
    """The text without characters XML cannot hold."""
    return ILLEGAL.sub("\ufffd", text)
