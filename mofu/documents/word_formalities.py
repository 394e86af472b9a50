"""Red head, signature and imprint (版记) of an official paper in Word."""

from docx.document import Document as DocumentType
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from mofu.documents import word_xml
from mofu.documents.report import Formalities, Report
from mofu.documents.values import long_date
from mofu.documents.word_styles import DOCUMENT_NO, IMPRINT, LINE, RED, RED_HEAD

_CHARACTER = 16.0  # points of body text
_FOUR_IN = 4 * _CHARACTER
_LARGEST_MARK, _ROOM = 56, 442.0  # points: of a 发文机关标志, and across the text area
_WIDTH, _ONE_IN = 8844, 280  # twentieths of a point: across the 156 mm, one character of the imprint
_THICK, _THIN = 8, 6  # eighths of a point: 0.35 and 0.25 mm


def add_red_head(document: DocumentType, formal: Formalities) -> None:
    """Add 发文机关标志, 发文字号 and the red rule; without a head only the number, nothing without either."""
    if formal.red_head:
        mark = document.add_paragraph(style=RED_HEAD)
        mark.add_run(formal.red_head).font.size = Pt(min(_LARGEST_MARK, int(_ROOM // len(formal.red_head))))
    if formal.red_head or formal.document_no:
        number = document.add_paragraph(formal.document_no, style=DOCUMENT_NO)
        if formal.red_head:
            number._p.get_or_add_pPr().append(_rule())  # python-docx knows no borders
            number.paragraph_format.space_after = LINE * 2


def _rule() -> OxmlElement:
    """The red rule, 4 mm below the number."""
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", str(RED))):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    return borders


def signature_indents(issuer: str, date: str) -> tuple[float, float]:
    """Right indents in points: the date stands four characters in, the issuer above its middle."""
    return max(0.0, _FOUR_IN + (_width(date) - _width(issuer)) / 2), _FOUR_IN


def _width(text: str) -> float:
    """Points across a text of body size: half a character for what is half as wide."""
    return len(text.encode("gb18030", "replace")) * _CHARACTER / 2


def add_imprint(document: DocumentType, report: Report) -> None:
    """Add the 版记: a table that stands at the foot of the last page, wherever the text ends."""
    formal = report.formalities
    style, half = document.styles[IMPRINT].style_id, _WIDTH // 2
    rows = []
    if formal.copies_to:
        copies = word_xml.paragraphs(f"抄送：{formal.copies_to}。", style, indent=_ONE_IN)
        rows.append(word_xml.row(word_xml.cell(copies, _WIDTH, across=2, borders={"top": _THICK})))
    edges = {"top": _THIN if rows else _THICK, "bottom": _THICK}
    printed = f"{long_date(formal.printed_on or report.date)}印发"
    sides = ((formal.printed_by, "left"), (printed, "right"))
    texts = [word_xml.paragraphs(text, style, side, _ONE_IN) for text, side in sides]
    rows.append(word_xml.row("".join(word_xml.cell(text, half, borders=edges) for text in texts)))
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblpPr w:horzAnchor="margin" w:vertAnchor="margin" w:tblpXSpec="center"'
        f' w:tblpYSpec="bottom"/><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{half}"/><w:gridCol w:w="{half}"/></w:tblGrid>{"".join(rows)}</w:tbl>'
    )
    document.add_paragraph(style=IMPRINT)  # else the table would grow onto one that ends the text
    document._body._element.insert_element_before(table, "w:sectPr")  # python-docx knows no floating tables
    document.add_paragraph(style=IMPRINT)
