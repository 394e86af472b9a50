import datetime
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from mofu.documents.report import Annex, Section, Table
from mofu.documents.workbook import is_sum, to_xlsx

from .sample import make_report, make_targets


def reopen(report):
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(report)), data_only=True)


def rows_of(sheet):
    return [[value for value in row if value is not None] for row in sheet.values]


def test_overview_first_then_a_sheet_for_each_name():
    book = reopen(make_report())
    assert book.sheetnames == ["概览", "六进", "名册"]
    overview = rows_of(book["概览"])
    assert overview[:4] == [
        ["盐城市劳模工匠年度工作报告"],
        ["（2026年度）"],
        ["填报单位：盐城市劳模协会　　填报日期：2026年6月2日"],
        ["一、总体情况"],
    ]
    assert ["四、只在表中"] in overview
    assert not [row for row in overview if "纸面说明" in row]
    assert ["全年12场。"] in rows_of(book["六进"])


def test_figures_are_numbers_and_text_is_text():
    sheet = reopen(make_report())["概览"]
    record = next(row for row in sheet.iter_rows() if row[0].value == "=指标0")
    assert [cell.value for cell in record] == ["=指标0", 50, 0.5, datetime.datetime(2024, 6, 22)]
    assert record[0].data_type == "s"
    assert [cell.number_format for cell in record[1:]] == ["0", "0.0%", 'yyyy"年"m"月"d"日"']


def test_sheet_is_ready_to_print():
    sheet = reopen(make_report())["名册"]
    assert sheet["A1"].value == "名册"
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    last = list(sheet.iter_rows(min_row=5))[90]
    assert [cell.value for cell in last] == ["合计", 1125]
    assert last[0].font.b


def test_table_with_its_own_sheet_leaves_a_pointer():
    table = Table("任务清单", ["任务"], [], sheet="任务")
    book = reopen(make_report(Section("双十任务", blocks=[make_targets(), table])))
    assert ["任务清单：见工作表“任务”。"] in rows_of(book["概览"])
    assert ["无记录"] in rows_of(book["任务"])


def test_what_is_neither_number_nor_date_reads_as_on_paper():
    table = Table("杂项", ["值"], [[float("nan")], [True], ["坏\x00字"], ["=1"]])
    sheet = reopen(make_report(Section("杂", blocks=[table], sheet="杂")))["杂"]
    cells = [row[0] for row in sheet.iter_rows(min_row=5)][:4]
    assert [cell.value for cell in cells] == [None, "是", "坏\ufffd字", "=1"]
    assert cells[3].data_type == "s"


def make_totals(chart="column"):
    rows = [["东台市", 3, 10], ["射阳县", 4, 10], ["合计", 7, 15]]  # fifteen people, five of them in both
    return Table(
        "分板块", ["板块", "场次", "人数"], rows, total_row=True, kinds=["text", "int", "int"], chart=chart
    )


def test_totals_that_are_sums_are_formulas_with_their_values():
    report = make_report(Section("板块", blocks=[make_totals()], sheet="板块"))
    formulas = openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))["板块"]
    total = next(row for row in formulas.iter_rows() if row[0].value == "合计")
    assert total[1].value == f"=SUM(B{total[0].row - 2}:B{total[0].row - 1})"
    assert total[2].value == 15
    values = next(row for row in reopen(report)["板块"].iter_rows() if row[0].value == "合计")
    assert [cell.value for cell in values] == ["合计", 7, 15]


@pytest.mark.parametrize("chart", ["column", "bar", "line"])
def test_a_chart_draws_the_cells_of_its_table(chart):
    sheet = reopen(make_report(Section("板块", blocks=[make_totals(chart)], sheet="板块")))["板块"]
    [drawn] = sheet._charts
    header = next(row[0].row for row in sheet.iter_rows() if row[0].value == "板块" and row[1].value)
    first = drawn.series[0].val.numRef.f
    assert first == (
        f"'板块'!$B${header + 1}:$C${header + 1}"
        if chart == "line"
        else f"'板块'!$B${header + 1}:$B${header + 2}"
    )
    assert len(drawn.series) == 2


def test_annexes_have_sheets_of_their_own():
    report = replace(
        make_report(), annexes=[Annex("排名表", [Section("", blocks=[make_totals()], numbered=False)])]
    )
    assert ["东台市", 3, 10] in rows_of(reopen(report)["排名表"])


def test_what_does_not_add_up_to_the_digit_is_no_sum():
    assert is_sum(Decimal("0.3"), [Decimal("0.1"), 0.2])
    assert not is_sum(3, [1, 1])
    assert not is_sum("3", [1, 2])
    assert not is_sum(0, [])


def test_a_drawn_table_that_would_be_cut_begins_a_printed_page():
    rows = [[f"板块{number:02}", number] for number in range(13)]
    first, drawn = Table("甲", ["板块", "数"], rows), Table("乙", ["板块", "数"], rows, chart="column")
    both = replace(make_report(), sections=[Section("六进", blocks=[first, drawn], sheet="六进")])
    sheet = reopen(both)["六进"]
    [broken] = sheet.row_breaks.brk
    assert sheet.cell(broken.id + 1, 1).value == "乙"
    alone = replace(make_report(), sections=[Section("六进", blocks=[drawn], sheet="六进")])
    assert not reopen(alone)["六进"].row_breaks.brk
