"""Packages put together part by part, for files that no spreadsheet program would write."""

from __future__ import annotations

import zipfile
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
SHEET, WORKBOOK, SHARED = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
STYLES, BOOK_RELS = "xl/styles.xml", "xl/_rels/workbook.xml.rels"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def zipped(parts, *, method=zipfile.ZIP_DEFLATED, level=None):
    """Return a zip archive of (name, content) pairs or a dictionary."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=level) as package:
        for name, part in parts.items() if isinstance(parts, dict) else parts:
            package.writestr(name, part)
    return out.getvalue()


def parts_of(content=None):
    with zipfile.ZipFile(BytesIO(content or HONEST)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(content=None, *, replace=(), add=(), drop=(), level=None):
    """Return a workbook with parts replaced by a function of their text, parts added and parts dropped."""
    functions = dict(replace)
    assert {*functions, *drop} <= set(parts_of(content))
    parts = [
        (name, functions[name](part) if name in functions else part)
        for name, part in parts_of(content).items()
        if name not in drop
    ]
    return zipped([*parts, *add], level=level)


def text_cell(place, text, more=""):
    return f'<c r="{place}" t="inlineStr"{more}><is><t xml:space="preserve">{text}</t></is></c>'


def row(number, *cells, more=""):
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


def raw(
    *rows,
    after="",
    before="",
    shared="",
    styles="",
    book="",
    main=MAIN,
    rels=RELS,
    prefix="",
    sheets=("表",),
    add=(),
):
    """Return a workbook of one sheet's XML; ``prefix`` puts every tag of the sheet under a namespace prefix."""
    targets = [(f"worksheets/sheet{n}.xml", "worksheet") for n in range(1, len(sheets) + 1)]
    targets += [("sharedStrings.xml", "sharedStrings")] * bool(shared) + [("styles.xml", "styles")] * bool(
        styles
    )
    links = [
        f'<Relationship Id="rId{n}" Type="{rels}/{kind}" Target="{name}"/>'
        for n, (name, kind) in enumerate(targets, start=1)
    ]
    names = [f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1)]
    body = f"{before}<sheetData>{''.join(rows)}</sheetData>{after}"
    if prefix:
        body = body.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        sheet = f'<{prefix}:worksheet xmlns:{prefix}="{main}">{body}</{prefix}:worksheet>'
    else:
        sheet = f'<worksheet xmlns="{main}" xmlns:r="{rels}">{body}</worksheet>'
    kinds = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/sharedStrings.xml": "sharedStrings",
        "/xl/styles.xml": "styles",
    }
    kinds |= {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in range(1, len(sheets) + 1)}
    present = {WORKBOOK, SHARED if shared else "", STYLES if styles else ""}
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{OFFICE}.{kind}+xml"/>'
        for name, kind in kinds.items()
        if name[1:] in present or kind == "worksheet"
    )
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )
    parts = {
        "[Content_Types].xml": HEAD + types,
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        WORKBOOK: f'{HEAD}<workbook xmlns="{main}" xmlns:r="{rels}">{book}<sheets>{"".join(names)}</sheets></workbook>',
        BOOK_RELS: f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(links)}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": HEAD + sheet for n in range(1, len(sheets) + 1)},
    }  # fmt: skip
    if shared:
        parts[SHARED] = f'{HEAD}<sst xmlns="{main}">{shared}</sst>'
    if styles:
        parts[STYLES] = f'{HEAD}<styleSheet xmlns="{main}">{styles}</styleSheet>'
    return zipped([*parts.items(), *add])


def roster(*cells, **options):
    """Return a workbook with a header, one person, and ``cells`` in a third row."""
    return raw(
        row(1, text_cell("A1", "姓名"), text_cell("B1", "单位")),
        row(2, text_cell("A2", "张三"), text_cell("B2", "东台市")),
        *cells,
        **options,
    )


HONEST = raw(
    row(1, *(f'<c r="{letter}1" t="s"><v>{n}</v></c>' for n, letter in enumerate("AB"))),
    row(2, *(f'<c r="{letter}2" t="s"><v>{n + 2}</v></c>' for n, letter in enumerate("AB"))),
    shared="".join(f"<si><t>{text}</t></si>" for text in ("姓名", "单位", "张三", "东台市")),
    styles='<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs>',
    book='<workbookPr defaultThemeVersion="166925"/>',
)
