"""An import between tabs, dead processes and second thoughts: what is told, what is written, what is taken back."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.models import Task
from models_app.models import Laureate, StatusChange
from mofu.accounts import trail
from mofu.accounts.models import Organization, OrganizationKind, TrailEntry
from mofu.registers import attachments, jobs
from mofu.registers.models import ImportBatch, Job, JobState
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import batches, committing, reading
from tests.makers import make_event, make_laureate, make_org, make_status_change, make_studio, make_task
from tests.registers.test_import_steps import HEAD, counts, upload

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "0500017a5eab3f0000000049454e44ae426082"
)
ROW = ["张三", "劳动模范", "东台市", "", "班长"]


@pytest.fixture
def county(cast, signed_in):
    return signed_in(cast.county)


@pytest.fixture
def city(cast, signed_in):
    return signed_in(cast.city)


def told(client, address, **data):
    return client.post(address, data, follow=True).content.decode()


# tabs and processes ------------------------------------------------------------------------------------------


def test_a_check_that_was_overtaken_by_the_import_changes_nothing(county, cast):
    address = upload(county, HEAD, ROW)
    batch = ImportBatch.objects.get()
    slow = Job.objects.create(kind=batches.CHECK, title="核对", owner=cast.county, params={"batch": batch.pk})
    county.post(address, {"action": "draft"})
    jobs.run(slow.pk)
    batch.refresh_from_db()
    slow.refresh_from_db()
    assert (batch.state, slow.state) == ("done", JobState.FAILED)
    assert batch.written["models_app.laureate"]["new"]


def test_a_process_taken_for_dead_writes_nothing_after_the_user_gave_up(county, cast, monkeypatch):
    address = upload(county, HEAD, ROW)
    batch = ImportBatch.objects.get()
    original = committing.Writer.write

    def meanwhile(writer, rows, units):
        ImportBatch.objects.filter(pk=batch.pk).update(state="cancelled")
        return original(writer, rows, units)

    monkeypatch.setattr(committing.Writer, "write", meanwhile)
    county.post(address, {"action": "draft"})
    assert not Laureate.everything.exists()
    assert ImportBatch.objects.get().state != "done"


def test_the_job_is_known_before_its_work_begins(county, cast, monkeypatch):
    address = upload(county, HEAD, ROW)
    seen = []
    monkeypatch.setitem(
        jobs._KINDS,
        batches.COMMIT,
        lambda job, progress: seen.append(ImportBatch.objects.get().job_id == job.pk),
    )
    county.post(address, {"action": "draft"})
    assert seen == [True]


def test_a_job_that_outlived_its_obituary_tells_the_truth(cast, monkeypatch):
    def works_on(job, progress):
        jobs.interrupt(job)

    monkeypatch.setitem(jobs._KINDS, "test", works_on)
    job = jobs.start("test", "测试", cast.county, at_once=True)
    assert job.state == JobState.DONE


def test_an_upload_is_opened_once_from_first_check_to_import(county, monkeypatch):
    opened, popen = [], reading.subprocess.Popen
    monkeypatch.setattr(
        reading.subprocess, "Popen", lambda *args, **kw: opened.append(args) or popen(*args, **kw)
    )
    address = upload(
        county, [*HEAD, "出生年月"], [*ROW, date(1970, 5, 1)], ["李四", "劳动模范", "东台市", "", "=A1"]
    )
    county.post(address, {"action": "check", "row-3": "skip"})
    county.post(address, {"action": "draft"})
    assert len(opened) == 1
    assert Laureate.everything.get().birth_date == "1970-05"


# decisions ---------------------------------------------------------------------------------------------------


def test_what_was_not_shown_is_not_written(county, cast):
    address = upload(county, HEAD, ROW)
    make_laureate(name="张三", org=cast.dongtai, position="厂长")
    text = told(county, address, action="draft")
    assert "与核对页不同" in text
    assert Laureate.everything.get().position == "厂长"
    county.post(address, {"action": "check"})
    assert counts(county, address)["changed"] == 1


def test_decisions_sent_with_the_commit_are_checked_first(county):
    address = upload(county, HEAD, ROW)
    text = told(county, address, action="draft", **{"row-2": "skip"})
    assert "已重新核对" in text
    assert not Laureate.everything.exists()
    assert counts(county, address)["skipped"] == 1


@pytest.mark.parametrize(
    "posted",
    [
        {"head-1": "干什么的", "column-1": "name"},
        {"sheet": "没有这个表"},
        {"row-2": "update:" + "9" * 5000},
        {"unit-1": "某厂", "answer-1": "map:²"},
        {"unit-1": "某厂", "answer-1": "map", "map-1": "9" * 5000},
    ],
    ids=["column twice", "unknown sheet", "huge record", "odd unit", "huge unit"],
)
def test_decisions_that_cannot_be_followed_leave_the_last_preview(county, posted):
    address = upload(county, [*HEAD[:4], "干什么的"], ROW)
    county.post(address, {"action": "check", **posted})
    assert counts(county, address)["new"] == 1
    county.post(address, {"action": "check", "head-1": "干什么的", "column-1": "-"})
    county.post(address, {"action": "draft"})
    assert Laureate.everything.count() == 1


# undo --------------------------------------------------------------------------------------------------------


def test_a_refusal_names_nothing_out_of_sight(county, cast):
    address = upload(county, HEAD, ROW)
    county.post(address, {"action": "draft"})
    make_studio(org=cast.sheyang, name="射阳机密工作室", leader=Laureate.everything.get())
    text = told(county, address, action="undo")
    assert "有 1 条记录已关联到这次导入的记录" in text
    assert "机密" not in text


def test_undoing_a_move_takes_the_units_below_along(city, cast):
    factory = make_org(name="甲厂", kind=OrganizationKind.ENTERPRISE, parent=cast.dongtai)
    shop = make_org(name="一车间", kind=OrganizationKind.ENTERPRISE, parent=factory)
    head = ["单位代码", "单位名称", "单位类型", "上级单位"]
    address = upload(city, head, [factory.code, "甲厂", "企业", "射阳县"], slug="organizations")
    city.post(address, {"action": "draft"})
    shop.refresh_from_db()
    assert shop.path.startswith(cast.sheyang.path)
    city.post(address, {"action": "undo"})
    factory.refresh_from_db()
    shop.refresh_from_db()
    assert factory.parent == cast.dongtai
    assert shop.path == Organization.everything.get(pk=factory.pk).path + shop.path[-len(shop.path) // 4 :]
    assert shop.path.startswith(cast.dongtai.path)


def test_undoing_a_status_change_settles_the_status(county, cast):
    person = make_laureate(org=cast.dongtai, status="ZZ")
    change = make_status_change(laureate=person)
    person.refresh_from_db()
    before = (person.status, change.review_state)
    head = ["劳模工匠", "变动类型", "变动时间", "原因说明"]
    row = [person.name, change.get_kind_display(), str(change.happened_on), "补充说明"]
    address = upload(county, head, row, slug="status-changes")
    county.post(address, {"action": "draft"})
    assert StatusChange.everything.get().reason == "补充说明"
    county.post(address, {"action": "undo"})
    person.refresh_from_db()
    assert (person.status, StatusChange.everything.get().review_state) == before


def test_a_task_that_an_event_serves_is_not_taken_away(city, cast):
    head = ["年度", "序号", "类别", "任务名称"]
    make_task(year=2024)
    register = REGISTERS["tasks"]
    batch = ImportBatch.objects.create(
        slug=register.slug, user=cast.city, file_name="任务.xlsx", size=1, state="done"
    )
    task = make_task(year=2025)
    batch.written = {"actions.task": {"new": [task.pk], "changed": []}}
    batch.trail_mark = TrailEntry.objects.latest("pk").pk
    batch.save()
    batches.keep(batch, "undo", b'{"order": ["actions.task"], "changed": {}}')
    event = make_event(org=cast.dongtai, date=date(2025, 6, 1))
    event.tasks.add(task)
    batches.undo(batch)
    batch.refresh_from_db()
    assert batch.job.message.startswith("不能撤销：导入的记录已被 1 条活动选用")
    assert Task.everything.filter(pk=task.pk).exists()
    assert head


def test_evidence_from_before_an_import_does_not_bar_its_undo(city, cast):
    studio = make_studio(org=cast.dongtai, name="甲工作室")
    attachments.keep(SimpleUploadedFile("a.png", PNG), studio, cast.city)
    address = upload(
        city, ["工作室名称", "所属单位", "工作室简介"], ["甲工作室", "东台市", "新简介"], slug="studios"
    )
    city.post(address, {"action": "draft"})
    assert counts_of_done(city, address)["changed"] == 1
    assert "已撤销" in told(city, address, action="undo")


def counts_of_done(client, address):
    return client.get(address).context["batch"].counts


def test_import_and_undo_say_why_and_what_on_the_trail(city, cast):
    person = make_laureate(name="张三", org=cast.dongtai, position="电工")
    address = upload(city, HEAD, ROW)
    city.post(address, {"action": "draft"})
    entry = TrailEntry.objects.filter(model="models_app.laureate", object_id=str(person.pk)).latest("pk")
    assert (entry.reason, entry.changes["position"]) == ("导入 花名册.xlsx", ["电工", "班长"])
    city.post(address, {"action": "undo"})
    entry = TrailEntry.objects.filter(model="models_app.laureate", object_id=str(person.pk)).latest("pk")
    assert (entry.reason, entry.changes["position"]) == ("撤销导入 花名册.xlsx", ["班长", "电工"])


def test_a_step_that_comes_too_late_leaves_no_job(county, cast):
    upload(county, HEAD, ROW)
    batch = ImportBatch.objects.get()
    batches.commit(batch, submit=False)
    before = Job.objects.count()
    with pytest.raises(batches.NotNow):
        batches.commit(batch, submit=False)
    assert (Job.objects.count(), ImportBatch.objects.get().state) == (before, "done")


@pytest.mark.parametrize(("happens", "checks"), [("sign-in", 1), ("save", 2)])
def test_rows_are_checked_once_more_only_when_something_was_written(
    county, cast, monkeypatch, happens, checks
):
    address = upload(county, HEAD, ROW)
    original, seen = committing._checked, []

    def meanwhile(*args):
        seen.append(happens)
        if happens == "save":
            make_laureate(org=cast.sheyang)
        else:
            trail.record(trail.Action.SIGNED_IN)
        return original(*args)

    monkeypatch.setattr(committing, "_checked", meanwhile)
    county.post(address, {"action": "draft"})
    assert len(seen) == checks
    assert Laureate.everything.filter(name="张三").exists()
