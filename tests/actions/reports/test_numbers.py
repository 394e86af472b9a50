"""文号, 成文日期, 落款: whose paper it is, what it is signed with, and that no number stands on two papers."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from actions.models import FrozenReport, PaperSettings, ReportDraft
from actions.reports.making import report_of
from mofu.documents.pdf import pdf_available
from mofu.documents.report import Paragraph
from tests import makers

needs_pango = pytest.mark.skipif(not pdf_available(), reason="Pango is not installed on this machine")


@pytest.fixture
def coded(db):
    PaperSettings(code="盐劳协").save()


def head(client, query, kind="circular", **values):
    data = {"number": "5", "addressee": "", "dated": "2025-01-15"} | values
    return client.post(f"/reports/{kind}/draft/?{query}", data)


def words(report):
    return "".join(
        block.text for section in report.sections for block in section.blocks if isinstance(block, Paragraph)
    )


Q3, Q4 = "year=2024&span=q3", "year=2024&span=q4"


def test_the_double_ten_stay_the_citys_whoever_reads_them(ordered, cast, signed_in):
    makers.make_task(org=cast.city.organization, number=9, year=2024, name="印制待遇汇编")
    client = signed_in(cast.county)
    page = client.get("/reports/tasks/?year=2024").content.decode()
    assert "东台市" not in page.partition("<main")[2]
    for step in ("passage", "draft", "freeze"):
        assert f"/tasks/{step}/" not in page
        assert client.post(f"/reports/tasks/{step}/?year=2024", {"key": "tasks"}).status_code == 403
    whole, own = (report_of(ordered("tasks", user)) for user in (cast.city, cast.county))
    assert whole.sections == own.sections
    assert (whole.issuer, whole.title) == (own.issuer, own.title)
    assert own.issuer == "盐城市劳模协会"
    assert 'name="org"' not in page
    assert client.post("/reports/tasks/file.docx", {"year": "2024", "span": "year"}).status_code == 200
    assert signed_in(cast.city).post("/reports/tasks/freeze/?year=2024").status_code == 302
    assert FrozenReport.objects.visible_to(cast.city).get().org == cast.city.organization


def test_a_number_bears_the_year_of_the_papers_own_date(ordered, cast, signed_in, coded):
    assert head(signed_in(cast.city), "year=2024", "annual").status_code == 302
    assert report_of(ordered("annual", cast.city)).formalities.document_no == "盐劳协〔2025〕5号"
    assert head(signed_in(cast.city), "year=2024", "tasks", number="6").status_code == 302
    assert report_of(ordered("tasks", cast.city)).formalities.document_no == "盐劳协〔2025〕6号"


def test_no_two_drafts_of_a_unit_and_year_bear_one_number(ordered, cast, signed_in, coded):
    client = signed_in(cast.city)
    assert head(client, Q3).status_code == 302
    answer = head(client, Q4)
    assert answer.status_code == 422
    told = "文号“盐劳协〔2025〕5号”已用于《关于2024年第三季度五大行动工作进展情况的通报》的文稿"
    assert told in answer.content.decode()
    assert 'name="number" value="5"' in answer.content.decode()
    assert ReportDraft.objects.visible_to(cast.city).count() == 1
    assert head(client, Q3, addressee="各单位").status_code == 302  # its own number
    assert head(client, Q4, dated="2024-12-31").status_code == 302  # another year's
    cast.dongtai.document_code = "东工"
    cast.dongtai.save()
    assert head(signed_in(cast.county), Q4).status_code == 302  # another unit's


@needs_pango
def test_a_number_once_issued_is_never_given_again(ordered, cast, signed_in, coded):
    client = signed_in(cast.city)
    head(client, Q3)
    assert client.post(f"/reports/circular/freeze/?{Q3}").status_code == 302
    head(client, Q3, number="6")
    answer = head(client, Q4)
    assert answer.status_code == 422
    assert "已用于已定稿的《关于2024年第三季度" in answer.content.decode()
    ReportDraft.everything.update(number=5)
    assert client.post(f"/reports/circular/freeze/?{Q3}").status_code == 302  # its own, once more
    head(client, Q4, number="7")
    ReportDraft.everything.filter(span="q4").update(number=5)
    answer = client.post(f"/reports/circular/freeze/?{Q4}")
    assert (answer.status_code, "已用于" in answer.content.decode()) == (422, True)
    assert FrozenReport.objects.visible_to(cast.city).count() == 2


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-06-21", "不能早于五大行动启动的2024年6月22日"),
        ((timezone.localdate() + timedelta(days=400)).isoformat(), "最多写到今天以后一年"),
    ],
)
def test_a_paper_is_dated_within_reason(day, told, ordered, cast, signed_in, coded):
    answer = head(signed_in(cast.city), Q4, dated=day)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ReportDraft.objects.visible_to(cast.city).exists()


def test_a_county_without_a_code_is_offered_no_number(ordered, cast, signed_in):
    client = signed_in(cast.county)
    page = client.get(f"/reports/circular/?{Q4}").content.decode()
    assert 'name="number"' not in page
    assert "单位台账中东台市的“发文代字”中设置" in page
    assert head(client, Q4).status_code == 302
    assert ReportDraft.objects.visible_to(cast.county).get().number is None
    assert "公文版式设置的“机关代字”" in signed_in(cast.city).get(f"/reports/circular/?{Q4}").content.decode()


def test_a_county_signs_and_numbers_its_papers_as_itself(ordered, cast, signed_in):
    report = report_of(ordered("circular", cast.county, Q4))
    assert report.issuer == "东台市总工会"
    assert "，东台市总工会坚持以" in words(report)
    cast.dongtai.document_code, cast.dongtai.signed_as = "东工", "东台市劳模协会"
    cast.dongtai.save()
    assert head(signed_in(cast.county), Q4).status_code == 302
    report = report_of(ordered("circular", cast.county, Q4))
    assert (report.issuer, report.formalities.document_no) == ("东台市劳模协会", "东工〔2025〕5号")
    assert "，东台市劳模协会坚持以" in words(report)
    assert report.formalities.red_head == ""


@pytest.mark.parametrize(
    ("code", "status"), [("year=2024&span=q1", 422), ("year=2024&span=m05", 422), ("year=2024&span=h1", 200)]
)
def test_spans_before_the_programme_are_refused(code, status, ordered, cast, signed_in):
    answer = signed_in(cast.city).get(f"/reports/circular/?{code}")
    assert answer.status_code == status
    assert ("五大行动自2024年6月22日起实施" in answer.content.decode()) == (status == 422)


def test_spans_before_the_programme_are_not_offered(cast, signed_in, monkeypatch):
    page = signed_in(cast.city).get("/reports/?year=2024").content.decode()
    closed = set(re.findall(r'<option value="(\w+)" [^>]*hidden disabled>', page))
    assert closed == {"q1", "m01", "m02", "m03", "m04", "m05"}


def test_a_city_paper_dates_from_its_day(ordered, cast, coded):
    """Without a day of its own a paper is dated today, and so is its number."""
    order = ordered("circular", cast.city, Q4)
    draft = ReportDraft(**order.names, title="通报", number=3)
    draft.save()
    year = timezone.localdate().year
    assert report_of(order).formalities.document_no == f"盐劳协〔{year}〕3号"
    assert report_of(order).date > date(2024, 12, 31)
