"""The sample roster, as a county really hands it in, gives what its README says."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from actions.reference import load_reference
from models_app.models import Honour, Laureate
from mofu.accounts.models import Organization, TrailEntry
from mofu.registers.models import ImportBatch
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(settings, cast):
    load_reference(date(2026, 11, 22))
    return settings.BASE_DIR / "tests/data/劳模花名册.xlsx"


@pytest.fixture
def outcome(sample, cast):
    return committing.preview(REGISTERS["laureates"], cast.county, read(sample.name, sample.read_bytes()))


def by_serial(outcome):
    return {row.serial: row for row in outcome.rows}


def run(path, *options):
    out = StringIO()
    call_command("import_register", "laureates", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_24_rows_are_counted_and_the_others_listed(outcome):
    assert outcome.counts == {
        "rows": 24,
        "new": 17,
        "changed": 0,
        "same": 0,
        "questions": 1,
        "errors": 6,
        "skipped": 0,
    }
    assert [(row.row, row.reason) for row in outcome.layout.left_out] == [
        (16, "空行"),
        (29, "合计行"),
        (31, "签字栏"),
    ]
    assert outcome.layout.unknown == []
    assert not Laureate.everything.exists()


def test_odd_spellings_are_normalised(outcome):
    rows = by_serial(outcome)
    names = [column.label for column in outcome.columns]
    shown = {serial: dict(zip(names, rows[serial].shown, strict=True)) for serial in "345678"}
    assert shown["3"]["姓名"] == "马兰䶮"
    assert shown["4"]["身份证号"] == "320999***********6"
    assert shown["5"]["身份证号"] == "320999***********9"
    assert shown["6"]["出生日期"] == "1986年6月20日"
    assert all(rows[serial].status == "new" for serial in "345678")
    assert "1968年7月" in rows["7"].notes[0]
    assert "1975年6月" in rows["8"].notes[0]


@pytest.mark.parametrize(
    ("serial", "column", "words"),
    [
        ("10", "身份证号码", "校验位"),
        ("11", "性别", "与身份证号（男）不一致"),
        ("13", "荣誉称号", "“荣誉称号”字典中没有“宇宙劳动模范”"),
        ("14", "出生年月", "“去年”不是能识别的日期"),
        ("15", "身份证号码", "末几位已丢失"),
        ("16", "姓名", "必填"),
    ],
)
def test_bad_cells_are_named_with_the_reason(outcome, serial, column, words):
    row = by_serial(outcome)[serial]
    assert row.status == "error"
    assert [(problem.column, problem.row) for problem in row.problems] == [(column, row.row)]
    assert words in row.problems[0].message


def test_units_are_offered_below_dongtai_all_but_the_stranger(outcome):
    found = {question.text: (question.parent.name, question.suggested) for question in outcome.questions}
    assert found == {
        "东台市示范村": ("东台市", "create"),
        "东台市示例机械有限公司": ("东台市", "create"),
        "东台市第一示例医院": ("东台市", "create"),
        "东台市示例纺织有限公司": ("东台市", "create"),
        "查无此单位集团": ("东台市", ""),
    }
    assert by_serial(outcome)["12"].status == "question"


def test_commit_writes_accepted_rows_once_and_returns_the_others(sample, cast, tmp_path):
    refused = tmp_path / "退回.xlsx"
    report = run(sample, "--user", "county", "--refused", str(refused))
    assert (report["rows"], report["new"], len(report["errors"])) == (24, 17, 6)
    assert Laureate.everything.count() == 16
    assert Honour.everything.count() == 17
    assert set(Laureate.everything.values_list("review_state", "created_by__username")) == {
        ("draft", "county")
    }
    twice = Laureate.everything.get(name="张杰涛")
    assert {(honour.title.name, str(honour.granted_on)) for honour in twice.honours.all()} == {
        ("江苏省劳动模范", "2009"), ("全国劳动模范", "2024-04"),
    }  # fmt: skip
    assert Laureate.everything.get(name="何建").id_number == ""
    assert Organization.everything.get(name="东台市示范村").kind == "village"
    assert not Organization.everything.filter(name="查无此单位集团").exists()
    sheet = load_workbook(refused).active
    assert sheet.max_row == 8
    reasons = [sheet.cell(row, sheet.max_column).value for row in range(2, 9)]
    assert any("校验位" in text for text in reasons)
    assert any("查无此单位集团" in text for text in reasons)
    assert (
        TrailEntry.objects.filter(action="created", model="models_app.laureate", actor=cast.county).count()
        == 16
    )
    assert ImportBatch.objects.get().counts["new"] == 17


def test_the_same_file_again_changes_nothing(sample):
    run(sample, "--user", "county")
    before = sorted(Laureate.everything.values_list("pk", "updated_at"))
    again = run(sample, "--user", "county")
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 17)
    assert sorted(Laureate.everything.values_list("pk", "updated_at")) == before
    assert Honour.everything.count() == 17


def test_dry_run_for_the_city_writes_nothing_and_finds_the_board_by_itself(sample):
    report = run(sample, "--dry-run")
    assert (report["rows"], report["new"], report["question_rows"]) == (24, 17, 1)
    assert not Laureate.everything.exists()
    assert not Organization.everything.filter(name="东台市示范村").exists()
    assert not ImportBatch.objects.exists()


def test_the_city_without_a_name_imports_approved_records(sample):
    run(sample)
    assert set(Laureate.everything.values_list("review_state", "created_by")) == {("approved", None)}
    assert Organization.everything.get(name="东台市示范村").parent.name == "东台市"


def test_another_county_sees_its_own_question_and_nothing_of_dongtai(sample, cast):
    run(sample, "--user", "county")
    report = run(sample, "--user", "county2", "--dry-run")
    assert report["same"] == report["changed"] == 0
    options = {question["value"]: question["options"] for question in report["questions"]}
    assert options.pop("查无此单位集团")[0] == "在“射阳县”下新建"
    assert {words for found in options.values() for words in found} == {"对应到已有单位", "跳过这些行"}
    assert {question["suggested"] for question in report["questions"]} == {""}
