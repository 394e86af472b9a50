"""Whom a row means: never somebody else of the same name, never two people as one."""

from __future__ import annotations

import pytest

from models_app.models import Honour, Laureate
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.reading import read
from tests.makers import (
    made_id_number,
    make_honour_title,
    make_laureate,
    make_org,
    make_ten_one_item,
    make_worker,
)
from tests.registers.sheets_of import workbook_bytes

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "性别", "人员类别", "工作单位", "身份证号", "联系电话"]


def sheets(*rows):
    return read("表.xlsx", workbook_bytes(*rows))


def preview(cast, *rows, slug="laureates", choices=None):
    return committing.preview(REGISTERS[slug], cast.county, sheets(*rows), Answers(rows=choices or {}))


def statuses(outcome):
    return [row.status for row in outcome.rows]


def messages(outcome):
    return [problem.message for row in outcome.rows for problem in row.problems]


# two rows of one file ----------------------------------------------------------------------------------------


def test_two_names_under_one_id_number_are_not_one_person(cast):
    for name in ("全国劳动模范", "全国先进工作者"):
        make_honour_title(name=name)
    number = made_id_number()
    head = ["姓名", "工作单位", "身份证号", "荣誉称号", "授予时间"]
    rows = [
        ["张三", "东台市", number, "全国劳动模范", "2020"],
        ["李四", "东台市", number, "全国先进工作者", "2021"],
    ]
    outcome = preview(cast, head, *rows)
    assert statuses(outcome) == ["new", "error"]
    assert "第 2 行" in messages(outcome)[0]
    assert "姓名不同" in messages(outcome)[0]
    committing.commit(REGISTERS["laureates"], cast.county, sheets(head, *rows))
    assert list(Honour.everything.values_list("laureate__name", "title__name")) == [("张三", "全国劳动模范")]


def test_the_first_column_counts_when_rows_are_compared(cast):
    head = ["姓名", "工作单位", "身份证号", "人员类别"]
    number = made_id_number()
    first, other = ([name, "东台市", number, "劳动模范"] for name in ("张三", "李四"))
    assert statuses(preview(cast, head, first, other)) == ["new", "error"]
    assert statuses(preview(cast, head, first, first)) == ["new", "same"]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (["张三", "女", "劳动模范", "东台市", "", "13900000001"], "性别"),
        (["张三", "男", "劳动模范", "东台市", "", "13900000002"], "联系电话"),
    ],
)
def test_namesakes_in_one_unit_fold_only_if_nothing_speaks_against_it(cast, second, words):
    first = ["张三", "男", "劳动模范", "东台市", "", "13900000001"]
    outcome = preview(cast, HEAD, first, second)
    assert statuses(outcome) == ["new", "error"]
    assert words in messages(outcome)[0]
    told_apart = [*second[:4], made_id_number(male=second[1] == "男"), second[5]]
    assert statuses(preview(cast, HEAD, first, told_apart)) == ["new", "new"]


def test_one_person_with_two_phones_and_two_honours_stays_one(cast):
    for name in ("全国劳动模范", "全国先进工作者"):
        make_honour_title(name=name)
    number = made_id_number()
    head = ["姓名", "工作单位", "身份证号", "联系电话", "荣誉称号", "授予时间"]
    rows = [
        ["张三", "东台市", number, "13900000001", "全国劳动模范", "2020"],
        ["张三", "东台市", number, "13900000002", "全国先进工作者", "2021"],
    ]
    outcome = committing.commit(REGISTERS["laureates"], cast.county, sheets(head, *rows))
    assert "联系电话不同，以第 2 行为准" in outcome.rows[1].notes[-1]
    assert (Laureate.everything.count(), Honour.everything.count()) == (1, 2)


# the unit of the row -----------------------------------------------------------------------------------------


def honour_row(unit, *, name="张三"):
    return ["获得者", "工作单位", "荣誉称号", "表彰年度"], [name, unit, "全国劳动模范", "2020"]


@pytest.fixture
def known(cast):
    make_honour_title(name="全国劳动模范")
    make_org(name="东台二厂", parent=cast.dongtai)
    return make_laureate(name="张三", org=make_org(name="东台一厂", parent=cast.dongtai))


def test_the_only_namesake_of_another_unit_gets_no_honour(cast, known):
    for unit in ("东台二厂", "没有登记的厂"):
        outcome = preview(cast, *honour_row(unit), slug="honours")
        assert statuses(outcome) == ["error"]
        assert "“东台一厂”" in messages(outcome)[0]
        assert f"“{unit}”" in messages(outcome)[0]


def test_a_namesake_of_the_unit_or_one_above_it_is_meant(cast, known):
    same = preview(cast, *honour_row("东台一厂"), slug="honours")
    assert (statuses(same), same.rows[0].notes) == (["new"], [])
    above = preview(cast, *honour_row("东台市"), slug="honours")
    assert statuses(above) == ["new"]
    assert "登记在“东台一厂”，本行写的是“东台市”" in above.rows[0].notes[0]
    told = preview(cast, *honour_row("东台二厂", name="张三（东台一厂）"), slug="honours")
    assert statuses(told) == ["new"]


def test_ten_ones_ask_for_the_unit_of_the_worker(cast):
    make_ten_one_item(1)
    make_worker(name="张三", org=make_org(name="东台一厂", parent=cast.dongtai))
    make_org(name="东台二厂", parent=cast.dongtai)
    head = ["职工", "所属单位", "项目", "年度"]
    rows = [["张三", unit, "十个一第1项", "2024"] for unit in ("东台二厂", "东台一厂")]
    outcome = preview(cast, head, *rows, slug="ten-ones")
    assert statuses(outcome) == ["error", "new"]
    assert "属于“东台一厂”，本行写的单位是“东台二厂”" in messages(outcome)[0]


# stored people -----------------------------------------------------------------------------------------------


def test_a_name_alone_gives_nobody_an_id_number(cast):
    person = make_laureate(name="张三", org=cast.dongtai)
    row = ["张三", "", "劳动模范", "东台市", made_id_number(birth="19800101"), ""]
    outcome = preview(cast, HEAD, row)
    assert statuses(outcome) == ["error"]
    assert "更新已有记录" in messages(outcome)[0]
    assert statuses(preview(cast, HEAD, row, choices={2: f"update:{person.pk}"})) == ["changed"]
    assert statuses(preview(cast, HEAD, row, choices={2: "create"})) == ["new"]


def test_an_id_number_of_another_birth_date_is_somebody_else(cast):
    make_laureate(name="张三", org=cast.dongtai, birth_date="1960")
    other = ["张三", "", "劳动模范", "东台市", made_id_number(birth="19800101"), ""]
    same = ["张三", "", "劳动模范", "东台市", made_id_number(birth="19600501"), ""]
    outcome = preview(cast, HEAD, other)
    assert (statuses(outcome), messages(outcome)) == (["new"], [])
    assert "已登记有同名人员" in outcome.rows[0].notes[-1]
    assert statuses(preview(cast, HEAD, same)) == ["changed"]


def test_a_county_does_not_change_its_own_board_by_a_workbook(cast):
    head = ["单位代码", "单位名称", "启用"]
    content = workbook_bytes(head, [cast.dongtai.code, "改名市", "否"])
    outcome = committing.commit(REGISTERS["organizations"], cast.county, read("a.xlsx", content))
    assert outcome.counts["errors"] == 1
    assert "由市级维护" in outcome.rows[0].problems[0].message
    cast.dongtai.refresh_from_db()
    assert cast.dongtai.name == "东台市"


def test_two_spellings_of_one_name_in_a_file_mean_the_same_person(cast):
    make_laureate(name="买买提·艾力", org=cast.dongtai)
    title = make_honour_title(name="市级劳动模范")
    head = ["获得者", "荣誉称号", "表彰年度"]
    rows = [
        ["买买提·艾力", title.name, 2023],
        ["买买提•艾力", title.name, 2024],
    ]
    assert [row.status for row in preview(cast, head, *rows, slug="honours").rows] == ["new"] * 2


def test_titles_are_known_by_what_people_call_them(cast):
    for name in (
        "全国劳动模范",
        "江苏省劳动模范",
        "江苏省五一劳动奖章",
        "享受全国劳模待遇",
        "盐城市劳动模范",
    ):
        make_honour_title(name=name)
    called = ["全国劳模", "省劳模", "江苏省 劳模", "省五一奖章", "享受全国劳模待遇"]
    head = ["姓名", "人员类别", "工作单位", "荣誉称号", "表彰年度"]
    rows = [[f"张{number}", "劳动模范", "东台市", title, 2020] for number, title in enumerate(called)]
    outcome = preview(cast, head, *rows)
    assert [side.made.instance.title.name for row in outcome.rows for side in row.sides] == [
        "全国劳动模范", "江苏省劳动模范", "江苏省劳动模范", "江苏省五一劳动奖章", "享受全国劳模待遇",
    ]  # fmt: skip
    unclear = preview(cast, head, ["李四", "劳动模范", "东台市", "市劳模", 2020])
    assert "没有“市劳模”" in unclear.rows[0].problems[0].message


def test_a_union_nobody_can_make_is_no_question_about_a_new_unit(cast):
    head = ["姓名", "人员类别", "工作单位", "所属产业工会"]
    outcome = preview(cast, head, ["张三", "劳动模范", "东台市", "财贸产业工会"])
    assert outcome.questions == []
    assert ["没有登记过所属产业工会“财贸产业工会”" in p.message for p in outcome.rows[0].problems] == [True]


def test_a_column_the_file_lacks_is_named_as_missing(cast):
    make_honour_title(name="全国劳动模范")
    head = ["姓名", "人员类别", "工作单位", "荣誉称号"]
    problems = preview(cast, head, ["张三", "劳动模范", "东台市", "全国劳动模范"]).rows[0].problems
    assert [(problem.column, problem.message) for problem in problems] == [
        ("表彰年度", "文件中没有“表彰年度”这一列，这一项必须填写。请补上后重新上传。")
    ]
