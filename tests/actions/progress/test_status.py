"""Status: progress against elapsed time, “≈” and “=”, months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.models import ProgrammeSettings
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS
from actions.progress.status import Status, Thresholds, percent, status_of
from actions.progress.targets import measured, targets_of
from tests.makers import make_event, make_studio, make_target

D = Decimal


@pytest.mark.parametrize(
    ("value", "target", "comparator", "elapsed", "expected"),
    [
        (100, 100, "≥", 0.5, Status.DONE),
        (99, 100, "≥", 1.0, Status.BEHIND),
        (99, 100, "≈", 1.0, Status.DONE),
        (94, 100, "≈", 1.0, Status.BEHIND),
        (50, 50, "=", 1.0, Status.DONE),
        (51, 50, "=", 1.0, Status.DONE),
        (50, 100, "≥", 0.5, Status.ON_TRACK),
        (49, 100, "≥", 0.5, Status.BEHIND),
        (35, 100, "≥", 0.5, Status.BEHIND),
        (34, 100, "≥", 0.5, Status.FAR_BEHIND),
        (0, 100, "≥", 0.0, Status.ON_TRACK),
        (0, 100, "≥", 0.01, Status.FAR_BEHIND),
    ],
)
def test_status(value, target, comparator, elapsed, expected):
    assert status_of(D(value), D(target), comparator, elapsed, Thresholds()) == expected


def test_thresholds_are_settings():
    loose = Thresholds(on_track=D("0.80"), behind=D("0.50"))
    assert status_of(D(40), D(100), "≥", 0.5, loose) == Status.ON_TRACK
    assert status_of(D(25), D(100), "≥", 0.5, loose) == Status.BEHIND


def test_percent_is_rounded_down_and_bounded():
    assert percent(D(999), D(1000)) == 99
    assert percent(D(2000), D(1000)) == 100
    assert percent(D(5), D(0)) == 0


def _frame(cast, today, **settings):
    return Frame(cast.city, 2024, today, cast.city.organization, ProgrammeSettings(**settings))


def _sessions(frame):
    return measured(frame, INDICATORS["six_ins.sessions"], targets_of(frame)["six_ins.sessions"])


def test_monthly_target_counts_months_that_reached_it(cast):
    make_target(indicator="six_ins.sessions", value=2, period="month", year=None)
    for day in ("2024-01-05", "2024-01-20", "2024-02-05", "2024-03-05", "2024-03-06"):
        make_event(org=cast.dongtai, date=date.fromisoformat(day))
    row = _sessions(_frame(cast, date(2024, 3, 31)))
    assert row.value == 5
    assert row.status == Status.FAR_BEHIND
    assert "已满 3 个月，2 个月达标；未达标：2月" in row.note
    make_event(org=cast.dongtai, date=date(2024, 2, 20))
    assert _sessions(_frame(cast, date(2024, 3, 31))).status == Status.ON_TRACK


def test_running_month_is_not_yet_missed(cast):
    make_target(indicator="six_ins.sessions", value=2, period="month", year=None)
    row = _sessions(_frame(cast, date(2024, 1, 10)))
    assert row.status == Status.ON_TRACK
    assert "未达标：" not in row.note


def test_own_year_target_goes_before_the_programmes(cast):
    make_target(indicator="craftsmen.academies", value=20, period="year", year=None)
    make_target(indicator="craftsmen.academies", value=25, period="year", year=2024)
    assert targets_of(_frame(cast, date(2024, 6, 1)))["craftsmen.academies"].value == 25


def test_programme_target_is_measured_over_all_years(cast):
    make_target(indicator="mentoring.studios", value=4, period="programme", year=None)
    for created in ("2024-05", "2025-01"):
        make_studio(org=cast.dongtai, created_on=created)
    frame = Frame(cast.city, 2025, date(2025, 6, 30), cast.city.organization, ProgrammeSettings())
    row = measured(frame, INDICATORS["mentoring.studios"], targets_of(frame)["mentoring.studios"])
    assert (row.value, row.percent, row.status) == (2, 50, Status.ON_TRACK)
    assert "programme=1" in row.url


def test_which_sessions_the_monthly_target_binds_is_a_setting(cast):
    make_target(indicator="six_ins.sessions", value=2, period="month", year=None)
    assert set(targets_of(_frame(cast, date(2024, 3, 1)))) == {"six_ins.sessions"}
    online = _frame(cast, date(2024, 3, 1), monthly_sessions="six_ins.sessions_online")
    assert set(targets_of(online)) == {"six_ins.sessions_online"}
