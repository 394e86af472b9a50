"""Cells as people type them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from mofu.registers.sheets import amounts, cells
from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.texts import head_key, person_name


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024", "2024"),
        (2024, "2024"),
        ("2024年", "2024"),
        ("2024.6", "2024-06"),
        (2024.6, "2024-06"),
        ("2024.10", "2024-10"),
        ("2024-06", "2024-06"),
        ("2024年6月", "2024-06"),
        ("２０２４．６", "2024-06"),
        ("202406", "2024-06"),
        ("20240622", "2024-06-22"),
        (20240622, "2024-06-22"),
        ("2024-06-22", "2024-06-22"),
        ("2024/6/22", "2024-06-22"),
        ("2024.6.22", "2024-06-22"),
        ("2024年6月22日", "2024-06-22"),
        ("2024 年 6 月 22 日", "2024-06-22"),
        ("2024-06-22 00:00:00", "2024-06-22"),
        ("2024年6月22号", "2024-06-22"),
        ("二〇二四年六月二十二日", "2024-06-22"),
        ("1968年十月", "1968-10"),
        (27546, "1975-06-01"),
        (date(2024, 6, 22), "2024-06-22"),
        (datetime(2024, 6, 22, 8, 30), "2024-06-22"),
    ],
)
def test_dates_keep_the_precision_they_were_written_with(cell, expected):
    assert cells.partial_date(cell) == expected


@pytest.mark.parametrize(
    "cell", ["去年", "2024年13月", "2024-02-30", "24.6", "6月22日", "待定", 99999999, "1024"]
)
def test_what_is_no_date_is_refused_with_examples(cell):
    with pytest.raises(CellProblem, match="2024年6月22日"):
        cells.partial_date(cell)


def test_a_date_cell_under_a_heading_for_months_means_the_month():
    assert cells.partial_date(date(1975, 6, 1), month_only=True) == "1975-06"
    assert cells.partial_date(date(1975, 6, 12), month_only=True) == "1975-06-12"


def test_a_day_is_needed_where_the_field_is_a_day():
    assert cells.full_date("2024.6.22") == "2024-06-22"
    with pytest.raises(CellProblem, match="写到日"):
        cells.full_date("2024.6")


@pytest.mark.parametrize("cell", ["是", "√", "✓", "有", 1, True, "Y", " 是 "])
def test_ticks(cell):
    assert cells.yes_or_no(cell) is True


@pytest.mark.parametrize("cell", ["否", "×", "无", 0, False, ""])
def test_crosses(cell):
    assert cells.yes_or_no(cell) is False


def test_neither_tick_nor_cross():
    with pytest.raises(CellProblem, match="是、否"):
        cells.yes_or_no("也许")


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        ("12.5万元", "万元", "12.5"),
        ("125,000元", "万元", "12.5"),
        ("2万元", "元", "20000"),
        ("２０", "", "20"),
        ("30人", "", "30"),
        (12.5, "万元", "12.5"),
        ("1,234.50", "", "1234.5"),
        ("2千万元", "元", "20000000"),
        ("2千万元", "万元", "2000"),
        ("1.5亿", "元", "150000000"),
        ("1.5亿元", "万元", "15000"),
        ("5百万", "万元", "500"),
        ("3千", "", "3000"),
        ("3千元", "万元", "0.3"),
        ("3千人", "", "3000"),
        ("3万", "万元", "3"),
        ("-500元", "元", "-500"),
    ],
)
def test_amounts(cell, unit, expected):
    assert amounts.amount(cell, unit) == Decimal(expected)


@pytest.mark.parametrize("cell", ["很多", "约20", "一百"])
def test_no_number(cell):
    with pytest.raises(CellProblem, match="不是数字"):
        amounts.amount(cell)


@pytest.mark.parametrize(
    ("cell", "unit"),
    [("100美元", "元"), ("50%", ""), ("3千", "万元"), ("20左右", ""), ("30人", "万元"), ("2元/人", "元")],
)
def test_what_follows_a_number_is_understood_or_refused(cell, unit):
    with pytest.raises(CellProblem, match="无法确定含义"):
        amounts.amount(cell, unit)


@pytest.mark.parametrize(
    ("head", "cell", "unit", "expected"),
    [
        ("经费（千元）", 12, "万元", "1.2"),
        ("经费（元）", "12000", "万元", "1.2"),
        ("经费(亿元)", 2, "万元", "20000"),
        ("金额（万）", "-3", "元", "-30000"),
        ("金额（单位：百万元）", 3, "元", "3000000"),
        ("金额（千元）", "5万元", "元", "50000"),
        ("金额（税后）", 3, "元", "3"),
    ],
)
def test_the_unit_of_the_header_counts_where_the_cell_names_none(head, cell, unit, expected):
    assert amounts.amount(cell, unit, written=amounts.header_unit(head)) == Decimal(expected)


def test_a_header_with_foreign_money_is_refused():
    with pytest.raises(CellProblem, match="换算成人民币"):
        amounts.header_unit("金额（美元）")


@pytest.mark.parametrize("cell", [3.209991975081218e17, 320999197508121792, "3.20999E+17"])
def test_numbers_that_lost_their_digits_are_explained(cell):
    with pytest.raises(CellProblem, match="格式设为“文本”"):
        cells.number_text(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (13900000000, "13900000000"),
        ("139 0000 0000", "13900000000"),
        ("'320999", "320999"),
        ("３２０", "320"),
        (8.0, "8"),
    ],
)
def test_text_numbers(cell, expected):
    assert cells.number_text(cell) == expected


def test_choices_by_label_short_form_and_code():
    choices = [
        ("senior", "高中（中专、中技）"),
        ("bachelor", "本科"),
        ("master", "硕士研究生"),
        ("doctor", "博士研究生"),
    ]
    assert cells.choice("高中", choices) == "senior"
    assert cells.choice("中专", choices) == "senior"
    assert cells.choice(" 本 科 ", choices) == "bachelor"
    assert cells.choice("硕士", choices) == "master"
    assert cells.choice("master", choices) == "master"
    with pytest.raises(CellProblem, match="可填：高中"):
        cells.choice("研究生", choices)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("马  兰䶮", "马兰䶮"),
        ("买买提•艾力", "买买提·艾力"),
        ("John  Smith", "John Smith"),
        ("𣲗\u200b㛃\u3000", "𣲗㛃"),
    ],
)
def test_names(text, expected):
    assert person_name(text) == expected


def test_headers_compare_without_marks_and_blanks():
    assert head_key(" 姓 名\n*（必填）：") == head_key("姓名")
