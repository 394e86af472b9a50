"""Pages of one record: detail, form, review, history, deletion, files."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from models_app.models import Laureate
from mofu.accounts.models import TrailEntry
from mofu.registers import attachments
from mofu.registers.models import Attachment
from mofu.registers.records import ReviewState
from mofu.registers.register import REGISTERS, reviewed_registers
from tests.makers import make_event, make_honour, make_laureate, make_mentorship, make_org
from tests.specimens import specimen

REVIEWED = [register.slug for register in reviewed_registers()]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def laureate_data(org, **values):
    return {"name": "赵一", "category": "model", "org": org.pk, "status": "ZZ", **values}


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_edit_form_saved_unchanged_changes_nothing(slug, cast, signed_in):
    """The form shows what is stored: posting it back as it came leaves the record as it was."""
    record = specimen(slug, cast.dongtai)
    client = signed_in(cast.city)
    address = REGISTERS[slug].url("edit", record.pk)
    page = client.get(address)
    data = {}
    for form in [
        page.context["form"],
        *(f for _, formset in page.context["formsets"] for f in [formset.management_form, *formset]),
    ]:
        for bound in form:
            value = bound.value()
            if value is True:
                value = "on"
            if value is not None and value is not False and value != "" and not hasattr(value, "url"):
                data[bound.html_name] = (
                    [getattr(item, "pk", item) for item in value] if isinstance(value, list) else str(value)
                )
    before = type(record)._base_manager.filter(pk=record.pk).values().get()
    response = client.post(address, data)
    faults = (
        []
        if response.status_code == 302
        else [response.context["form"].errors, *(f.errors for _, f in response.context["formsets"])]
    )
    assert response.status_code == 302, faults
    after = type(record)._base_manager.filter(pk=record.pk).values().get()
    kept = {"assigned", "updated_at", "reviewed_at", "reviewed_by_id", "id_number", "phone"}
    assert {k: v for k, v in after.items() if k not in kept} == {
        k: v for k, v in before.items() if k not in kept
    }


@pytest.mark.parametrize("slug", REVIEWED)
def test_way_of_every_reviewed_record(slug, cast, signed_in):
    """Submit, return with reason, submit again, approve: states by the server, trail for each step."""
    register = REGISTERS[slug]
    record = specimen(slug, cast.dongtai, review_state=ReviewState.DRAFT)
    county, city = signed_in(cast.county), signed_in(cast.city)

    def state():
        record.refresh_from_db()
        return record.review_state

    county.post(register.url("submit", record.pk))
    assert state() == ReviewState.PENDING
    city.post(register.url("return", record.pk), {"reason": ""})
    assert state() == ReviewState.PENDING
    city.post(register.url("return", record.pk), {"reason": "缺少证明"})
    assert state() == ReviewState.RETURNED
    assert "缺少证明" in county.get(register.url("detail", record.pk)).content.decode()
    county.post(register.url("submit", record.pk))
    assert county.post(register.url("approve", record.pk)).status_code == 403
    assert state() == ReviewState.PENDING
    city.post(register.url("approve", record.pk))
    assert state() == ReviewState.APPROVED
    assert record.reviewed_by == cast.city
    entries = TrailEntry.objects.filter(model=record._meta.label_lower, object_id=str(record.pk))
    assert set(entries.values_list("action", flat=True)) >= {"submitted", "returned", "approved"}
    assert entries.filter(action="returned", reason="缺少证明").exists()


def test_county_entry_starts_as_draft_and_city_entry_is_approved(cast, signed_in):
    signed_in(cast.county).post("/laureates/new/", laureate_data(cast.dongtai))
    assert Laureate.everything.get().review_state == ReviewState.DRAFT
    signed_in(cast.city).post("/laureates/new/", laureate_data(cast.sheyang, name="钱二"))
    assert Laureate.everything.get(name="钱二").review_state == ReviewState.APPROVED


def test_save_and_submit_in_one_step(cast, signed_in):
    signed_in(cast.county).post("/laureates/new/", laureate_data(cast.dongtai, submit="1"))
    record = Laureate.everything.get()
    assert record.review_state == ReviewState.PENDING
    assert record.submitted_by == cast.county
    assert record.created_by == cast.county


def test_county_change_of_an_approved_record_has_to_be_handed_in_again(cast, signed_in):
    record = make_laureate(org=cast.dongtai, name="赵一")
    signed_in(cast.county).post(
        f"/laureates/{record.pk}/edit/", laureate_data(cast.dongtai, position="班组长")
    )
    record.refresh_from_db()
    assert record.position == "班组长"
    assert record.review_state == ReviewState.DRAFT


def test_state_author_and_reviewer_cannot_be_posted(cast, signed_in):
    data = laureate_data(
        cast.dongtai,
        review_state="approved",
        reviewed_by=cast.city.pk,
        created_by=cast.city.pk,
        search="x",
        id_number_hash="x",
    )
    signed_in(cast.county).post("/laureates/new/", data)
    record = Laureate.everything.get()
    assert record.review_state == ReviewState.DRAFT
    assert record.created_by == cast.county
    assert record.reviewed_by is None


def test_county_cannot_enter_for_another_unit(cast, signed_in):
    response = signed_in(cast.county).post("/laureates/new/", laureate_data(cast.sheyang))
    assert response.status_code == 422
    assert "org" in response.context["form"].errors
    assert not Laureate.everything.exists()


def test_faulty_form_keeps_what_was_typed(cast, signed_in):
    response = signed_in(cast.county).post(
        "/laureates/new/", laureate_data(cast.dongtai, name="", position="车间主任")
    )
    assert response.status_code == 422
    assert "车间主任" in response.content.decode()
    assert "填写的内容都还在" in response.content.decode()


def test_batch_approval_takes_pending_records_only(cast, signed_in):
    pending = [make_laureate(org=cast.dongtai, review_state=ReviewState.PENDING) for _ in range(3)]
    draft = make_laureate(org=cast.dongtai, review_state=ReviewState.DRAFT)
    response = signed_in(cast.city).post(
        "/laureates/bulk/",
        {"action": "approve", "pk": [record.pk for record in [*pending, draft]]},
        follow=True,
    )
    assert "已审核通过 3 条" in response.content.decode()
    states = Laureate.everything.values_list("review_state", flat=True)
    assert sorted(states) == ["approved", "approved", "approved", "draft"]


def test_inbox_lists_what_waits_and_the_county_list_what_came_back(cast, signed_in):
    make_laureate(org=cast.dongtai, name="待审某", review_state=ReviewState.PENDING)
    make_laureate(
        org=cast.dongtai, name="退回某", review_state=ReviewState.RETURNED, return_reason="请补证书"
    )
    assert "待审某" in signed_in(cast.city).get("/review/").content.decode()
    text = signed_in(cast.county).get("/returned/").content.decode()
    assert "退回某" in text
    assert "退回某" not in signed_in(cast.other).get("/returned/").content.decode()


def test_waiting_pages_tell_who_when_and_why(cast, signed_in):
    person = make_laureate(org=cast.dongtai, name="赵一", review_state=ReviewState.DRAFT)
    county, city = signed_in(cast.county), signed_in(cast.city)
    county.post(f"/laureates/{person.pk}/submit/")
    person.refresh_from_db()
    handed_in = timezone.localtime(person.submitted_at).strftime("%Y-%m-%d %H:%M")
    text = city.get("/review/").content.decode()
    for words in ("送审人", "东台李四", "送审时间", handed_in):
        assert words in text
    assert f"东台李四 {handed_in} 送审" in city.get(f"/laureates/{person.pk}/").content.decode()

    city.post(f"/laureates/{person.pk}/return/", {"reason": "请补证书"})
    person.refresh_from_db()
    returned = timezone.localtime(person.reviewed_at).strftime("%Y-%m-%d %H:%M")
    text = county.get("/returned/").content.decode()
    for words in ("退回人", "市级张三", "退回时间", returned, "退回原因", "请补证书"):
        assert words in text
    for page in ("", "edit/"):
        text = county.get(f"/laureates/{person.pk}/{page}").content.decode()
        assert f"市级张三 {returned} 退回" in text
        assert "请补证书" in text


def test_approved_record_says_who_approved_it_and_an_unsigned_one_names_nobody(cast, signed_in):
    person = make_laureate(org=cast.dongtai, review_state=ReviewState.PENDING)
    client = signed_in(cast.city)
    client.post(f"/laureates/{person.pk}/approve/")
    text = client.get(f"/laureates/{person.pk}/").content.decode()
    assert "市级张三" in text
    assert "审核通过。" in text
    assert "None" not in text


@pytest.mark.parametrize(("address", "state"), [("/review/", "pending"), ("/returned/", "returned")])
def test_waiting_pages_cost_the_same_queries_for_one_and_three_rows(address, state, cast, signed_in):
    client = signed_in(cast.city if state == "pending" else cast.county)

    def add():
        person = make_laureate(org=cast.dongtai, review_state=state, return_reason="补正")
        Laureate.everything.filter(pk=person.pk).update(submitted_by=cast.county, reviewed_by=cast.city)

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    add()
    one = cost()
    add()
    add()
    assert cost() == one


def test_history_shows_before_and_after(cast, signed_in):
    record = make_laureate(org=cast.dongtai, name="赵一", position="工人")
    client = signed_in(cast.city)
    client.post(f"/laureates/{record.pk}/edit/", laureate_data(cast.dongtai, position="班组长"))
    text = client.get(f"/laureates/{record.pk}/history/").content.decode()
    assert "职务" in text
    assert "工人" in text
    assert "班组长" in text
    assert "市级张三" in text


def test_delete_is_refused_while_something_depends_on_the_record(cast, signed_in):
    person = make_laureate(org=cast.dongtai, name="赵一")
    honour = make_honour(laureate=person)
    make_mentorship(master=person)
    client = signed_in(cast.city)
    page = client.get(f"/laureates/{person.pk}/delete/").content.decode()
    assert "不能删除" in page
    assert f"/honours/{honour.pk}/" in page
    assert client.post(f"/laureates/{person.pk}/delete/").status_code == 409
    assert Laureate.everything.filter(pk=person.pk).exists()


def test_delete_takes_the_parts_along_and_leaves_a_trail(cast, signed_in):
    event = make_event(org=cast.dongtai, laureates=[make_laureate(org=cast.dongtai)])
    client = signed_in(cast.city)
    assert "1 条所属明细" in client.get(f"/events/{event.pk}/delete/").content.decode()
    client.post(f"/events/{event.pk}/delete/")
    actions = TrailEntry.objects.filter(action="deleted").values_list("model", flat=True)
    assert list(actions) == ["actions.event", "actions.event"]


def test_large_text_is_kept_for_the_session(cast, signed_in):
    client = signed_in(cast.leader)
    assert 'data-large="1"' not in client.get("/").content.decode()
    client.post("/large-text/", {"next": "/"})
    assert 'data-large="1"' in client.get("/").content.decode()
    assert client.get("/large-text/").status_code == 405
    assert client.post("/large-text/", {"next": "https://elsewhere.example/"}).url == "/"


def _upload(client, event, name, body):
    return client.post(
        f"/events/{event.pk}/files/", {"files": SimpleUploadedFile(name, body)}, follow=True
    ).content.decode()


def test_evidence_is_kept_and_served_within_scope_only(cast, signed_in):
    event = make_event(org=cast.dongtai, review_state=ReviewState.DRAFT)
    county = signed_in(cast.county)
    assert "已上传" in _upload(county, event, "签到表.pdf", PDF)
    file = Attachment.objects.get()
    response = county.get(f"/files/{file.pk}/")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%AD%BE")
    assert "sandbox" in response["Content-Security-Policy"]
    assert signed_in(cast.other).get(f"/files/{file.pk}/").status_code == 404
    assert signed_in(cast.auditor).get(f"/files/{file.pk}/").status_code == 403
    assert signed_in(cast.other).post(f"/files/{file.pk}/delete/").status_code == 404
    assert signed_in(cast.leader).post(f"/files/{file.pk}/delete/").status_code == 403
    county.post(f"/files/{file.pk}/delete/")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("空.pdf", b"", "空文件"),
        ("网页.html", b"<script>", "不是可接受的文件类型"),
        ("假.pdf", b"MZ\x90\x00", "内容与扩展名不符"),
        ("图.png", PDF, "内容与扩展名不符"),
        ("坏.docx", b"PK\x03\x04broken", "内容与扩展名不符"),
    ],
)
def test_unacceptable_evidence_is_refused_with_the_reason(name, body, words, cast, signed_in):
    event = make_event(org=cast.dongtai)
    text = _upload(signed_in(cast.county), event, name, body)
    assert (words in text) or (not body and "请先选择" in text) or ("空" in text)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("\u200b.pdf", r"PDF文件\d{8}\.pdf"),
        (" ……\u3000.pdf", r"PDF文件\d{8}\.pdf"),
        ("签到\u202e表\u200b.pdf", r"签到表\.pdf"),
        ("长" * 300 + ".pdf", r"长{196}\.pdf"),
    ],
)
def test_evidence_gets_a_name_that_can_be_read(name, kept, cast, signed_in):
    event = make_event(org=cast.dongtai)
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7\n")
    file._name = name  # as a browser that cleans nothing would send it
    attachment = attachments.keep(file, event, cast.city)
    assert re.fullmatch(kept, attachment.name)
    assert attachment.name in signed_in(cast.city).get(f"/events/{event.pk}/").content.decode()


def test_the_same_file_twice_is_noticed(cast, signed_in):
    event = make_event(org=cast.dongtai)
    client = signed_in(cast.county)
    _upload(client, event, "签到表.pdf", PDF)
    assert "已经上传过" in _upload(client, event, "另名.pdf", PDF)
    assert Attachment.objects.count() == 1


def test_a_county_cannot_take_away_what_counts(cast, signed_in):
    counted = make_event(org=cast.dongtai)
    pending = make_event(org=cast.dongtai, review_state=ReviewState.PENDING)
    draft = make_event(org=cast.dongtai, review_state=ReviewState.DRAFT)
    client = signed_in(cast.county)
    for event in (counted, pending):
        assert "退回，再删除" in client.get(f"/events/{event.pk}/delete/").content.decode()
        assert client.post(f"/events/{event.pk}/delete/").status_code == 409
    _upload(client, counted, "签到表.pdf", PDF)
    client.post(f"/files/{Attachment.objects.get().pk}/delete/")
    assert Attachment.objects.count() == 1
    assert client.post(f"/events/{draft.pk}/delete/").status_code == 302
    assert type(draft).everything.count() == 2


ODD = (
    "\0",
    "99999999999999999999",
    "-1",
    "²",
    "' OR 1=1 --",
    "<script>",
    "x" * 50_000,
    "9" * 5000,
    "%",
    "东台\n",
)


@pytest.mark.parametrize(
    "name", ["q", "org", "year", "page", "sort", "size", "indicator", "month", "review_state", "status"]
)
def test_odd_query_strings_never_break_a_page(name, cast, signed_in):
    client = signed_in(cast.city)
    make_laureate(org=cast.dongtai)
    for value in ODD:
        for address in ("/laureates/", "/events/", "/tasks/", "/laureates/pick/", "/actions/", "/review/"):
            query = {name: value, "indicator": "six_ins.sessions"} if name == "month" else {name: value}
            response = client.get(address, query)
            if response.status_code == 302:  # a long number leads to the list without it
                response = client.get(response.url)
            assert response.status_code in (200, 400, 404), (address, value)
            assert b"<script>x" not in response.content


def test_odd_posts_never_break_a_page(cast, signed_in):
    client = signed_in(cast.city)
    for value in ODD:
        assert client.post("/laureates/bulk/", {"action": "approve", "pk": [value]}).status_code == 302
        assert client.post("/laureates/bulk/", {"action": value, "pk": ["1"]}).status_code in (302, 403)
        assert client.post("/laureates/columns/", {"column": [value], "size": value}).status_code == 302
        response = client.post(
            "/laureates/new/", dict.fromkeys(("name", "org", "category", "status", "skill_level"), value)
        )
        assert response.status_code == 422
    for address in ("/laureates/99999999999999999999/", "/files/99999999999999999999/", "/laureates/0/edit/"):
        assert client.get(address).status_code == 404


def test_changes_of_parts_stand_in_the_records_history(cast, signed_in):
    person = make_laureate(org=cast.dongtai, name="赵一")
    event = make_event(org=cast.dongtai, laureates=[person])
    text = signed_in(cast.city).get(f"/events/{event.pk}/history/").content.decode()
    assert "参加人员" in text
    assert "赵一" in text


def test_saving_unchanged_keeps_what_lies_outside_the_users_sight(cast, signed_in):
    """A union or a foreign helper stays on the record when its own county saves it."""
    union = make_org(kind="industry_union", name="市交通工会")
    person = make_laureate(org=cast.dongtai, name="赵一", industry_union=union)
    page = signed_in(cast.county).get(f"/laureates/{person.pk}/edit/")
    assert "市交通工会" in page.content.decode()
    data = laureate_data(cast.dongtai, industry_union=union.pk)
    assert signed_in(cast.county).post(f"/laureates/{person.pk}/edit/", data).status_code == 302
    person.refresh_from_db()
    assert person.industry_union == union
    other = make_laureate(org=cast.dongtai, name="钱二")
    assert (
        signed_in(cast.county).post(f"/laureates/{other.pk}/edit/", data | {"name": "钱二"}).status_code
        == 422
    )


def test_a_countys_draft_stays_a_draft_when_the_city_corrects_it(cast, signed_in):
    person = make_laureate(org=cast.dongtai, name="赵一", review_state=ReviewState.DRAFT)
    signed_in(cast.city).post(f"/laureates/{person.pk}/edit/", laureate_data(cast.dongtai, position="班组长"))
    person.refresh_from_db()
    assert (person.position, person.review_state) == ("班组长", ReviewState.DRAFT)


def test_timeline_marks_what_is_not_approved(cast, signed_in):
    person = make_laureate(org=cast.dongtai)
    make_event(org=cast.dongtai, title="未审活动", laureates=[person], review_state=ReviewState.DRAFT)
    assert "（草稿）" in signed_in(cast.county).get(f"/laureates/{person.pk}/").content.decode()
