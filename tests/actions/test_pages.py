"""The programme's pages: desks by role, actions, tasks, reports, wall."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from actions.models import Campaign, ProgrammeSettings, Task
from actions.progress.frame import Frame
from actions.progress.indicator import INDICATORS
from actions.reference import load_reference
from actions.reports.annual import annual_report
from actions.reports.renderings import WRITERS
from mofu.documents.pdf import PdfUnavailable, pdf_available
from mofu.registers.records import ReviewState
from tests.makers import make_event, make_laureate, make_target
from tests.specimens import SPECIMENS, specimen

TODAY = timezone.localdate()
CODES = ("six-ins", "assist-enterprise", "mentoring", "craftsmen", "double-strive")


@pytest.fixture
def reference(cast):
    load_reference(TODAY)


def page(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def test_city_desk_shows_what_waits_what_is_due_and_the_gaps(reference, cast, signed_in):
    make_laureate(org=cast.dongtai, review_state=ReviewState.PENDING)
    task = Task.everything.filter(year=TODAY.year).first()
    task.deadline = TODAY.replace(day=1)
    task.save()
    text = page(signed_in(cast.city), "/")
    assert "待我审核" in text
    assert task.name in text
    assert "当前差距" in text
    for campaign in Campaign.objects.all():
        assert campaign.title in text


def test_county_desk_shows_returned_drafts_and_own_targets(reference, cast, signed_in):
    make_laureate(org=cast.dongtai, review_state=ReviewState.RETURNED, return_reason="补证书")
    make_target(org=cast.dongtai, indicator="mentoring.studios", year=TODAY.year, period="year", value=80)
    text = page(signed_in(cast.county), "/")
    assert "退回待补正" in text
    assert "80" in text
    assert "待我审核" not in text
    assert "80 家" not in page(signed_in(cast.other), "/")


def test_leader_desk_shows_progress_only(reference, cast, signed_in):
    make_laureate(org=cast.dongtai, review_state=ReviewState.PENDING)
    text = page(signed_in(cast.leader), "/")
    assert "待我审核" not in text
    assert "新增" not in text
    assert "宣讲服务团现有人数" in text


@pytest.mark.parametrize("code", CODES)
def test_action_page_costs_the_same_queries_for_one_and_many_records(code, reference, cast, signed_in):
    client = signed_in(cast.city)
    address = f"/actions/{code}/"

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    for indicator in INDICATORS:
        make_target(org=cast.dongtai, indicator=indicator)
    empty = queries()
    for slug in set(SPECIMENS) - {"tasks", "targets"}:  # all twenty tasks are there, each target stands once
        specimen(slug, cast.dongtai)
        specimen(slug, cast.sheyang)
    assert queries() == empty


def _reads_of_targets(found):
    return sum('FROM "actions_target"' in query["sql"] for query in found)


def test_targets_are_read_once_for_the_unit_and_once_for_its_boards(reference, cast, signed_in):
    client = signed_in(cast.city)
    for address, reads in (("/actions/", 2), ("/actions/six-ins/", 2)):
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        assert _reads_of_targets(found) == reads, address
    frame = Frame(cast.city, TODAY.year, TODAY, cast.city.organization, ProgrammeSettings.current())
    with CaptureQueriesContext(connection) as found:
        annual_report(frame)
    assert _reads_of_targets(found) == 2


def test_months_before_the_start_are_named_in_the_month_table(reference, cast, signed_in):
    client = signed_in(cast.city)
    assert page(client, "/actions/six-ins/", year=2024).count("未启动</small>") == 5
    assert "未启动</small>" not in page(client, "/actions/six-ins/", year=2025)
    settings = ProgrammeSettings.current()
    settings.started_on = date(2024, 3, 1)
    settings.save()
    assert page(client, "/actions/six-ins/", year=2024).count("未启动</small>") == 2


def test_year_is_switched_by_address(reference, cast, signed_in):
    make_event(org=cast.dongtai)  # in June 2024
    client = signed_in(cast.city)
    assert "indicator=six_ins.sessions&amp;year=2024" in page(client, "/actions/six-ins/", year=2024)
    assert client.get("/actions/six-ins/", {"year": 2024}).context["year"] == 2024
    assert client.get("/actions/six-ins/", {"year": "x"}).context["year"] == TODAY.year
    years = client.get("/actions/").context["years"]
    assert years[0] == 2024
    assert {2028, TODAY.year} <= set(years)


def test_unit_is_chosen_by_address_within_scope_only(reference, cast, signed_in):
    assert signed_in(cast.city).get("/actions/", {"org": "320981"}).context["frame"].org == cast.dongtai
    assert signed_in(cast.county).get("/actions/", {"org": "320924"}).status_code == 404


def test_unknown_action_and_report_kind_are_not_found(reference, cast, signed_in):
    client = signed_in(cast.city)
    assert client.get("/actions/nothing/").status_code == 404
    assert client.get(f"/reports/annual/{TODAY.year}.zip").status_code == 404
    assert client.get("/reports/annual/1200.xlsx").status_code == 404


def test_tasks_show_the_twenty_of_this_year_and_filter_by_state(reference, cast, signed_in):
    client = signed_in(cast.city)
    assert client.get("/tasks/").context["page_obj"].paginator.count == 20
    assert client.get("/tasks/", {"state": "done"}).context["page_obj"].paginator.count == 0
    assert client.get("/tasks/", {"year": 2024}).context["page_obj"].paginator.count == 20
    assert signed_in(cast.county).get("/tasks/").context["page_obj"].paginator.count == 20


def test_an_event_stands_on_the_page_of_every_task_it_serves(reference, cast, signed_in):
    tasks = Task.everything.filter(year=2024, number__in=(3, 10), group="main")
    event = make_event(org=cast.dongtai, kind="county_tour", tasks=tasks)
    for task in tasks:
        assert event.title in page(signed_in(cast.city), f"/tasks/{task.pk}/")
        assert event.title not in page(signed_in(cast.other), f"/tasks/{task.pk}/")


def test_wall_shows_targets_and_the_time_but_no_person(reference, cast, signed_in):
    make_laureate(org=cast.dongtai, name="某某隐名")
    text = page(signed_in(cast.leader), "/screen/")
    assert "数据截至" in text
    assert "某某隐名" not in text


def test_wall_of_a_unit_bears_its_name_and_its_own_targets(reference, cast, signed_in):
    make_target(org=cast.dongtai, indicator="craftsmen.trained", value=8, year=TODAY.year, period="year")
    for address in ("/screen/", f"/screen/?org={cast.dongtai.code}"):
        text = page(signed_in(cast.county), address)
        assert f"<h1>{cast.dongtai} “五大行动”" in text
        assert "各项目标完成率" in text
    assert f"<h1>{cast.dongtai}" in page(signed_in(cast.leader), f"/screen/?org={cast.dongtai.code}")
    assert f"<h1>{cast.dongtai}" not in page(signed_in(cast.leader), "/screen/")


def test_wall_of_a_past_day_says_so(reference, cast, signed_in):
    text = page(signed_in(cast.leader), "/screen/?as_of=2025-06-30")
    assert re.search(r"数据截至 <time[^>]*>2025年6月30日</time>", text)


def test_report_page_explains_the_missing_package(reference, cast, signed_in, monkeypatch):
    def missing(_report):
        raise PdfUnavailable

    monkeypatch.setitem(WRITERS, "pdf", missing)
    response = signed_in(cast.city).get(f"/reports/annual/{TODAY.year}.pdf")
    assert response.status_code == 503
    assert "libpango-1.0-0" in response.content.decode()


def test_county_report_holds_its_own_figures_only(reference, cast, signed_in):
    make_laureate(org=cast.dongtai, name="东台某人")
    make_laureate(org=cast.sheyang, name="射阳某人")
    response = signed_in(cast.county).get(f"/reports/annual/{TODAY.year}.xlsx")
    text = str([list(sheet.values) for sheet in load_workbook(BytesIO(b"".join(response.streaming_content)))])
    assert "东台某人" in text
    assert "射阳某人" not in text


def test_command_writes_the_report_in_three_renderings(reference, tmp_path, capsys):
    if not pdf_available():
        pytest.skip("Pango is missing: no PDF on this machine")
    call_command("annual_report", str(TODAY.year), "--out", str(tmp_path))
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".pdf", ".xlsx"]
    book = load_workbook(next(tmp_path.glob("*.xlsx")))
    assert {"双十任务", "工作室", "花名册"} <= set(book.sheetnames)
