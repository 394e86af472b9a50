"""Every register: the template is read back, and an export is imported with no change at all."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from models_app.models import Laureate
from mofu.accounts.models import OrganizationKind
from mofu.registers.models import ListPreference
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing, template
from mofu.registers.sheets.reading import SheetRefused, read
from tests.makers import (
    made_id_number,
    make_honour_title,
    make_laureate,
    make_org,
    make_studio,
    make_ten_one,
    make_worker,
)
from tests.registers.sheets_of import workbook_bytes
from tests.specimens import specimen


def content_of(response):
    return b"".join(response.streaming_content)


def imported(slug, user, content, **answers):
    return committing.preview(REGISTERS[slug], user, read("表.xlsx", content), answers)


@pytest.mark.parametrize("slug", list(REGISTERS))
def test_template_has_guide_lists_and_an_example_that_is_not_imported(slug, cast, signed_in):
    register = REGISTERS[slug]
    content = content_of(signed_in(cast.city).get(register.url("template")))
    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]][1:]
    form = register.form(user=cast.city)
    for name, field in form.fields.items():
        if name != "photo":
            assert str(field.label) in heads, name
    assert "模板版本" in [cell.value for cell in book["填表说明"]["A"]]
    assert book["选项"].sheet_state == "hidden"
    outcome = imported(slug, cast.city, content)
    assert outcome.counts["rows"] == 0
    assert outcome.layout.unknown == []
    assert [row.reason for row in outcome.layout.left_out] == ["模板的示例行"]


def test_template_offers_lists_text_columns_and_the_users_own_units(cast):
    make_honour_title(name="盐城工匠")
    book = load_workbook(BytesIO(template.workbook(REGISTERS["laureates"], cast.county)))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column_letter for cell in sheet[3]}
    assert sheet.column_dimensions[heads["身份证号"]].number_format == "@"
    assert sheet[f"{heads['姓名']}3"].fill.start_color.rgb == "FFFBD5D5"
    assert sheet[f"{heads['职务']}3"].fill.start_color.rgb != "FFFBD5D5"
    ruled = {str(rule.sqref).split(":")[0][:-1] for rule in sheet.data_validations.dataValidation}
    assert {heads["性别"], heads["工作单位"], heads["荣誉称号"]} <= ruled
    lists = str(list(book["选项"].values))
    assert "东台市" in lists
    assert "射阳县" not in lists


def test_what_a_county_sees_and_cannot_choose_comes_back_as_no_change(cast, signed_in):
    union = make_org(name="财贸产业工会", kind=OrganizationKind.INDUSTRY_UNION)
    make_laureate(org=cast.dongtai, name="王五", industry_union=union)
    leader = make_laureate(org=cast.sheyang, name="陈𣲗")
    make_ten_one(worker=make_worker(org=cast.dongtai), led_by=leader, lead_kind="class")
    for slug in ("laureates", "ten-ones", "organizations"):
        register = REGISTERS[slug]
        ListPreference.objects.create(user=cast.county, slug=slug, columns=list(register.all_columns))
        content = content_of(signed_in(cast.county).get(register.url("list"), {"export": "xlsx"}))
        outcome = imported(slug, cast.county, content)
        assert [problem for row in outcome.rows for problem in row.problems] == []
        assert outcome.questions == []
        assert outcome.counts["same"] == outcome.counts["rows"] >= 1


def test_another_leader_beyond_the_own_unit_is_still_refused(cast):
    make_laureate(org=cast.sheyang, name="陈甲")
    make_laureate(org=cast.sheyang, name="陈乙")
    worker = make_worker(org=cast.dongtai, name="张工")
    kept = make_ten_one(worker=worker, led_by=Laureate.everything.get(name="陈甲"), lead_kind="class")
    head = ["职工", "项目", "年度", "引领劳模"]
    content = workbook_bytes(head, ["张工", str(kept.item), kept.year, "陈乙"])
    outcome = imported("ten-ones", cast.county, content)
    assert ["没有“陈乙”" in problem.message for row in outcome.rows for problem in row.problems] == [True]


@pytest.mark.parametrize("all_columns", [False, True], ids=["default columns", "all columns"])
@pytest.mark.parametrize("slug", list(REGISTERS))
def test_export_imports_with_no_change(slug, all_columns, cast, signed_in):
    register = REGISTERS[slug]
    for org in (cast.dongtai, cast.sheyang):
        specimen(slug, org)
    if all_columns:
        ListPreference.objects.create(user=cast.city, slug=slug, columns=list(register.all_columns))
    content = content_of(signed_in(cast.city).get(register.url("list"), {"export": "xlsx"}))
    outcome = imported(slug, cast.city, content)
    problems = [problem for row in outcome.rows for problem in row.problems]
    assert problems == []
    assert outcome.questions == []
    assert outcome.layout.unknown == []
    assert outcome.counts["same"] == outcome.counts["rows"] >= 2


def test_full_people_with_masked_numbers_and_namesakes_come_back_unchanged(cast, signed_in):
    for serial in range(3):
        number = made_id_number(birth=f"197{serial}0312")
        values = {"name": "王伟", "org": cast.dongtai, "id_number": number, "phone": f"1390000{serial:04d}"}
        laureate = make_laureate(
            **values, skill_level=6, position="班组长", joined_work="1995-08", is_frontline=True
        )
        make_worker(**values, trade="焊工", laureate=laureate)
        make_studio(
            leader=laureate, area="88.5", funds_wan="12.50", is_new_quality=True, new_quality_reason="新技术"
        )
    for slug in ("laureates", "workers", "studios"):
        register = REGISTERS[slug]
        ListPreference.objects.create(user=cast.city, slug=slug, columns=list(register.all_columns))
        content = content_of(signed_in(cast.city).get(register.url("list"), {"export": "xlsx"}))
        outcome = imported(slug, cast.city, content)
        assert [problem.message for row in outcome.rows for problem in row.problems] == []
        assert outcome.counts["same"] == outcome.counts["rows"] == 3


def test_a_workbook_without_a_header_is_refused_with_advice(cast):
    with pytest.raises(SheetRefused, match="没有找到表头"):
        imported("laureates", cast.city, workbook_bytes(["随便", "写写"], [1, 2]))
