"""The ten ones as units keep them: one row per worker, ten columns; each ugly table goes in, stays put and comes out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from io import BytesIO

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from actions.models import TenOne, Worker
from mofu.accounts.models import Organization, TrailEntry
from mofu.registers.periods import today
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import read
from tests.actions.registers.natural import NAMES, Upload, there_and_back
from tests.makers import made_id_number, make_laureate, make_ten_one, make_worker
from tests.registers.sheets_of import saved, workbook_bytes
from tests.workbooks.legitimate import table

YEAR = 2025
TITLE = [f"{YEAR}年职工“十个一”活动登记表"]


def done():
    """Return by worker the items done, each with its day."""
    found = defaultdict(dict)
    for row in TenOne.everything.select_related("worker", "item"):
        found[row.worker.name][row.item.number] = row.done_on
    return dict(found)


def checked(expected, year=YEAR):
    def check():
        assert done() == expected
        assert set(TenOne.everything.values_list("year", flat=True)) == {year}
        assert all(row.org_id == row.worker.org_id for row in TenOne.everything.select_related("worker"))

    return check


# ugly tables -------------------------------------------------------------------------------------------------


def test_full_names_below_a_merged_title_with_totals_and_sign_off(client):
    content = table(
        TITLE,
        ["填报单位：东台机械厂", *[None] * 8, "填报日期：2026年1月8日"],
        ["序号", "姓名", "单位", "身份证号", "联系电话", *NAMES, "合计"],
        [1, "张三", "东台机械厂", made_id_number(), "13900000001", "√", None, "√", *[None] * 7, 2],
        [2, "李 四", "东台机械厂", made_id_number(), "13900000002", "×", "✓", "否", "是", *["√"] * 6, 8],
        ["合计", None, None, None, None, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10],
        ["负责人：王五", None, None, "填表人：赵六"],
        merges=["A1:P1", "A6:C6"],
    )
    expected = {
        "张三": {1: None, 3: None},
        "李四": dict.fromkeys((2, 4, 5, 6, 7, 8, 9, 10)),
    }
    upload = there_and_back(client, "ten-ones", content, checked(expected), {"rows": 2, "new": 2})
    assert "十个一参与 10 条" in upload.first_notes
    assert upload.left_out == ["合计行", "签字栏"]


def test_a_two_row_head_with_numbers_below_ten_ones(client):
    content = table(
        [f"东台机械厂职工参与情况（{YEAR}年度）"],
        ["序号", "姓名", "单位", "十个一", *[None] * 9],
        [None, None, None, *"一二三四五六七八九十"],
        [1, "张三", "东台机械厂", "√", *[None] * 8, "√"],
        [2, "李四", "东台机械厂", *["●"] * 10],
        merges=["A1:M1", "A2:A3", "B2:B3", "C2:C3", "D2:M2"],
    )
    expected = {"张三": {1: None, 10: None}, "李四": dict.fromkeys(range(1, 11))}
    there_and_back(client, "ten-ones", content, checked(expected), {"rows": 2, "new": 2})


def test_ticks_mixed_with_dates_of_every_kind(client):
    row = ["张三", "东台机械厂", datetime(YEAR, 3, 5), "5月3日", "6.22", f"{YEAR}.7.8", f"√（{YEAR}年8月9日）",
           f"{YEAR}0910", 45940, "√10-11", "9/30", "已完成"]  # fmt: skip
    content = table(TITLE, ["姓名", "单位", *NAMES], row)
    days = [(3, 5), (5, 3), (6, 22), (7, 8), (8, 9), (9, 10), (10, 10), (10, 11), (9, 30)]
    expected = {"张三": {n: date(YEAR, *day) for n, day in enumerate(days, start=1)} | {10: None}}
    there_and_back(client, "ten-ones", content, checked(expected), {"rows": 1, "new": 1})


def test_units_as_headings_and_shortened_heads_with_numbers(client, cast):
    heads = ["1.学历提升", "2.技能竞赛", "3、技术培训", "④五小活动", "第5项", "(6)", "学技术（打√）", "技术攻关情况",
             "生产日记", "制定岗位提升计划"]  # fmt: skip
    content = table(
        [f"{YEAR}年“十个一”活动台账"],
        ["序号", "姓名", *heads, "参加项数"],
        ["东台机械厂"],
        [1, "张三", "是", *[None] * 9, 1],
        [2, "李四", None, "有", *[None] * 8, 1],
        ["东台市"],
        [3, "王五", *["√"] * 10, 10],
        merges=["A1:M1", "A3:M3", "A6:M6"],
    )

    def check():
        checked({"张三": {1: None}, "李四": {2: None}, "王五": dict.fromkeys(range(1, 11))})()
        assert Worker.everything.get(name="王五").org == cast.dongtai
        assert Worker.everything.get(name="张三").org.name == "东台机械厂"

    there_and_back(client, "ten-ones", content, check, {"rows": 3, "new": 3})


def test_full_and_hollow_circles_with_the_year_in_the_name_of_the_sheet(client):
    content = table(
        ["姓名", "所在单位", *range(1, 11)],
        ["张三", "东台机械厂", *["●", "○"] * 5],
        ["李四", "东台机械厂", *["○"] * 9, "●"],
        title=f"{YEAR}年",
    )
    expected = {"张三": dict.fromkeys((1, 3, 5, 7, 9)), "李四": {10: None}}
    upload = there_and_back(client, "ten-ones", content, checked(expected), {"rows": 2, "new": 2})
    assert "“○”按没参加读取" in upload.first_notes


def test_hollow_circles_alone_are_ticks(client):
    content = table(TITLE, ["姓名", "单位", *NAMES], ["张三", "东台机械厂", "○", None, "○"])
    upload = there_and_back(
        client, "ten-ones", content, checked({"张三": {1: None, 3: None}}), {"rows": 1, "new": 1}
    )
    assert "“○”按已参加读取" in upload.first_notes


def test_a_text_table_with_a_year_of_its_own_in_each_row(client):
    lines = [
        "年度,姓名,单位,学历提升,技能竞赛,技术培训",
        "2024,张三,东台机械厂,1,0,1",
        "2025年,张三,东台机械厂,1,1,",
    ]
    content = "\r\n".join(lines).encode("gb18030")
    upload = Upload(client, "ten-ones", content, "台账.csv")
    assert upload.counts == {"rows": 2, "new": 2}
    upload.act("draft")
    assert sorted(TenOne.everything.values_list("year", "item__number")) == [
        (2024, 1),
        (2024, 3),
        (2025, 1),
        (2025, 2),
    ]
    assert Worker.everything.count() == 1


def test_some_of_the_items_between_other_columns_and_a_merged_unit(client):
    content = table(
        [f"{YEAR}年度"],
        ["单位", "姓名", "工种", "拜师学艺", "听劳模宣讲", "攻关", "引领劳模", "引领方式", "备注"],
        ["东台机械厂", "张三", "焊工", f"{YEAR}-05-01", None, None, "王师傅", "收一批徒弟", "夜校"],
        [None, "李四", "车工", None, "√", None, None, None, None],
        merges=["A3:A4"],
    )
    leader = make_laureate(name="王师傅", org=Organization.everything.get(name="东台机械厂"))

    def check():
        checked({"张三": {6: date(YEAR, 5, 1)}, "李四": {5: None}})()
        led = TenOne.everything.get(worker__name="张三")
        assert (led.led_by, led.lead_kind, led.note) == (leader, "apprentices", "夜校")
        assert Worker.everything.get(name="李四").trade == "车工"

    there_and_back(client, "ten-ones", content, check, {"rows": 2, "new": 2})


# what is known already ---------------------------------------------------------------------------------------


def test_known_workers_are_found_and_only_what_is_new_is_added(client, factory):
    number = made_id_number()
    known = make_worker(name="张三", org=factory, id_number=number)
    day = date(YEAR, 3, 1)
    kept = make_ten_one(worker=known, item=1, year=YEAR, done_on=day, note="原来的")
    make_ten_one(worker=known, item=5, year=YEAR)
    content = table(
        TITLE, ["姓名", "身份证号", "单位", *NAMES],
        ["张三", number, "东台机械厂", "√", "√", "√", None, "×"],
        ["李四", made_id_number(), "东台机械厂", "√"],
    )  # fmt: skip
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 2, "new": 1, "changed": 1}
    [row] = upload.rows("changed")
    assert row["sides"] == ["十个一参与 2 条：参加一次技能竞赛、参加一场技术培训"]
    upload.act("draft")
    assert done()["张三"] == {1: day, 2: None, 3: None, 5: None}
    kept.refresh_from_db()
    assert (kept.done_on, kept.note) == (day, "原来的")


def test_a_date_completes_what_was_only_ticked(client, factory):
    known = make_worker(name="张三", org=factory)
    make_ten_one(worker=known, item=1, year=YEAR)
    content = table(TITLE, ["姓名", "单位", *NAMES], ["张三", "东台机械厂", "3月5日"])
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 1, "changed": 1}
    assert upload.rows("changed")[0]["changes"] == [
        {"label": "参加一次学历提升 完成日期", "old": "", "new": f"{YEAR}-03-05"}
    ]


def test_namesakes_are_never_told_apart_by_name_alone(client, factory):
    make_worker(name="张三", org=factory, birth_date="1980-01-01")
    make_worker(name="张三", org=factory, birth_date="1990-01-01")
    content = table(TITLE, ["姓名", "单位", *NAMES], ["张三", "东台机械厂", "√"])
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 1, "errors": 1}
    assert "2 位“张三”" in upload.problems()[0][2]


def test_unknown_units_are_asked_about(client):
    content = table(TITLE, ["姓名", "单位", *NAMES], ["张三", "不知名公司", "√", "√", "√"])
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 1, "questions": 1}
    upload.act("check", **{"unit-1": "不知名公司", "answer-1": "create"})
    assert upload.counts == {"rows": 1, "new": 1}
    upload.act("draft")
    assert {str(row.org) for row in TenOne.everything.select_related("org")} == {"不知名公司"}


def test_what_another_county_has_entered_is_neither_shown_nor_entered_twice(client, cast, factory):
    known = make_worker(name="张三", org=cast.sheyang)
    make_ten_one(worker=known, item=1, year=YEAR)
    known.org = factory
    known.save()
    content = table(TITLE, ["姓名", "单位", *NAMES], ["张三", "东台机械厂", "√", "√"])
    upload = Upload(client, "ten-ones", content)
    assert upload.problems() == [(3, NAMES[0], "该职工这一年度的此项已登记，请勿重复录入。")]


# cells -------------------------------------------------------------------------------------------------------


def test_bad_cells_are_named_and_the_refused_rows_come_back_in_the_same_shape(client):
    content = table(
        TITLE,
        ["姓名", "单位", *NAMES],
        ["张三", "东台机械厂", "本科在读", "2024-05-01", "13月1日"],
        ["李四", "东台机械厂", "√"],
    )
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 2, "new": 1, "errors": 1}
    problems = upload.problems()
    assert [(row, column) for row, column, _ in problems] == [(3, NAMES[0]), (3, NAMES[2]), (3, NAMES[1])]
    assert "看不出是否参加" in problems[0][2]
    assert f"完成日期不在{YEAR}年内" in problems[2][2]
    upload.act("draft")
    back = b"".join(client.get(f"{upload.address}refused.xlsx").streaming_content)
    sheet = load_workbook(BytesIO(back)).active
    assert [cell.value for cell in sheet[1]] == ["姓名", "单位", *NAMES, "退回原因"]
    sheet["C2"], sheet["D2"], sheet["E2"] = "√", f"{YEAR}-05-01", None
    again = Upload(client, "ten-ones", saved(sheet.parent))
    assert again.counts == {"rows": 1, "new": 1}


def test_a_date_known_to_the_month_counts_without_a_day(client):
    content = table(TITLE, ["姓名", "单位", *NAMES], ["张三", "东台机械厂", f"{YEAR}年5月", "6月", 5.1, YEAR])
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 1, "new": 1}
    [row] = upload.rows("noted")
    assert [note.partition("只写到")[2][:3] for note in row["notes"]] == ["5月，", "6月，", "5月，", "202"]
    upload.act("draft")
    assert done() == {"张三": dict.fromkeys((1, 2, 3, 4))}


def test_a_leader_of_several_ticks_is_asked_about(client, factory):
    make_laureate(name="王师傅", org=factory)
    content = table(
        TITLE, ["姓名", "单位", *NAMES, "引领劳模", "引领方式"],
        ["张三", "东台机械厂", "√", "√", *[None] * 8, "王师傅", "讲授一堂技术课"],
    )  # fmt: skip
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 1, "errors": 1}
    assert "看不出劳模引领的是哪一项" in upload.problems()[0][2]
    upload.act(
        "check", **{"cell-3-12": "", "was-3-12": "王师傅", "cell-3-13": "", "was-3-13": "讲授一堂技术课"}
    )
    assert upload.counts == {"rows": 1, "new": 1}


def test_the_year_is_taken_from_the_dates_else_this_year_and_said(client):
    content = table(["姓名", "单位", *NAMES], ["张三", "东台机械厂", "2024-05-01", "√"])
    upload = Upload(client, "ten-ones", content)
    assert "按表中的日期记入2024年度" in upload.notes
    upload.act("draft")
    assert set(TenOne.everything.values_list("year", flat=True)) == {2024}
    content = table(["姓名", "单位", *NAMES], ["李四", "东台机械厂", "√"])
    upload = Upload(client, "ten-ones", content)
    assert f"按今年记入{today().year}年度" in upload.notes


def test_two_rows_about_one_worker_are_one_worker(client):
    number = made_id_number()
    content = table(
        TITLE, ["姓名", "身份证号", "单位", *NAMES],
        ["张三", number, "东台机械厂", "3月1日", "√"],
        ["张三", number, "东台机械厂", "4月1日", None, "√"],
    )  # fmt: skip
    upload = Upload(client, "ten-ones", content)
    assert upload.counts == {"rows": 2, "new": 2}
    assert "以前面的行为准" in str(upload.rows("noted"))
    upload.act("draft")
    assert done() == {"张三": {1: date(YEAR, 3, 1), 2: None, 3: None}}
    assert Worker.everything.count() == 1


# other shapes ------------------------------------------------------------------------------------------------


def test_the_long_sheet_is_read_as_before(client, factory):
    make_worker(name="张三", org=factory)
    content = table(
        ["职工", "项目", "年度", "完成日期"], ["张三", NAMES[0], YEAR, None], ["张三", "技能竞赛", YEAR, None]
    )
    upload = Upload(client, "ten-ones", content)
    assert upload.summary["columns"] == ["职工", "项目", "年度", "完成日期"]
    assert upload.counts["rows"] == 2


def test_months_are_no_items(client):
    content = table(["姓名", "单位", *range(1, 13)], ["张三", "东台机械厂", *["√"] * 12])
    answer = client.post("/ten-ones/import/", {"file": BytesIO(content)})
    assert not TenOne.everything.exists()
    assert answer.status_code in (302, 422)


def test_the_template_offers_the_natural_sheet_first_and_reads_either(client, cast):
    content = b"".join(client.get("/ten-ones/import/template.xlsx").streaming_content)
    book = load_workbook(BytesIO(content))
    assert book.sheetnames[:2] == ["十个一（按职工）", "十个一参与"]
    heads = [cell.value for cell in book.worksheets[0][3]]
    assert heads[1:5] == ["姓名", "所属单位", "身份证号", "联系电话"]
    assert set(NAMES) < set(heads)
    guide = "".join(str(cell.value) for row in book["填表说明"] for cell in row)
    assert "两种填法" in guide
    sheet = book.worksheets[0]
    for place, value in {"姓名": "张三", "所属单位": "东台机械厂", NAMES[2]: "√", "年度": YEAR}.items():
        sheet.cell(5, heads.index(place) + 1).value = value
    upload = Upload(client, "ten-ones", saved(book))
    assert (upload.counts, upload.summary["unknown"]) == ({"rows": 1, "new": 1}, [])
    assert "旧版" not in upload.notes
    assert "未读取" not in upload.notes
    upload.act("draft")
    assert done() == {"张三": {3: None}}
    long = load_workbook(BytesIO(content))
    cells = [cell.value for cell in long.worksheets[1][3]]
    for place, value in {"职工": "张三", "项目": NAMES[0], "年度": YEAR}.items():
        long.worksheets[1].cell(5, cells.index(place) + 1).value = value
    upload = Upload(client, "ten-ones", saved(long))
    assert upload.counts == {"rows": 1, "new": 1}
    assert "旧版" not in upload.notes


def test_the_command_reads_the_natural_sheet(cast, factory):
    rows = [["姓名", "单位", *NAMES], ["张三", "东台机械厂", *["√"] * 10]]
    outcome = committing.commit(
        REGISTERS["ten-ones"], cast.city, read("表.xlsx", workbook_bytes(TITLE, *rows))
    )
    assert (outcome.counts["new"], outcome.beside) == (1, {"十个一参与": 10})
    assert TenOne.everything.filter(review_state="approved").count() == 10


# many rows ---------------------------------------------------------------------------------------------------


def _queries(user, many):
    rows = [
        [f"职工{number}", "东台机械厂", made_id_number(), *["√"] * 5, *["3月5日"] * 5]
        for number in range(many)
    ]
    sheets = read("表.xlsx", workbook_bytes(TITLE, ["姓名", "单位", "身份证号", *NAMES], *rows))
    counts = []
    for work in (committing.preview, committing.commit, committing.preview):
        with CaptureQueriesContext(connection) as seen:
            outcome = work(REGISTERS["ten-ones"], user, sheets)
        counts.append(len(seen))
    assert outcome.counts["same"] == many
    return counts


def test_no_query_belongs_to_a_single_row(cast, factory):
    _queries(cast.city, 2)
    assert _queries(cast.city, 25) == _queries(cast.city, 60)


def test_equal_participations_share_one_made_record_until_they_are_written(cast, factory):
    rows = [[f"职工{number}", "东台机械厂", *["√"] * 10] for number in range(40)]
    sheets = read("表.xlsx", workbook_bytes(TITLE, ["姓名", "单位", *NAMES], *rows))
    outcome = committing.preview(REGISTERS["ten-ones"], cast.city, sheets)
    assert len({id(side) for row in outcome.rows for side in row.sides}) == 10
    committing.commit(REGISTERS["ten-ones"], cast.city, sheets)
    assert TenOne.everything.count() == 400
    assert TenOne.everything.values("worker").distinct().count() == 40
    assert TrailEntry.objects.filter(model="actions.tenone", action="created").count() == 400
    labels = TrailEntry.objects.filter(object_label__startswith="职工7 ").values_list(
        "object_label", flat=True
    )
    assert set(labels) == {f"职工7 {YEAR}年 {name}" for name in NAMES}
