"""Status: progress against elapsed time, “≈” and “=”, months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from actions.models import ProgrammeSettings
from actions.progress.breakdown import board_table
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS
from actions.progress.months import Months, in_words
from actions.progress.reading import Reading, targets_of
from actions.progress.standings import standings
from actions.progress.status import Status, Thresholds, percent, status_of
from actions.progress.targets import measured, progress_of
from mofu.registers.partial_dates import PartialDate
from mofu.registers.periods import Period
from tests.makers import make_academy, make_event, make_studio, make_target

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
    assert percent(D(5), D(0)) == percent(D(0), D(0)) == 100


FROM_NEW_YEAR = date(2024, 1, 1)


def _frame(cast, today, year=2024, *, started_on=FROM_NEW_YEAR, **settings):
    """A frame of the city in a programme that started with the year, unless said otherwise."""
    return Frame(
        cast.city, year, today, cast.city.organization, ProgrammeSettings(started_on=started_on, **settings)
    )


def _sessions(frame):
    return measured(Reading(frame), INDICATORS["six_ins.sessions"])


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
    frame = _frame(cast, date(2025, 6, 30), 2025)
    row = measured(Reading(frame), INDICATORS["mentoring.studios"])
    assert (row.value, row.percent, row.status) == (2, 50, Status.ON_TRACK)
    assert "programme=1" in row.url


def test_nobody_is_late_in_the_first_month_of_a_year_nor_before_it(cast):
    make_target(indicator="craftsmen.academies", value=20, period="year", year=None)
    make_target(indicator="mentoring.studios", value=40, period="programme", year=None)

    def standing(day, year=2025):
        rows = progress_of(Reading(_frame(cast, day, year)).only(bound=True))
        return {row.indicator.code.partition(".")[2]: (row.status, row.note) for row in rows}

    early = standing(date(2025, 1, 1))
    assert early["academies"] == (Status.ON_TRACK, "刚开始不足一个月，暂不评判快慢")
    assert early["studios"][0] == Status.FAR_BEHIND  # of the whole programme a year has gone
    assert standing(date(2025, 1, 30))["academies"][0] == Status.ON_TRACK
    assert standing(date(2025, 1, 31))["academies"][0] == Status.FAR_BEHIND
    assert standing(date(2025, 2, 1), 2026) == dict.fromkeys(("academies", "studios"), (None, "尚未开始"))


def test_a_unit_of_which_nothing_is_asked_has_done_it(cast):
    for org, value in ((cast.dongtai, 0), (cast.sheyang, 4)):
        make_target(org=org, indicator="craftsmen.academies", value=value, period="year", year=2024)
    make_academy(org=cast.sheyang)
    ranked = standings(board_table(Reading(_frame(cast, date(2024, 8, 1)))))
    assert [(one.board, one.average) for one in ranked] == [(cast.dongtai, 100), (cast.sheyang, 25)]


def test_academies_count_in_the_months_in_which_they_were_named(cast):
    make_academy(org=cast.dongtai, named_on=PartialDate("2024-06"))
    make_academy(org=cast.dongtai, named_on=PartialDate("2024"))
    frame = _frame(cast, date(2024, 12, 31))
    academies = INDICATORS["craftsmen.academies"]
    assert [
        academies.value(replace(frame.within(), period=Period(date(2024, 1, 1), end)))
        for end in (date(2024, 5, 31), date(2024, 6, 30), date(2024, 12, 31))
    ] == [0, 1, 2]


def test_which_sessions_the_monthly_target_binds_is_a_setting(cast):
    make_target(indicator="six_ins.sessions", value=2, period="month", year=None)
    assert set(targets_of(_frame(cast, date(2024, 3, 1)))) == {"six_ins.sessions"}
    online = _frame(cast, date(2024, 3, 1), monthly_sessions="six_ins.sessions_online")
    assert set(targets_of(online)) == {"six_ins.sessions_online"}


ADOPTED = date(2024, 6, 22)


def _sessions_on(cast, *days):
    for number, day in enumerate(days):
        make_event(org=cast.dongtai, date=date.fromisoformat(day), title=f"宣讲{number}")


def test_months_before_the_start_are_not_missed(cast):
    make_target(indicator="six_ins.sessions", value=2, period="month", year=None)
    _sessions_on(cast, "2024-03-05", "2024-07-05", "2024-07-20", "2024-08-01", "2024-08-02")
    row = _sessions(_frame(cast, date(2024, 8, 31), started_on=ADOPTED))
    assert row.value == 5
    assert row.note == "1—5月未启动；已满 2 个月，2 个月达标"
    assert (row.percent, row.status) == (100, Status.ON_TRACK)
    row = _sessions(_frame(cast, date(2024, 9, 30), started_on=ADOPTED))
    assert row.note.endswith("未达标：9月")
    assert row.status == Status.FAR_BEHIND


def test_the_month_of_the_start_counts_when_it_reached_the_target(cast):
    make_target(indicator="six_ins.sessions", value=2, period="month", year=None)
    frame = _frame(cast, date(2024, 7, 10), started_on=ADOPTED)
    assert _sessions(frame).note == "1—5月未启动；本月尚未达标"
    assert _sessions(frame).percent == 0
    _sessions_on(cast, "2024-06-22", "2024-06-25")
    assert _sessions(frame).percent == 100


def test_the_year_of_the_start_is_done_when_its_full_months_are(cast):
    make_target(indicator="six_ins.sessions", value=1, period="month", year=None)
    _sessions_on(cast, *(f"2024-{month:02d}-10" for month in range(7, 13)))
    assert _sessions(_frame(cast, date(2025, 1, 5), started_on=ADOPTED)).status == Status.DONE
    assert _sessions(_frame(cast, date(2024, 11, 30), started_on=ADOPTED)).status == Status.ON_TRACK


def test_nothing_is_due_before_the_start(cast):
    for indicator, period in (("six_ins.sessions", "month"), ("assist.enterprises", "year")):
        make_target(indicator=indicator, value=2, period=period, year=None)
    for today, year in ((date(2024, 6, 10), 2024), (date(2024, 8, 1), 2023)):
        frame = _frame(cast, today, year, started_on=ADOPTED)
        for row in progress_of(Reading(frame, INDICATORS.values())):
            assert row.status is None
            assert not row.target or row.note == "行动未启动"


def test_the_share_of_time_runs_from_the_start(cast):
    make_target(indicator="assist.enterprises", value=100, period="year", year=None)
    frame = _frame(cast, date(2024, 6, 30), started_on=ADOPTED)
    assert frame.elapsed() == pytest.approx(9 / 193)
    assert frame.elapsed(programme=True) == pytest.approx(9 / 1654)
    row = measured(Reading(frame), INDICATORS["assist.enterprises"])
    assert row.pace == 4
    assert _frame(cast, date(2025, 6, 30), 2025, started_on=ADOPTED).elapsed() == pytest.approx(181 / 365)


def test_months_of_a_year_in_the_programme():
    months = Months(2024, date(2024, 8, 15), ADOPTED)
    assert (months.idle, months.begun, months.full) == ([1, 2, 3, 4, 5], [6, 7, 8], [7])
    assert months.running == 8
    assert Months(2024, date(2024, 8, 31), ADOPTED).running == 0
    assert Months(2025, date(2025, 2, 1), ADOPTED).begun == [1, 2]
    assert Months(2026, date(2025, 2, 1), ADOPTED).begun == []
    assert Months(2023, date(2025, 2, 1), ADOPTED).idle == list(range(1, 13))


@pytest.mark.parametrize(
    ("months", "words"),
    [([3], "3月"), ([3, 4], "3月、4月"), ([1, 2, 3], "1—3月"), ([1, 2, 4], "1月、2月、4月")],
)
def test_months_in_words(months, words):
    assert in_words(months) == words


def test_the_start_lies_within_the_programme():
    with pytest.raises(ValidationError) as refused:
        ProgrammeSettings(started_on=date(2023, 12, 31)).clean()
    assert "started_on" in refused.value.message_dict


def test_a_boards_monthly_target_is_judged_by_months_wherever_it_is_shown(cast):
    """Twelve sessions in one month are one month met of three, not six times the number."""
    make_target(org=cast.dongtai, indicator="six_ins.sessions", value=2, period="month", year=None)
    for number in range(12):
        make_event(org=cast.dongtai, date=date(2024, 1, 8), title=f"宣讲{number}")
    frame = _frame(cast, date(2024, 3, 31))
    table = board_table(Reading(frame, [INDICATORS["six_ins.sessions"]]))
    [cell] = [row.cells[0] for row in table.rows if row.unit == cast.dongtai]
    assert (cell.value, cell.target, cell.share, cell.progress.status) == (12, "每月2", 33, Status.FAR_BEHIND)
    assert [(one.board, str(one.average)) for one in standings(table)] == [(cast.dongtai, "33.0")]
    own = measured(Reading(replace(frame, org=cast.dongtai)), INDICATORS["six_ins.sessions"])
    assert own == cell.progress
    assert table.parts_targets == ["每月2"]


def test_a_boards_target_of_the_whole_programme_is_counted_over_the_programme(cast):
    make_target(indicator="mentoring.studios", value=9, period="year", year=2025)
    make_target(org=cast.dongtai, indicator="mentoring.studios", value=4, period="programme", year=None)
    for created in ("2024-05", "2024-06", "2025-01"):
        make_studio(org=cast.dongtai, created_on=created)
    table = board_table(Reading(_frame(cast, date(2025, 6, 30), 2025)).only(bound=True))
    [cell] = [row.cells[0] for row in table.rows if row.unit == cast.dongtai]
    assert (cell.value, cell.target, cell.share) == (1, "全程4", 75)


def test_a_boards_own_year_goes_before_its_general_target(cast):
    for year, value in ((2024, 8), (None, 2)):
        make_target(org=cast.dongtai, indicator="craftsmen.academies", value=value, period="year", year=year)
    table = board_table(Reading(_frame(cast, date(2024, 6, 1))).only(bound=True))
    assert [row.cells[0].target for row in table.rows if row.unit == cast.dongtai] == ["8"]


def test_what_the_year_before_is_compared_with_is_said(cast):
    make_event(org=cast.dongtai, date=date(2024, 3, 30))
    indicator = INDICATORS["six_ins.sessions"]
    running = measured(Reading(_frame(cast, date(2025, 3, 2), 2025), before=True), indicator)
    over = measured(Reading(_frame(cast, date(2026, 3, 2), 2025), before=True), indicator)
    assert running.compared.startswith("上年1—3月 1，减少 1")
    assert over.compared.startswith("上年 1，减少 1")
