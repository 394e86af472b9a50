"""Ugly but honest tables as counties, companies and programs really make them, and what reading each one gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from tests.registers.sheets_of import saved
from tests.workbooks.parts import SHEET, STRICT_MAIN, STRICT_RELS, changed, raw, row, text_cell

DATA = Path(__file__).parent.parent / "data" / "workbooks"
NUMBER = "32099919900101001X"


@dataclass
class Case:
    """One table: the register it is meant for, its file, and what is found in it.

    ``rows`` are the records by column label (fewer labels than columns will do); ``notes`` are words that the notes
    hold, ``left_out`` pairs of row number and reason, ``unknown`` the heads that are asked about.
    """

    slug: str
    build: object
    rows: list
    name: str = "表.xlsx"
    left_out: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    options: dict = field(default_factory=dict)
    header_row: int = 1


def table(*rows, merges=(), hidden_rows=(), hidden_columns=(), then=None, title="表"):
    """Return an .xlsx by openpyxl; ``then`` does what is left to the workbook and its sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for cells in rows:
        sheet.append(list(cells))
    for merge in merges:
        sheet.merge_cells(merge)
    for number in hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for letter in hidden_columns:
        sheet.column_dimensions[letter].hidden = True
    if then:
        then(book, sheet)
    return saved(book)


def on_disk(name):
    return lambda: (DATA / name).read_bytes()


def csv_of(*rows, encoding="utf-8", separator=",", end="\r\n"):
    return end.join(separator.join(cells) for cells in (*rows, [])).encode(encoding)


def two_sheets(*, first="封面", hidden=()):
    def more(book, sheet):
        sheet.title = first
        other = book.create_sheet("活动台账")
        for cells in (["活动名称", "活动类型", "日期"], ["六进宣讲", "宣讲", "2025-09-01"]):
            other.append(cells)
        for name in hidden:
            book[name].sheet_state = "hidden"

    return more


def styled_to_the_end(_book, sheet):
    for letter in "ABCDE":
        sheet[f"{letter}1048576"].font = Font(bold=True)
    sheet["XFD1"].alignment = Alignment(wrap_text=True)


def decorated(book, sheet):
    """Everything beside the cells: picture, chart, comment, drop-down, link, filter, print titles, a name."""
    out = BytesIO()
    Picture.new("RGB", (8, 8), "red").save(out, "PNG")
    sheet.add_image(Image(out), "H2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3))
    sheet.add_chart(chart, "H9")
    sheet["A2"].comment = Comment("请核对", "某人")
    rule = DataValidation(type="list", formula1='"男,女"')
    rule.add("C2:C9")
    sheet.add_data_validation(rule)
    sheet["A2"].hyperlink = "https://example.invalid/"
    sheet.auto_filter.ref = "A1:D3"
    sheet.print_title_rows = "1:1"
    sheet.protection.sheet = True


def pivot_and_links(content):
    """Parts that other programs leave behind: pivot caches, links to other files, custom XML, printer settings."""
    extra = [
        ("xl/pivotCache/pivotCacheDefinition1.xml", b"<pivotCacheDefinition/>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", b"<pivotCacheRecords/>"),
        ("xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
        ("xl/externalLinks/_rels/externalLink1.xml.rels", b'<Relationships><Relationship Id="rId1" Target="file:///C:/x.xlsx" TargetMode="External"/></Relationships>'),
        ("customXml/item1.xml", b"<x/>"), ("xl/printerSettings/printerSettings1.bin", bytes(50)),
        ("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"), ("docProps/custom.xml", b"<Properties/>"),
    ]  # fmt: skip
    return changed(content, add=extra)


def wps():
    """As WPS writes it: texts in a table, a picture in a cell, parts of its own, an application name."""
    heads = [
        text_cell(f"{letter}1", text)
        for letter, text in zip("ABC", ["姓名", "工作单位", "照片"], strict=True)
    ]
    picture = "=DISPIMG(&quot;ID_1&quot;,1)"
    people = row(
        2,
        text_cell("A2", "张三"),
        text_cell("B2", "示例公司"),
        f'<c r="C2" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>{picture}</v></c>',
    )
    return raw(row(1, *heads, more=' spans="1:3" ht="15" customHeight="1"'), people,
               add=[("xl/cellimages.xml", b"<cellImages/>"), ("docProps/app.xml", b"<Properties><Application>WPS</Application></Properties>")])  # fmt: skip


def rich_text():
    shared = (
        "<si><t>姓名</t></si><si><t>工作单位</t></si>"
        '<si><r><rPr><b/></rPr><t>马</t></r><r><t xml:space="preserve">兰䶮</t></r>'
        '<rPh sb="0" eb="1"><t>ma</t></rPh><phoneticPr fontId="1"/></si>'
        '<si><t>示例_x000D_\n公司</t><rPh sb="0" eb="2"><t>shili</t></rPh></si>'
    )
    cells = [[f'<c r="{letter}{number}" t="s"><v>{index}</v></c>' for letter, index in pairs]
             for number, pairs in ((1, (("A", 0), ("B", 1))), (2, (("A", 2), ("B", 3))))]  # fmt: skip
    return raw(row(1, *cells[0]), row(2, *cells[1]), shared=shared)


DATES = (
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="57"/></cellXfs>'
)


def since_1904():
    heads = row(1, text_cell("A1", "姓名"), text_cell("B1", "工作单位"), text_cell("C1", "出生日期"))
    person = row(2, text_cell("A2", "张三"), text_cell("B2", "示例公司"), '<c r="C2" s="1"><v>44003</v></c>')
    return raw(heads, person, styles=DATES, book='<workbookPr date1904="1"/>')


def strict():
    heads = row(1, text_cell("A1", "姓名"), text_cell("B1", "工作单位"), text_cell("C1", "出生日期"))
    person = row(
        2, text_cell("A2", "张三"), text_cell("B2", "示例公司"), '<c r="C2" t="d"><v>1990-01-01</v></c>'
    )
    return raw(heads, person, styles=DATES, main=STRICT_MAIN, rels=STRICT_RELS)


def chinese_dates():
    heads = row(
        1,
        text_cell("A1", "姓名"),
        text_cell("B1", "工作单位"),
        text_cell("C1", "出生日期"),
        text_cell("D1", "参加工作时间"),
    )
    person = row(
        2,
        text_cell("A2", "张三"),
        text_cell("B2", "示例公司"),
        '<c r="C2" s="2"><v>32874</v></c>',
        '<c r="D2" s="3"><v>40391</v></c>',
    )
    return raw(heads, person, styles=DATES)


def prefixed():
    return raw(row(1, text_cell("A1", "姓名"), text_cell("B1", "工作单位")),
               row(2, text_cell("A2", "张三"), text_cell("B2", "示例公司"), more=' hidden="1"'),
               after='<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>', prefix="x")  # fmt: skip


def without_addresses():
    """Rows and cells that leave their addresses to the order they come in."""
    inner = '<row><c t="inlineStr"><is><t>{}</t></is></c><c t="inlineStr"><is><t>{}</t></is></c></row>'
    return raw(inner.format("姓名", "工作单位"), inner.format("张三", "示例公司"))


def blank_in_the_last_row():
    content = table(["姓名", "工作单位"], ["张三", "示例公司"], ["李四", "示例公司"])
    blank = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row></sheetData>'
    return changed(content, replace=[(SHEET, lambda part: part.replace(b"</sheetData>", blank))])


def computed(*, kept):
    value = "<v>12.5</v>" if kept else ""
    heads = [
        text_cell(f"{letter}1", text)
        for letter, text in zip("ABC", ["工作室名称", "领衔人", "经费（万元）"], strict=True)
    ]
    return raw(
        row(1, *heads),
        row(2, text_cell("A2", "示例工作室"), text_cell("B2", "张三"), f'<c r="C2"><f>5*2.5</f>{value}</c>'),
    )


def errors():
    heads = [
        text_cell(f"{letter}1", text)
        for letter, text in zip("ABC", ["姓名", "工作单位", "备注"], strict=True)
    ]
    cells = ['<c r="B2" t="e"><f>VLOOKUP(A2,X:Y,2,0)</f><v>#REF!</v></c>', '<c r="C2" t="e"><v>#N/A</v></c>']
    return raw(row(1, *heads), row(2, text_cell("A2", "张三"), *cells))


CASES = {
    # programs
    "libreoffice: title, formula, total, hidden column": Case(
        "studios", on_disk("libreoffice-studios.xlsx"),
        [{"工作室名称": "张三创新工作室", "领衔人": "张三", "创建时间": "2023-05-01", "经费（万元）": "12.5"},
         {"工作室名称": "李四创新工作室", "领衔人": "李䶮", "创建时间": "2024年6月", "经费（万元）": "25"}],
        left_out=[(6, "合计行")], notes=["1 个单元格是公式（F5）", "C列（领衔人）是隐藏的列"], header_row=3),
    "libreoffice: two header rows, merged unit, hidden row": Case(
        "honours", on_disk("libreoffice-honours.xlsx"),
        [{"获得者": "张三", "荣誉称号": "江苏省劳动模范", "授予时间": "2019.4", "工作单位": "示例纺织公司", "备注": "无"},
         {"获得者": "李四", "荣誉称号": "盐城市劳动模范", "授予时间": "2021-04-28", "工作单位": "示例纺织公司"},
         {"获得者": "王五", "荣誉称号": "全国五一劳动奖章", "授予时间": "2020", "工作单位": "示例机械公司"}],
        notes=["B列（工作单位）有合并单元格（第3—4行）", "第 5 行是隐藏的行", "未读取：说明"], header_row=2),
    "libreoffice: chart and filter": Case(
        "events", on_disk("libreoffice-events.xlsx"),
        [{"活动名称": "劳模进校园", "日期": "2025-09-01", "受众人数": "120"}, {"活动名称": "劳模进企业"}]),
    "libreoffice: csv opened without care": Case(
        "workers", on_disk("libreoffice-workers.xlsx"),
        [{"姓名": "张三", "身份证号": NUMBER, "工种": "钳工"}, {"姓名": "李\n四", "身份证号": "320999199001009984"}]),
    "wps: picture in a cell": Case("laureates", wps, [{"姓名": "张三", "工作单位": "示例公司"}]),
    "strict open xml": Case("laureates", strict, [{"姓名": "张三", "工作单位": "示例公司", "出生日期": "1990-01-01"}]),
    "prefixed tags": Case("laureates", prefixed, [{"姓名": "张三", "工作单位": "示例公司"}], notes=["第 2 行是隐藏的行"]),
    "no addresses": Case("laureates", without_addresses, [{"姓名": "张三", "工作单位": "示例公司"}]),
    "rich text with readings": Case("laureates", rich_text, [{"姓名": "马兰䶮", "工作单位": "示例\n公司"}]),
    "dates since 1904": Case("laureates", since_1904, [{"姓名": "张三", "出生日期": "2024-06-22"}]),
    "chinese date formats": Case("laureates", chinese_dates, [{"出生日期": "1990-01-01", "参加工作时间": "2010-08-01"}]),
    "everything beside the cells": Case(
        "laureates", lambda: table(["姓名", "工作单位", "性别"], ["张三", "示例公司", "男"], ["李四", "示例公司", "女"], then=decorated),
        [{"姓名": "张三", "性别": "男"}, {"姓名": "李四", "性别": "女"}]),
    "left-over parts": Case("laureates", lambda: pivot_and_links(table(["姓名", "工作单位"], ["张三", "示例公司"])), [{"姓名": "张三"}]),
    "whole columns formatted": Case("laureates", lambda: table(["姓名", "工作单位"], ["张三", "示例公司"], then=styled_to_the_end), [{"姓名": "张三"}]),
    "blank in the last row": Case("laureates", blank_in_the_last_row, [{"姓名": "张三"}, {"姓名": "李四"}]),
    "formula with result": Case("studios", lambda: computed(kept=True), [{"工作室名称": "示例工作室", "经费（万元）": "12.5"}], notes=["1 个单元格是公式（C2）"]),
    "formula without result": Case("studios", lambda: computed(kept=False), [{"工作室名称": "示例工作室", "经费（万元）": "公式未计算"}]),
    "error cells": Case("laureates", errors, [{"姓名": "张三", "工作单位": "#REF!"}]),
    "data not in the first cell": Case(
        "workers", lambda: table([], [None, None, "姓名", "所属单位"], [None, None, "张三", "示例公司"]),
        [{"姓名": "张三", "所属单位": "示例公司"}], header_row=2),
    # heads
    "merged title and reporting line": Case(
        "events", lambda: table(["东台市“六进”活动统计表"], ["填报单位：东台市总工会　　填报日期：2026.1"], ["序号", "活动名称", "活动时间", "活动地点", "参加人数"],
                                [1, "进校园", "2025年9月1日", "示例小学", 120], ["合计", None, None, None, 120], [],
                                ["单位负责人：", None, "填表人：张三", None, "联系电话："], merges=["A1:E1", "A2:E2"]),
        [{"活动名称": "进校园", "日期": "2025年9月1日", "地点": "示例小学", "受众人数": "120"}],
        left_out=[(5, "合计行"), (7, "签字栏")], header_row=3),
    "groups above heads": Case(
        "mentorships", lambda: table(["序号", "师傅", None, "徒弟", None, "开始日期"], [None, "姓名", "工作单位", "姓名", "单位", None],
                                     [1, "张三", "示例公司", "李四", "示例机械", "2025-03"], merges=["A1:A2", "B1:C1", "D1:E1", "F1:F2"]),
        [{"师傅": "张三", "徒弟姓名": "李四", "徒弟单位": "示例机械", "开始日期": "2025-03", "工作单位": "示例公司"}], header_row=2),
    "groups that are not merged": Case(
        "laureates", lambda: csv_of(["姓名", "工作单位", "荣誉", "", "备注"], ["", "", "称号", "时间", ""], ["张三", "示例公司", "江苏省劳动模范", "2019", "无"]),
        [{"姓名": "张三", "荣誉称号": "江苏省劳动模范", "授予时间": "2019", "备注": "无"}], name="a.csv", header_row=2),
    "three header rows": Case(
        "laureates", lambda: table(["劳模花名册"], ["基本情况", None, None, "荣誉情况", None], ["姓名", "性别", "工作单位", "荣誉称号", "授予时间"],
                                   ["张三", "男", "示例公司", "盐城市劳动模范", "2020"], merges=["A1:E1", "A2:C2", "D2:E2"]),
        [{"姓名": "张三", "性别": "男", "荣誉称号": "盐城市劳动模范", "授予时间": "2020"}], header_row=3),
    "heads with line ends, stars and blanks": Case(
        "laureates", lambda: table(["* 姓　名", "出生\n年月", "工作单位\n（必填）", "联系 电话："], ["张三", "1975.6", "示例公司", "13900000000"]),
        [{"姓名": "张三", "出生日期": "1975.6", "工作单位": "示例公司", "联系电话": "13900000000"}]),
    "synonyms": Case(
        "workers", lambda: table(["职工姓名", "公民身份号码", "所在单位", "手机号码", "职业技能等级"], ["张三", NUMBER, "示例公司", "13900000000", "高级工"]),
        [{"身份证号": NUMBER, "所属单位": "示例公司", "联系电话": "13900000000", "技能等级": "高级工"}], unknown=["职工姓名"]),
    "unknown column": Case(
        "laureates", lambda: table(["姓名", "工作单位", "衬衫尺码", "空列"], ["张三", "示例公司", "XL", None], ["李四", "示例公司", "M", None]),
        [{"姓名": "张三"}, {"姓名": "李四"}], unknown=["衬衫尺码"]),
    "unknown column explained": Case(
        "laureates", lambda: table(["姓名", "工作单位", "岗位名称"], ["张三", "示例公司", "班长"]),
        [{"姓名": "张三", "职务": "班长"}], options={"mapping": {"岗位名称": "position"}}),
    "column left out by the user": Case(
        "laureates", lambda: table(["姓名", "工作单位", "职务"], ["张三", "示例公司", "班长"]),
        [{"姓名": "张三", "职务": None}], options={"mapping": {"职务": ""}}),
    "same head twice": Case(
        "laureates", lambda: table(["姓名", "工作单位", "备注", "备注"], ["张三", "示例公司", "甲", "乙"]),
        [{"备注": "甲"}], unknown=["备注（第2列）"]),
    "column without a head": Case(
        "laureates", lambda: table(["姓名", "工作单位"], ["张三", "示例公司", "特别说明"]), [{"姓名": "张三"}], unknown=["（C列，无列名）"]),
    "merged head over two columns": Case(
        "laureates", lambda: table(["姓名", None, "工作单位"], ["张三", None, "示例公司"], merges=["A1:B1", "A2:B2"]),
        [{"姓名": "张三", "工作单位": "示例公司"}]),
    # rows
    "header on each printed page": Case(
        "craftsmen", lambda: table(["序号", "姓名", "所属单位", "工种（专业）"], [1, "张三", "示例公司", "钳工"], ["第1页 共2页"],
                                   ["序号", "姓名", "所属单位", "工种（专业）"], [2, "李四", "示例公司", "电工"]),
        [{"姓名": "张三"}, {"姓名": "李四", "工种（专业）": "电工"}], left_out=[(3, "页码等文字"), (4, "重复的表头")]),
    "sums, notes and blanks": Case(
        "assistance", lambda: table(["序号", "服务企业", "企业需求", "经济效益（万元）"], [1, "示例公司", "工艺改进", 12], ["小计", None, None, 12], [],
                                    [2, "示例机械", "设备维修", 8], ["合 计", None, None, 20], ["注：经济效益按年度测算。"], ["以下空白"], [3]),
        [{"服务企业": "示例公司", "经济效益（万元）": "12"}, {"服务企业": "示例机械"}],
        left_out=[(3, "合计行"), (4, "空行"), (6, "合计行"), (7, "说明文字"), (8, "页码等文字"), (9, "只有序号的空行")]),
    "a person called 合": Case("workers", lambda: table(["姓名", "所属单位", "工种"], ["合欢", "共创公司", "钳工"]), [{"姓名": "合欢", "所属单位": "共创公司"}]),
    "units as merged headings": Case(
        "workers", lambda: table(["序号", "姓名", "性别", "工种"], ["一、东台市（2人）"], [1, "张三", "男", "钳工"], [2, "李四", "女", "电工"],
                                 ["二、射阳县"], [1, "王五", "男", "焊工"], merges=["A2:D2", "A5:D5"]),
        [{"姓名": "张三", "所属单位": "东台市"}, {"姓名": "李四", "所属单位": "东台市"}, {"姓名": "王五", "所属单位": "射阳县"}],
        left_out=[(2, "单位小标题"), (5, "单位小标题")], notes=["小标题“东台市”、“射阳县”作为其下各行的所属单位"]),
    "signed and stamped below the list": Case(
        "workers",
        lambda: table(
            ["姓名", "工种", "性别"], ["张三", "钳工", "男"], ["东台市总工会（盖章）"], ["2026年1月5日"], ["示例公司"],
            merges=["A3:C3", "A4:C4", "A5:C5"],
        ),
        [{"姓名": "张三", "所属单位": None}],
        left_out=[(3, "签字栏"), (4, "签字栏"), (5, "单位小标题")],
    ),
    "units as headings in a csv": Case(
        "workers", lambda: csv_of(["姓名", "性别", "工种"], ["东台市总工会", "", ""], ["张三", "男", "钳工"]),
        [{"姓名": "张三", "所属单位": "东台市总工会"}], name="职工.csv", left_out=[(2, "单位小标题")]),
    "headings beside a unit column": Case(
        "workers", lambda: table(["姓名", "所属单位", "工种"], ["东台市"], ["张三", "示例公司", "钳工"], merges=["A2:C2"]),
        [{"姓名": "张三", "所属单位": "示例公司"}], left_out=[(2, "小标题")]),
    "merged person with two honours": Case(
        "laureates", lambda: table(["序号", "姓名", "工作单位", "荣誉称号"], [1, "张三", "示例公司", "江苏省劳动模范"], [None, None, None, "全国劳动模范"],
                                   [2, "李四", "示例公司", "盐城市劳动模范"], merges=["A2:A3", "B2:B3", "C2:C3"]),
        [{"姓名": "张三", "荣誉称号": "江苏省劳动模范"}, {"姓名": "张三", "工作单位": "示例公司", "荣誉称号": "全国劳动模范"}, {"姓名": "李四"}],
        notes=["B列（姓名）有合并单元格（第2—3行）", "C列（工作单位）有合并单元格"]),
    "filtered rows and hidden columns": Case(
        "organizations", lambda: table(["单位名称", "单位类型", "联系人"], ["示例一厂", "企业", "张三"], ["示例二厂", "企业", "李四"], ["示例三厂", "企业", "王五"],
                                       hidden_rows=[3, 4], hidden_columns=["C"], then=lambda book, sheet: setattr(sheet.auto_filter, "ref", "A1:C4")),
        [{"单位名称": "示例一厂"}, {"单位名称": "示例二厂", "联系人": "李四"}, {"单位名称": "示例三厂"}],
        notes=["第 3—4 行是被隐藏或筛选掉的行", "C列（联系人）是隐藏的列"]),
    "ten-ones": Case(
        "ten-ones", lambda: table(["职工姓名", "十个一项目", "年度", "完成日期"], ["张三", "学习一次", 2025, date(2025, 5, 1)]),
        [{"职工": "张三", "年度": "2025", "完成日期": "2025-05-01"}], unknown=["十个一项目"]),
    "activity records": Case(
        "activity-records", lambda: table(["劳模姓名", "日期", "活动类别", "活动名称", "地点"], ["张三", "2025.5.1", "宣讲", "进校园", "示例小学"]),
        [{"劳模工匠": "张三", "活动名称": "进校园"}]),
    "tasks": Case(
        "tasks", lambda: table(["清单", "序号", "年度", "任务名称", "责任单位（责任人）"], ["十项任务", 1, 2025, "宣讲百场", "宣教处"]),
        [{"序号": "1", "任务名称": "宣讲百场", "责任单位（责任人）": "宣教处"}]),
    # sheets
    "cover before the list": Case("events", lambda: table(["封面"], ["二〇二五年"], then=two_sheets()), [{"活动名称": "六进宣讲"}], notes=["未读取：封面"]),
    "hidden list beside a visible one": Case(
        "events", lambda: table(["活动名称", "日期"], ["看得见的", "2025-01-01"], then=two_sheets(first="甲", hidden=["活动台账"])),
        [{"活动名称": "看得见的"}]),
    "only a hidden list": Case(
        "events", lambda: table(["封面"], then=two_sheets(hidden=["活动台账"])), [{"活动名称": "六进宣讲"}], notes=["隐藏的工作表"]),
    "sheet chosen by the user": Case(
        "events", lambda: table(["活动名称", "日期", "地点", "活动类型"], ["另一张", "2025-01-01", "甲", "宣讲"], then=two_sheets(first="甲")),
        [{"活动名称": "六进宣讲"}], options={"sheet": "活动台账"}, notes=["未读取：甲"]),
    # text tables
    "csv in utf-8": Case("workers", lambda: csv_of(["姓名", "所属单位", "身份证号"], ["张三", "示例公司", NUMBER]), [{"姓名": "张三", "身份证号": NUMBER}], name="a.csv"),
    "csv with a mark": Case("workers", lambda: csv_of(["姓名", "所属单位"], ["马兰䶮", "示例公司"], encoding="utf-8-sig"), [{"姓名": "马兰䶮"}], name="a.csv"),
    "csv in gb18030": Case("workers", lambda: csv_of(["姓名", "所属单位"], ["㛃𣲗䶮", "示例公司"], encoding="gb18030"), [{"姓名": "㛃𣲗䶮"}], name="A.CSV"),
    "unicode text of excel": Case("workers", lambda: csv_of(["姓名", "所属单位"], ["张三", "示例公司"], encoding="utf-16", separator="\t"), [{"姓名": "张三", "所属单位": "示例公司"}], name="a.txt"),
    "csv in big-endian utf-16": Case("workers", lambda: b"\xfe\xff" + csv_of(["姓名", "所属单位"], ["张三", "示例公司"], encoding="utf-16-be"), [{"姓名": "张三"}], name="a.csv"),
    "csv with tabs": Case("workers", lambda: csv_of(["姓名", "所属单位"], ["张三", "甲,乙公司"], separator="\t"), [{"所属单位": "甲,乙公司"}], name="a.csv"),
    "csv with semicolons": Case("workers", lambda: csv_of(["姓名", "所属单位", "备注"], ["张三", "示例公司", "1,5"], separator=";"), [{"备注": "1,5"}], name="a.csv"),
    "csv that names its separator": Case("workers", lambda: b"sep=;\r\n" + csv_of(["姓名", "所属单位"], ["张三", "示例公司"], separator=";"), [{"姓名": "张三"}], name="a.csv", header_row=2),
    "csv with line breaks in cells": Case("workers", lambda: csv_of(["姓名", "所属单位", "备注"], ["张三", "示例公司", '"第一行\n第二行"'], ["李四", "示例公司", ""]),
                                          [{"备注": "第一行\n第二行"}, {"姓名": "李四"}], name="a.csv"),
    "csv with old line ends": Case("workers", lambda: csv_of(["姓名", "所属单位"], ["张三", "示例公司"], end="\r"), [{"姓名": "张三"}], name="a.csv"),
    "csv that protects numbers": Case("workers", lambda: csv_of(["姓名", "所属单位", "身份证号", "联系电话"], ["张三", "示例公司", f'="{NUMBER}"', "'013900000000"], ["李四", "示例公司", f'"=""{NUMBER}"""', "\t0139"]),
                                      [{"身份证号": NUMBER, "联系电话": "013900000000"}, {"身份证号": NUMBER, "联系电话": "0139"}], name="a.csv"),
    "csv with errors and lost digits": Case("workers", lambda: csv_of(["姓名", "所属单位", "身份证号", "备注"], ["张三", "#REF!", "3.20999E+17", "#N/A"]),
                                            [{"所属单位": "#REF!", "身份证号": "3.20999E+17"}], name="a.csv"),
}  # fmt: skip
