import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from mofu.documents import ledger_sheet, spreadsheetml
from mofu.documents.ledger import Ledger, LedgerColumn, TooManyRows, stream_ledger, write_ledger

DAY = datetime.date(2026, 6, 2)
COLUMNS = [
    LedgerColumn("姓名"),
    LedgerColumn("身份证号码"),
    LedgerColumn("获得时间", "date"),
    LedgerColumn("场次", "int", total=True),
    LedgerColumn("效益（万元）", "number", 12, total=True),
    LedgerColumn("占比", "percent"),
]
ROW = ("王䶮", "032099919900101001", datetime.date(2024, 6, 22), 3, Decimal("1.25"), 0.5)


def make_ledger(rows=(ROW,), **given):
    return Ledger(
        **{"title": "劳模花名册", "columns": COLUMNS, "unit": "东台市总工会", "date": DAY} | given, rows=rows
    )


def reopen(*ledgers, **kwargs):
    out = io.BytesIO()
    write_ledger(list(ledgers), out)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()), **kwargs)


def test_layout_follows_the_conventions_of_a_ledger():
    sheet = reopen(make_ledger(totals=True, filters="县区：东台市", sheet_name="劳模")).active
    assert sheet.title == "劳模"
    assert sheet["A1"].value == "劳模花名册"
    assert sheet["A1"].font.sz == 18
    assert sheet["A1"].font.b
    assert sheet["A2"].value == "填报单位：东台市总工会"
    row2 = [cell.value for cell in sheet[2] if cell.value]
    assert row2[-1] == "填报日期：2026年6月2日"
    assert sheet["A3"].value == "筛选条件：县区：东台市"
    assert [cell.value for cell in sheet[4]] == ["序号", *(column.header for column in COLUMNS)]
    assert sheet["B4"].font.b
    assert sheet["B4"].alignment.wrap_text
    assert sheet["B4"].border.left.style == "thin"
    assert {"A1:G1", "A3:G3", "A8:G8"} <= {str(span) for span in sheet.merged_cells.ranges}
    assert [sheet["A6"].value, sheet["A8"].value.split("　")[0]] == ["合计", "单位负责人："]


def test_sheet_is_ready_to_read_and_to_print():
    sheet = reopen(make_ledger()).active
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref == "A3:G4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.column_dimensions["C"].width >= 20  # 18 digits, fitted to the rows
    assert sheet.column_dimensions["F"].width == 12


def test_values_keep_their_type():
    sheet = reopen(make_ledger()).active
    assert [cell.value for cell in sheet[4]][1:] == [
        "王䶮",
        "032099919900101001",
        datetime.datetime(2024, 6, 22),
        3,
        1.25,
        0.5,
    ]
    assert sheet["C4"].data_type == "s"
    assert sheet["C4"].number_format == "@"
    assert sheet["D4"].number_format == r"yyyy\-mm\-dd"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "＝1",
        "行一\n=行二",
        "<&>",
        "007",
        "'x",
        '"',
        "a  b ",
    ],
)
def test_text_stays_text_and_comes_back_unchanged(text):
    cell = reopen(make_ledger([(text, *ROW[1:])])).active["B4"]
    assert cell.value == text
    assert cell.data_type == "s"


def test_text_that_looks_like_an_escape_is_protected():
    # Excel reads _x005F_ as an underscore; openpyxl shows it as written.
    assert reopen(make_ledger([("_x0041_", *ROW[1:])])).active["B4"].value == "_x005F_x0041_"


def test_characters_xml_cannot_hold_are_replaced():
    assert reopen(make_ledger([("王\x00\x1b\ud800五", *ROW[1:])])).active["B4"].value == "王���五"


def test_values_that_do_not_fit_their_column_become_text():
    odd = ("名", 320999199001010017, "2024年6月", "约3", float("nan"), None)
    sheet = reopen(make_ledger([odd, ("名", None, datetime.date(1899, 1, 5), 10**17, True, "")])).active
    assert [cell.value for cell in sheet[4]][2:] == ["320999199001010017", "2024年6月", "约3", None, None]
    assert [cell.value for cell in sheet[5]][3:6] == ["1899-01-05", str(10**17), "是"]


def test_moment_is_shown_in_local_time():
    moment = datetime.datetime(2024, 6, 22, 1, 30, tzinfo=datetime.UTC)
    cell = reopen(make_ledger([(*ROW[:2], moment, *ROW[3:])])).active["D4"]
    assert cell.value == datetime.datetime(2024, 6, 22, 9, 30)
    assert cell.number_format == r"yyyy\-mm\-dd\ hh:mm"


def test_totals_are_formulas_that_carry_their_value():
    ledger = [ROW, (*ROW[:3], 4, Decimal("0.10"), 1), (*ROW[:3], "若干", None, 1)]
    assert [cell.value for cell in reopen(make_ledger(ledger, totals=True)).active[7]] == [
        "合计", None, None, None, "=SUM(E4:E6)", "=SUM(F4:F6)", None,
    ]  # fmt: skip
    values = reopen(make_ledger(ledger, totals=True), data_only=True).active
    assert [values["E7"].value, values["F7"].value] == [7, 1.35]


def test_empty_ledger_has_a_header_and_zero_totals():
    sheet = reopen(make_ledger([], totals=True)).active
    assert [sheet["A4"].value, sheet["E4"].value, sheet["F4"].value] == ["合计", 0, 0]


def test_ledger_without_numbers_and_with_one_column():
    sheet = reopen(make_ledger([("甲",)], columns=[LedgerColumn("姓名")], numbered=False, totals=True)).active
    assert [row[0] for row in sheet.values] == [
        "劳模花名册",
        "填报单位：东台市总工会　填报日期：2026年6月2日",
        "姓名",
        "甲",
        "合计",
        None,
        sheet["A7"].value,
    ]
    assert sheet.freeze_panes == "A4"


def test_several_ledgers_become_sheets_with_legal_distinct_names():
    book = reopen(
        *(make_ledger(sheet_name=name) for name in ("劳模/花名册", "劳模:花名册", "长" * 40, "", "'"))
    )
    assert book.sheetnames == ["劳模 花名册", "劳模 花名册(2)", "长" * 31, "劳模花名册", "台账"]
    assert book["劳模 花名册(2)"].print_title_rows == "$3:$3"


def test_other_readers_agree():
    out = io.BytesIO()
    write_ledger(make_ledger(totals=True), out)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0).to_python()
    assert rows[3] == [1.0, "王䶮", "032099919900101001", datetime.date(2024, 6, 22), 3.0, 1.25, 0.5]
    assert rows[4][4:6] == [3.0, 1.25]


def test_written_to_a_path(tmp_path):
    write_ledger(make_ledger(), tmp_path / "台账.xlsx")
    assert openpyxl.load_workbook(tmp_path / "台账.xlsx").active["B4"].value == "王䶮"


def test_rows_are_read_while_the_file_is_already_being_sent():
    read = 0

    def rows():
        nonlocal read
        for _ in range(20_000):
            read += 1
            yield ROW

    ledger = make_ledger(rows())
    blocks = stream_ledger(ledger)
    assert next(blocks)
    assert read < 1_000
    whole = b"".join([b"", *blocks])
    assert whole
    assert ledger.written == 20_000


def test_wrapped_text_states_the_height_of_its_row():
    sheet = reopen(make_ledger([("很长" * 60, *ROW[1:]), ROW])).active
    assert sheet.row_dimensions[4].height > 40
    assert sheet.row_dimensions[5].height is None


def test_ledger_longer_than_a_sheet_is_refused(monkeypatch):
    monkeypatch.setattr(spreadsheetml, "LAST_ROW", 20)
    fits = 20 - 3 - ledger_sheet._SIGNS_ROWS
    reopen(make_ledger([ROW] * fits))
    with pytest.raises(TooManyRows, match="缩小筛选范围"):
        reopen(make_ledger([ROW] * (fits + 1)))


def test_rows_of_the_wrong_length_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        reopen(make_ledger([ROW[:-1]]))


def test_file_says_who_made_it():
    out = io.BytesIO()
    write_ledger(make_ledger(), out)
    book = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    assert (book.properties.title, book.properties.creator) == ("劳模花名册", "东台市总工会")
    assert zipfile.ZipFile(io.BytesIO(out.getvalue())).testzip() is None
