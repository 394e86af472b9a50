"""Workbooks of invented people for the import measurements: what a county union would hand in, only larger."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook

from actions.demo.names import id_number

HEADS = (
    "姓名", "性别", "身份证号", "出生日期", "民族", "籍贯", "政治面貌", "文化程度", "人员类别", "单位", "职务岗位",
    "职称", "技能等级", "所属行业", "参加工作时间", "一线职工", "联系电话", "专业特长", "主要事迹", "备注",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
DAYS = 55 * 12 * 28  # dates of birth given out in turn, so that no two numbers are alike
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国华玉梅玲鑫宇浩然子轩梓涵欣怡俊杰志强海燕春生立新"
)


def roster(rows: int, seed: int = 1, units: tuple[str, ...] = ("东台市",)) -> Iterator[list[object]]:
    """Yield the rows of a roster, all different people with ID numbers that nobody bears."""
    chance = random.Random(seed)
    for number in range(rows):
        sex = chance.choice("男女")
        day = number % DAYS
        birth = f"{1950 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
        yield [
            name, sex, id_number(birth, number // DAYS, "M" if sex == "男" else "F"), birth, "汉族",
            "江苏盐城", chance.choice(("中共党员", "群众")), chance.choice(("大专", "本科", "高中")), "劳动模范",
            chance.choice(units), chance.choice(("车间主任", "焊工", "教师", "班组长")), "工程师",
            chance.choice(("高级工", "技师", "高级技师")), "", f"{int(birth[:4]) + 20}.7", chance.choice("是否"),
            f"139{number:08}", "数控加工、工艺改进", "长期扎根生产一线，带队攻克多项技术难题。", f"第{number + 1}号",
        ]  # fmt: skip


def write(path: Path, title: str, heads: tuple[str, ...], rows: Iterator[list[object]]) -> None:
    """Write a workbook with a title row, a header and the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("花名册")
    sheet.append([title])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(row)
    book.save(path)
