"""The pages of an import, from upload to the refused rows; scope and rights."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook

from actions.models import Event, Mentorship, Studio
from models_app.models import Laureate
from mofu.accounts import trail
from mofu.accounts.models import Organization, OrganizationKind
from mofu.registers.models import ImportBatch, ImportFile
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import batches, committing
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.reading import read
from tests.makers import made_id_number, make_laureate, make_org, make_studio
from tests.registers.sheets_of import workbook_bytes

HEAD = ["姓名", "人员类别", "工作单位", "身份证号", "职务"]


def upload(client, *rows, slug="laureates", name="花名册.xlsx"):
    file = SimpleUploadedFile(name, workbook_bytes(*rows))
    return client.post(f"/{slug}/import/", {"file": file})


def preview(slug, user, *rows, answers=None):
    return committing.preview(
        REGISTERS[slug], user, read("表.xlsx", workbook_bytes(*rows)), Answers(units=answers or {})
    )


def messages_of(outcome):
    return [problem.message for row in outcome.rows for problem in row.problems]


def test_upload_shows_what_would_happen_and_writes_nothing(cast, signed_in):
    client = signed_in(cast.county)
    number = made_id_number()
    response = upload(
        client, HEAD, ["张 三", "劳动模范", "东台市", number, "班长"], ["李四", "不存在", "东台市", "", ""]
    )
    page = client.get(response.url)
    text = page.content.decode()
    assert page.context["counts"] == {
        "rows": 2,
        "noted": 1,
        "new": 1,
        "changed": 0,
        "same": 0,
        "questions": 0,
        "errors": 1,
        "skipped": 0,
    }
    assert "没有“不存在”这一项" in text
    assert "张三" in client.get(f"{response.url}?tab=new").content.decode()
    assert number not in text
    assert "导入并送审" in text
    assert not Laureate.everything.exists()


def test_county_hands_in_and_gets_the_bad_rows_back(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(
        client, HEAD, ["张三", "劳动模范", "东台市", "", ""], ["李四", "不存在", "东台市", "", "=1+1"]
    ).url
    done = client.post(address, {"action": "submit"}, follow=True)
    assert "导入完成" in done.content.decode()
    laureate = Laureate.everything.get()
    assert (laureate.review_state, laureate.created_by, laureate.submitted_by) == (
        "pending",
        cast.county,
        cast.county,
    )
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.written["models_app.laureate"]["new"]) == ("done", [laureate.pk])
    assert {kept.role for kept in ImportFile.objects.all()} == {"undo", "refused"}
    sheet = load_workbook(BytesIO(b"".join(client.get(f"{address}refused.xlsx").streaming_content))).active
    assert [cell.value for cell in sheet[1]] == [*HEAD, "退回原因"]
    assert sheet["A2"].value == "李四"
    assert sheet["E2"].data_type == "s"
    assert "没有“不存在”这一项" in sheet["F2"].value
    assert "没有“不存在”这一项" in sheet["B2"].comment.text


def test_draft_stays_a_draft_and_the_city_imports_approved(cast, signed_in):
    for user, state in ((cast.county, "draft"), (cast.city, "approved")):
        client = signed_in(user)
        name = f"张{state[0]}三"
        client.post(upload(client, HEAD, [name, "劳动模范", "东台市", "", ""]).url, {"action": "draft"})
        assert Laureate.everything.get(name=name).review_state == state


def test_committing_twice_writes_once(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", ""]).url
    client.post(address, {"action": "draft"})
    again = client.post(address, {"action": "draft"}, follow=True)
    assert "没有重复处理" in again.content.decode()
    assert Laureate.everything.count() == 1


def test_giving_up_writes_nothing_and_drops_the_file(cast, signed_in):
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "东台市", "", ""]).url
    client.post(address, {"action": "cancel"})
    assert not Laureate.everything.exists()
    batch = ImportBatch.objects.get()
    assert (batch.state, ImportFile.objects.count()) == ("cancelled", 0)
    assert "没有写入任何记录" in client.get(address).content.decode()


def test_the_same_file_is_noticed(cast, signed_in):
    client = signed_in(cast.county)
    rows = (HEAD, ["张三", "劳动模范", "东台市", "", ""])
    content = workbook_bytes(*rows)
    for _ in range(2):
        response = client.post("/laureates/import/", {"file": SimpleUploadedFile("a.xlsx", content)})
        text = client.get(response.url).content.decode()
        client.post(response.url, {"action": "draft"})
    assert "导入过" in text
    assert Laureate.everything.count() == 1


def test_the_same_file_from_elsewhere_is_noticed_without_a_name(cast, signed_in):
    content = workbook_bytes(HEAD, ["张三", "劳动模范", "东台市", "", ""])

    def told(user):
        file = SimpleUploadedFile("a.xlsx", content)
        address = signed_in(user).post("/laureates/import/", {"file": file}).url
        return address, signed_in(user).get(address).content.decode()

    assert "以前导入过" not in told(cast.other)[1]
    address, _ = told(cast.county)
    signed_in(cast.county).post(address, {"action": "draft"})
    assert "由 东台李四 导入过" in told(cast.city)[1]
    foreign = told(cast.other)[1]
    assert "同一个文件以前导入过" in foreign
    assert "东台李四" not in foreign
    signed_in(cast.county).post(address, {"action": "undo"})
    assert "以前导入过" not in told(cast.other)[1]


def test_a_file_that_a_command_imported_is_noticed(cast, signed_in, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook_bytes(HEAD, ["张三", "劳动模范", "东台市", "", ""]))
    call_command("import_register", "laureates", str(file))
    for user, words in ((cast.city, "由 系统 导入过"), (cast.county, "同一个文件以前导入过")):
        sent = SimpleUploadedFile("a.xlsx", file.read_bytes())
        address = signed_in(user).post("/laureates/import/", {"file": sent}).url
        assert words in signed_in(user).get(address).content.decode()


def test_the_kept_file_is_encrypted(cast, signed_in):
    upload(signed_in(cast.county), HEAD, ["张三", "劳动模范", "东台市", "", ""])
    for kept in ImportFile.objects.all():
        content = bytes(kept.content)
        assert b"PK\x03\x04" not in content
        assert b64encode(b"PK\x03\x04")[:5] not in content
    assert {kept.role for kept in ImportFile.objects.all()} == {"source", "preview"}


def test_an_import_belongs_to_its_user_alone(cast, signed_in):
    address = upload(signed_in(cast.county), HEAD, ["张三", "劳动模范", "东台市", "", ""]).url
    for user in (cast.other, cast.city):
        assert signed_in(user).get(address).status_code == 404
        assert signed_in(user).get(f"{address}refused.xlsx").status_code == 404
        assert signed_in(user).post(address, {"action": "draft"}).status_code == 404
    for user in (cast.leader, cast.auditor, cast.admin):
        assert signed_in(user).post(address, {"action": "draft"}).status_code == 403
    assert not Laureate.everything.exists()


def test_refusal_explains_itself_on_the_page(cast, signed_in):
    client = signed_in(cast.county)
    response = client.post(
        "/laureates/import/", {"file": SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}
    )
    assert response.status_code == 422
    assert "另存为 .xlsx" in response.content.decode()
    assert client.post("/laureates/import/").status_code == 422
    assert not ImportBatch.objects.exists()


def test_a_large_file_is_checked_in_the_background(
    cast, signed_in, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    client = signed_in(cast.county)
    with django_capture_on_commit_callbacks() as waiting:
        address = upload(client, HEAD, *[[f"张{n}", "劳动模范", "东台市", "", ""] for n in range(3)]).url
    page = client.get(address).content.decode()
    assert "等待处理" in page
    assert "可以离开此页" in page
    for work in waiting:
        work()
    assert client.get(address).context["counts"]["new"] == 3


# questions -------------------------------------------------------------------------------------------------


def ask(client, address, answer, mapped=""):
    values = {"action": "check", "unit-1": "新 海化工", "answer-1": answer, "map-1": mapped}
    client.post(address, values)
    return client.get(address).context["counts"]


def test_an_unknown_unit_is_made_mapped_or_skipped(cast, signed_in):
    known = make_org(name="滨海化工厂", kind=OrganizationKind.ENTERPRISE, parent=cast.dongtai)
    client = signed_in(cast.county)
    address = upload(client, HEAD, *[[f"张{n}", "劳动模范", "新海化工", "", ""] for n in range(3)]).url
    assert client.get(address).context["counts"]["questions"] == 3
    assert ask(client, address, "skip")["questions"] == 3
    assert ask(client, address, "map", known.pk)["new"] == 3
    assert ask(client, address, "create")["new"] == 3
    assert not Organization.everything.filter(name="新海化工").exists()
    client.post(address, {"action": "draft"})
    made = Organization.everything.get(name="新海化工")
    assert (made.parent, made.laureates.count()) == (cast.dongtai, 3)


def test_a_unit_out_of_sight_cannot_be_mapped_to_nor_is_it_named(cast, signed_in):
    foreign = make_org(name="射阳秘密厂", parent=cast.sheyang, kind=OrganizationKind.ENTERPRISE)
    client = signed_in(cast.county)
    address = upload(client, HEAD, ["张三", "劳动模范", "新海化工", "", ""]).url
    assert ask(client, address, "map", foreign.pk)["questions"] == 1
    assert "射阳秘密厂" not in client.get(address).content.decode()
    outcome = preview("laureates", cast.county, HEAD, ["张三", "劳动模范", "射阳秘密厂", "", ""])
    assert [question.parent for question in outcome.questions] == [cast.dongtai]


def test_a_unit_with_too_long_a_name_is_a_problem_of_its_cell_until_it_is_mapped(cast):
    known = make_org(name="东台一厂", parent=cast.dongtai)
    name = f"东台市{'很' * 110}厂"
    row = ["张三", "劳动模范", name, "", ""]
    outcome = preview("laureates", cast.county, HEAD, row)
    assert [(problem.column, problem.value) for problem in outcome.rows[0].problems] == [("工作单位", name)]
    assert "不能超过 100 个字" in messages_of(outcome)[0]
    assert (
        committing.commit(
            REGISTERS["laureates"], cast.county, read("a.xlsx", workbook_bytes(HEAD, row))
        ).counts["errors"]
        == 1
    )
    mapped = preview("laureates", cast.county, HEAD, row, answers={name: f"map:{known.pk}"})
    assert mapped.rows[0].status == "new"


def test_a_sign_for_nothing_means_no_where_yes_or_no_is_asked(cast):
    head = ["姓名", "工作单位", "一线职工", "职务"]
    for name, sign in (("张三", "无"), ("李四", "/"), ("王五", "不详")):
        make_laureate(name=name, org=cast.dongtai, is_frontline=True, position="班长")
        outcome = preview("laureates", cast.county, head, [name, "东台市", sign, sign])
        changes = [(change.label, change.new) for change in outcome.rows[0].changes]
        assert changes == ([("一线职工", "否")] if sign != "不详" else [])


# matching --------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_id_number_and_only_what_is_given_changes(cast):
    number = made_id_number(birth="19700501")
    person = make_laureate(name="张三", org=cast.dongtai, id_number=number, position="工人", note="原备注")
    outcome = preview("laureates", cast.county, HEAD, ["张三", "", "东台市", number.lower(), "班长"])
    assert [(change.label, change.old, change.new) for change in outcome.rows[0].changes] == [
        ("职务", "工人", "班长")
    ]
    content = workbook_bytes(HEAD, ["张三", "", "东台市", number, "班长"])
    committing.commit(REGISTERS["laureates"], cast.city, read("a.xlsx", content))
    person.refresh_from_db()
    assert (person.position, person.note, person.category) == ("班长", "原备注", "model")


def test_the_same_name_elsewhere_or_with_another_birth_date_is_somebody_else(cast):
    make_laureate(name="张三", org=make_org(parent=cast.dongtai), birth_date="1970-05")
    make_laureate(name="李四", org=cast.dongtai, birth_date="1970-05")
    head = ["姓名", "人员类别", "工作单位", "出生年月"]
    rows = [
        ["张三", "劳动模范", "东台市", "1970.5"],
        ["李四", "劳动模范", "东台市", "1980.1"],
        ["李四", "", "东台市", "1970"],
    ]
    outcome = preview("laureates", cast.county, head, *rows)
    assert [row.status for row in outcome.rows] == ["new", "new", "same"]


def test_another_name_under_a_known_id_number_is_an_error(cast):
    number = made_id_number()
    make_laureate(name="张三", org=cast.dongtai, id_number=number)
    outcome = preview("laureates", cast.county, HEAD, ["李四", "劳动模范", "东台市", number, ""])
    assert "已登记的姓名是“张三”" in messages_of(outcome)[0]


def test_foreign_people_are_neither_matched_nor_named(cast):
    number = made_id_number()
    foreign = make_laureate(name="赵密", org=cast.sheyang, id_number=number, position="外县职务")
    studio_head = ["工作室名称", "所属单位", "领衔人", "类别", "创建主体", "创建时间"]
    laureates = preview("laureates", cast.county, HEAD, ["赵密", "劳动模范", "东台市", number, "班长"])
    studios = preview(
        "studios", cast.county, studio_head, ["甲工作室", "东台市", "赵密", "技术类", "企业", "2024"]
    )
    assert laureates.rows[0].status == studios.rows[0].status == "error"
    assert "射阳" not in str(laureates.as_json()) + str(studios.as_json())
    assert "外县职务" not in str(laureates.as_json())
    foreign.refresh_from_db()
    assert foreign.position == "外县职务"


def test_a_row_cannot_set_what_the_form_does_not_offer(cast):
    head = [*HEAD, "审核状态", "录入人"]
    outcome = preview("laureates", cast.county, head, ["张三", "劳动模范", "东台市", "", "", "通过", "city"])
    assert outcome.layout.unknown == ["录入人"]
    content = workbook_bytes(head, ["张三", "劳动模范", "东台市", "", "", "通过", "city"])
    committing.commit(REGISTERS["laureates"], cast.county, read("a.xlsx", content))
    laureate = Laureate.everything.get()
    assert (laureate.review_state, laureate.created_by) == ("draft", cast.county)


# other registers, ugly sheets -------------------------------------------------------------------------------


def test_events_with_a_title_other_names_and_units_of_money(cast):
    content = workbook_bytes(
        ["东台市2024年宣讲活动台账"],
        ["填报单位：东台市总工会", None, None, "填报日期：2024年12月"],
        [
            "序号",
            "活动 名称",
            "活动类型",
            "六进去向",
            "活动时间",
            "活动地点",
            "单位",
            "受众（人）",
            "捐赠金额（万元）",
        ],
        [1, "进车间宣讲", "“六进”宣讲", "进车间", "2024年6月22日", "一车间", "东台市", "120人", 0.5],
        [2, "座谈", "座谈会", None, "2024.5.1", None, "东台市", 30, "300元"],
        ["合计", None, None, None, None, None, None, 150],
        ["单位负责人：　　填表人：　　联系电话："],
    )
    outcome = committing.commit(REGISTERS["events"], cast.county, read("a.xlsx", content))
    assert messages_of(outcome) == []
    events = Event.everything.order_by("date").values_list("title", "audience", "donated_yuan", "destination")
    assert [tuple(map(str, event)) for event in events] == [
        ("座谈", "30", "300.00", ""),
        ("进车间宣讲", "120", "5000.00", "workshop"),
    ]
    assert [row.reason for row in outcome.layout.left_out] == ["合计行", "签字栏"]


def test_a_studio_twice_in_one_file_is_one_studio_or_an_error(cast):
    make_laureate(name="王师傅", org=cast.dongtai)
    head = ["工作室名称", "所属单位", "领衔人", "类别", "创建主体", "创建时间"]
    row = ["焊接工作室", "东台市", "王师傅", "技术类", "企业", "2024.6"]
    outcome = preview("studios", cast.county, head, row, row, [*row[:5], "2023"])
    assert outcome.rows[0].status == "new", messages_of(outcome)
    assert [each.status for each in outcome.rows] == ["new", "new", "error"] or outcome.rows[
        1
    ].status == "same"
    assert "重复" in messages_of(outcome)[0]
    assert not Studio.everything.exists()


def test_an_apprentice_who_is_not_registered_is_kept_by_name(cast):
    make_laureate(name="王师傅", org=cast.dongtai)
    content = workbook_bytes(["师傅", "徒弟", "开始日期"], ["王师傅", "小 李", "2024-06-22"])
    outcome = committing.commit(REGISTERS["mentorships"], cast.county, read("a.xlsx", content))
    assert messages_of(outcome) == []
    assert Mentorship.everything.get().apprentice_name == "小李"


def test_a_sheet_of_its_own_among_others_is_found_and_the_rest_named(cast):
    content = workbook_bytes(
        ["汇总表"],
        title="封面",
        extra=[("名单", [HEAD, ["张三", "劳动模范", "东台市", "", ""]]), ("图", [["x"]])],
    )
    outcome = committing.preview(REGISTERS["laureates"], cast.county, read("a.xlsx", content))
    assert outcome.counts["new"] == 1
    assert "未读取：封面、图" in outcome.layout.notes[0]


def test_organizations_come_in_below_their_superior(cast):
    head = ["单位名称", "单位类型", "上级单位", "联系人"]
    rows = [["新厂", "企业", "东台市", "张三"], ["孤儿厂", "企业", "没有的局", ""]]
    outcome = committing.commit(
        REGISTERS["organizations"], cast.city, read("a.xlsx", workbook_bytes(head, *rows)), {}
    )
    assert [row.status for row in outcome.rows] == ["new", "error"]
    assert Organization.everything.get(name="新厂").parent == cast.dongtai


def test_unchanged_approved_records_stay_approved(cast):
    studio = make_studio(org=cast.dongtai, name="甲工作室")
    head = ["工作室名称", "所属单位", "创建时间"]
    content = workbook_bytes(head, ["甲工作室", "东台市", "2024年6月"])
    outcome = committing.commit(REGISTERS["studios"], cast.county, read("a.xlsx", content), submit=True)
    assert outcome.counts["same"] == 1
    studio.refresh_from_db()
    assert studio.review_state == "approved"


def test_a_failure_in_the_middle_writes_nothing(cast, monkeypatch):
    saved = []

    def fails(entries, **_):
        saved.append(Laureate.everything.count())
        raise RuntimeError("power cut")

    monkeypatch.setattr(trail, "record_new", fails)
    content = workbook_bytes(HEAD, ["张三", "劳动模范", "新厂", "", ""], ["李四", "劳动模范", "东台市", "", ""],
                             ["王五", "劳动模范", "东台市", "", ""])  # fmt: skip
    with pytest.raises(RuntimeError):
        committing.commit(
            REGISTERS["laureates"], cast.county, read("a.xlsx", content), Answers(units={"新厂": "create"})
        )
    assert saved
    assert not Laureate.everything.exists()
    assert not Organization.everything.filter(name="新厂").exists()


@pytest.mark.django_db
def test_command_refuses_strangers_and_unreadable_files(cast, tmp_path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"no workbook")
    for arguments in (["none", str(file)], ["laureates", str(file)], ["laureates", str(tmp_path / "gone.xlsx")],
                      ["laureates", str(file), "--user", "leader"], ["teams", str(file), "--user", "county"]):  # fmt: skip
        with pytest.raises(CommandError):
            call_command("import_register", *arguments)


def test_a_number_no_column_holds_is_an_error_of_its_row(cast):
    head = ["任务类别", "序号", "年度", "任务名称"]
    rows = [["十项主要任务", "9" * 30, "2024", "甲"], ["十项主要任务", 3, "2024", "乙"]]
    outcome = preview("tasks", cast.city, head, *rows)
    assert any("序号" in problem.column for problem in outcome.rows[0].problems)
    assert not any("序号" in problem.column for problem in outcome.rows[1].problems)
