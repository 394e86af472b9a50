"""The year and month a sheet is about; the ten ones by their heads."""

from __future__ import annotations

from datetime import date

import pytest

from actions.models import TenOneItem
from actions.registers.sheet_periods import month_in, month_told, year_of_dates, year_told
from actions.registers.ten_one_heads import named_in
from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import understand
from mofu.registers.sheets.reading import read
from tests.actions.registers.natural import NAMES
from tests.registers.sheets_of import workbook_bytes

COLUMNS = [SheetColumn("name", "姓名"), SheetColumn("org", "单位")]
ITEMS = [TenOneItem(number=number, name=name) for number, name in enumerate(NAMES, start=1)]


def layout(*titles, sheet="表"):
    rows = [*([title] for title in titles), ["姓名", "单位"], ["张三", "东台市"]]
    return understand(read("表.xlsx", workbook_bytes(*rows, title=sheet)), COLUMNS)


@pytest.mark.parametrize(
    ("titles", "sheet", "year", "month"),
    [
        (["2026年职工“十个一”活动登记表"], "表", 2026, None),
        (["二〇二五年度台账"], "表", 2025, None),
        (["２０２５年３月份报表"], "表", 2025, 3),
        (["十个一台账"], "2025年三月", 2025, 3),
        (["十个一台账", "填报日期：2027年1月5日"], "表", None, None),
        (["2025年台账", "填报日期：2026年1月5日"], "表", 2025, None),
        (["2024—2026年台账"], "2025年", None, None),
        (["2024年2025年对照"], "2025年", None, None),
        (["1月至3月情况"], "表", None, None),
        (["全市2050人参加"], "2025", 2025, None),
        (["十二月人数"], "2025", 2025, 12),
    ],
)
def test_title_and_name_of_the_sheet_tell_the_period(titles, sheet, year, month):
    found = layout(*titles, sheet=sheet)
    assert (year_told(found), month_told(found)) == (year, month)


def test_dates_of_one_year_tell_the_year():
    assert year_of_dates([date(2025, 3, 1), "2025.6.1", "√", None, 3]) == 2025
    assert year_of_dates([date(2025, 3, 1), "2024年6月"]) is None
    assert year_of_dates(["√", 1]) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(3, "3"), ("3月", "3"), ("三月份", "3"), ("十二月", "12"), ("2026年3月", "2026-03"), ("2026-3", "2026-03"),
     (date(2026, 3, 1), "2026-03"), ("03", "3")],
)  # fmt: skip
def test_months(cell, expected):
    assert month_in(cell) == expected


@pytest.mark.parametrize("cell", [0, 13, "一季度", "3-4月", "全年"])
def test_no_months(cell):
    with pytest.raises(CellProblem, match="不是月份"):
        month_in(cell)


@pytest.mark.parametrize(
    ("heads", "items"),
    [
        (["姓名", *NAMES], range(1, 11)),
        (["姓名", *"一二三四五六七八九十"], range(1, 11)),
        (["姓名", *range(1, 11)], range(1, 11)),
        (["姓名", "①", "②", "③"], (1, 2, 3)),
        (["学历提升", "拜师", "攻关（√）"], (1, 6, 8)),
        (["第1项", "第二项", "其三"], (1, 2, 3)),
        (["1.参加一次学历提升", "2、技能竞赛", "(3)技术培训"], (1, 2, 3)),
        (["姓名", *range(1, 13)], ()),
        (["姓名", "项目", "年度"], ()),
        ([3, 4, 5], ()),
        (["学历", "技术", "职工"], ()),
    ],
)
def test_heads_name_items(heads, items):
    assert named_in(heads, ITEMS) == set(items)
