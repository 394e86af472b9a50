"""Reading: what the reading process may cost, and cells, sheets and far-off blanks as they are meant."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from mofu.registers.sheets import reading
from mofu.registers.sheets.reading import SheetRefused, read
from tests.registers.sheets_of import saved
from tests.workbooks.parts import HONEST, roster, row, text_cell


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
    sheets = read("a.xlsx", roster(row(1048576, text_cell("T1048576", " "))))
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


def test_control_characters_are_taken_out():
    sheets = read("a.csv", "姓名,备注\n张\x0b三,乙\x0c\n\x0b,C:\\boot\n".encode())
    assert [cells for _, cells in sheets[0].rows] == [["姓名", "备注"], ["张三", "乙"], [None, "C:\\boot"]]
