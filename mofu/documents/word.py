"""A report as an editable Word file in the styles of GB/T 9704: the clerk changes a style, not every paragraph."""

import io
from collections.abc import Callable, Sequence

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from mofu.documents.echarts import to_png
from mofu.documents.report import (
    TITLE_ROOM,
    Block,
    Form,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
    numbered,
    title_lines,
)
from mofu.documents.spreadsheetml import ILLEGAL
from mofu.documents.values import long_date
from mofu.documents.word_formalities import add_imprint, add_red_head, signature_indents
from mofu.documents.word_forms import add_form
from mofu.documents.word_styles import (
    ADDRESSEE,
    ANNEX_LINE,
    ANNEX_MARK,
    LOOKS,
    SIGNATURE,
    TABLE_NOTE,
    declare_styles,
    mark_file,
    number_pages,
    set_loose_page,
    set_page,
)
from mofu.documents.word_tables import add_table

Step = Callable[[int, int], None]
"""Told how many sections of how many are written."""


def to_docx(report: Report, step: Step | None = None) -> bytes:
    """The report as a .docx file, with real headings, repeated table headers and page numbers.

    A picture stands as its ``png``, drawn from the SVG where it brings none.
    """
    document = Document()
    declare_styles(document)
    if report.loose_leaves:
        set_loose_page(document.sections[0])
    else:
        set_page(document.sections[0], landscape=report.is_wide)
        number_pages(document)
    mark_file(document, report.mark, on_pages=report.mark_on_pages)
    properties = document.core_properties
    properties.title, properties.author, properties.language = report.title, report.issuer, "zh-CN"
    _Writer(document, step).write(report)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Writes the parts of a report one after the other, counting the tables."""

    def __init__(self, document: DocumentType, step: Step | None) -> None:
        self.document, self.step, self.tables, self.landscape = document, step, 0, False
        self.stays_wide = False  # whether every page is turned
        self.begins_page = False  # whether the next paragraph is to begin a page

    def write(self, report: Report) -> None:
        """Write everything, from the red head to the imprint."""
        self.landscape = self.stays_wide = report.is_wide
        if not report.loose_leaves:
            self._head(report)
        self._sections(report.sections, report.loose_leaves)
        if not report.loose_leaves:
            self._foot(report)
        for number, annex in enumerate(report.annexes, start=1):
            self._turn(landscape=False)
            self.begins_page = True
            self._paragraph(report.annex_mark(number), ANNEX_MARK)
            self._blank()
            self._paragraph("\n".join(title_lines(annex.title, TITLE_ROOM)), "Title")
            self._blank()
            self._sections(annex.sections)
        if report.formalities.has_imprint:
            self._turn(landscape=False)
            add_imprint(self.document, report)

    def _head(self, report: Report) -> None:
        add_red_head(self.document, report.formalities)
        self._paragraph("\n".join(title_lines(report.title, TITLE_ROOM)), "Title")
        if report.subtitle:
            self._paragraph(report.subtitle, "Subtitle")
        self._blank()
        if report.formalities.addressee:
            self._paragraph(f"{report.formalities.addressee}：", ADDRESSEE)

    def _foot(self, report: Report) -> None:
        """List of annexes and signature, with a line of the text where they begin a page."""
        if report.annexes:
            self._turn(landscape=False)
            self._keep_with_next()
            self._blank()
            self._keep_with_next()
        for line in report.annex_lines:
            shape = self._paragraph(line.replace("　　　", ""), ANNEX_LINE).paragraph_format
            shape.first_line_indent, shape.keep_with_next = Pt(-48 if line.startswith("附件") else 0), True
        if report.issuer:
            self._turn(landscape=False)
            self._keep_with_next()
            self._blank()
            self._keep_with_next()
            texts = (report.issuer, long_date(report.date))
            for text, indent in zip(texts, signature_indents(*texts), strict=True):
                shape = self._paragraph(text, SIGNATURE).paragraph_format
                shape.keep_with_next, shape.right_indent = text is texts[0], Pt(indent)
        if report.formalities.contact:
            self._paragraph(f"（{report.formalities.contact}）", "Normal")

    def _sections(self, sections: Sequence[Section], is_loose: bool = False) -> None:
        for number, (heading, section) in enumerate(numbered(sections, "paper")):
            if self.step:
                self.step(number, len(sections))
            self._turn(landscape=section.landscape)
            self.begins_page = section.new_page and not (is_loose and number == 0)
            if heading:
                self._paragraph(heading, f"Heading {section.level}")
            for block in section.blocks:
                self._block(block)

    def _turn(self, *, landscape: bool) -> None:
        if landscape != self.landscape and not self.stays_wide:
            self.landscape = landscape
            set_page(self.document.add_section(WD_SECTION.NEW_PAGE), landscape=landscape)

    def _keep_with_next(self) -> None:
        """Keep what was written last, where it is a paragraph, on a page with what comes next."""
        for last in self.document.element.body[-2:-1]:  # the very last is the section's set-up
            if last.tag == qn("w:p"):
                last.get_or_add_pPr().get_or_add_keepNext()

    def _blank(self) -> None:
        self._paragraph("", "Normal")

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        paragraph = self.document.add_paragraph(_clean(text), style=style)
        if self.begins_page:
            paragraph.paragraph_format.page_break_before, self.begins_page = True, False
        return paragraph

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            lines = [""] * len(block.text) if block.look == "space" else block.lines
            for line in lines:
                self._paragraph(line, LOOKS[block.look])
        elif isinstance(block, Picture):
            self._picture(block)
        elif isinstance(block, Form):
            self._keep_with_next()
            add_form(self.document, block, width=160)
        else:
            self._table(block)

    def _picture(self, picture: Picture) -> None:
        paragraph = self._paragraph("", "Caption")
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        png = picture.png or to_png(picture.svg)
        paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(150))
        if picture.caption:
            self._paragraph(picture.caption, "Caption")

    def _table(self, table: Table) -> None:
        self.tables += 1
        if table.caption:
            self._paragraph(f"表{self.tables}　{table.caption}", "Caption")
        add_table(self.document, table, width=247 if self.landscape else 156)
        if table.note:
            self._paragraph(f"注：{table.note}", TABLE_NOTE)


def _clean(text: str) -> str:
    """The text without characters XML cannot hold."""
    return ILLEGAL.sub("\ufffd", text)
