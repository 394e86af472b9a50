"""What a user does with a preview: correct a cell, choose for a row, say what a column means; and take it all back."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import load_workbook

from models_app.models import Honour, Laureate
from mofu.accounts import trail
from mofu.accounts.models import Organization, TrailEntry
from mofu.registers import jobs
from mofu.registers.models import ImportBatch, ImportFile, Job, JobState
from mofu.registers.sheets import batches
from tests.makers import made_id_number, make_laureate
from tests.registers.sheets_of import workbook_bytes

HEAD = ["姓名", "人员类别", "工作单位", "身份证号", "职务"]


def upload(client, *rows, slug="laureates"):
    file = SimpleUploadedFile("花名册.xlsx", workbook_bytes(*rows))
    return client.post(f"/{slug}/import/", {"file": file}).url


def counts(client, address):
    return client.get(address).context["counts"]


def dump():
    """Return every row of every table, trail, sessions, jobs and imports left out."""
    left_out = {"accounts.trailentry", "accounts.trailblock", "registers.job", "registers.importbatch", "registers.importfile",
                "sessions.session", "usersessions.usersession", "registers.jobresult"}  # fmt: skip
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.label_lower not in left_out and model._meta.managed and not model._meta.proxy:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                found[model._meta.label] = sorted(cursor.fetchall(), key=repr)
    return found


def test_rows_that_were_skipped_are_counted_and_come_back_with_that_reason(cast, signed_in):
    client = signed_in(cast.city)
    rows = [[name, "劳动模范", "东台市", "", ""] for name in ("张三", "李四")]
    address = upload(client, HEAD, *rows)
    client.post(address, {"action": "check", "row-2": "skip"})
    done = client.post(address, {"action": "draft"}, follow=True).content.decode()
    assert "有 1 行没有导入，其中 1 行是您选择跳过的" in done
    assert "按“退回原因”改正" not in done
    sheet = load_workbook(BytesIO(b"".join(client.get(f"{address}refused.xlsx").streaming_content))).active
    assert [cell.value for cell in sheet[2]][-1] == "按您的选择跳过"


def test_either_box_of_a_cell_with_two_problems_corrects_it(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模犯", "东台市", "", ""])
    sent = {"action": "check", "cell-2-1": ["劳动模范", "劳动模犯"], "was-2-1": ["劳动模犯", "劳动模犯"]}
    client.post(address, sent)
    assert (counts(client, address)["new"], counts(client, address)["errors"]) == (1, 0)


# decisions ---------------------------------------------------------------------------------------------------


def test_a_cell_is_corrected_on_the_page_and_checked_again(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模犯", "东台市", "", ""])
    page = client.get(address)
    assert page.context["tab"] == "error"
    assert 'name="cell-2-1" value="劳动模犯"' in page.content.decode()
    client.post(address, {"action": "check", "cell-2-1": "劳动模范", "was-2-1": "劳动模犯"})
    assert (counts(client, address)["new"], counts(client, address)["errors"]) == (1, 0)
    client.post(address, {"action": "draft"})
    assert Laureate.everything.get().name == "张三"


def test_cells_that_say_the_same_are_corrected_at_once(cast, signed_in):
    client = signed_in(cast.county)
    rows = [[f"张{name}", "劳动模犯", "东台市", "", "班长"] for name in "一二三四"]
    address = upload(client, HEAD, *rows, ["李五", "别的错字", "东台市", "", ""])
    sent = {"action": "check", "cell-2-1": "先进模犯", "was-2-1": "劳动模犯", "alike-2-1": "1"}
    client.post(address, sent)
    assert counts(client, address)["errors"] == 5  # “先进模犯” is no category either, in any of the four
    client.post(address, {"action": "check", "cell-3-1": "劳动模范", "was-3-1": "先进模犯", "alike-3-1": "1"})
    assert (counts(client, address)["new"], counts(client, address)["errors"]) == (4, 1)
    client.post(address, {"action": "check", "cell-4-1": "工匠", "was-4-1": "劳动模范"})
    client.post(address, {"action": "draft"})
    found = dict(Laureate.everything.values_list("name", "category"))
    assert found == {"张一": "model", "张二": "model", "张三": "craft", "张四": "model"}


def test_control_characters_in_a_correction_harm_nothing(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模犯", "东台市", "", "班长"])
    client.post(address, {"action": "check", "cell-2-4": "组\x0b长", "was-2-4": "班长"})
    assert (ImportBatch.objects.get().state, counts(client, address)["errors"]) == ("preview", 1)
    client.post(address, {"action": "draft"})
    sheet = load_workbook(BytesIO(b"".join(client.get(f"{address}refused.xlsx").streaming_content))).active
    assert sheet["E2"].value == "组长"


def test_an_untouched_cell_is_no_correction(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模犯", "东台市", "", ""])
    client.post(address, {"action": "check", "cell-2-1": "劳动模犯", "was-2-1": "劳动模犯"})
    assert batches.answers_of(ImportBatch.objects.get()).cells == {}


def test_corrections_are_encrypted_at_rest(cast, signed_in):
    number = made_id_number()
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "32099919700101000", ""])
    client.post(address, {"action": "check", "cell-2-3": number, "was-2-3": "32099919700101000"})
    assert counts(client, address)["new"] == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM registers_importbatch")
        assert number not in cursor.fetchone()[0]


def test_a_row_is_skipped_or_made_anew_or_given_to_another_record(cast, signed_in):
    other = make_laureate(name="张山", org=cast.dongtai)
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", "班长"])
    assert counts(client, address)["new"] == 1
    client.post(address, {"action": "check", "row-2": "skip"})
    assert (counts(client, address)["skipped"], counts(client, address)["new"]) == (1, 0)
    client.post(address, {"action": "check", "row-2": f"update:{other.pk}"})
    assert counts(client, address)["changed"] == 1
    client.post(address, {"action": "draft"})
    other.refresh_from_db()
    assert (other.position, other.name, Laureate.everything.count()) == ("班长", "张三", 1)


def test_a_record_out_of_sight_cannot_be_chosen(cast, signed_in):
    foreign = make_laureate(name="张三", org=cast.sheyang)
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", "班长"])
    client.post(address, {"action": "check", "row-2": f"update:{foreign.pk}"})
    assert counts(client, address)["errors"] == 1
    assert "不在您的查看范围内" in client.get(address).content.decode()


def test_an_unknown_column_is_asked_about_and_then_read(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, [*HEAD[:4], "干什么的"], ["张三", "劳动模范", "东台市", "", "班长"])
    assert "干什么的" in client.get(address).content.decode()
    client.post(address, {"action": "check", "head-1": "干什么的", "column-1": "position"})
    client.post(address, {"action": "draft"})
    assert Laureate.everything.get().position == "班长"


def test_an_unknown_column_is_answered_before_anything_is_imported(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, [*HEAD[:4], "干什么的"], ["张三", "劳动模范", "东台市", "", "班长"])
    page = client.get(address).content.decode()
    assert "还有 1 列没有说明（干什么的）" in page
    assert 'value="submit"' not in page
    for data in ({}, {"head-1": "干什么的", "column-1": ""}):
        told = client.post(address, {"action": "draft", **data}, follow=True).content.decode()
        assert "请先说明“干什么的”列" in told
    assert (ImportBatch.objects.get().state, Laureate.everything.exists()) == ("preview", False)
    client.post(address, {"action": "check", "head-1": "干什么的", "column-1": "-"})
    page = client.get(address).content.decode()
    assert "按您的选择不导入" in page
    assert 'value="submit"' in page
    client.post(address, {"action": "check", "head-501": "干什么的", "column-501": ""})
    assert "还有 1 列没有说明" in client.get(address).content.decode()
    client.post(address, {"action": "check", "head-1": "干什么的", "column-1": "-"})
    client.post(address, {"action": "draft"})
    assert Laureate.everything.get().position == ""


# undo --------------------------------------------------------------------------------------------------------


@pytest.fixture
def imported(cast, signed_in):
    """An import of one new person with a new unit, one changed and one unchanged person; the dump from before."""
    known = make_laureate(name="李四", org=cast.dongtai, position="电工")
    make_laureate(name="王五", org=cast.dongtai)
    client = signed_in(cast.city)
    before = dump()
    address = upload(
        client,
        HEAD,
        ["张三", "劳动模范", "东台市新厂", "", "班长"],
        ["李四", "劳动模范", "东台市", "", "工程师"],
        ["王五", "劳动模范", "东台市", "", ""],
    )
    client.post(address, {"action": "draft"})
    known.refresh_from_db()
    assert known.position == "工程师"
    assert Organization.everything.filter(name="东台市新厂").exists()
    return client, address, before, known


def test_undo_leaves_the_database_as_it_was(imported):
    client, address, before, _ = imported
    assert "撤销这次导入" in client.get(address).content.decode()
    done = client.post(address, {"action": "undo"}, follow=True)
    assert "已撤销" in done.content.decode()
    assert dump() == before
    assert ImportBatch.objects.get().state == "undone"
    assert not ImportFile.objects.exists()
    assert TrailEntry.objects.filter(reason__contains="撤销导入").count() == 3  # the new unit's as well


def test_looking_at_a_record_does_not_bar_the_undo(imported):
    client, address, _, known = imported
    trail.record(trail.Action.REVEALED, known)
    assert "已撤销" in client.post(address, {"action": "undo"}, follow=True).content.decode()


def test_undo_is_refused_once_a_record_was_changed(imported):
    client, address, _, known = imported
    known.position = "车间主任"
    known.save()
    answer = client.post(address, {"action": "undo"}, follow=True)
    assert "不能撤销：李四导入后已被修改" in answer.content.decode()
    known.refresh_from_db()
    assert known.position == "车间主任"
    assert Laureate.everything.filter(name="张三").exists()
    assert ImportBatch.objects.get().state == "done"


def test_undo_is_refused_once_something_hangs_on_a_new_record(imported, cast):
    client, address, _, _ = imported
    make_laureate(name="赵六", org=Organization.everything.get(name="东台市新厂"))
    answer = client.post(address, {"action": "undo"}, follow=True)
    assert "已关联到这次导入的记录" in answer.content.decode()
    assert Laureate.everything.filter(name="张三").exists()


def test_an_import_is_undone_only_once(imported):
    client, address, before, _ = imported
    client.post(address, {"action": "undo"})
    again = client.post(address, {"action": "undo"}, follow=True)
    assert "可以撤销" in again.content.decode()
    assert dump() == before


def test_side_records_are_undone_with_their_owner(cast, signed_in):
    from datetime import date  # noqa: PLC0415

    from actions.reference import load_reference  # noqa: PLC0415 - slow, this test alone needs it

    load_reference(date(2026, 11, 22))
    client = signed_in(cast.city)
    before = dump()
    rows = [["姓名", "工作单位", "荣誉称号", "授予时间"], ["张三", "东台市", "全国劳动模范", "2020"]]
    address = upload(client, *rows)
    client.post(address, {"action": "draft"})
    assert Honour.everything.count() == 1
    client.post(address, {"action": "undo"})
    assert dump() == before


# work that goes wrong ----------------------------------------------------------------------------------------


def test_an_interrupted_import_has_written_nothing_and_waits_as_a_preview(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", ""])
    batch = ImportBatch.objects.get()
    job = Job.objects.create(kind=batches.COMMIT, title="导入", owner=cast.county, params={"batch": batch.pk},
                             state=JobState.RUNNING)  # fmt: skip
    ImportBatch.objects.update(state="importing", job=job)
    jobs.interrupt(job)
    page = client.get(address).content.decode()
    assert "没有写入任何数据" in page
    client.post(address, {"action": "draft"})
    assert Laureate.everything.count() == 1


def test_a_cancelled_import_writes_nothing(cast, signed_in, monkeypatch):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", ""])

    def wish(self, done, total, words=""):
        if words == "正在写入":
            raise jobs.Cancelled

    monkeypatch.setattr(jobs.Progress, "step", wish)
    client.post(address, {"action": "draft"})
    assert not Laureate.everything.exists()
    assert "没有写入任何数据" in client.get(address).content.decode()


def test_a_user_who_lost_the_right_imports_nothing(cast, signed_in):
    client = signed_in(cast.county)
    upload(client, HEAD, ["张三", "劳动模范", "东台市", "", ""])
    batch = ImportBatch.objects.get()
    cast.county.role = "leader"
    cast.county.save()
    job = jobs.start(batches.COMMIT, "导入", cast.county, at_once=True, batch=batch.pk)
    assert (job.state, job.message) == ("failed", "您已没有导入这个台账的权限。")
    assert not Laureate.everything.exists()


def test_namesakes_elsewhere_are_named_and_can_be_chosen(cast, signed_in):
    known = make_laureate(name="张三", org=cast.sheyang)
    client = signed_in(cast.city)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", "班长"])
    assert counts(client, address)["new"] == 1
    noted = client.get(f"{address}?tab=noted").content.decode()
    assert "已登记有同名人员（射阳县）" in noted
    client.post(address, {"action": "check", "row-2": "", "pick-2": str(known.pk)})
    assert counts(client, address)["changed"] == 1
    client.post(address, {"action": "draft"})
    known.refresh_from_db()
    assert (known.org, known.position) == (cast.dongtai, "班长")


def test_namesakes_out_of_sight_are_not_mentioned(cast, signed_in):
    make_laureate(name="张三", org=cast.sheyang)
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", made_id_number(), "班长"])
    assert "同名" not in client.get(f"{address}?tab=noted").content.decode()


def test_many_new_units_are_taken_back_with_few_queries(cast, signed_in, django_assert_max_num_queries):
    kept = Organization.everything.count()
    head = ["单位名称", "上级单位", "单位类型"]
    rows = [["总厂", "东台市", "企业"], *([f"分厂{number}", "总厂", "企业"] for number in range(60))]
    client = signed_in(cast.city)
    address = upload(client, head, *rows, slug="organizations")
    client.post(address, {"action": "draft"})
    assert Organization.everything.count() == kept + 61
    with django_assert_max_num_queries(400):
        client.post(address, {"action": "undo"})
    assert Organization.everything.count() == kept
    gone = TrailEntry.objects.filter(action="deleted", model="accounts.organization")
    assert gone.count() == 61
    assert gone.get(object_label="总厂").changes["name"] == ["总厂", ""]
    assert set(gone.values_list("reason", flat=True)) == {"撤销导入 花名册.xlsx"}
