"""Headcount returns as units send them: one row per unit and month, ten columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from actions.models import HeadcountReturn, TenOneItem
from actions.models.headcount import LARGEST
from actions.registers import sheet_periods, ten_one_heads
from actions.registers.sheet_periods import month_in
from actions.registers.ten_one_heads import FEWEST, named_in
from mofu.accounts.models import Organization
from mofu.registers.periods import today
from mofu.registers.register import Section, Tidier
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.matching import PendingUnit
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.shapes import Shape
from mofu.registers.sheets.side import Side

HINT = "这个月参加这一项的人数，没有的留空；不要计入已逐人登记的职工"


class UnitHeadcounts(Shape):
    """“十个一”人数月报表: a unit's ten numbers of one month."""

    slug = "headcounts"
    model = HeadcountReturn
    sheet_title = "人数月报（按单位）"
    of_records = False
    row_fields = ("org", "year", "month")
    sections = (Section("报送", ("org", "year", "month", "note")),)
    offered = ("org", "year", "month", "note")
    derived = ("合计", "小计", "总计", "合计人数", "总人数", "人数合计")
    sheet_synonyms = {
        "org": ("企业", "企业名称", "填报单位", "报送单位"),
        "month": ("月", "报送月份", "所属月份"),
    }
    sheet_readers = {"month": month_in}
    guide = (
        (
            "两种填法",
            "“人数月报（按单位）”一行是一个单位一个月，十项各一列；“十个一人数报送”一行一项。任选一张填写。",
        ),
        (
            "谁来填",
            "只报人数、不报名单的单位填写。已逐人登记在“十个一参与”里的职工不要再计入；两处的数字从不相加。",
        ),
    )

    def __init__(self, items: Sequence[TenOneItem]) -> None:
        self.items = items
        self.idents = {f"headcount-{item.number}": item for item in items}
        self.sheet_sides = tuple(map(self._side, items))

    def is_header(self, cells: Sequence[Cell]) -> bool:
        """Whether a row names at least three of the ten."""
        return len(named_in(cells, self.items)) >= FEWEST

    def _side(self, item: TenOneItem) -> Side:
        return Side(
            slug="headcounts",
            link="",
            name=f"headcount-{item.number}",
            fields=("people",),
            key=("org", "item", "year", "month"),
            fixed={"item": item.pk},
            labels={"people": item.name},
            synonyms={"people": ten_one_heads.synonyms(item)},
            hints={"people": HINT},
        )

    def sheet_tidier(self, layout: Layout) -> Tidier:
        """Return what gives a row its period and hands unit, period and remark to its ten numbers."""
        named = {column.name for column in layout.columns.values() if not column.side}
        year, month = sheet_periods.year_told(layout), sheet_periods.month_told(layout)
        if year is None and "year" not in named:
            year = today().year
            layout.notes.append(
                f"标题、工作表名和列中都没有写明年度，按今年记入{year}年度；月份写了年份的以月份列为准。"
            )
        if month is not None and "month" not in named:
            layout.notes.append(f"按标题记入{month}月份。")
        return partial(self._tidy, year=year, month=month, kinds={})

    def _tidy(
        self,
        values: dict[str, Any],
        sides: dict[str, dict[str, Any]],
        *,
        year: int | None,
        month: int | None,
        kinds: dict[int, str],
    ) -> list[str]:
        _settle_period(values, year, month)
        counted = {
            ident: sides[ident] for ident in self.idents if sides.get(ident, {}).get("people") is not None
        }
        for said in counted.values():
            said.update({name: values[name] for name in ("org", "year", "month", "note") if values.get(name)})
        if not counted:
            return ["这一行没有填写人数。"]
        largest = LARGEST.get(_kind_of(values.get("org"), kinds))
        over = [
            self.idents[ident].name
            for ident, said in counted.items()
            if largest and int(said["people"]) > largest
        ]
        return [f"{'、'.join(over)}的人数超过{largest}，偏大，请核对。"] if over else []


def _settle_period(values: dict[str, Any], year: int | None, month: int | None) -> None:
    """Take year and month from the row, else from the title; “2026年3月” in the month's column tells both."""
    if "month" not in values and month is not None:
        values["month"] = str(month)
    if "-" in (values.get("month") or ""):
        told, _, values["month"] = values["month"].partition("-")
        values["month"] = str(int(values["month"]))
        values["year"] = told
    elif "year" not in values and year is not None:
        values["year"] = str(year)


def _kind_of(org: Any, kinds: dict[int, str]) -> str:
    """Return the kind of a row's unit; those of all units are read together, when the first is asked for."""
    if isinstance(org, PendingUnit):
        return org.unit.kind
    if not isinstance(org, int):
        return ""
    if not kinds:
        rows = Organization.objects.unscoped("the kind of a unit found in scope")
        kinds |= dict(rows.values_list("pk", "kind"))
    return kinds.get(org, "")
