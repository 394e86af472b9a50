"""What the user may say about sheets and columns, and what an understood file tells beside its rows."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from mofu.registers.register import REGISTERS
from mofu.registers.sheets import template
from mofu.registers.sheets.binding import MappingRefused, target
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import understand
from mofu.registers.sheets.reading import Broken, Sheet, SheetRefused, read
from mofu.registers.sheets.texts import head_key
from tests.registers.sheets_of import saved, workbook_bytes

COLUMNS = [
    SheetColumn("name", "姓名", required=True),
    SheetColumn("org", "工作单位", ("单位",), required=True),
    SheetColumn("position", "职务"),
    SheetColumn("note", "备注"),
    SheetColumn("title", "荣誉称号", side="honours"),
    SheetColumn("granted_on", "授予时间", side="honours"),
]


def sheet_of(*rows, name="表", **more):
    return Sheet(name, rows=[(number, list(cells)) for number, cells in enumerate(rows, start=1)], **more)


def test_unknown_columns_come_with_samples_and_settle_by_an_answer():
    sheet = sheet_of(
        ["姓名", "单位", "称谓", "奖项"], *(["张三", "甲", f"称谓{n}", "省劳模"] for n in range(5))
    )
    layout = understand([sheet], COLUMNS)
    assert layout.unknown_columns == [(2, "称谓", ["称谓0", "称谓1", "称谓2"]), (3, "奖项", ["省劳模"] * 3)]
    title = target(COLUMNS[4])
    answers = {head_key("称谓"): "", head_key("奖项"): title}
    layout = understand([sheet], COLUMNS, mapping=answers)
    assert title == "honours.title"
    assert layout.unknown == []
    assert layout.dropped == ["称谓"]
    assert layout.columns[3] is COLUMNS[4]


def test_an_answer_goes_before_what_a_head_seems_to_mean():
    sheet = sheet_of(["姓名", "单位", "备注"], ["张三", "甲", "班长"])
    layout = understand([sheet], COLUMNS, mapping={"备注": "position"})
    assert {column.name for column in layout.columns.values()} == {"name", "org", "position"}


def test_one_column_cannot_mean_two_heads():
    sheet = sheet_of(["姓名", "单位", "甲", "乙"], ["张三", "示例", "1", "2"])
    with pytest.raises(MappingRefused, match="“甲”和“乙”两列都对应到了“职务”"):
        understand([sheet], COLUMNS, mapping={"甲": "position", "乙": "position"})


def test_columns_of_one_head_and_those_without_can_be_explained():
    sheet = sheet_of(["姓名", "单位", "备注", "备注"], ["张三", "示例", "1", "2", "班长", "多余"])
    (second, _), (fifth, _), (sixth, _) = [
        (head, samples) for _, head, samples in understand([sheet], COLUMNS).unknown_columns
    ]
    answers = {head_key(second): "", head_key(fifth): "position", head_key(sixth): ""}
    layout = understand([sheet], COLUMNS, mapping=answers)
    assert {index: column.name for index, column in layout.columns.items()} == {
        0: "name", 1: "org", 2: "note", 4: "position",
    }  # fmt: skip
    assert layout.unknown == []
    assert layout.dropped == ["备注（第2列）", "（F列，无列名）"]


def test_answers_about_fields_that_do_not_exist_are_ignored():
    sheet = sheet_of(["姓名", "单位", "甲"], ["张三", "示例", "1"])
    assert understand([sheet], COLUMNS, mapping={"甲": "is_superuser"}).unknown == ["甲"]


def test_sheets_are_offered_and_chosen():
    sheets = [
        sheet_of(["封面"], name="封面"),
        sheet_of(["姓名", "单位"], ["张三", "甲"], name="一"),
        sheet_of(["姓名", "单位", "职务"], ["李四", "甲", "班长"], ["王五", "甲", ""], name="二"),
        sheet_of(["姓名", "单位", "职务", "备注"], ["藏", "甲", "", ""], name="藏", hidden=True),
        sheet_of(["姓名", "单位"], name="填表说明"),
    ]
    layout = understand(sheets, COLUMNS)
    assert layout.sheet.name == "二"
    assert layout.sheets == [
        ("封面", 1, False, False),
        ("一", 2, True, False),
        ("二", 3, True, False),
        ("藏", 2, True, True),
    ]
    assert understand(sheets, COLUMNS, sheet="一").records == [(2, ["张三", "甲"])]
    with pytest.raises(SheetRefused, match="没有工作表“三”"):
        understand(sheets, COLUMNS, sheet="三")
    with pytest.raises(SheetRefused, match="已查看工作表“封面”"):
        understand(sheets, COLUMNS, sheet="封面")


def test_without_a_header_the_message_says_where_it_was_looked_for():
    with pytest.raises(SheetRefused, match=r"已查看工作表“甲”、“乙”.*姓名、工作单位"):
        understand([sheet_of(["张三", "李四"], name="甲"), sheet_of(["1", "2"], name="乙")], COLUMNS)


def test_understanding_twice_gives_the_same_and_leaves_the_sheet_as_it_was():
    sheet = sheet_of(
        ["姓名", "职务", "备注"], ["东台市"], ["张三", "班长"], ["李四"], merges=[(2, 0, 2, 2), (3, 1, 4, 1)]
    )
    first, second = understand([sheet], COLUMNS), understand([sheet], COLUMNS)
    assert (
        first.records
        == second.records
        == [(3, ["张三", "班长", None, "东台市"]), (4, ["李四", "班长", None, "东台市"])]
    )
    assert [column.name for column in second.read_columns] == ["name", "position", "note", "org"]
    assert sheet.rows[3][1][1] is None


def test_a_plain_sheet_is_not_copied():
    sheet = sheet_of(["姓名", "单位", "备注"], *(["张三", "甲"] for _ in range(10)))
    layout = understand([sheet], COLUMNS)
    assert all(mine is theirs for (_, mine), (_, theirs) in zip(layout.records, sheet.rows[1:], strict=True))


def test_overlapping_merged_ranges_do_not_multiply_the_work():
    rows = [["张三", "甲"], *(["李四", None] for _ in range(200))]
    merges = [(2, 1, 150, 1), *((2, 1, 100 + n, 1) for n in range(100))]
    layout = understand([sheet_of(["姓名", "单位"], *rows, merges=merges)], COLUMNS)
    assert [cells[1] for _, cells in layout.records].count("甲") == 149


def test_long_cells_are_looked_at_in_passing():
    sheet = sheet_of(["姓名", "单位"], ["盖章" * 20_000], ["（" * 30_000, "甲"], ["张三", "甲"])
    assert len(understand([sheet], COLUMNS).records) == 3


def test_templates_know_their_version(cast):
    register = REGISTERS["laureates"]
    columns = template._Template(register, cast.city, template._Book()).columns
    content = template.workbook(register, cast.city)
    now = understand(read("模板.xlsx", content), columns)
    assert now.template_version
    assert not any("旧版" in note for note in now.notes)
    book = load_workbook(BytesIO(content))
    guide = book["填表说明"]
    line = next(row for row in guide.iter_rows() if row[0].value == "模板版本")
    line[1].value = "20250101-abcdef"
    older = understand(read("模板.xlsx", saved(book)), columns)
    assert any("旧版导入模板（20250101 版）" in note for note in older.notes)
    assert set(older.columns.values()) == set(columns)


def test_other_files_have_no_version():
    layout = understand(read("表.xlsx", workbook_bytes(["姓名", "单位"], ["张三", "甲"])), COLUMNS)
    assert layout.template_version == ""
    assert layout.notes == []


@pytest.mark.parametrize(("text", "words"), [("#REF!", "错误值 #REF!"), ("公式未计算", "没有保存计算结果")])
def test_cells_without_a_value_say_what_to_do(text, words):
    assert words in Broken(text).advice


def test_a_text_table_is_named_after_its_file():
    assert [sheet.name for sheet in read("C:\\表\\职工名单.csv", "姓名,单位\n张三,甲\n".encode())] == [
        "职工名单"
    ]


def test_rows_of_a_text_table_keep_their_numbers():
    (sheet,) = read("a.csv", '姓名,单位\n\n"张\n三",甲\n李四,乙\n'.encode())
    assert [number for number, _ in sheet.rows] == [1, 3, 4]
