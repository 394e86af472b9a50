"""Headcount-only returns stand beside the named ten ones: never added, open to exactly their rows, flagged where both are."""

from __future__ import annotations

from datetime import date

import pytest

from actions.models import Campaign, ProgrammeSettings
from actions.progress.figures import Asked, read
from actions.progress.frame import Frame
from actions.progress.headcounts import OVERLAP, pair_table
from actions.progress.indicator import BESIDE, INDICATORS
from actions.reports.annual import annual_report
from mofu.accounts.models import OrganizationKind
from tests.actions.registers.natural import NAMES, make_items
from tests.makers import make_headcount, make_org, make_ten_one, make_worker

YEAR = 2025


@pytest.fixture
def scene(cast):
    """东台: 2 named and 30 + 12 reported of item 1 (March doubled), 5 reported of item 2; 射阳: 7 of item 1; a draft."""
    make_items()
    Campaign.objects.create(code="double-strive", title="践行“双争”行动")
    factory = make_org(name="东台机械厂", kind=OrganizationKind.ENTERPRISE, parent=cast.dongtai)
    for day in (date(YEAR, 3, 5), None):
        make_ten_one(worker=make_worker(org=factory), item=1, year=YEAR, done_on=day)
    make_headcount(org=factory, item=1, year=YEAR, month=3, people=30)
    make_headcount(org=factory, item=1, year=YEAR, month=4, people=12)
    make_headcount(org=factory, item=2, year=YEAR, month=3, people=5)
    make_headcount(org=factory, item=2, year=YEAR, month=5, people=900, review_state="draft")
    make_headcount(org=factory, item=1, year=YEAR - 1, month=3, people=800)
    make_headcount(org=cast.sheyang, item=1, year=YEAR, month=3, people=7)
    make_headcount(
        org=make_org(name="市直单位", kind=OrganizationKind.DIRECT_UNIT), item=3, year=YEAR, month=3, people=4
    )
    return factory


def frame_for(user, org=None):
    return Frame(user, YEAR, date(YEAR, 12, 1), org or user.organization, ProgrammeSettings())


def test_named_and_reported_stand_side_by_side_and_are_never_added(scene, cast):
    table = pair_table(frame_for(cast.city))
    figures = {
        row.name: [(pair.named, pair.people) for pair in row.pairs[:3]] for row in [*table.rows, table.whole]
    }
    assert figures == {
        "东台市": [(2, 42), (0, 5), (0, 0)],
        "射阳县": [(0, 7), (0, 0), (0, 0)],
        "市直及产业": [(0, 0), (0, 0), (0, 4)],
        "合计": [(2, 49), (0, 5), (0, 4)],
    }
    assert sorted((row.name, row.doubled) for row in table.rows) == [
        ("东台市", 1),
        ("射阳县", 0),
        ("市直及产业", 0),
    ]
    assert INDICATORS["double_strive.item_1"].value(frame_for(cast.city).within()) == 2


def test_every_figure_opens_exactly_its_rows(scene, cast, signed_in):
    client = signed_in(cast.city)
    table = pair_table(frame_for(cast.city))
    for row in [*table.rows, table.whole]:
        for pair in row.pairs:
            page = client.get(pair.people_url)
            shown = sum(int(one.cells[4]) for one in page.context["rows"])
            assert (shown, page.status_code) == (pair.people, 200), (row.name, pair.people_url)
        assert client.get(row.doubled_url).context["page_obj"].paginator.count == row.doubled


def test_a_county_sees_its_own_alone(scene, cast, signed_in):
    table = pair_table(frame_for(cast.county))
    assert [row.name for row in table.rows] == ["东台市"]
    assert table.whole.pairs[0].people == 42
    page = signed_in(cast.county).get("/actions/double-strive/", {"year": YEAR}).content.decode()
    assert "实名记录与仅报人数" in page
    assert "不能相加" in page
    assert ">42</a>" in page
    assert "射阳" not in page


def test_the_leader_sees_figures_without_links_where_records_are_closed(scene, cast, signed_in):
    page = signed_in(cast.leader).get("/actions/double-strive/", {"year": YEAR})
    assert page.context["pairs"].whole.pairs[0].people == 49


def test_without_returns_there_is_no_table(cast, signed_in, db):
    make_items()
    Campaign.objects.create(code="double-strive", title="践行“双争”行动")
    assert pair_table(frame_for(cast.city)).rows == []
    page = signed_in(cast.city).get("/actions/double-strive/", {"year": YEAR})
    assert "仅报人数" not in page.content.decode()


def test_the_table_costs_the_same_queries_whatever_there_is(scene, cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        pair_table(frame_for(cast.city))


def test_the_report_has_both_columns(scene, cast, tmp_path):
    report = annual_report(frame_for(cast.city))
    [section] = [one for one in report.sections if "双争" in one.heading]
    table = section.blocks[-1]
    assert table.columns == ("项目", "实名记录（人）", "仅报人数（人次）")
    assert [tuple(row) for row in table.rows][:2] == [(NAMES[0], 2, 49), (NAMES[1], 0, 5)]


def test_no_target_can_be_set_for_headcounts():
    assert not set(BESIDE) & set(INDICATORS)
    assert len([code for code in BESIDE if code.startswith("headcounts.")]) == 12
    assert OVERLAP in BESIDE


def test_ticks_without_a_day_stand_under_month_unknown(scene, cast, signed_in):
    indicator = INDICATORS["double_strive.item_1"]
    months = read([Asked(indicator, frame_for(cast.city).within())], depth=12).by_month(indicator.code)
    assert {month: n for month, n in months.items() if n} == {3: 1, 0: 1}
    page = signed_in(cast.city).get(indicator.url(year=YEAR, month=0))
    assert [row.cells[4] for row in page.context["rows"]] == [""]
