"""Files that do harm or make no sense, each built on the spot: name of the upload, builder, what becomes of it.

What becomes of it is a pattern of the refusal, or ``None`` where reading it is as good as refusing it.
"""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from functools import partial
from io import BytesIO
from pathlib import Path

from tests.workbooks.parts import (
    BOOK_RELS,
    HEAD,
    HONEST,
    MAIN,
    SHARED,
    SHEET,
    STYLES,
    WORKBOOK,
    changed,
    parts_of,
    raw,
    roster,
    row,
    text_cell,
    zipped,
)

DATA = Path(__file__).parent.parent / "data" / "workbooks"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TYPES = "[Content_Types].xml"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY e "e">]>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]>"  # fmt: skip


def after_declaration(text, part):
    """Return a part with ``text`` between its XML declaration and its root."""
    end = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
    return part[:end] + text + part[end:]


def with_doctype(name, text=DOCTYPE):
    return changed(replace=[(name, partial(after_declaration, text))])


def in_encoding(name, codec, declared):
    def encode(part):
        text = part.decode().partition("?>")[2] or part.decode()
        return f'<?xml version="1.0" encoding="{declared}"?>{DOCTYPE.decode()}{text}'.encode(codec)

    return changed(replace=[(name, encode)])


def with_cell(place, inner="<v>1</v>", attributes=""):
    number = "".join(letter for letter in place if letter.isdigit()) or "3"
    return roster(row(number, f'<c r="{place}"{attributes}>{inner}</c>'))


def lying(content, name, *, size):
    """Return an archive whose directory gives a part another size (and that much of it a checksum) than it has."""
    data = bytearray(content)
    with zipfile.ZipFile(BytesIO(content)) as package:
        about, part = package.getinfo(name), package.read(name)
    at = data.find(b"PK\x01\x02")
    while at >= 0 and data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.find(b"PK\x01\x02", at + 4)
    for place in (at + 16, about.header_offset + 14):
        data[place : place + 4] = struct.pack("<I", zlib.crc32(part[:size]))
    for place in (at + 24, about.header_offset + 22):
        data[place : place + 4] = struct.pack("<I", size)
    return bytes(data)


def declared_bomb():
    return lying(HONEST, SHEET, size=400 * 2**20)


def counted_bomb():
    filling = b'<row r="9"><c r="A9"><v>1</v></c></row>' * 1_000_000
    content = changed(
        replace=[(SHEET, lambda part: part.replace(b"</sheetData>", filling + b"</sheetData>"))], level=1
    )
    return lying(content, SHEET, size=900)


def crowded():
    """A sheet of more cells than any register."""
    cells = b'<c r="A9"><v>1</v></c>' * 4_300_000
    return changed(
        replace=[
            (
                SHEET,
                lambda part: part.replace(b"</sheetData>", b'<row r="9">' + cells + b"</row></sheetData>"),
            )
        ],
        level=1,
    )


def nameless_cells():
    """Cells without attributes in rows of very different length: a huge rectangle that no address gives away."""
    wide = b"<row>" + b"<c><v>1</v></c>" * 30_000 + b"</row>"
    tall = b"<row><c><v>1</v></c></row>" * 30_000
    return changed(
        replace=[(SHEET, lambda part: part.replace(b"</sheetData>", wide + tall + b"</sheetData>"))], level=1
    )


def overlapping():
    """Two names for the same bytes."""
    honest = bytearray(HONEST)
    first = honest.find(b"PK\x01\x02")
    second = honest.find(b"PK\x01\x02", first + 4)
    honest[second + 42 : second + 46] = honest[first + 42 : first + 46]
    return bytes(honest)


def flagged():
    """The flag that says a part is encrypted, in every directory entry."""
    data = bytearray(HONEST)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def long_with_blank():
    """A long roster with a blank in the very last row: too much to be read row by row."""
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c><c r="B%d"><v>1</v></c></row>' % (n, n, n)
        for n in range(3, 410_000)
    )
    rows += b'<row r="1048576"><c r="P1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    return changed(replace=[(SHEET, lambda part: part.replace(b"</sheetData>", rows))], level=1)


def nested(depth=5):
    content = bytes(2_000_000)
    for _ in range(depth):
        content = zipped({"inner.zip": content})
    return changed(add=[("xl/media/inner.zip", content)])


def mutated(seed):
    """An honest workbook with a few bytes changed, the same ones each time."""
    chance = random.Random(seed)
    data = bytearray(HONEST)
    for _ in range(chance.choice([1, 3, 10, 60])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def mutated_xml(seed):
    """A workbook whose sheet has a few bytes changed before it is packed, so that every checksum is right."""
    chance = random.Random(seed)

    def change(part):
        data = bytearray(part)
        for _ in range(chance.choice([1, 3, 10, 60])):
            data[chance.randrange(len(data))] = chance.choice(b"<>/&;'\" =cvr0A9\xff")
        return bytes(data)

    return changed(replace=[(chance.choice([SHEET, WORKBOOK, SHARED, STYLES, BOOK_RELS]), change)])


def deep(name):
    return changed(replace=[(name, lambda part: part.replace(b"</", b"<a>" * 200_000 + b"</", 1))])


def many_entries(count):
    return zipped(
        [*parts_of().items(), *((f"junk/{number}", b"") for number in range(count))],
        method=zipfile.ZIP_STORED,
    )


def amplified():
    """One long text that many cells point to."""
    rows = [row(number, f'<c r="A{number}" t="s"><v>0</v></c>') for number in range(3, 60_000)]
    return roster(*rows, shared=f"<si><t>{'长' * 32_000}</t></si>")


def big_strings():
    return roster(shared="<si><t>" + "长" * 20_000_000 + "</t></si>")


def many_strings():
    return roster(shared="<si><t>长</t></si>" * 1_000_000)


def rels(text):
    return changed(replace=[(BOOK_RELS, lambda part: part.replace(b"worksheets/sheet1.xml", text))])


BROKEN = "损坏|无法读取|异常|不是 Excel|内存或时间"
ODD = "内部结构异常"
BANNED = "不允许的内容"
SAVE = "另存为 .xlsx"

HOSTILE = {
    # what it is by name and first bytes
    "nothing": ("a.xlsx", lambda: b"", "0 字节"),
    "one byte": ("a.xlsx", lambda: b"P", "只改了扩展名"),
    "blanks": ("a.xlsx", lambda: b" " * 5000, "只改了扩展名"),
    "old xls": ("a.xls", lambda: OLE, SAVE),
    "old xls by a program": ("a.xls", lambda: (DATA / "libreoffice-events.xls").read_bytes(), SAVE),
    "old xls renamed": ("a.xlsx", lambda: OLE, SAVE),
    "old wps": ("a.et", lambda: OLE, "WPS"),
    "new wps": ("a.et", lambda: HONEST, "WPS"),
    "password": ("a.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    "macro name": ("a.xlsm", lambda: HONEST, "宏"),
    "binary workbook": ("a.xlsb", lambda: HONEST, "xlsb"),
    "template": ("a.xltx", lambda: HONEST, "xltx"),
    "open document": ("a.ods", lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "ods"),
    "numbers": ("a.numbers", lambda: zipped({"Index/Document.iwa": b"x"}), "Numbers"),
    "pdf": ("a.pdf", lambda: b"%PDF-1.7\n", "PDF"),
    "pdf renamed": ("a.xlsx", lambda: b"%PDF-1.7\n", "PDF"),
    "png renamed": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
    "jpeg renamed": ("a.xlsx", lambda: b"\xff\xd8\xff\xe0" + bytes(100), "图片"),
    "page saved as xls": ("a.xls", lambda: "<html><table><tr><td>姓名</td></tr></table>".encode(), "网页"),
    "page saved as xlsx": ("a.xlsx", lambda: b"\xef\xbb\xbf\n<!DOCTYPE html><html>", "网页"),
    "page saved as csv": ("a.csv", lambda: "<table><tr><td>姓名</td></tr></table>".encode(), "网页"),
    "web archive": ("a.xls", lambda: b"MIME-Version: 1.0\nX-Document-Type: Workbook", "网页"),
    "xml of 2003": ("a.xls", lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML"),
    "word old": ("a.doc", lambda: OLE, "Word"),
    "rar": ("a.xlsx", lambda: b"Rar!\x1a\x07\x00", "压缩包"),
    "gzip": ("a.csv", lambda: b"\x1f\x8b\x08\x00abc", "压缩包"),
    "program": ("a.exe", lambda: b"MZ" + bytes(100), r"\.xlsx 工作簿或 \.csv"),
    "program before a workbook": ("a.xlsx", lambda: b"MZ" + bytes(100) + HONEST, "只改了扩展名"),
    "text renamed": ("a.xlsx", lambda: "姓名,单位\n".encode(), "只改了扩展名"),
    "no suffix": ("workbook", lambda: HONEST, r"\.xlsx 工作簿或 \.csv"),
    # the archive
    "macro inside": ("a.xlsx", lambda: changed(add=[("xl/vbaProject.bin", b"x")]), "宏"),
    "macro sheet": ("a.xlsx", lambda: changed(add=[("xl/macrosheets/sheet1.xml", b"<x/>")]), "宏"),
    "macro type": ("a.xlsx", lambda: changed(replace=[(TYPES, lambda part: part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"))]), "宏"),
    "binary inside": ("a.xlsx", lambda: zipped({"xl/workbook.bin": b"x"}), "xlsb"),
    "open document inside": ("a.xlsx", lambda: zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "OpenDocument"),
    "numbers inside": ("a.xlsx", lambda: zipped({"Index/Document.iwa": b"x"}), "Numbers"),
    "word inside": ("a.xlsx", lambda: zipped({"word/document.xml": b"<w/>"}), "Word"),
    "slides inside": ("a.xlsx", lambda: zipped({"ppt/presentation.xml": b"<p/>"}), "演示文稿"),
    "any archive": ("a.xlsx", lambda: zipped({"a.txt": b"x"}), "不是 Excel 工作簿"),
    "empty archive": ("a.xlsx", lambda: b"PK\x05\x06" + bytes(18), "只改了扩展名"),
    "truncated": ("a.xlsx", lambda: HONEST[: len(HONEST) // 2], "损坏"),
    "truncated early": ("a.xlsx", lambda: HONEST[:60], "损坏"),
    "truncated late": ("a.xlsx", lambda: HONEST[:-12], "损坏"),
    "directory garbled": ("a.xlsx", lambda: HONEST[:-300] + bytes(200) + HONEST[-100:], "损坏"),
    "bytes zeroed": ("a.xlsx", lambda: HONEST[:300] + bytes(200) + HONEST[500:], None),
    "part flagged as encrypted": ("a.xlsx", flagged, "已加密"),
    "names that climb": ("a.xlsx", lambda: changed(add=[("../../../../tmp/mofu-slip.xml", b"<x/>")]), ODD),
    "absolute name": ("a.xlsx", lambda: changed(add=[("/etc/mofu-slip.xml", b"<x/>")]), ODD),
    "windows name": ("a.xlsx", lambda: changed(add=[("..\\..\\mofu-slip.xml", b"<x/>")]), ODD),
    "100 000 entries": ("a.xlsx", lambda: many_entries(100_000), "部件过多"),
    "same part in another case": ("a.xlsx", lambda: changed(add=[("XL/Workbook.xml", b"<x/>")]), ODD),
    "nested archives": ("a.xlsx", nested, None),
    "overlapping parts": ("a.xlsx", overlapping, "损坏"),
    "declared bomb": ("a.xlsx", declared_bomb, "解压后过大"),
    "bomb behind a small size": ("a.xlsx", counted_bomb, "损坏"),
    "odd compression": ("a.xlsx", lambda: zipped(parts_of(), method=zipfile.ZIP_LZMA), "压缩方式"),
    "bzip2": ("a.xlsx", lambda: zipped(parts_of(), method=zipfile.ZIP_BZIP2), "压缩方式"),
    # parts missing, doubled, pointing nowhere
    "no workbook": ("a.xlsx", lambda: changed(drop=[WORKBOOK]), "不是 Excel 工作簿"),
    "no relations": ("a.xlsx", lambda: changed(drop=[BOOK_RELS]), "不是 Excel 工作簿"),
    "no sheet": ("a.xlsx", lambda: changed(drop=[SHEET]), BROKEN),
    "no strings": ("a.xlsx", lambda: changed(drop=[SHARED]), None),
    "no styles": ("a.xlsx", lambda: changed(drop=[STYLES]), None),
    "no content types": ("a.xlsx", lambda: changed(drop=[TYPES]), None),
    "wrong content types": ("a.xlsx", lambda: changed(replace=[(TYPES, lambda part: part.replace(b"worksheet", b"slide"))]), None),
    "sheet is the workbook": ("a.xlsx", lambda: rels(b"workbook.xml"), None),
    "sheet is its own relation": ("a.xlsx", lambda: rels(b"_rels/workbook.xml.rels"), None),
    "sheet outside the package": ("a.xlsx", lambda: rels(b"../../../../etc/passwd"), BROKEN),
    "sheet elsewhere on the net": ("a.xlsx", lambda: rels(b"http://127.0.0.1:9/sheet.xml"), BROKEN),
    "cyclic relations": ("a.xlsx", lambda: changed(replace=[("_rels/.rels", lambda part: part.replace(b"xl/workbook.xml", b"_rels/.rels"))]), None),
    "10 000 sheets": ("a.xlsx", lambda: changed(replace=[(WORKBOOK, lambda part: part.replace(b"</sheets>", b'<sheet name="x" sheetId="9" r:id="rId1"/>' * 10_000 + b"</sheets>"))]), "工作表超过"),
    # declarations
    "doctype in a sheet": ("a.xlsx", lambda: with_doctype(SHEET), BANNED),
    "doctype in the workbook": ("a.xlsx", lambda: with_doctype(WORKBOOK), BANNED),
    "doctype in the strings": ("a.xlsx", lambda: with_doctype(SHARED), BANNED),
    "doctype in the relations": ("a.xlsx", lambda: with_doctype(BOOK_RELS), BANNED),
    "doctype in the styles": ("a.xlsx", lambda: with_doctype(STYLES), BANNED),
    "external entity": ("a.xlsx", lambda: with_doctype(SHARED, EXTERNAL), BANNED),
    "billion laughs": ("a.xlsx", lambda: with_doctype(SHARED, LAUGHS), BANNED),
    "entities in utf-16": ("a.xlsx", lambda: in_encoding(SHARED, "utf-16", "utf-16"), BANNED),
    "entities in utf-7": ("a.xlsx", lambda: in_encoding(SHARED, "utf-7", "utf-7"), BANNED),
    "entities in ebcdic": ("a.xlsx", lambda: in_encoding(STYLES, "cp037", "cp037"), BROKEN),
    # cells
    "two cells far apart": ("a.xlsx", lambda: with_cell("XFD1048576"), "XFD1048576"),
    "last row": ("a.xlsx", lambda: with_cell("A1048576"), "A1048576"),
    "last column": ("a.xlsx", lambda: with_cell("XFD3"), "XFD3"),
    "blank far below a long list": ("a.xlsx", long_with_blank, "P1048576"),
    "column out of range": ("a.xlsx", lambda: with_cell("ZZZZ3"), "列号"),
    "columns after the last": ("a.xlsx", lambda: with_cell("XFE3"), "XFE3"),
    "row out of range": ("a.xlsx", lambda: with_cell("A99999999"), None),
    "row far out of range": ("a.xlsx", lambda: with_cell("A99999999999999999999"), BROKEN),
    "row zero": ("a.xlsx", lambda: with_cell("A0"), None),
    "negative row": ("a.xlsx", lambda: with_cell("A-5"), BROKEN),
    "no address": ("a.xlsx", lambda: with_cell(""), None),
    "absurd dimension": ("a.xlsx", lambda: roster(before='<dimension ref="A1:XFD1048576"/>'), None),
    "impossible dimension": ("a.xlsx", lambda: roster(before='<dimension ref="ZZZZZ0:A-1"/>'), None),
    "too many cells": ("a.xlsx", crowded, "单元格超过"),
    "cells without addresses": ("a.xlsx", nameless_cells, "内存或时间|超出|内存过大"),
    "huge numbers": ("a.xlsx", lambda: with_cell("A3", "<v>1e308</v>"), None),
    "infinite numbers": ("a.xlsx", lambda: with_cell("A3", "<v>-1e999</v>"), None),
    "no number": ("a.xlsx", lambda: with_cell("A3", "<v>zwölf</v>"), None),
    "date beyond time": ("a.xlsx", lambda: roster(row(3, '<c r="A3" s="1"><v>99999999999</v></c>'), styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'), None),
    "string that is not there": ("a.xlsx", lambda: with_cell("A3", "<v>999</v>", ' t="s"'), None),
    "negative string": ("a.xlsx", lambda: with_cell("A3", "<v>-1</v>", ' t="s"'), None),
    "style that is not there": ("a.xlsx", lambda: with_cell("A3", "<v>1</v>", ' s="999999"'), None),
    "nul bytes": ("a.xlsx", lambda: roster(row(3, text_cell("A3", "甲\0乙"))), BANNED),
    "invalid utf-8": ("a.xlsx", lambda: changed(replace=[(SHARED, lambda part: part.replace("张".encode(), b"\xff\xfe"))]), None),
    "everything merged": ("a.xlsx", lambda: roster(after='<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'), None),
    "100 000 merged ranges": ("a.xlsx", lambda: roster(after='<mergeCells>' + '<mergeCell ref="A2:B200000"/>' * 100_000 + "</mergeCells>"), None),
    "every row hidden": ("a.xlsx", lambda: roster(*(f'<row r="{n}" hidden="1"/>' for n in range(3, 100_000))), None),
    "long formula": ("a.xlsx", lambda: with_cell("A3", "<f>" + "A1+" * 500_000 + "A1</f><v>1</v>"), None),
    # sizes and shapes of XML
    "unclosed": ("a.xlsx", lambda: changed(replace=[(SHEET, lambda part: part[:-40])]), None),
    "garbage": ("a.xlsx", lambda: changed(replace=[(SHEET, lambda part: b"<" * 100_000)]), None),
    "no tags": ("a.xlsx", lambda: changed(replace=[(SHEET, lambda part: b"a" * 30_000_000)], level=1), "解压后过大"),
    "deep sheet": ("a.xlsx", lambda: deep(SHEET), None),
    "deep workbook": ("a.xlsx", lambda: deep(WORKBOOK), None),
    "deep strings": ("a.xlsx", lambda: deep(SHARED), None),
    "huge attribute": ("a.xlsx", lambda: with_cell("A3", "<v>1</v>", f' x="{"y" * 10_000_000}"'), None),
    "huge string": ("a.xlsx", big_strings, "解压后过大"),
    "a million strings": ("a.xlsx", many_strings, None),
    "one string many times": ("a.xlsx", amplified, "内容过多|内存"),
    "string count": ("a.xlsx", lambda: roster(shared="", add=[(SHARED, f'{HEAD}<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>x</t></si></sst>')]), None),
    "no sheets": ("a.xlsx", lambda: raw(sheets=()), None),
    # text tables
    "empty csv": ("a.csv", lambda: b"", "0 字节"),
    "only a byte order mark": ("a.csv", lambda: b"\xef\xbb\xbf", "没有内容"),
    "blank csv": ("a.csv", lambda: b"\r\n \r\n", "没有内容"),
    "csv with nul bytes": ("a.csv", lambda: "姓名,单位\n张\0三,东台市\n".encode(), SAVE),
    "utf-16 without a mark": ("a.csv", lambda: "姓名,单位\n张三,东台市\n".encode("utf-16-le"), SAVE),
    "utf-32": ("a.csv", lambda: "姓名,单位\n".encode("utf-32"), SAVE),
    "binary csv": ("a.csv", lambda: random.Random(1).randbytes(5000), SAVE),
    "broken utf-8 csv": ("a.csv", lambda: "姓名,单位\n".encode() + b"\xff\xff\xfe", SAVE),
    "workbook named csv": ("a.csv", lambda: HONEST, "只改了扩展名"),
    "old workbook named csv": ("a.csv", lambda: OLE, SAVE),
    "endless cell": ("a.csv", lambda: b'name,unit\n"' + b"x" * 200_000, "引号"),
    "wide csv": ("a.csv", lambda: b"a," * 3_000_000, "列|内存"),
    "long csv": ("a.csv", lambda: b"a,b\n" * 300_000, "拆分"),
    **{f"mutated {seed}": ("a.xlsx", partial(mutated, seed), None) for seed in range(12)},
    **{f"mutated inside {seed}": ("a.xlsx", partial(mutated_xml, seed), None) for seed in range(20)},
}  # fmt: skip
