"""A small report with everything a report can hold."""

import datetime

from mofu.documents.report import Paragraph, Picture, Report, Section, Table

DAY = datetime.date(2026, 6, 2)
RARE = "王䶮、𣲗明、㛃玉"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><rect width="200" height="60" fill="#eee"/>'
    '<text x="20" y="30">东台市</text></svg>'
)


def make_targets(rows=3):
    return Table(
        "目标完成情况",
        ["指标", "目标", "完成率", "日期"],
        [[f"=指标{n}", 50 + n, 0.5, datetime.date(2024, 6, 22)] for n in range(rows)],
        widths=[5, 2, 2, 2],
        kinds=["text", "int", "percent", "date"],
        note="完成率＝完成值÷目标值",
    )


def make_roster(rows=90):
    body = [[f"人员{n}", 12.5] for n in range(rows)] + [["合计", 12.5 * rows]]
    return Table("花名册", ["姓名", "效益（万元）"], body, total_row=True)


def make_report(*extra, roster_rows=90):
    return Report(
        "盐城市劳模工匠年度工作报告",
        "（2026年度）",
        "盐城市劳模协会",
        DAY,
        [
            Section("总体情况", blocks=[Paragraph(f"生僻字：{RARE}。\n第二段<b>&。"), make_targets()]),
            Section("“六进”行动", blocks=[Picture(SVG, "各板块场次")], sheet="六进"),
            Section("进企业宣讲", 2, [Paragraph("全年12场。")], sheet="六进"),
            Section("名册", blocks=[make_roster(roster_rows)], sheet="名册", landscape=True),
            Section("只在纸上", blocks=[Paragraph("纸面说明")], only="paper"),
            Section("只在表中", blocks=[Paragraph("表格说明")], only="workbook"),
            *extra,
        ],
    )
