"""The fixed parts and the cells of a streamed workbook (ECMA-376 SpreadsheetML), see docs/decisions/003.

Only what a register needs: one style table, text as inline strings (so nothing typed by a user can become a
formula), numbers, dates, and SUM cells that carry their value.
"""

import datetime
import re
from decimal import Decimal
from enum import IntEnum
from xml.sax.saxutils import escape, quoteattr

from mofu.documents.values import Kind, as_text, is_number, local_time

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

LAST_ROW = 1_048_576
LONGEST_TEXT = 32_767
EXACT_DIGITS = 15
"""Excel keeps 15 digits of a number; a longer one must be text or its last digits turn into zeros."""

_EPOCH = datetime.date(1899, 12, 30).toordinal()
_FIRST_DATE = datetime.date(1900, 3, 1)
"""Earlier serial numbers are off by one in Excel (it believes in 1900-02-29): such dates become text."""

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters XML cannot hold."""

_SPECIAL = re.compile("[&<>_\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Style(IntEnum):
    """Index of each cell format in ``STYLES``."""

    PLAIN = 0
    TITLE = 1
    LEFT = 2
    RIGHT = 3
    HEADER = 4
    TEXT = 5
    INT = 6
    NUMBER = 7
    DATE = 8
    MOMENT = 9
    PERCENT = 10
    TOTAL_TEXT = 11
    TOTAL_INT = 12
    TOTAL_NUMBER = 13
    CENTRE = 14


BODY_STYLE: dict[Kind, Style] = {
    "text": Style.TEXT,
    "int": Style.INT,
    "number": Style.NUMBER,
    "date": Style.DATE,
    "percent": Style.PERCENT,
}


def _format(font: int, align: str, *, number: int = 0, fill: int = 0, border: int = 0) -> str:
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"'
        ' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f'<alignment vertical="center" {align}/></xf>'
    )


_WRAP, _CENTRE = 'horizontal="left" wrapText="1"', 'horizontal="center"'
_RIGHT = 'horizontal="right"'
_FORMATS = (  # in the order of Style; number format 49 is "@" (text), 164 and up are listed in STYLES
    _format(0, 'horizontal="general"'),
    _format(1, 'horizontal="center" wrapText="1"'),
    _format(0, 'horizontal="left"'),
    _format(0, _RIGHT),
    _format(2, 'horizontal="center" wrapText="1"', fill=2, border=1),
    _format(0, _WRAP, number=49, border=1),
    _format(0, _RIGHT, number=1, border=1),
    _format(0, _RIGHT, number=2, border=1),
    _format(0, _CENTRE, number=164, border=1),
    _format(0, _CENTRE, number=165, border=1),
    _format(0, _RIGHT, number=166, border=1),
    _format(3, _CENTRE, fill=2, border=1),
    _format(3, _RIGHT, number=1, fill=2, border=1),
    _format(3, _RIGHT, number=2, fill=2, border=1),
    _format(0, _CENTRE, number=1, border=1),
)
_THIN = "".join(
    f'<{side} style="thin"><color rgb="FF7F7F7F"/></{side}>' for side in ("left", "right", "top", "bottom")
)
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
    '<numFmt numFmtId="166" formatCode="0.0%"/></numFmts>'
    '<fonts count="4"><font><sz val="10"/><name val="宋体"/><family val="3"/><charset val="134"/></font>'
    '<font><b/><sz val="18"/><name val="宋体"/><family val="3"/><charset val="134"/></font>'
    '<font><b/><sz val="11"/><name val="仿宋"/><family val="3"/><charset val="134"/></font>'
    '<font><b/><sz val="10"/><name val="宋体"/><family val="3"/><charset val="134"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
    '<fgColor rgb="FFEFEFEF"/><bgColor indexed="64"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    f"<border>{_THIN}<diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_FORMATS)}">{"".join(_FORMATS)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def column_letters(index: int) -> str:
    """The Excel name of the column with this 0-based index: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def safe_text(text: str) -> str:
    """The text as XML content Excel reads back unchanged; characters XML cannot hold become “�”."""
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    if _SPECIAL.search(text) is None:
        return text
    text = ILLEGAL.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return escape(_LOOKS_ESCAPED.sub("_x005F_", text))


def text_cell(ref: str, text: str, style: Style) -> str:
    """A cell that is text for ever, whatever its first character; an empty one keeps its borders."""
    if not text:
        return f'<c r="{ref}" s="{style:d}"/>'
    content = safe_text(text)
    return f'<c r="{ref}" s="{style:d}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def body_cell(ref: str, value: object, kind: Kind) -> str:
    """A bordered body cell. A value that does not fit the column's kind is written as text."""
    if isinstance(value, str):
        return text_cell(ref, value, Style.TEXT)
    if kind in ("int", "number", "percent") and is_number(value) and _is_exact(value):
        return f'<c r="{ref}" s="{BODY_STYLE[kind]:d}"><v>{value}</v></c>'
    if kind == "date" and isinstance(value, datetime.date):
        return _date_cell(ref, value)
    return text_cell(ref, as_text(value), Style.TEXT)  # type: ignore[arg-type]  # unknown objects read as ""


def sum_cell(ref: str, span: str, total: Decimal, kind: Kind) -> str:
    """A SUM over ``span`` that carries its value, so that readers which do not calculate show it too."""
    style = Style.TOTAL_INT if kind == "int" else Style.TOTAL_NUMBER
    formula = f"<f>SUM({span})</f>" if span else ""
    return f'<c r="{ref}" s="{style:d}">{formula}<v>{total:f}</v></c>'


def _is_exact(value: object) -> bool:
    return not isinstance(value, int) or abs(value) < 10**EXACT_DIGITS


def _date_cell(ref: str, value: datetime.date) -> str:
    day = value
    if isinstance(value, datetime.datetime):
        value = local_time(value)
        day = value.date()
    if day < _FIRST_DATE:
        return text_cell(ref, as_text(value), Style.TEXT)
    serial: float = day.toordinal() - _EPOCH
    if not isinstance(value, datetime.datetime):
        return f'<c r="{ref}" s="{Style.DATE:d}"><v>{serial}</v></c>'
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f'<c r="{ref}" s="{Style.MOMENT:d}"><v>{serial + seconds / 86400:.10f}</v></c>'


def content_types(sheets: int) -> str:
    """``[Content_Types].xml`` of a workbook with this many sheets."""
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("/xl/workbook.xml", f"{base}.sheet.main+xml"), ("/xl/styles.xml", f"{base}.styles+xml")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", f"{base}.worksheet+xml") for n in range(1, sheets + 1)]
    parts.append(("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
        + "</Types>"
    )


def relations(*targets: tuple[str, str]) -> str:
    """A ``.rels`` part; each target is (relation type URI, path), ids are rId1, rId2 …"""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{path}"/>'
        for n, (kind, path) in enumerate(targets, start=1)
    )
    return (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{links}</Relationships>"
    )


def core_properties(title: str, creator: str, created: datetime.date, description: str = "") -> str:
    """``docProps/core.xml``: what the file manager shows as title, author, date and comment."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{safe_text(title)}</dc:title><dc:creator>{safe_text(creator)}</dc:creator>"
        f"<dc:description>{safe_text(description)}</dc:description>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created:%Y-%m-%d}T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )


def workbook(sheet_names: list[str], defined_names: list[tuple[str, int, str]]) -> str:
    """``xl/workbook.xml``; each defined name is (built-in name, 0-based sheet, reference)."""
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheet_names, start=1)
    )
    names = "".join(
        f'<definedName name="_xlnm.{name}" localSheetId="{sheet}"{' hidden="1"' if name[0] == "_" else ""}>'
        f"{escape(ref)}</definedName>"
        for name, sheet, ref in defined_names
    )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        '<bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{sheets}</sheets><definedNames>{names}</definedNames></workbook>"
    )
