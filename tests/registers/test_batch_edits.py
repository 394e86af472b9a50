"""Many records at once: preview, rules, scope, review states, one transaction, the trail, jobs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models_app.models import Laureate
from mofu.accounts.models import TrailEntry
from mofu.registers import batch_edits
from mofu.registers.models import Job, JobState
from mofu.registers.records import ReviewState
from mofu.registers.register import REGISTERS
from tests.makers import make_laureate, make_mentorship, make_org
from tests.specimens import specimen


def states():
    return sorted(Laureate.everything.values_list("review_state", flat=True))


def edit(client, slug="laureates", *, step="apply", field="position", **data):
    return client.post(f"/{slug}/batch/", {"step": step, "field": field, "reason": "统一更正", **data})


def level(client, records, **data):
    return edit(client, field="skill_level", skill_level="6", pk=[record.pk for record in records], **data)


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_every_register_names_fields_of_its_form_and_shows_them(slug, cast, signed_in):
    register = REGISTERS[slug]
    assert register.batch_fields
    assert set(register.batch_fields) <= set(register.form(user=cast.city).fields)
    many = {field.name for field in register.model._meta.many_to_many}
    assert not set(register.batch_fields) & many
    record = specimen(slug, cast.dongtai)
    page = signed_in(cast.city).post(register.url("batch-edit"), {"pk": [record.pk]})
    assert page.status_code == 200
    assert [field.name for field, _ in page.context["fields"]] == list(register.batch_fields)
    assert "已选 <b>1</b> 条" in page.content.decode()
    listed = signed_in(cast.city).get(register.url("list")).content.decode()
    assert "批量修改" in listed


def test_ticked_records_are_looked_at_first_and_changed_on_confirmation(cast, signed_in):
    records = [make_laureate(org=cast.dongtai, skill_level=value) for value in (3, 3, 6)]
    other = make_laureate(org=cast.dongtai, skill_level=3)
    client = signed_in(cast.city)
    page = level(client, records, step="preview")
    text = page.content.decode()
    outcome = page.context["outcome"]
    assert (outcome.total, outcome.changed, outcome.same, outcome.refusals) == (3, 2, 1, 0)
    assert outcome.shown in text
    assert sorted(Laureate.everything.values_list("skill_level", flat=True)) == [3, 3, 3, 6]
    assert not TrailEntry.objects.filter(action="changed").exists()
    response = level(client, records)
    assert response.status_code == 302
    for record in records:
        record.refresh_from_db()
        assert record.skill_level == 6
    other.refresh_from_db()
    assert other.skill_level == 3


def test_each_record_and_the_whole_change_stand_on_the_trail_with_the_reason(cast, signed_in):
    records = [make_laureate(org=cast.dongtai, skill_level=3) for _ in range(2)]
    level(signed_in(cast.city), records)
    entries = TrailEntry.objects.filter(action="changed").exclude(model="")
    assert {entry.object_id for entry in entries} == {str(record.pk) for record in records}
    assert {entry.reason for entry in entries} == {"统一更正"}
    assert all("skill_level" in entry.changes for entry in entries)
    whole = TrailEntry.objects.get(action="changed", model="")
    assert "批量修改劳模工匠" in whole.reason
    assert "2 条" in whole.reason
    assert "原因：统一更正" in whole.reason
    assert {entry.request_id for entry in entries} == {whole.request_id}


def test_what_a_county_changes_goes_back_to_draft_and_what_the_city_changes_does_not(cast, signed_in):
    records = [make_laureate(org=cast.dongtai, skill_level=3) for _ in range(2)]
    same = make_laureate(org=cast.dongtai, skill_level=6)
    level(signed_in(cast.county), [*records, same])
    assert states() == ["approved", "draft", "draft"]
    same.refresh_from_db()
    assert same.review_state == ReviewState.APPROVED
    Laureate.everything.update(review_state="approved", skill_level=3)
    level(signed_in(cast.city), [*records, same])
    assert states() == ["approved"] * 3


def test_all_that_match_never_reach_beyond_scope_and_filter(cast, signed_in):
    mine = [make_laureate(org=cast.dongtai, name=f"仇{n}", skill_level=3) for n in range(2)]
    make_laureate(org=cast.dongtai, name="张三", skill_level=3)
    foreign = make_laureate(org=cast.sheyang, name="仇九", skill_level=3)
    client = signed_in(cast.county)
    response = edit(client, field="skill_level", skill_level="6", all="1", query="q=仇", expected="2")
    assert response.status_code == 302
    changed = Laureate.everything.filter(skill_level=6)
    assert sorted(changed.values_list("pk", flat=True)) == sorted(record.pk for record in mine)
    whole = TrailEntry.objects.get(action="changed", model="")
    assert "按筛选条件选择（搜索：仇）" in whole.reason
    level(client, [foreign])
    edit(client, field="skill_level", skill_level="6", all="1", query="org=320924")
    foreign.refresh_from_db()
    assert foreign.skill_level == 3


def test_others_than_were_shown_are_never_changed(cast, signed_in):
    for _ in range(3):
        make_laureate(org=cast.dongtai, skill_level=3)
    client = signed_in(cast.county)
    for data in (
        {"query": "", "expected": "2"},
        {"query": "skill_level=nonsense", "expected": "3"},
        {"query": "category=gone", "expected": "3"},
    ):
        response = edit(client, field="skill_level", skill_level="6", all="1", **data)
        assert response.status_code == 302
        assert not Laureate.everything.filter(skill_level=6).exists(), data
    client.post("/laureates/bulk/", {"action": "submit", "all": "1", "query": "", "expected": "2"})
    assert states() == ["approved"] * 3


def test_refusing_records_are_listed_and_nothing_is_written_unless_they_are_passed_over(cast, signed_in):
    good = make_mentorship(started_on="2024-01-01")
    bad = make_mentorship(started_on="2025-06-01")
    client = signed_in(cast.city)
    sent = {"field": "ends_on", "ends_on": "2025-01-01", "pk": [good.pk, bad.pk]}
    page = edit(client, "mentorships", step="preview", **sent)
    assert page.context["outcome"].refusals == 1
    assert str(bad) in page.content.decode()
    stopped = edit(client, "mentorships", **sent)
    assert stopped.status_code == 409
    good.refresh_from_db()
    assert str(good.ends_on) != "2025-01-01"
    assert not TrailEntry.objects.filter(action="changed").exists()
    edit(client, "mentorships", **sent, skip="1")
    before = str(bad.ends_on)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert str(good.ends_on) == "2025-01-01"
    assert str(bad.ends_on) == before
    assert "跳过 1 条" in TrailEntry.objects.get(action="changed", model="").reason


def test_a_unique_rule_holds_among_the_changed_records(cast, signed_in):
    rivals = [specimen("craftsmen", org, name="王伟", year=2024) for org in (cast.dongtai, cast.sheyang)]
    client = signed_in(cast.city)
    page = edit(
        client, "craftsmen", step="preview", field="org", org=make_org().pk, pk=[r.pk for r in rivals]
    )
    assert page.context["outcome"].refusals == 1
    assert page.context["outcome"].refused[0][1].startswith("与所选的另一条重复：")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"field": "nonsense"}, "请选择要修改的一项"),
        ({"field": "name", "name": "改名"}, "请选择要修改的一项"),
        ({"field": "review_state", "review_state": "approved"}, "请选择要修改的一项"),
        ({"field": "skill_level", "skill_level": "99"}, "技能等级"),
        ({"field": "category", "category": ""}, "人员类别"),
        ({"field": "skill_level", "skill_level": "6", "reason": " "}, "请填写修改原因"),
    ],
)
def test_faults_are_told_and_change_nothing(data, words, cast, signed_in):
    record = make_laureate(org=cast.dongtai, name="原名", skill_level=3)
    response = edit(signed_in(cast.city), **({"pk": [record.pk]} | data))
    assert response.status_code == 422
    assert words in response.content.decode()
    record.refresh_from_db()
    assert (record.name, record.skill_level) == ("原名", 3)


def test_a_county_cannot_hand_records_over_to_another_unit(cast, signed_in):
    record = make_laureate(org=cast.dongtai)
    response = edit(signed_in(cast.county), field="org", org=cast.sheyang.pk, pk=[record.pk])
    assert response.status_code == 422
    record.refresh_from_db()
    assert record.org == cast.dongtai


def test_who_may_not_enter_changes_nothing(cast, signed_in):
    record = make_laureate(org=cast.dongtai, skill_level=3)
    for user in (cast.leader, cast.auditor, cast.admin, cast.stranger):
        assert level(signed_in(user), [record]).status_code == 403
    title = specimen("honour-titles", cast.dongtai)
    assert (
        edit(signed_in(cast.county), "honour-titles", field="level", level="L1", pk=[title.pk]).status_code
        == 403
    )
    response = level(signed_in(cast.city), [])
    assert response.status_code == 302


def test_many_records_cost_few_queries(cast, signed_in):
    client = signed_in(cast.city)

    def cost(count):
        records = [specimen("workers", cast.dongtai) for _ in range(count)]
        with CaptureQueriesContext(connection) as found:
            edit(client, "workers", field="trade", trade=f"焊工{count}", pk=[record.pk for record in records])
        return len(found)

    few, many = cost(3), cost(30)
    assert many <= few + 3 * 27, (few, many)


def test_all_pending_records_of_a_filter_are_approved_together(cast, signed_in):
    for _ in range(3):
        make_laureate(org=cast.dongtai, review_state=ReviewState.PENDING)
    make_laureate(org=cast.sheyang, review_state=ReviewState.PENDING)
    make_laureate(org=cast.dongtai, review_state=ReviewState.DRAFT)
    client = signed_in(cast.city)
    sent = {"action": "approve", "all": "1", "query": "org=320981", "expected": "4"}
    response = client.post("/laureates/bulk/", sent, follow=True)
    assert "已审核通过 3 条，其余 1 条状态不符" in response.content.decode()
    assert states() == ["approved", "approved", "approved", "draft", "pending"]
    assert TrailEntry.objects.filter(action="approved").exclude(model="").count() == 3
    assert "批量审核通过劳模工匠 3 条" in TrailEntry.objects.get(action="approved", model="").reason


def test_all_drafts_of_a_unit_are_handed_in_together_but_no_others(cast, signed_in):
    for org in (cast.dongtai, cast.dongtai, cast.sheyang):
        make_laureate(org=org, review_state=ReviewState.DRAFT)
    signed_in(cast.county).post("/laureates/bulk/", {"action": "submit", "all": "1", "query": ""})
    assert states() == ["draft", "pending", "pending"]
    assert (
        signed_in(cast.county)
        .post("/laureates/bulk/", {"action": "approve", "all": "1", "query": ""})
        .status_code
        == 403
    )


def test_the_list_offers_all_that_match_when_there_are_more_pages(cast, signed_in):
    for _ in range(21):
        make_laureate(org=cast.dongtai)
    client = signed_in(cast.county)
    assert "选择全部" not in client.get("/laureates/", {"size": 50}).content.decode()
    text = client.get("/laureates/", {"size": 20, "org": "320981"}).content.decode()
    assert "选择全部 21 条" in text
    assert 'name="query" value="size' not in text
    assert 'value="org=320981"' in text


@pytest.fixture
def in_background(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(batch_edits, "AT_ONCE", 2)
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_very_many_are_changed_in_the_background(cast, signed_in, in_background):
    records = [make_laureate(org=cast.dongtai, skill_level=3) for _ in range(3)]
    client = signed_in(cast.county)
    page = level(client, records, step="preview")
    assert "在后台核对并修改" in page.content.decode()
    with in_background():
        response = level(client, records)
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    assert (job.state, job.message) == (JobState.DONE, "已修改 3 条。")
    assert Laureate.everything.filter(skill_level=6, review_state="draft").count() == 3
    assert TrailEntry.objects.filter(action="changed", actor=cast.county).count() == 4


def test_a_background_change_that_is_refused_writes_nothing(cast, signed_in, in_background):
    good = [make_mentorship(started_on="2024-01-01") for _ in range(2)]
    bad = make_mentorship(started_on="2025-06-01")
    sent = {"field": "ends_on", "ends_on": "2025-01-01", "pk": [r.pk for r in [*good, bad]]}
    with in_background():
        edit(signed_in(cast.city), "mentorships", **sent)
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "有 1 条不符合规则，没有修改任何记录" in job.message
    assert str(bad) in job.message
    good[0].refresh_from_db()
    assert str(good[0].ends_on) != "2025-01-01"
    with in_background():
        edit(signed_in(cast.city), "mentorships", **sent, skip="1")
    assert Job.objects.first().message == "已修改 2 条，跳过不符合规则的 1 条。"


def test_very_many_are_handed_in_and_approved_in_the_background(cast, signed_in, in_background):
    for _ in range(3):
        make_laureate(org=cast.dongtai, review_state=ReviewState.DRAFT)
    with in_background():
        signed_in(cast.county).post("/laureates/bulk/", {"action": "submit", "all": "1", "query": ""})
    assert states() == ["pending"] * 3
    with in_background():
        signed_in(cast.city).post("/laureates/bulk/", {"action": "approve", "all": "1", "query": ""})
    assert states() == ["approved"] * 3
    assert Job.objects.first().message == "已审核通过 3 条。"


def test_a_job_asks_for_the_right_and_the_rows_again(cast):
    record = make_laureate(org=cast.sheyang, skill_level=3)
    words = {"slug": "laureates", "pks": [record.pk], "all_matching": False, "query": "", "expected": 1}
    change = {"field": "skill_level", "value": "6", "reason": "x", "skip": False}
    for owner, kind, params in (
        (cast.county, batch_edits.EDIT, words | change),
        (cast.leader, batch_edits.EDIT, words | change),
        (cast.county, batch_edits.REVIEW, words | {"action": "approve"}),
    ):
        job = Job.objects.create(kind=kind, title="x", owner=owner, params=params)
        batch_edits.jobs.run(job.pk)
    record.refresh_from_db()
    assert (record.skill_level, record.review_state) == (3, "approved")
