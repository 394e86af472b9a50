"""Files: hostile ones are refused with advice and harm nobody, ugly but honest ones are read."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from mofu.registers.sheets import reading
from mofu.registers.sheets.reading import SheetRefused, read
from tests.registers.sheets_of import saved, workbook_bytes

HONEST = workbook_bytes(["姓名", "单位"], ["张三", "东台市"])


def changed(content=HONEST, *, replace=(), add=()):
    """Return a workbook with parts replaced by a function of their text, and parts added."""
    out, functions = BytesIO(), dict(replace)
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, functions[name](part) if name in functions else part)
        for name, part in add:
            new.writestr(name, part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_cell(place, inner="<v>1</v>"):
    row = "".join(letter for letter in place if letter.isdigit())
    cell = f'<row r="{row}"><c r="{place}">{inner}</c></row></sheetData>'.encode()
    return changed(replace=[(SHEET, lambda part: part.replace(b"</sheetData>", cell))])


def bomb():
    filling = b'<row r="9"><c r="A9"><v>1</v></c></row>' * 9_000_000
    return changed(replace=[(SHEET, lambda part: part.replace(b"</sheetData>", filling + b"</sheetData>"))])


HOSTILE = {
    "nothing": ("a.xlsx", lambda: b"", "0 字节"),
    "old xls": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .xlsx"),
    "password": (
        "a.xlsx",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "打开密码",
    ),
    "macro name": ("a.xlsm", lambda: HONEST, "宏"),
    "macro inside": ("a.xlsx", lambda: changed(add=[("xl/vbaProject.bin", b"x")]), "宏"),
    "csv": ("a.csv", lambda: "姓名,单位".encode(), "另存为 .xlsx"),
    "renamed text": ("a.xlsx", lambda: b"hello", "只改了扩展名"),
    "word file": ("a.xlsx", lambda: _zip({"word/document.xml": b"<w/>"}), "不是 Excel 工作簿"),
    "truncated": ("a.xlsx", lambda: HONEST[: len(HONEST) // 2], "损坏"),
    "bytes changed": ("a.xlsx", lambda: HONEST[:300] + bytes(200) + HONEST[500:], "."),
    "doctype": (
        "a.xlsx",
        lambda: changed(replace=[(SHEET, lambda part: b'<!DOCTYPE x [<!ENTITY e "e">]>' + part)]),
        "不允许的内容",
    ),
    "entity in utf-16": (
        "a.xlsx",
        lambda: changed(replace=[(SHEET, lambda part: "<!DOCTYPE x>".encode("utf-16") + part)]),
        "不允许的内容",
    ),
    "far cell": ("a.xlsx", lambda: with_cell("XFD1048576"), "XFD1048576"),
    "far row": ("a.xlsx", lambda: with_cell("A1048576"), "A1048576"),
    "many parts": ("a.xlsx", lambda: changed(add=[(f"junk/{n}", b"") for n in range(3000)]), "部件过多"),
    "bomb": ("a.xlsx", bomb, "解压后过大"),
}  # fmt: skip


def _zip(parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("kind", list(HOSTILE))
def test_hostile_files_are_refused_with_advice(kind):
    name, content, words = HOSTILE[kind]
    with pytest.raises(SheetRefused, match=words) as refusal:
        read(name, content())
    assert not str(refusal.value).isascii()


def test_too_large_uploads_are_not_even_opened(monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 100)
    with pytest.raises(SheetRefused, match="拆分"):
        read("a.xlsx", HONEST)


def test_a_dying_reader_refuses_the_file_and_nothing_else(monkeypatch, tmp_path):
    script = tmp_path / "dies.py"
    script.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(reading.child, "__file__", str(script))
    with pytest.raises(SheetRefused, match="内存或时间"):
        read("a.xlsx", HONEST)


def test_a_slow_reader_is_stopped(monkeypatch, tmp_path):
    script = tmp_path / "sleeps.py"
    script.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(reading.child, "__file__", str(script))
    monkeypatch.setattr(reading, "TIMEOUT", 0.5)
    with pytest.raises(SheetRefused, match="用时过长"):
        read("a.xlsx", HONEST)


def test_a_stray_blank_far_away_does_no_harm():
    inner = "<is><t xml:space='preserve'> </t></is>"
    content = with_cell("T1048576", inner)
    sheets = read("a.xlsx", content)
    assert [number for number, _ in sheets[0].rows] == [1, 2]


def test_formatting_without_content_far_away_does_no_harm():
    book = Workbook()
    book.active.append(["姓名", "单位"])
    book.active["XFD1048576"].font = Font(bold=True)
    assert [number for number, _ in read("a.xlsx", saved(book))[0].rows] == [1]


def test_cells_come_as_they_are_meant():
    book = Workbook()
    sheet = book.active
    for place, value in {
        "A1": "文字",
        "B1": 3,
        "C1": 2.5,
        "D1": date(2024, 6, 22),
        "E1": True,
        "C3": "隔行",
    }.items():
        sheet[place] = value
    rows = read("a.xlsx", saved(book))[0].rows
    assert rows == [(1, ["文字", 3, 2.5, date(2024, 6, 22), True]), (3, [None, None, "隔行"])]


def test_hidden_sheets_are_marked():
    book = Workbook()
    book.create_sheet("藏").sheet_state = "hidden"
    assert [(sheet.name, sheet.hidden) for sheet in read("a.xlsx", saved(book))] == [
        ("Sheet", False),
        ("藏", True),
    ]
