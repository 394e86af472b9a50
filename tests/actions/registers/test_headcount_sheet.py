"""Headcount returns: natural sheets there and back, the long sheet, and that they never mix with named records."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

from openpyxl import load_workbook

from actions.models import HeadcountReturn, TenOneItem
from mofu.registers.periods import today
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import committing
from mofu.registers.sheets.reading import read
from tests.actions.registers.natural import NAMES, Upload, there_and_back
from tests.makers import make_headcount, make_ten_one, make_worker
from tests.registers.sheets_of import saved
from tests.workbooks.legitimate import table

YEAR = 2025
TITLE = [f"{YEAR}年“十个一”活动人数月报表"]


def reported():
    rows = HeadcountReturn.everything.order_by("org__name", "year", "month", "item__number")
    return [tuple(row) for row in rows.values_list("org__name", "year", "month", "item__number", "people")]


def checked(*expected):
    def check():
        assert reported() == sorted(expected)

    return check


# natural sheets ----------------------------------------------------------------------------------------------


def test_a_row_per_unit_and_month_with_totals(client):
    content = table(
        TITLE,
        ["序号", "单位", "月份", *NAMES, "合计"],
        [1, "东台机械厂", 3, 10, 0, None, "12人", *[None] * 6, 22],
        [2, "东台机械厂", "四月", 5, *[None] * 9, 5],
        ["合计", None, None, 15, 0, None, 12, *[None] * 6, 27],
        merges=["A1:N1"],
    )
    name = "东台机械厂"
    there_and_back(
        client, "headcounts", content,
        checked((name, YEAR, 3, 1, 10), (name, YEAR, 3, 2, 0), (name, YEAR, 3, 4, 12), (name, YEAR, 4, 1, 5)),
        {"rows": 2, "new": 2},
    )  # fmt: skip


def test_one_month_in_the_title_and_two_rows_of_heads(client, cast):
    content = table(
        [f"{YEAR}年3月“十个一”活动人数报送表"],
        ["单位名称", "十个一参加人数", *[None] * 9, "备注"],
        [None, *range(1, 11), None],
        ["东台机械厂", *range(10, 20), "含劳务派遣"],
        ["东台市", 7, *[None] * 9, None],
        merges=["A2:A3", "B2:K2", "L2:L3"],
    )
    expected = [("东台机械厂", YEAR, 3, n, 9 + n) for n in range(1, 11)] + [("东台市", YEAR, 3, 1, 7)]

    def check():
        checked(*expected)()
        assert HeadcountReturn.everything.filter(note="含劳务派遣").count() == 10

    there_and_back(client, "headcounts", content, check, {"rows": 2, "new": 2})


def test_year_and_month_in_one_column_and_the_users_own_unit(client):
    content = table(
        ["报送月份", "学历提升人数", "技能竞赛（人）", "技术培训"],
        [f"{YEAR}年1月", 3, 4, None],
        [datetime(YEAR, 2, 1), None, None, 5],
        [f"{YEAR - 1}-12", 1, None, None],
    )
    there_and_back(
        client, "headcounts", content,
        checked(("东台市", YEAR, 1, 1, 3), ("东台市", YEAR, 1, 2, 4), ("东台市", YEAR, 2, 3, 5),
                ("东台市", YEAR - 1, 12, 1, 1)),
        {"rows": 3, "new": 3},
    )  # fmt: skip


def test_a_stored_number_is_changed_and_another_added(client, factory):
    make_headcount(org=factory, item=1, year=YEAR, month=3, people=10)
    content = table(TITLE, ["单位", "月份", *NAMES], ["东台机械厂", 3, 12, 5, None])
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 1, "changed": 1}
    [row] = upload.rows("changed")
    assert row["changes"] == [{"label": "参加一次学历提升 参加人数", "old": "10", "new": "12"}]
    upload.act("draft")
    assert reported() == [("东台机械厂", YEAR, 3, 1, 12), ("东台机械厂", YEAR, 3, 2, 5)]
    assert HeadcountReturn.everything.get(item__number=1).review_state == "draft"
    upload.act("undo")
    assert reported() == [("东台机械厂", YEAR, 3, 1, 10)]


def test_two_rows_of_one_unit_and_month_have_to_agree(client):
    content = table(
        TITLE, ["单位", "月份", *NAMES],
        ["东台机械厂", 3, 12, None, None], ["东台机械厂", 3, 12, 5, None], ["东台机械厂", 3, 13, None, None],
    )  # fmt: skip
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 3, "new": 2, "errors": 1}
    assert upload.problems()[0][:2] == (5, NAMES[0])
    upload.act("draft")
    assert [row[3:] for row in reported()] == [(1, 12), (2, 5)]


def test_what_is_wrong_is_named_at_its_cell(client):
    content = table(
        TITLE, ["单位", "月份", *NAMES],
        ["东台机械厂", 13, 5], ["东台机械厂", None, 5], ["东台机械厂", 3, "很多"], ["东台机械厂", 3, 2.5],
        ["东台机械厂", 3, -1],
    )  # fmt: skip
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 5, "errors": 5}
    assert [row for row, *_ in upload.problems()] == [3, 4, 5, 6, 7]
    assert [column for _, column, _ in upload.problems()] == ["月份", "月份", NAMES[0], NAMES[0], NAMES[0]]


def test_a_month_to_come_is_refused(client):
    content = table([f"{today().year}年"], ["单位", "月份", *NAMES], ["东台机械厂", 12, 5])
    upload = Upload(client, "headcounts", content)
    if today().month < 12:
        assert "还没有到" in upload.problems()[0][2]


def test_an_unlikely_number_is_asked_about_and_taken(client):
    content = table(TITLE, ["单位", "月份", *NAMES], ["东台机械厂", 3, 30_000])
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 1, "new": 1}
    assert "人数超过20000" in str(upload.rows("noted"))


def test_unknown_units_are_made_and_taken_back(client):
    content = table(TITLE, ["单位", "月份", *NAMES], ["不知名公司", 3, 12])
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 1, "questions": 1}
    upload.act("check", **{"unit-1": "不知名公司", "answer-1": "create"})
    upload.act("draft")
    assert reported() == [("不知名公司", YEAR, 3, 1, 12)]
    upload.act("undo")
    assert reported() == []


def test_units_out_of_sight_stay_untouched(client, cast):
    make_headcount(org=cast.sheyang, item=1, year=YEAR, month=3, people=10)
    content = table(TITLE, ["单位", "月份", *NAMES], ["射阳县", 3, 99])
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 1, "questions": 1}
    assert reported() == [("射阳县", YEAR, 3, 1, 10)]


# other ways --------------------------------------------------------------------------------------------------


def test_the_long_sheet_and_the_template(client, factory):
    content = table(["单位", "项目", "年度", "月份", "参加人数"], ["东台机械厂", NAMES[4], YEAR, "3月", 8])
    upload = Upload(client, "headcounts", content)
    assert upload.counts == {"rows": 1, "new": 1}
    upload.act("draft")
    assert reported() == [("东台机械厂", YEAR, 3, 5, 8)]
    book = load_workbook(BytesIO(b"".join(client.get("/headcounts/import/template.xlsx").streaming_content)))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    for place, value in {"单位": "东台机械厂", "年度": YEAR, "月份": 3, NAMES[4]: 9}.items():
        sheet.cell(5, heads.index(place) + 1).value = value
    upload = Upload(client, "headcounts", saved(book))
    assert upload.counts == {"rows": 1, "changed": 1}
    assert "旧版" not in upload.notes


def test_export_is_imported_without_change(client, factory):
    for item in (1, 2, 3):
        make_headcount(org=factory, item=item, year=YEAR, month=3)
    content = b"".join(client.get("/headcounts/", {"export": "xlsx", "year": YEAR}).streaming_content)
    assert Upload(client, "headcounts", content).counts == {"rows": 3, "same": 3}


def test_the_city_approves_what_a_county_hands_in(client, cast, signed_in):
    content = table(TITLE, ["单位", "月份", *NAMES], ["东台机械厂", 3, 12])
    Upload(client, "headcounts", content).act("submit")
    row = HeadcountReturn.everything.get()
    assert (row.review_state, row.submitted_by) == ("pending", cast.county)
    outcome = committing.commit(REGISTERS["headcounts"], cast.city, read("表.xlsx", table(
        TITLE, ["单位", "月份", *NAMES], ["东台机械厂", 4, 12])))  # fmt: skip
    assert outcome.counts["new"] == 1
    assert HeadcountReturn.everything.get(month=4).review_state == "approved"


# beside the named records ------------------------------------------------------------------------------------


def test_a_return_beside_named_records_is_flagged(client, factory):
    worker = make_worker(org=factory)
    make_ten_one(worker=worker, item=1, year=YEAR, done_on=date(YEAR, 3, 5))
    make_ten_one(worker=worker, item=2, year=YEAR)
    for item in (1, 2, 3):
        make_headcount(org=factory, item=item, year=YEAR, month=3)
    page = client.get("/headcounts/", {"year": YEAR})
    texts = [list(map(str, row.cells)) for row in page.context["rows"]]
    assert [text[1:7] for text in texts] == [
        [NAMES[0], str(YEAR), "3", "30", "1", "已有实名记录"],
        [NAMES[1], str(YEAR), "3", "30", "0", "另有未注明月份的实名记录"],
        [NAMES[2], str(YEAR), "3", "30", "0", ""],
    ]
    record = HeadcountReturn.everything.get(item__number=1)
    told = client.get(f"/headcounts/{record.pk}/").content.decode()
    assert "另有 1 条已通过的实名记录" in told
    plain = HeadcountReturn.everything.get(item__number=3)
    assert "实名记录" not in client.get(f"/headcounts/{plain.pk}/").content.decode().split("</nav>")[-1]


def test_the_month_of_a_unit_and_item_is_kept_once(client, factory, cast, signed_in):
    make_headcount(org=factory, item=1, year=YEAR, month=3)
    item = TenOneItem.objects.get(number=1)
    data = {"org": factory.pk, "item": item.pk, "year": YEAR, "month": 3, "people": 5}
    page = client.post("/headcounts/new/", data)
    assert "已报送，请修改原记录" in page.content.decode()
    client.post("/headcounts/new/", data | {"month": 4})
    assert [row[2:] for row in reported()] == [(3, 1, 30), (4, 1, 5)]
