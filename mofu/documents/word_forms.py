"""Printed forms (登记表) in Word: boxes over several columns and rows, photos, heights in millimetres."""

import io
from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from lxml.etree import tostring

from mofu.documents import word_xml
from mofu.documents.report import Form, FormCell
from mofu.documents.word_styles import FORM_LABEL, FORM_TEXT

_TWIPS = 56.693  # twentieths of a point in a millimetre
_PHOTO = 31.0  # millimetres across a photo at most
_EDGES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def add_form(document: DocumentType, form: Form, *, width: float) -> None:
    """Add a form ``width`` millimetres wide."""
    _Form(document, form, width).add()


class _Form:
    """One form on its way into the document."""

    def __init__(self, document: DocumentType, form: Form, width: float) -> None:
        self.document, self.form = document, form
        total = sum(form.widths)
        self.widths = [int(width * _TWIPS * share / total) for share in form.widths]
        self.text_style = document.styles[FORM_TEXT].style_id
        self.label_style = document.styles[FORM_LABEL].style_id

    def add(self) -> None:
        """Write the table; each row goes over the whole grid, boxes from above included."""
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.widths)
        reaching: dict[int, tuple[FormCell, int]] = {}  # column → box from above and rows it still takes
        rows = "".join(
            word_xml.row(
                self._row(cells, reaching, held=number in self.form.held),
                height=int(height * _TWIPS),
                splits=number in self.form.splitting,
            )
            for number, (height, cells) in enumerate(self.form.rows)
        )
        table = parse_xml(
            f'<w:tbl {nsdecls("w", "a", "pic", "r", "wp")}><w:tblPr><w:tblW w:w="{sum(self.widths)}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/>{word_xml.cell_margins(40)}</w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )
        self.document._body._element.insert_element_before(
            table, "w:sectPr"
        )  # python-docx merges cell by cell

    def _row(
        self, cells: Sequence[FormCell], reaching: dict[int, tuple[FormCell, int]], *, held: bool
    ) -> str:
        own, column, written = iter(cells), 0, []
        while column < len(self.widths):
            above, left = reaching.pop(column, (None, 0))
            found = above or next(own)
            left = left or found.down
            if left > 1:
                reaching[column] = (found, left - 1)
            merge = "continue" if above else "restart" if found.down > 1 else ""
            width = sum(self.widths[column : column + found.across])
            body = word_xml.paragraphs("", self.text_style) if above else self._body(found, held=held)
            written.append(
                word_xml.cell(
                    body, width, across=found.across, merge=merge, stands="top" if found.at_left else "center"
                )
            )
            column += found.across
        return "".join(written)

    def _body(self, cell: FormCell, *, held: bool) -> str:
        if cell.photo:
            return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing>{self._photo(cell.photo)}</w:drawing></w:r></w:p>'
        style = self.label_style if cell.is_label else self.text_style
        return word_xml.paragraphs(cell.text, style, "left" if cell.at_left else "center", held=held)

    def _photo(self, photo: bytes) -> str:
        inline = self.document.part.new_pic_inline(io.BytesIO(photo), width=Mm(_PHOTO))
        return tostring(inline).decode()
