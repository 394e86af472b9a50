"""Excel in, as staff do it: upload, settle questions, correct a cell, commit, look at the record, take it all back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from models_app.models import Honour, Laureate
from mofu.accounts.models import Organization
from tests.registers.sheets_of import workbook_bytes
from tests.workbooks import legitimate

pytestmark = pytest.mark.browser
SAMPLE = Path(settings.BASE_DIR) / "tests/data/劳模花名册.xlsx"


@pytest.fixture
def county(town, staff):
    return staff("county")


def upload(person, slug, path):
    person.open(f"/{slug}/import/")
    person.page.set_input_files("#id_file", str(path))
    person.press("上传并核对")


def figures(person):
    """Return the figures of the strip by their label."""
    parts = person.page.locator(".count-strip > div")
    return {part.locator("dt").inner_text(): int(part.locator("dd").inner_text()) for part in parts.all()}


def test_the_sample_roster_from_upload_to_undo(county):
    page = county.page
    upload(county, "laureates", SAMPLE)
    assert figures(county) | {"新增": 17, "待定": 1, "有误": 6} == figures(county)
    unit = page.locator("tr", has_text="查无此单位集团")
    unit.get_by_label("跳过这些行").check()
    page.get_by_label("第 18 行 出生年月").fill("1970年1月")
    county.press("保存处理并重新核对")
    assert figures(county)["有误"] == 5
    assert not Laureate.everything.exists()
    page.get_by_role("link", name="新增").first.click()
    assert page.get_by_role("cell", name="马兰䶮").is_visible()
    county.confirm(page.get_by_role("button", name="导入并送审"))
    assert page.get_by_text("导入完成").is_visible()
    assert Laureate.everything.count() == 17
    assert Honour.everything.count() == 18
    assert set(Laureate.everything.values_list("review_state", flat=True)) == {"pending"}
    with page.expect_download() as refused:
        page.get_by_role("link", name="下载需要修改的行").click()
    assert "需要修改的行" in refused.value.suggested_filename
    county.confirm(page.get_by_role("button", name="撤销导入"))
    assert page.get_by_text("已撤销", exact=False).first.is_visible()
    assert not Laureate.everything.exists()
    assert not Organization.everything.filter(name__startswith="东台市示例").exists()


def test_a_column_nobody_knows_is_explained_once(county, tmp_path):
    file = tmp_path / "花名册.xlsx"
    head = ["姓名", "人员类别", "工作单位", "干什么的"]
    file.write_bytes(workbook_bytes(head, ["张三", "劳动模范", "东台市", "班长"]))
    upload(county, "laureates", file)
    page = county.page
    page.get_by_label("干什么的").select_option(label="职务")
    page.locator("section", has_text="没有认出的列").get_by_role("button").click()
    county.confirm(page.get_by_role("button", name="导入为草稿"))
    assert Laureate.everything.get().position == "班长"


@pytest.mark.parametrize(
    "name", [name for name in legitimate.CASES if not legitimate.CASES[name].options][::5]
)
def test_ugly_workbooks_reach_the_preview(name, town, staff, tmp_path):
    case = legitimate.CASES[name]
    person = staff("city")
    file = tmp_path / case.name
    file.write_bytes(case.build())
    upload(person, case.slug, file)
    assert figures(person)["数据行"] == len(case.rows)


def test_typed_corrections_are_not_lost_by_a_click_on_a_tab(county, tmp_path):
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(workbook_bytes(["姓名", "人员类别", "工作单位"], ["张三", "劳动模犯", "东台市"]))
    upload(county, "laureates", file)
    page, asked = county.page, []
    page.get_by_label("第 2 行 人员类别").press_sequentially("X")
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="新增").first.click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.get_by_label("第 2 行 人员类别").input_value() == "X劳动模犯"
