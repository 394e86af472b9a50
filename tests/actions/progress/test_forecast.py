"""Forecasts: the day a target is reached at today's pace, and what each remaining month has to bring."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.progress.forecast import forecast
from mofu.registers.periods import Period

YEAR = Period.of_year(2026)


def test_half_way_at_mid_year_is_in_time():
    found = forecast(50, Decimal(100), YEAR, date(2026, 6, 30), "家")
    assert found.in_time
    assert found.reached_on == date(2026, 12, 28)
    assert found.projected == 100
    assert found.needed == 9
    assert found.words == "按目前进度，预计2026年12月达标"


def test_a_late_one_says_when_and_what_it_takes():
    found = forecast(20, Decimal(100), YEAR, date(2026, 6, 30), "家")
    assert not found.in_time
    assert found.reached_on == date(2028, 6, 23)
    assert found.needed == 14
    assert found.words == "按目前进度，期末约40家，年内不能达标；要按期完成，每月需14家"
    late = forecast(20, Decimal(100), YEAR, date(2026, 6, 30), "家", goes_on=True)
    assert "2028年6月才能达标" in late.words


def test_nothing_done_gives_no_date():
    found = forecast(0, Decimal(10), YEAR, date(2026, 3, 1), "场")
    assert found.reached_on is None
    assert found.words == "尚无进展，无法预计；要按期完成，每月需1场"


def test_in_the_last_days_all_that_is_missing_is_needed():
    found = forecast(90, Decimal(100), YEAR, date(2026, 12, 20), "家")
    assert (found.needed, found.days_left) == (10, 11)
    assert found.words.endswith("要按期完成，余下11天需10家")


@pytest.mark.parametrize(
    ("value", "day"), [(100, date(2026, 5, 1)), (5, date(2026, 12, 31)), (5, date(2025, 12, 31))]
)
def test_no_forecast_when_reached_over_or_not_begun(value, day):
    assert forecast(value, Decimal(100), YEAR, day, "家") is None
