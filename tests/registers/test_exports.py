"""Exports: what is in the file, how personal numbers stand in it, what it leaves on the trail, large ones as jobs."""

from __future__ import annotations

import math
from io import BytesIO
from itertools import cycle

import pytest
from django.db import models
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from mofu.accounts.models import TrailEntry
from mofu.documents.ledger import Ledger, LedgerColumn, write_ledger
from mofu.registers import exports, jobs, revealing
from mofu.registers.masks import TELLING, MaskStyle, mask, masks
from mofu.registers.models import Job, JobState, SavedView
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.columns import is_text_number
from mofu.registers.sheets.reading import read
from tests.makers import made_id_number, make_laureate, make_org, make_worker
from tests.registers.formula_texts import FORMULA_TEXTS
from tests.registers.test_lists import workbook_of
from tests.specimens import CITY_WIDE, specimen

NUMBER, PHONE = "32099919750312001X", "13900001234"


def posted(client, slug="laureates", **data):
    return client.post(f"/{slug}/export/", {"columns": "list", "style": "strict", "query": "", **data})


def content_of(response):
    return b"".join(response.streaming_content)


def cells_of(content):
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


def heads_of(cells):
    return next(row for row in cells if row[0] == "序号")


def imported(slug, user, content):
    return committing.preview(REGISTERS[slug], user, read("表.xlsx", content), {})


def assert_same(outcome, rows):
    assert [problem.message for row in outcome.rows for problem in row.problems] == []
    assert outcome.questions == []
    assert outcome.layout.unknown == []
    assert outcome.counts["same"] == outcome.counts["rows"] == rows


# personal numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "number", "phone"),
    [
        (MaskStyle.STRICT, "320999***********X", "139****1234"),
        (MaskStyle.MIDDLE, "320999********001X", "139****1234"),
        (MaskStyle.LAST_FOUR, "**************001X", "*******1234"),
        (MaskStyle.TAIL, "3209991975********", "1390000****"),
    ],
)
def test_styles_of_masks(style, number, phone):
    assert mask("id_number", NUMBER, style) == number
    assert mask("phone", PHONE, style) == phone
    assert mask("phone", "12345", style) == "****"
    assert mask("id_number", "", style) == mask("phone", "", style) == ""
    assert masks("id_number", NUMBER) > {number}
    assert masks("phone", "") == set()


@pytest.mark.parametrize("style", MaskStyle.values)
@pytest.mark.parametrize("slug", ["laureates", "workers"])
def test_numbers_are_masked_in_the_style_chosen_and_come_back_unchanged(slug, style, cast, signed_in):
    make = make_laureate if slug == "laureates" else make_worker
    for serial in range(3):
        make(
            org=cast.dongtai,
            name="王伟",
            id_number=made_id_number(birth=f"197{serial}0312"),
            phone=f"1390000{serial:04d}",
        )
    content = content_of(posted(signed_in(cast.city), slug, columns="all", style=style, purpose="报省总工会"))
    cells = cells_of(content)
    for person in REGISTERS[slug].model.everything.all():
        for name in ("id_number", "phone"):
            assert getattr(person, name) not in str(cells)
            assert mask(name, getattr(person, name), style) in str(cells)
    assert_same(imported(slug, cast.city, content), 3)


def test_full_numbers_need_the_right_and_a_purpose_and_leave_a_trail(cast, signed_in):
    number = made_id_number()
    make_laureate(org=cast.dongtai, id_number=number, phone=PHONE)
    client = signed_in(cast.county)
    assert "请写明报送单位" in posted(client, columns="all", full="on", purpose="1").content.decode()
    refused = posted(client, columns="all", full="on", purpose="  ")
    assert refused.status_code == 422
    assert "须填写用途" in refused.content.decode()
    assert not TrailEntry.objects.filter(action="exported").exists()
    content = content_of(posted(client, columns="all", full="on", purpose="报省总工会", query="q=劳模"))
    cells = cells_of(content)
    assert number in str(cells)
    assert PHONE in str(cells)
    entry = TrailEntry.objects.get(action="exported")
    assert entry.actor == cast.county
    for words in ("劳模工匠台账 1 条", "搜索：劳模", "号码：完整", "用途：报省总工会", "列：姓名、性别"):
        assert words in entry.reason, words
    assert entry.changes["列"][1].count("、") == len(REGISTERS["laureates"].all_columns) - 1
    assert entry.changes["条数"] == ["", "1"]
    assert_same(imported("laureates", cast.county, content), 1)


def test_who_may_not_see_numbers_gets_them_masked_whatever_is_sent(cast, signed_in):
    number = made_id_number()
    make_laureate(org=cast.dongtai, id_number=number)
    client = signed_in(cast.leader)
    assert "导出完整" not in client.get("/laureates/export/").content.decode()
    text = str(cells_of(content_of(posted(client, columns="all", full="on", purpose="看看"))))
    assert number not in text
    assert mask("id_number", number) in text


@pytest.mark.parametrize("style", sorted(TELLING))
def test_styles_from_which_numbers_can_be_worked_out_are_given_like_the_numbers_themselves(
    style, cast, signed_in
):
    number = made_id_number()
    make_laureate(org=cast.dongtai, id_number=number)
    assert "须填写用途" in posted(signed_in(cast.county), columns="all", style=style).content.decode()
    given = content_of(posted(signed_in(cast.county), columns="all", style=style, purpose="报省总工会"))
    assert mask("id_number", number, style) in str(cells_of(given))
    assert "隐去中段" not in signed_in(cast.leader).get("/laureates/export/").content.decode()
    assert posted(signed_in(cast.leader), style=style, purpose="报省总工会").status_code == 422


@pytest.mark.parametrize("style", [MaskStyle.STRICT, MaskStyle.TAIL])
def test_birth_date_and_sex_do_not_tell_the_rest_of_a_masked_number(style):
    fitting = {
        number
        for serial in range(500)
        if mask("id_number", number := made_id_number(birth="19750312", serial=serial), style)
        == mask("id_number", NUMBER, style)
    }
    assert len(fitting) > 40


@pytest.mark.parametrize("style", MaskStyle.values)
@pytest.mark.parametrize(("name", "usual", "most"), [("phone", 11, 7), ("bank_account", 16, 10)])
def test_of_numbers_shorter_than_usual_at_least_half_is_hidden(style, name, usual, most):
    for length in range(1, 31):
        digits = sum(character.isdigit() for character in mask(name, "1" * length, style))
        assert digits <= (most if length >= usual else length // 2)
        assert digits == 0 or length >= 8


def test_nobody_without_the_right_exports(cast, signed_in):
    for user in (cast.auditor, cast.admin, cast.stranger):
        assert posted(signed_in(user)).status_code == 403
        assert signed_in(user).get("/laureates/", {"export": "xlsx"}).status_code == 403
    assert posted(signed_in(cast.city), style="none").status_code == 422
    assert posted(signed_in(cast.city), columns="999").status_code == 422


# what is in the file -------------------------------------------------------------------------------------


def test_the_sheet_says_what_was_selected_who_made_it_and_prints_well(cast, signed_in):
    make_laureate(org=cast.dongtai, name="仇英")
    make_laureate(org=cast.dongtai, name="张三")
    response = posted(signed_in(cast.county), query="q=仇", purpose="A&B 报送")
    sheet = workbook_of(response).active
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert sheet["A2"].value == "填报单位：东台市"
    assert sheet["A3"].value == "筛选条件：搜索：仇"
    made = next(text for text in texts if text.startswith("制表人："))
    assert f"制表人：东台李四　制表时间：{timezone.localtime():%Y-%m-%d}" in made
    assert "用途：A&B 报送" in made
    assert any(text.startswith("单位负责人：") for text in texts)
    assert "东台李四" in sheet.oddFooter.left.text
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert "仇英" in texts
    assert "张三" not in texts


def test_sums_stand_under_the_columns_that_are_summed(cast, signed_in):
    for audience in (30, 12):
        specimen("events", cast.dongtai, audience=audience)
    response = posted(signed_in(cast.county), "events", columns="all")
    book = load_workbook(BytesIO(content_of(response)), data_only=True).active
    rows = [list(row) for row in book.iter_rows(values_only=True)]
    assert next(row for row in rows if row[0] == "合计")[heads_of(rows).index("受众人数")] == 42


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_all_columns_filtered_and_by_a_view_come_back_unchanged(slug, cast, signed_in):
    register = REGISTERS[slug]
    for org in (cast.dongtai, cast.sheyang, make_org()):
        specimen(slug, org)
    client = signed_in(cast.city)
    titles = [[name, f"省表{at}列"] for at, name in enumerate(reversed(register.all_columns))]
    view = SavedView.objects.create(
        slug=slug, owner=cast.city, name="省系统", columns=titles, title="省系统信息表"
    )
    count = client.get(register.url("list")).context["page_obj"].paginator.count
    assert count >= 3
    for data in (
        {"columns": "all"},
        {"columns": str(view.pk)},
        {"columns": "list", "query": f"view={view.pk}"},
    ):
        content = content_of(posted(client, slug, **data))
        assert_same(imported(slug, cast.city, content), count)
        if data["columns"] != "all":
            assert heads_of(cells_of(content))[1:] == [title for _, title in titles]
            assert cells_of(content)[0][0] == "省系统信息表"
    query = "review_state=approved" if register.reviewed else "q="
    content = content_of(posted(client, slug, columns="all", query=query + "&org=320981"))
    rows = [row for row in cells_of(content) if isinstance(row[0], int)]
    if slug not in CITY_WIDE:
        assert len(rows) < count
    assert_same(imported(slug, cast.city, content), len(rows))


def text_columns(register):
    """Return the exported columns that hold free text of the record itself, by field."""
    found = {}
    for name, column in register.all_columns.items():
        field = next((f for f in register.model._meta.concrete_fields if f.name == name), None)
        if type(field) in (models.CharField, models.TextField) and not field.choices and field.editable:
            found[name] = column
    return found


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_what_looks_like_a_formula_stays_text_in_every_column(slug, cast):
    columns = text_columns(REGISTERS[slug])
    record, rows = specimen(slug, cast.dongtai), []
    for text in FORMULA_TEXTS:
        for name in columns:
            setattr(record, name, text)
        rows.append([column.raw(record) for column in columns.values()])
    out, now = BytesIO(), timezone.localdate()
    heads = [LedgerColumn(column.label, column.kind) for column in columns.values()]
    write_ledger(Ledger("=1+1", heads, rows, "=1", now, filters="=1", made="=1", sheet_name="=1"), out)
    sheet = load_workbook(out).active
    assert len(FORMULA_TEXTS) >= 40
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    for text, row in zip(FORMULA_TEXTS, sheet.iter_rows(min_row=5, min_col=2), strict=False):
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        shown = {
            unescape(cell.value) for cell in row[: len(columns)] if cell.value
        }  # as Excel does on reading
        assert shown <= {plain}, repr(text)


# As forms store them; the import refuses error values of Excel and drops invisible characters on purpose.
STORED = [
    text
    for text in map(str.strip, FORMULA_TEXTS)
    if not any(odd in text for odd in ("\t", "#REF!", "\u200b", "\ufeff"))
]
NUMBERED = {"tasks": 8}  # records of which there may be no more


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_what_looks_like_a_formula_survives_export_and_import(slug, cast, signed_in):
    register = REGISTERS[slug]
    form, keys = register.form(user=cast.city), {name for key in register.key_fields for name in key}
    columns = text_columns(register)
    names = [
        name for name in columns
        if name in form.fields and name not in keys | {"name", "code", "indicator", "contact_phone"}
        and not is_text_number(name, register) and not form.fields[name].required and not columns[name].choices
        and len(register.model._meta.get_field(name).validators) <= 1
    ]  # fmt: skip
    if not names:
        pytest.skip("no free text")
    texts = cycle(STORED)
    for _ in range(NUMBERED.get(slug, math.ceil(len(STORED) / len(names)))):
        record = specimen(slug, cast.dongtai)
        values = {name: _fitting(texts, register.model._meta.get_field(name)) for name in names}
        type(record)._base_manager.filter(pk=record.pk).update(**values)
    count = register.rows(cast.city).count()
    content = content_of(posted(signed_in(cast.city), slug, columns="all"))
    outcome = imported(slug, cast.city, content)
    wrong = [(p.column, p.value, p.message) for row in outcome.rows for p in row.problems]
    assert wrong == []
    assert [change for row in outcome.rows for change in row.changes] == []
    assert outcome.counts["same"] == count


def _fitting(texts, field):
    """Return the next text that the field takes as a form would store it."""
    lines = isinstance(field, models.TextField)
    return next(
        text for text in texts if (lines or "\n" not in text) and len(text) <= (field.max_length or 1000)
    )


# large ones ----------------------------------------------------------------------------------------------


def test_a_large_export_runs_as_a_job_of_its_owner(
    cast, signed_in, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    for _ in range(3):
        make_laureate(org=cast.dongtai, id_number=made_id_number())
    make_laureate(org=cast.sheyang)
    client = signed_in(cast.county)
    assert "在后台生成" in client.get("/laureates/export/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = posted(client, columns="all", full="on", purpose="报省")
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/"
    assert (job.state, job.message) == (JobState.DONE, "共 3 条。")
    content = content_of(client.get(f"/jobs/{job.pk}/result/"))
    assert len([row for row in cells_of(content) if isinstance(row[0], int)]) == 3
    assert "射阳" not in str(cells_of(content))
    assert signed_in(cast.city).get(f"/jobs/{job.pk}/result/").status_code == 404
    entry = TrailEntry.objects.get(action="exported")
    assert entry.actor == cast.county
    assert "用途：报省" in entry.reason
    assert "劳模工匠台账 3 条" in entry.reason
    assert len(list(cells_of(content_of(client.get("/laureates/", {"export": "xlsx"}))))) > 3


def _export_job(owner, **values):
    found = {
        "slug": "laureates",
        "query": "",
        "columns": "all",
        "style": "strict",
        "full": False,
        "purpose": "",
    }
    return Job.objects.create(kind=exports.KIND, title="导出", owner=owner, params=found | values)


@pytest.mark.parametrize(
    ("who", "values", "words"),
    [
        ("auditor", {}, "没有导出"),
        ("leader", {"full": True, "purpose": "看"}, "没有导出"),
        ("county", {"full": True}, "没有导出"),
        ("county", {"query": "view=77"}, "没有这个视图"),
        ("county", {"columns": "77"}, "没有这个视图"),
    ],
)
def test_a_job_asks_for_the_right_again(who, values, words, cast):
    job = _export_job(getattr(cast, who), **values)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert words in job.message
    assert not TrailEntry.objects.filter(action="exported").exists()


def test_so_many_rows_in_full_a_day(cast, signed_in, settings):
    settings.FULL_ROWS_PER_DAY = 5
    for _ in range(2):
        make_laureate(org=cast.dongtai, id_number=made_id_number())
    client = signed_in(cast.county)

    def flagged():
        rows = signed_in(cast.admin).get("/accounts/", {"flag": "exports"}).context["rows"]
        return {account.username for account, _ in rows}

    assert content_of(posted(client, full="on", purpose="报省"))
    assert flagged() == set()
    assert content_of(posted(client, style=MaskStyle.MIDDLE, purpose="报省"))  # as good as in full
    refused = posted(client, full="on", purpose="报省")
    assert refused.status_code == 429
    assert "每天最多导出完整号码 5 行，您今天已导出 4 行，这次有 2 行" in refused.content.decode()
    assert content_of(posted(client))  # masked as often as anybody likes
    assert revealing.rows_today(cast.county) == 4
    assert TrailEntry.objects.filter(action="exported").count() == 3
    alarm = TrailEntry.objects.get(action="alarm")
    assert (alarm.actor, alarm.object_id) == (cast.county, str(cast.county.pk))
    assert alarm.reason == "大量导出完整号码：今天已 4 行，超过每日上限 5 行的一半"
    assert flagged() == {"county"}
    assert content_of(posted(signed_in(cast.city), full="on", purpose="报省"))  # another account has its own


def test_a_job_goes_no_further_than_a_day_allows(cast, settings):
    settings.FULL_ROWS_PER_DAY = 1
    for _ in range(2):
        make_laureate(org=cast.dongtai, id_number=made_id_number())
    job = _export_job(cast.county, full=True, purpose="报省")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, "每天最多导出完整号码 1 行" in job.message) == (JobState.FAILED, True)
    assert not hasattr(job, "result")
    assert not TrailEntry.objects.filter(action="exported").exists()


def test_a_large_export_can_be_cancelled(cast):
    make_laureate(org=cast.dongtai)
    job = _export_job(cast.county)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    jobs.cache.set(f"job:{job.pk}:cancel", value=True)
    jobs.run(job.pk)
    job.refresh_from_db()
    jobs.cache.delete(f"job:{job.pk}:cancel")
    assert job.state == JobState.CANCELLED
    assert not hasattr(Job.objects.get(pk=job.pk), "result")


def test_a_filter_that_makes_no_sense_exports_nothing_instead_of_everything(cast, signed_in):
    make_laureate(org=cast.dongtai, name="张三")
    client = signed_in(cast.county)
    answers = [
        client.get("/laureates/?sex=zz&export=xlsx", follow=True),
        client.post(
            "/laureates/export/", {"query": "sex=zz", "columns": "list", "style": "strict"}, follow=True
        ),
    ]
    for answer in answers:
        assert "没有导出" in answer.content.decode()
        assert answer.request["QUERY_STRING"] == "sex=zz"
    assert not TrailEntry.objects.filter(action="exported").exists()
