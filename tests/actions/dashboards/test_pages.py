"""The pages of the programme: every figure opens its rows, past days, workbooks, few queries, nobody's personal data."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from actions.models import Assistance, Event, ProgrammeSettings
from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS
from actions.progress.slices import SLICES, Facets
from mofu.accounts.models import Role
from mofu.registers.columns import shown
from tests import makers
from tests.actions.progress import scene

pytestmark = pytest.mark.django_db
CAMPAIGNS = ("six-ins", "assist-enterprise", "mentoring", "craftsmen", "double-strive")
PAGES = ("/actions/", "/people/", *(f"/actions/{code}/" for code in CAMPAIGNS))


@pytest.fixture
def programme(cast):
    scene.build(cast)
    makers.make_target(
        org=cast.city.organization, indicator="six_ins.sessions", period="month", value=2, unit="场"
    )
    makers.make_target(org=cast.city.organization, indicator="assist.enterprises", value=4, unit="家")
    makers.make_target(org=cast.dongtai, indicator="assist.enterprises", value=2, unit="家")
    makers.make_target(org=cast.sheyang, indicator="assist.enterprises", value=4, unit="家")
    return cast


def cells(page):
    return [cell for panel in page.context["panels"] for row in panel.rows for cell in row]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", ["city", "county"])
def test_every_figure_of_every_panel_opens_exactly_its_rows(address, who, programme, signed_in):
    client = signed_in(getattr(programme, who))
    page = client.get(address, {"year": scene.YEAR})
    opened = 0
    for cell in cells(page):
        if cell.url and "indicator=" in cell.url and not isinstance(cell.value, str):
            figure = client.get(cell.url).context["drill"].figure
            assert figure.split(" ")[0] == shown(cell.value), (cell.url, cell.value)
            opened += 1
    assert opened or who == "county" or address == "/actions/"


@pytest.mark.parametrize("found", SLICES.values(), ids=lambda found: f"{found.indicator}-{found.code}")
def test_the_parts_of_a_figure_add_up_to_it(found, programme):
    frame = Frame(programme.city, scene.YEAR, scene.TODAY, programme.city.organization, ProgrammeSettings())
    whole = (INDICATORS | BESIDE)[found.indicator].rows(frame.within()).count()
    parts = Facets(frame, found).shares(found)
    assert whole
    assert sum(part.count for part in parts) == whole
    assert all(part.label for part in parts)


@pytest.mark.parametrize("address", [*PAGES, "/", "/screen/"])
def test_pages_cost_few_queries_however_much_there_is(address, programme, signed_in):
    client = signed_in(programme.city)
    few = queries(client, address)
    for number in range(6):
        unit = makers.make_org(parent=programme.dongtai, kind="enterprise")
        person = makers.make_laureate(org=unit)
        makers.make_event(org=unit, date=date(scene.YEAR, 3, number + 1), laureates=[person])
        makers.make_studio(org=unit, leader=person)
        makers.make_assistance(org=programme.dongtai, stage="need", served_on=None)
        makers.make_ten_one(worker=makers.make_worker(org=unit), year=scene.YEAR)
    many = queries(client, address)
    assert many <= few + 1  # the proposals' second query, once there is somebody to propose
    assert many <= 15


def queries(client, address):
    client.get(address, {"year": scene.YEAR})
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, {"year": scene.YEAR}).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", PAGES)
def test_the_workbook_holds_what_the_page_shows(address, programme, signed_in):
    client = signed_in(programme.city)
    page = client.get(address, {"year": scene.YEAR})
    answer = client.get(address, {"year": scene.YEAR, "export": "xlsx"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    held = {
        shown(Decimal(str(value))) if isinstance(value, int | float) else str(value)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    }
    for panel in page.context["panels"]:
        for row in panel.rows:
            for cell in row:
                if isinstance(cell.value, str) and cell.value:
                    assert cell.value in held, (panel.title, cell.value)
    for row in page.context.get("figures", []):
        assert shown(row.value) in held, row.label


def test_a_past_day_shows_what_was_approved_by_then_and_its_links_agree(programme, signed_in):
    client = signed_in(programme.city)
    year = timezone.localdate().year
    old = makers.make_event(org=programme.dongtai, date=date(year, 1, 3))
    makers.make_event(org=programme.dongtai, date=date(year, 1, 4))
    week_ago = timezone.now() - timedelta(days=7)
    Event.everything.filter(pk=old.pk).update(reviewed_at=week_ago)
    then = timezone.localdate() - timedelta(days=3)

    now_page = client.get("/actions/six-ins/", {"year": year})
    then_page = client.get("/actions/six-ins/", {"year": year, "as_of": then.isoformat()})

    assert [figure(page, "six_ins.sessions").value for page in (now_page, then_page)] == [2, 1]
    url = figure(then_page, "six_ins.sessions").url
    assert f"as_of={then.isoformat()}" in url
    assert client.get(url).context["drill"].figure == "1 场"
    assert "当时已审核通过的记录" in then_page.content.decode()


def test_the_city_correcting_an_approved_record_does_not_move_the_day_it_counts_from(programme):
    event = makers.make_event(org=programme.dongtai, date=date(2024, 3, 3))
    approved = timezone.now() - timedelta(days=30)
    Event.everything.filter(pk=event.pk).update(reviewed_at=approved)
    event.refresh_from_db()
    event.stamp(programme.city)
    event.save()
    assert Event.everything.get(pk=event.pk).reviewed_at == approved


def figure(page, code):
    rows = [*page.context["targets"], *page.context["figures"]]
    return next(row for row in rows if row.indicator.code == code)


@pytest.mark.parametrize("asked", ["2999-01-01", "1900-01-01", "gestern", "2026-13-40", ""])
def test_what_is_no_past_day_shows_today(asked, programme, signed_in):
    page = signed_in(programme.city).get("/actions/", {"as_of": asked})
    assert page.status_code == 200
    assert page.context["frame"].known_by is None


def test_officials_get_five_numbers_and_may_take_them_along(programme, signed_in):
    client = signed_in(makers.make_user(Role.LEADER, programme.city.organization))
    page = client.get("/", {"year": scene.YEAR})
    assert [row.indicator.campaign for row in page.context["headline"]] == [*CAMPAIGNS]
    assert "2 项目标" in page.content.decode()
    assert client.get("/", {"year": scene.YEAR, "export": "xlsx"}).status_code == 200


def test_the_wall_names_nobody(programme, signed_in):
    people = [person.name for person in [makers.make_laureate(org=programme.dongtai, name="欧阳测试甲")]]
    makers.make_membership(laureate=makers.make_laureate(org=programme.dongtai, name="欧阳测试乙"))
    html = signed_in(programme.city).get("/screen/", {"year": scene.YEAR}).content.decode()
    assert "东台" in html
    assert "欧阳测试" not in html
    assert people


def test_needs_that_wait_come_with_people_who_can_help(programme, signed_in):
    enterprise = makers.make_org(parent=programme.dongtai, kind="enterprise", name="东台机床厂")
    Assistance.everything.filter(stage="need").delete()
    makers.make_assistance(org=programme.dongtai, enterprise=enterprise, stage="need", served_on=None,
                           need="数控车床主轴异响需要检修")  # fmt: skip
    makers.make_laureate(org=programme.sheyang, name="焊工", specialties="焊接、钣金")
    expert = makers.make_laureate(org=programme.dongtai, name="车工", specialties="磨削、数控车床")
    makers.make_laureate(org=programme.dongtai, name="已故", specialties="数控车床", status="QS")
    page = signed_in(programme.city).get("/actions/assist-enterprise/", {"year": scene.YEAR})
    panel = next(panel for panel in page.context["panels"] if panel.title == "待匹配的企业需求")
    names = [row[3].value for row in panel.rows]
    assert names == [f"车工（{programme.dongtai}）"]
    assert panel.rows[0][4].value.startswith("专长“数控车床”、同板块")
    detail = signed_in(programme.city).get(panel.rows[0][0].url)
    assert [one.laureate for one in detail.context["proposals"]] == [expert]


def test_nobody_of_another_county_is_proposed_to_a_county(programme, signed_in):
    enterprise = makers.make_org(parent=programme.dongtai, kind="enterprise")
    makers.make_assistance(
        org=programme.dongtai, enterprise=enterprise, stage="need", served_on=None, need="数控车床"
    )
    makers.make_laureate(org=programme.sheyang, name="他县专家", specialties="数控车床")
    html = (
        signed_in(programme.county).get("/actions/assist-enterprise/", {"year": scene.YEAR}).content.decode()
    )
    assert "他县专家" not in html


def test_a_studio_shows_who_teaches_whom(programme, signed_in):
    leader = makers.make_laureate(org=programme.dongtai, name="王师傅")
    studio = makers.make_studio(org=programme.dongtai, leader=leader)
    makers.make_mentorship(master=leader, apprentice=makers.make_worker(org=programme.dongtai, name="小李徒"),
                           studio=studio, started_on=date(2024, 1, 1))  # fmt: skip
    html = signed_in(programme.city).get(f"/studios/{studio.pk}/").content.decode()
    assert "一师一室一众弟子" in html
    assert "小李徒</text>" in html


def test_who_sees_no_records_gets_counts_without_names(programme, signed_in):
    auditor = makers.make_user(Role.AUDITOR, programme.city.organization)
    page = signed_in(auditor).get("/actions/six-ins/", {"year": scene.YEAR})
    panel = next(panel for panel in page.context["panels"] if "尚未宣讲" in panel.title)
    assert panel.rows == []
    assert not panel.more
    assert signed_in(auditor).get("/actions/six-ins/", {"export": "xlsx"}).status_code == 403


def test_a_past_year_shows_programme_figures_of_its_end_and_opens_their_rows(programme, signed_in):
    makers.make_target(indicator="mentoring.studios", year=None, period="programme", value=10, unit="家")
    for day in ("2025-03-01", "2026-02-01"):
        makers.make_studio(org=programme.dongtai, created_on=makers.PartialDate(day))
    client = signed_in(programme.city)
    now = client.get("/actions/mentoring/", {"year": 2026}).context["targets"][0]
    then = client.get("/actions/mentoring/", {"year": 2025}).context["targets"][0]
    assert then.value == now.value - 1
    for row in (now, then):
        assert client.get(row.url).context["drill"].figure == f"{row.value} 家"


def test_links_between_pages_keep_unit_and_day(programme, signed_in):
    page = signed_in(programme.city).get("/actions/", {"org": "320981", "as_of": "2024-10-01"})
    first = page.context["actions"][0].url
    assert first == "/actions/assist-enterprise/?year=2024&org=320981&as_of=2024-10-01"


def test_the_plan_by_years_links_nowhere_for_who_may_not_see_records(programme, signed_in):
    for code in ("mentoring", "craftsmen"):
        page = signed_in(programme.auditor).get(f"/actions/{code}/", {"year": 2024})
        assert not [cell.url for cell in cells(page) if cell.url]


def test_money_reads_on_pages_as_in_lists(programme, signed_in):
    makers.make_assistance(org=programme.dongtai, served_on=date(2024, 7, 3), benefit_wan=Decimal("101.10"))
    client = signed_in(programme.city)
    page = client.get("/actions/assist-enterprise/", {"year": scene.YEAR}).content.decode()
    assert ">101.1</a>" in page
    assert "101.10" not in page
    assert ">101.1<" in client.get("/assistance/?columns=benefit_wan").content.decode()


@pytest.mark.parametrize("address", ["/", *PAGES])
def test_no_link_leads_an_auditor_to_a_refusal(address, programme, signed_in):
    makers.make_event(org=programme.dongtai, measures=[makers.make_measure()], date=date(2024, 5, 1))
    client = signed_in(programme.auditor)
    page = client.get(address, {"year": scene.YEAR}).content.decode()
    links = {
        link
        for link in re.findall(r'href="(/[^"#]*)"', page)
        if not link.startswith(("/static/", "/logout/"))
    }
    assert links
    refused = [link for link in links if client.get(html.unescape(link)).status_code in (403, 404)]
    assert refused == []
