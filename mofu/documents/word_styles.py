"""Word styles and page of an official paper (GB/T 9704-2012), declared so that a clerk can change them."""

from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section as PageSection
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from mofu.documents.spreadsheetml import ILLEGAL

SONG, HEAVY, FANG, KAI, TITLE = "宋体", "黑体", "仿宋_GB2312", "楷体_GB2312", "方正小标宋简体"
LINE = Pt(28.9)
"""Fixed line height: 22 lines on the 225 mm of the text area."""

TABLE_TEXT, TABLE_NOTE, SIGNATURE = "表格文字", "表注", "落款"
RED_HEAD, DOCUMENT_NO, ADDRESSEE, ANNEX_LINE, ANNEX_MARK = (
    "发文机关标志",
    "发文字号",
    "主送机关",
    "附件说明",
    "附件序号",
)
CENTRED, SMALL, IMPRINT, FORM_TEXT, FORM_LABEL = "居中正文", "小号正文", "版记", "表单文字", "表单栏目"
"""Names of our own styles; all the others are Word's built-in ones."""

LOOKS = {
    "body": "Normal",
    "small": SMALL,
    "title": "Title",
    "centre": CENTRED,
    "flush": ADDRESSEE,
    "signed": SIGNATURE,
    "space": ADDRESSEE,
}
"""The style of each look of a paragraph."""

_LONGEST_PROPERTY = 255
RED = RGBColor(0xD7, 0x00, 0x0F)
TIGHTER = "-5"
"""Twentieths of a point between characters of 16 pt: 28 of them are wider than the 156 mm of a line."""

_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_LATIN = "Times New Roman"


def declare_styles(document: DocumentType) -> None:
    """Give every style a report uses its Chinese face, size, fixed line height and alignment."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    _style(document, "Normal", FANG, 16, indent=2)
    _style(document, "Title", TITLE, 22, align=_CENTRE, line=Pt(36))
    _style(document, "Subtitle", KAI, 16, align=_CENTRE).paragraph_format.space_after = Pt(16)
    for level, font in enumerate((HEAVY, KAI, FANG, FANG), start=1):
        _style(document, f"Heading {level}", font, 16, indent=2).paragraph_format.keep_with_next = True
    caption = _style(document, "Caption", HEAVY, 12, align=_CENTRE, line=Pt(20))
    caption.paragraph_format.keep_with_next, caption.paragraph_format.space_before = True, Pt(8)
    _tighten(document, "Normal", *(f"Heading {level}" for level in range(1, 5)))
    _declare_formalities(document)
    _style(document, TABLE_TEXT, SONG, 10.5, line=Pt(15))
    _style(document, TABLE_NOTE, SONG, 10.5, line=Pt(16))
    _style(document, SIGNATURE, FANG, 16, align=_RIGHT).paragraph_format.right_indent = Pt(64)
    _style(document, "Footer", SONG, 14, line=Pt(14))
    _style(document, FORM_TEXT, SONG, 10.5, align=_CENTRE, line=Pt(14))
    _style(document, FORM_LABEL, HEAVY, 10.5, align=_CENTRE, line=Pt(14))
    _set_solid(document, TABLE_TEXT, FORM_TEXT)


def _declare_formalities(document: DocumentType) -> None:
    """What surrounds the text: head, number, addressee, annexes, imprint."""
    mark = _style(document, RED_HEAD, TITLE, 48, align=_CENTRE, line=Pt(60))
    mark.font.color.rgb = RED
    mark.paragraph_format.space_before = Mm(35)
    number = _style(document, DOCUMENT_NO, FANG, 16, align=_CENTRE)
    number.paragraph_format.space_before = LINE
    _style(document, ADDRESSEE, FANG, 16)
    _style(document, CENTRED, FANG, 16, align=_CENTRE)
    lines = _style(document, ANNEX_LINE, FANG, 16).paragraph_format
    lines.left_indent, lines.first_line_indent = Pt(80), Pt(-48)
    _style(document, SMALL, FANG, 12, indent=2, line=Pt(18))
    _style(document, ANNEX_MARK, HEAVY, 16)
    _style(document, IMPRINT, FANG, 14, line=Pt(20))
    _tighten(document, ADDRESSEE)


def _set_solid(document: DocumentType, *names: str) -> None:
    """Leave no room between figures and Chinese: a date finds its place in a narrow column."""
    for name in names:
        spacing = document.styles[name].element.pPr.find(qn("w:spacing"))
        for side in ("DE", "DN"):
            room = OxmlElement(f"w:autoSpace{side}")
            room.set(qn("w:val"), "0")
            spacing.addprevious(room)  # the schema wants this order


def _tighten(document: DocumentType, *names: str) -> None:
    """Let 28 characters find room in a line; lines break alike in Word, WPS and LibreOffice."""
    for name in names:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), TIGHTER)
        size = document.styles[name].element.get_or_add_rPr().find(qn("w:sz"))
        size.addprevious(spacing)  # the schema wants this order


def _style(
    document: DocumentType,
    name: str,
    font: str,
    size: float,
    *,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: int = 0,
    line: Pt = LINE,
) -> ParagraphStyle:
    """Declare or restate a paragraph style; ``indent`` counts characters of the first line."""
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size, style.font.bold, style.font.italic = _LATIN, Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    shape = style.paragraph_format
    shape.alignment, shape.first_line_indent = align, Pt(size * indent)
    shape.widow_control = False
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, line
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)
    return style


def set_page(section: PageSection, *, landscape: bool) -> None:
    """A4 with the margins of GB/T 9704 (top 37, right 26, bottom 35, left 28 mm), narrower when turned."""
    short, long = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    margins = (28, 25, 26, 25) if landscape else (37, 26, 35, 28)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.footer_distance = Mm(
        margins[2] - 7 - 2.4
    )  # the dash, amid its line, stands 7 mm below the text area


def set_loose_page(section: PageSection) -> None:
    """A4 for forms and certificates: narrower margins, no page number."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)


def number_pages(document: DocumentType) -> None:
    """“— 1 —”: odd pages right, even pages left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, _RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = document.styles["Footer"], align
        shape = paragraph.paragraph_format
        shape.left_indent, shape.right_indent = Pt(14), Pt(14)
        paragraph.add_run("— ")
        _add_field(paragraph, "PAGE")
        paragraph.add_run(" —")


def mark_file(document: DocumentType, mark: str, *, on_pages: str) -> None:
    """Write who made the file among its properties, and at the foot of every page what is to stand there."""
    document.core_properties.comments = ILLEGAL.sub("", mark)[:_LONGEST_PROPERTY]
    if not on_pages:
        return
    section = document.sections[0]
    for footer in (section.footer, section.even_page_footer):
        footer.is_linked_to_previous = False
        paragraph = footer.add_paragraph(style=document.styles["Footer"])
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(ILLEGAL.sub("", on_pages))
        run.font.size, run.font.color.rgb = Pt(7.5), RGBColor(0x66, 0x66, 0x66)


def _add_field(paragraph: WordParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # python-docx offers no field of its own
