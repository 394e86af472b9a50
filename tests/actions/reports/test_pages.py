"""Kinds × roles × units: who may look at what, who may take it out, and that nothing foreign is in it."""

from __future__ import annotations

from io import BytesIO

import docx
import openpyxl
import pytest

from actions.reports.kinds import ALL, AT_ONCE, KINDS
from actions.reports.making import report_of
from actions.reports.material import Material
from mofu.accounts.models import TrailEntry
from mofu.documents.pdf import pdf_available
from mofu.documents.report import Picture
from mofu.registers import jobs
from mofu.registers.models import Job
from tests import makers

ADDRESSES = {
    "annual": "year=2024", "circular": "year=2024&span=q2", "board": "year=2024&org=320981",
    "action": "year=2024&subject=six-ins", "tasks": "year=2024", "roster": "", "public-roster": "", "studios": "", "registration": "",
    "agreement": "", "appointment": "",
}  # fmt: skip
LOOKS = {"city", "county", "leader", "auditor", "admin"}
TAKES = {"city", "county", "leader"}


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("code", list(KINDS))
def test_pages_and_files_answer_by_role(code, year_of_work, cast, signed_in):
    kind, query = KINDS[code], ADDRESSES[code]
    looks = LOOKS - {"auditor"} if kind.personal else LOOKS
    looks = {"city"} if kind.from_city else looks
    takes = TAKES & looks
    for name in LOOKS:
        client = signed_in(getattr(cast, name))
        assert client.get(f"/reports/{code}/?{query}").status_code == (200 if name in looks else 403), name
        for suffix in set(kind.suffixes) - {"pdf"}:
            response = client.get(f"/reports/{code}/file.{suffix}?{query}")
            assert response.status_code == (200 if name in takes else 403), (name, suffix)
            assert name not in takes or body(response).startswith(b"PK")


@pytest.mark.parametrize("code", [code for code, kind in KINDS.items() if not kind.from_city])
def test_another_units_report_is_not_found(code, year_of_work, cast, signed_in):
    query = ADDRESSES[code].replace("org=320981", "") + "&org=320981"
    client = signed_in(cast.other)
    assert client.get(f"/reports/{code}/?{query}").status_code == 404
    assert client.get(f"/reports/{code}/file.docx?{query}").status_code == 404
    assert signed_in(cast.stranger).get(f"/reports/{code}/").status_code == 403


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("registration", lambda org: makers.make_laureate(org=org)),
        ("agreement", lambda org: makers.make_mentorship(org=org)),
    ],
)
def test_papers_of_foreign_records_are_not_found(code, make, cast, signed_in):
    record = make(cast.dongtai)
    assert signed_in(cast.county).get(f"/reports/{code}/file.docx?pk={record.pk}").status_code == 200
    assert signed_in(cast.other).get(f"/reports/{code}/file.docx?pk={record.pk}").status_code == 404


def test_choices_offer_what_the_role_may_see(year_of_work, cast, signed_in):
    city = signed_in(cast.city).get("/reports/").content.decode()
    for kind in KINDS.values():
        assert kind.title in city
    assert "射阳县" in city
    county = signed_in(cast.county).get("/reports/").content.decode()
    assert "射阳县" not in county
    auditor = signed_in(cast.auditor).get("/reports/").content.decode()
    assert "登记表" not in auditor
    assert "/file." not in auditor


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/reports/nothing/", 404), ("/reports/annual/file.zip", 404), ("/reports/annual/?year=1200", 422),
        ("/reports/circular/?span=m13", 422), ("/reports/annual/?span=q1", 422), ("/reports/action/", 422),
        ("/reports/action/?subject=nothing", 422), ("/reports/board/", 422), ("/reports/registration/file.xlsx", 404),
        ("/reports/agreement/file.docx?org=320924&pk=999999", 404), ("/reports/annual/?org=nowhere", 404),
    ],
)  # fmt: skip
def test_nonsense_is_refused_politely(address, status, year_of_work, cast, signed_in):
    assert signed_in(cast.city).get(address).status_code == status


def test_a_county_circular_and_roster_hold_its_own_rows_only(year_of_work, cast, signed_in):
    makers.make_laureate(org=cast.dongtai, name="东台某人")
    makers.make_laureate(org=cast.sheyang, name="射阳某人")
    client = signed_in(cast.county)
    for code in ("circular", "roster", "annual"):
        book = openpyxl.load_workbook(
            BytesIO(body(client.get(f"/reports/{code}/file.xlsx?{ADDRESSES[code]}")))
        )
        text = str([list(sheet.values) for sheet in book])
        assert "射阳" not in text, code
    assert "东台某人" in text


def test_taking_a_report_out_leaves_a_trail(year_of_work, cast, signed_in):
    signed_in(cast.leader).get("/reports/tasks/file.xlsx?year=2024")
    entry = TrailEntry.objects.filter(action="exported").latest("pk")
    assert entry.actor == cast.leader
    assert entry.reason.startswith("2024年“双十”任务清单进展表.xlsx；编号：")


def forms_of(response):
    return docx.Document(BytesIO(body(response))).tables


def test_numbers_are_masked_unless_somebody_who_may_says_why(cast, signed_in):
    number = makers.made_id_number()
    person = makers.make_laureate(org=cast.dongtai, name="王䶮", id_number=number)
    address = f"/reports/registration/file.docx?pk={person.pk}"
    [form] = forms_of(signed_in(cast.county).get(address))
    text = "".join(cell.text for row in form.rows for cell in row.cells)
    assert "王䶮" in text
    assert number not in text
    [form] = forms_of(
        signed_in(cast.county).get(f"{address}&purpose=上报省总")
    )  # a link tells nothing in full
    assert number not in "".join(cell.text for row in form.rows for cell in row.cells)
    [form] = forms_of(signed_in(cast.county).post(address, {"purpose": "上报省总"}))
    assert number in "".join(cell.text for row in form.rows for cell in row.cells)
    assert "上报省总" in TrailEntry.objects.filter(action="exported").latest("pk").reason
    assert signed_in(cast.leader).post(address, {"purpose": "看看"}).status_code == 403


def test_forms_with_full_numbers_count_towards_the_day(cast, signed_in, settings):
    settings.FULL_ROWS_PER_DAY = 1
    person = makers.make_laureate(org=cast.dongtai, id_number=makers.made_id_number())
    client, address = signed_in(cast.county), f"/reports/registration/file.docx?pk={person.pk}"
    assert body(client.post(address, {"purpose": "上报省总"}))
    refused = client.post(address, {"purpose": "上报省总"})
    assert refused.status_code == 422
    assert "每天最多导出完整号码 1 行，您今天已导出 1 行" in refused.content.decode()
    assert body(client.post(address, {}))
    assert TrailEntry.objects.filter(action="alarm", actor=cast.county).count() == 1


def test_no_paper_is_ordered_of_records_out_of_sight(cast, signed_in):
    """Neither by the address of a POST, whatever its body says, nor by so many that a job would make them."""
    foreign = [makers.make_laureate(org=cast.sheyang).pk for _ in range(AT_ONCE + 1)]
    makers.make_laureate(org=cast.dongtai)
    client, address = signed_in(cast.county), "/reports/registration/file.docx"
    assert client.post(f"{address}?pk={foreign[0]}", {"year": "2024"}).status_code == 404
    assert client.post(address, {"pk": foreign}).status_code == 404
    assert not Job.objects.exists()


def test_drafts_are_printed_where_they_are_named(cast, signed_in):
    draft = makers.make_laureate(org=cast.dongtai, name="待审某人", review_state="draft")
    makers.make_laureate(org=cast.dongtai, name="通过某人")
    client = signed_in(cast.county)
    assert len(forms_of(client.get(f"/reports/registration/file.docx?pk={draft.pk}"))) == 1
    named = "".join(
        cell.text
        for form in forms_of(client.get("/reports/registration/file.docx"))
        for cell in form.rows[0].cells
    )
    assert "通过某人" in named
    assert "待审某人" not in named


def test_many_forms_are_made_in_the_background(cast, signed_in, django_capture_on_commit_callbacks):
    for _ in range(AT_ONCE + 1):
        makers.make_laureate(org=cast.dongtai)
    client = signed_in(cast.county)
    assert "/reports/registration/?" in client.get("/reports/registration/file.docx").url
    assert not Job.objects.exists()
    response = client.post("/reports/registration/file.docx", {"org": "320981"})
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result_name) == ("done", "劳模工匠登记表（21人）.docx")
    assert len(docx.Document(BytesIO(jobs.result_of(job))).tables) == AT_ONCE + 1


def test_a_job_does_nothing_for_who_lost_the_right(cast, signed_in):
    for _ in range(AT_ONCE + 1):
        makers.make_laureate(org=cast.dongtai)
    signed_in(cast.county).post("/reports/registration/file.docx", {"org": "320981"})
    cast.county.role = "auditor"
    cast.county.save()
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "角色、单位已变动" in job.message


def test_an_agreement_and_a_letter_say_what_the_records_say(cast, signed_in):
    pair = makers.make_mentorship(org=cast.dongtai, goal="一年内掌握龙门铣操作", agreement_no="师2024-1")
    text = [
        p.text
        for p in docx.Document(
            BytesIO(body(signed_in(cast.county).get(f"/reports/agreement/file.docx?pk={pair.pk}")))
        ).paragraphs
    ]
    assert "二、目标任务。一年内掌握龙门铣操作" in text
    assert "一、结对期限。自2024年6月22日起，至双方协商一致解除之日止。" in text
    letter = makers.make_membership(laureate=pair.master, position="副团长")
    text = [
        p.text
        for p in docx.Document(
            BytesIO(body(signed_in(cast.city).get(f"/reports/appointment/file.docx?pk={letter.pk}")))
        ).paragraphs
    ]
    assert f"兹聘请您为{letter.team.name}副团长，聘期自2024年6月22日起。" in text
    assert "盐城市劳模协会" in text


@pytest.mark.skipif(not pdf_available(), reason="Pango is not installed on this machine")
def test_every_kind_makes_a_pdf(year_of_work, cast, signed_in):
    client = signed_in(cast.city)
    for code, query in ADDRESSES.items():
        assert body(client.get(f"/reports/{code}/file.pdf?{query}")).startswith(b"%PDF"), code


def test_formats_of_issued_texts_are_all_three():
    assert all(kind.suffixes == ALL for kind in KINDS.values() if kind.issued)


def test_charts_show_what_the_tables_say(ordered, cast):
    report = report_of(ordered("annual", cast.city))
    charts = {
        block.caption: block.svg
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Picture)
    }
    assert "六进宣讲服务场次分月情况（场）" in charts
    ranking = charts["各板块分解目标平均完成率（%）"]
    for one in Material(ordered("annual", cast.city).frame).standings:
        assert f">{one.share}<" in ranking
