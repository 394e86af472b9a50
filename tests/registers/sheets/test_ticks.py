"""Cells of tick sheets: what is a tick, what a cross, what a date, and what is none of them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from mofu.registers.sheets.cells import CellProblem
from mofu.registers.sheets.ticks import TICKED, hollow_is_tick, tick_or_date


@pytest.mark.parametrize(
    "cell",
    ["√", " ✓", "✔", "是", 1, 1.0, "1", "●", "☑", "有", "Y", "已完成", "参加", True, "2次", "○", "v", "ｖ"],
)
def test_ticks(cell):
    assert tick_or_date(cell) == TICKED


@pytest.mark.parametrize("cell", ["×", "x", "否", 0, "0", "没有", "未参加", "请假", False, "□", "☐"])
def test_crosses(cell):
    assert tick_or_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (date(2026, 5, 3), "2026-05-03"),
        (datetime(2026, 5, 3), "2026-05-03"),
        ("2026年5月3日", "2026-05-03"),
        ("2026.5.3", "2026-05-03"),
        ("20260503", "2026-05-03"),
        (20260503, "2026-05-03"),
        (46145, "2026-05-03"),
        ("5月3日", "05-03"),
        ("５月３号", "05-03"),
        ("5/3", "05-03"),
        (6.22, "06-22"),
        ("√（5月3日）", "05-03"),
        ("2026-05-03√", "2026-05-03"),
        ("2026年5月", "2026-05"),
        (2026.5, "2026-05"),
        ("5月", "05"),
        ("12月份", "12"),
        (5.1, "05"),  # may have been typed as 5.10
        (2026, "2026"),
    ],
)
def test_dates_as_far_as_they_are_known(cell, expected):
    assert tick_or_date(cell) == expected


@pytest.mark.parametrize("cell", ["本科", "张三", "13月1日", 5, "5", "？", "见附件"])
def test_what_is_none_of_them_is_refused_with_advice(cell):
    with pytest.raises(CellProblem, match="看不出是否参加"):
        tick_or_date(cell)


def test_a_hollow_circle_beside_full_ones_is_no_tick():
    assert hollow_is_tick(["○", None, "√", 1]) == (True, True)
    assert hollow_is_tick(["●", "○"]) == (False, True)
    assert hollow_is_tick(["●", "√"]) == (False, False)
    assert tick_or_date("○", hollow_is_tick=False) is None
