import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone

from actions.models import Campaign, ProgrammeSettings, TenOneMonth
from actions.progress.figures import Asked, read
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS
from actions.progress.reading import Reading
from actions.progress.targets import progress_of
from actions.reports.annual import annual_report
from actions.reports.kinds import KINDS
from actions.reports.orders import read_order
from actions.reports.spans import SPANS, Span, figure_in
from mofu.accounts.models.organization import STEP
from mofu.registers.periods import Period
from tests import makers


@pytest.mark.parametrize(
    ("code", "words", "first", "last"),
    [
        ("year", "2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ("h1", "2026年上半年", date(2026, 1, 1), date(2026, 6, 30)),
        ("q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("m02", "2026年2月", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_a_span_has_words_and_days(code, words, first, last):
    assert Span(2026, code).words == words
    assert Span(2026, code).period == Period(first, last)


def test_every_kind_of_span_covers_the_year_without_gaps():
    for codes in SPANS.values():
        days = [day for code in codes for day in (Span(2026, code).period.start, Span(2026, code).period.end)]
        assert days[0] == date(2026, 1, 1)
        assert days[-1] == date(2026, 12, 31)
        assert days == sorted(days)


@pytest.fixture
def frame(cast):
    return Frame(cast.city, 2025, date(2026, 3, 1), cast.city.organization, ProgrammeSettings.current())


def test_what_came_later_does_not_count_and_was_not_due(frame, cast):
    for day in (date(2025, 2, 3), date(2025, 5, 4), date(2025, 11, 5)):
        makers.make_event(org=cast.dongtai, date=day)
    makers.make_target(indicator="six_ins.sessions", year=2025, period="year", value=4)
    sessions = INDICATORS["six_ins.sessions"]
    half = Span(2025, "h1").frame(frame)
    assert sessions.value(half.within()) == 2
    [row] = [row for row in progress_of(Reading(half)) if row.indicator is sessions]
    assert (row.value, row.pace) == (2, 49)
    assert figure_in(Span(2025, "q2"), Reading(half), sessions) == 1
    whole = Span(2025).frame(frame)
    assert sessions.value(whole.within()) == 3
    assert whole.today == date(2025, 12, 31)


def test_figures_without_a_date_have_none_of_their_own_in_a_span(frame):
    assert figure_in(Span(2025, "q2"), Reading(frame), INDICATORS["six_ins.speakers"]) is None


def test_programme_figures_end_with_the_span(frame, cast):
    for day in ("2024-08", "2025-03-01", "2025-09-01"):
        makers.make_studio(org=cast.dongtai, created_on=makers.PartialDate(day))
    studios = INDICATORS["mentoring.studios"]
    early = Span(2025, "q1").frame(frame)
    assert studios.value(early.within(programme=True)) == 2
    assert Decimal(early.elapsed(programme=True)).quantize(Decimal("0.01")) == Decimal("0.17")


def test_a_past_year_is_reported_as_it_stood_at_its_end(frame, cast):
    Campaign.objects.create(code="mentoring", title="“师带徒”行动")
    for day in ("2024-08", "2025-03-01", "2026-02-01"):
        makers.make_studio(org=cast.dongtai, created_on=makers.PartialDate(day))
    makers.make_target(indicator="mentoring.studios", year=None, period="programme", value=10, unit="家")
    text = [
        block.text
        for section in annual_report(frame).sections
        for block in section.blocks
        if hasattr(block, "key")
    ]
    assert any("截至2025年12月31日" in words for words in text)
    assert any("新创建劳模工匠创新工作室2家" in words and "时间进度33%" in words for words in text)
    [row] = [row for row in progress_of(Reading(frame)) if row.label == "新创建劳模工匠创新工作室"]
    assert (row.value, row.pace, row.forecast) == (2, 33, None)


def test_years_before_the_programme_count_nothing_of_it(frame, cast):
    makers.make_studio(org=cast.dongtai, created_on=makers.PartialDate("2024-01-01"))
    early = replace(frame, year=2019)
    assert INDICATORS["mentoring.studios"].value(early.within(programme=True)) == 0
    assert early.elapsed(programme=True) == 0.0


def test_ten_ones_of_a_half_year_are_not_those_of_the_whole(frame, cast):
    worker, other = makers.make_worker(org=cast.dongtai), makers.make_worker(org=cast.dongtai)
    makers.make_ten_one(worker=worker, year=2025, done_on=date(2025, 3, 1))
    makers.make_ten_one(worker=worker, item=2, year=2025)
    makers.make_ten_one(worker=other, year=2025, done_on=date(2025, 9, 1))
    counted = {
        code: [
            Reading(found).value(INDICATORS[f"double_strive.{code}"])
            for found in (Span(2025, "h1").frame(frame), Span(2025).frame(frame))
        ]
        for code in ("participants", "item_1", "item_2")
    }
    assert counted == {"participants": [1, 2], "item_1": [1, 2], "item_2": [1, 1]}


def test_without_a_span_the_address_means_the_year(cast):
    assert read_order(KINDS["circular"], QueryDict("year=2025"), cast.city).span == Span(2025)


@pytest.mark.parametrize("programme", [False, True])
def test_part_of_a_year_reads_the_kept_months_and_finds_what_the_records_say(frame, cast, programme):
    for day in (date(2025, 1, 31), date(2025, 6, 30), date(2025, 7, 1), None):
        worker = makers.make_worker(org=cast.dongtai)
        makers.make_ten_one(worker=worker, item=1, year=2025, done_on=day)
    makers.make_ten_one(
        worker=makers.make_worker(org=cast.dongtai), item=1, year=2024, done_on=date(2024, 9, 1)
    )
    item, within = (
        INDICATORS["double_strive.item_1"],
        Span(2025, "h1").frame(frame).within(programme=programme),
    )
    assert item.counted(within).rows.model is TenOneMonth
    figures = read([Asked(item, within)], depth=2 * STEP)
    assert figures.value(item.code) == item.value(within) == (4 if programme else 3)


def notes(frame):
    return [row.note for row in progress_of(Reading(frame)) if row.label == "新创建劳模工匠创新工作室"]


def test_paper_says_of_a_past_years_programme_figures_what_pages_say(frame):
    makers.make_target(indicator="mentoring.studios", year=None, period="programme", value=10, unit="家")
    said = ["全程指标（2024—2028 年），截至 2025 年底"]
    assert notes(frame) == notes(Span(2025).frame(frame)) == notes(Span(2025, "q4").frame(frame)) == said
    assert notes(Span(2025, "h1").frame(frame)) == ["全程指标（2024—2028 年）"]
    running = replace(frame, year=2026)
    assert notes(Span(2026).frame(running)) == ["全程指标（2024—2028 年）"]


def test_spans_that_have_not_begun_are_not_offered(cast, signed_in, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 8, 3))
    page = signed_in(cast.city).get("/reports/").content.decode()
    closed = set(re.findall(r'<option value="(\w+)" [^>]*hidden disabled>', page))
    assert closed == {"q4", "m09", "m10", "m11", "m12"}
    earlier = signed_in(cast.city).get("/reports/?year=2025").content.decode()
    assert "hidden disabled" not in earlier
    assert "<option selected>2025</option>" in earlier
