"""The ten ones as units keep them: one row per worker, ten columns, a tick or a date in each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Any

from actions.models import TenOneItem, Worker
from actions.registers import sheet_periods, ten_one_heads
from actions.registers.ten_one_heads import FEWEST, named_in
from models_app.masked_numbers import DATA_OF
from models_app.registers.person_form import PersonForm
from models_app.registers.person_sheet import PersonSheet, tidy_person
from mofu.registers.periods import today
from mofu.registers.register import Section, Tidier
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.shapes import Shape
from mofu.registers.sheets.side import Side, SideProblem
from mofu.registers.sheets.ticks import hollow_is_tick, tick_or_date

ROW = "ten-one-row"  # the columns that belong to all participations of a row
HINT = "参加了打 √，或填完成日期（2026-05-03、5月3日）；没参加留空，留空不会删除已登记的内容"


class WorkerTenOnes(PersonSheet, Shape):
    """职工“十个一”登记表: a worker with up to ten participations of one year."""

    slug = "workers"
    model = Worker
    form_base = PersonForm
    secret_fields = DATA_OF
    sheet_title = "十个一（按职工）"
    sections = (
        Section("职工", ("name", "org", "id_number", "sex", "birth_date", "phone", "trade", "skill_level")),
    )
    offered = ("name", "org", "id_number", "phone")
    derived = ("合计", "小计", "总计", "完成项数", "参加项数", "完成数", "项数", "年龄")
    sheet_synonyms = {"name": ("职工姓名", "职工", "员工姓名", "员工"), "org": ("车间", "班组", "部门")}
    guide = (
        (
            "两种填法",
            "“十个一（按职工）”一行一名职工，十项各一列；“十个一参与”一行一名职工的一项。任选一张填写。",
        ),
        (
            "打勾",
            "√、✓、是、1、● 和日期都算参加；×、否、0、— 和空白算没参加；表中同时有 ● 和 ○ 时，○ 算没参加。",
        ),
        ("年度", "年度列、标题（如“2026年…”）或工作表名写明年度；都没有时按今年记入，导入时会提示。"),
        ("职工", "没有登记过的职工随表登记；已登记的按身份证号，或姓名、出生日期和单位认定，不只凭姓名。"),
    )

    def __init__(self, items: Sequence[TenOneItem]) -> None:
        self.items = items
        self.idents = {f"ten-one-{item.number}": item for item in items}
        self._hollow_is_tick = True
        self.sheet_sides = (*map(self._side, items), _row_side())

    def is_header(self, cells: Sequence[Cell]) -> bool:
        """Whether a row names at least three of the ten."""
        return len(named_in(cells, self.items)) >= FEWEST

    def _side(self, item: TenOneItem) -> Side:
        return Side(
            slug="ten-ones",
            link="worker",
            name=f"ten-one-{item.number}",
            fields=("done_on",),
            key=("item", "year"),
            fixed={"item": item.pk},
            labels={"done_on": item.name},
            synonyms={"done_on": ten_one_heads.synonyms(item)},
            readers={"done_on": self._read},
            hints={"done_on": HINT},
        )

    def _read(self, cell: Cell) -> str | None:
        return tick_or_date(cell, hollow_is_tick=self._hollow_is_tick)

    def sheet_tidier(self, layout: Layout) -> Tidier:
        """Return what gives a row's ticks their year and, where that is clear, their leader."""
        places = [index for index, column in layout.columns.items() if column.side in self.idents]
        rows = [cells for _, cells in layout.records]
        ticks = (cells[index] for cells in rows for index in places)
        self._hollow_is_tick, any_hollow = hollow_is_tick(ticks)
        if any_hollow:
            meaning = "“○”按已参加读取" if self._hollow_is_tick else "表中 ● 表示已参加，“○”按没参加读取"
            layout.notes.append(f"{meaning}，请核对。")
        named = {column.name for column in layout.columns.values() if not column.side}
        if "id_number" not in named:
            layout.notes.append("表中没有身份证号列，新登记的职工身份证号待补。")
        return partial(
            self._tidy,
            year=self._year(layout, rows, places),
            people=tidy_person if "id_number" in named else None,
        )

    def _year(self, layout: Layout, rows: Sequence[Sequence[Cell]], places: Sequence[int]) -> int:
        """Return the year of rows that tell none, and say where it was taken from."""
        told = sheet_periods.year_told(layout)
        if told is not None:
            return told
        some = (cells[index] for cells in islice(rows, sheet_periods.LOOKED_AT) for index in places)
        dated = sheet_periods.year_of_dates(some)
        if not any(column.key == (ROW, "year") for column in layout.columns.values()):
            why = "按表中的日期" if dated else "按今年"
            layout.notes.append(
                f"标题、工作表名和列中都没有写明年度，{why}记入{dated or today().year}年度。"
                "如不对，请在标题或“年度”列写明年度后重新上传。"
            )
        return dated or today().year

    def _tidy(
        self, values: dict[str, Any], sides: dict[str, dict[str, Any]], *, year: int, people: Any
    ) -> list[str]:
        notes = people(values) if people else []
        common = sides.get(ROW, {})
        year = int(common.get("year") or year)
        done = {
            ident: sides[ident] for ident in self.idents if sides.get(ident, {}).get("done_on") is not None
        }
        for ident, said in done.items():
            said["year"] = str(year)
            said["done_on"], note = _day(said["done_on"], year)
            notes += [f"{self.idents[ident].name}{note}"] if note else []
            if common.get("note"):
                said["note"] = common["note"]
        if not done:
            notes.append("这一行没有勾选任何一项。")
        _lead(common, list(done.values()))
        return notes


def _row_side() -> Side:
    return Side(
        slug="ten-ones",
        link="worker",
        name=ROW,
        fields=("year", "led_by", "lead_kind", "note"),
        key=(),
        synonyms={
            "led_by": ("引领人", "引领劳模姓名", "劳模", "劳模姓名"),
            "year": ("年度", "年份", "所属年度"),
        },
        hints={
            "led_by": "只在这一行勾选了一项时填写：已登记劳模的姓名，同名的写成“姓名（单位）”",
            "lead_kind": "与引领劳模同时填写",
            "year": "如 2026；整张表同一年度时可以只写在标题里",
            "note": "记在这一行勾选的每一项上",
        },
        shared=True,
    )


def _day(said: str, year: int) -> tuple[str, str]:
    """Return a date in full, empty where the day is not known, and a note in that case.

    A date of another year stays as it is: the record's own rule refuses it at its cell.
    """
    if len(said) == len("05-03"):
        return f"{year}-{said}", ""
    if said and len(said) < len("2026-05-03"):
        if len(said) >= len("2026") and not said.startswith(str(year)):
            return f"{said}-01-01"[: len("2026-05-03")], ""
        month = f"{int(said[-2:])}月" if said != str(year) else f"{year}年"
        return "", f"只写到{month}，按已参加登记，不记完成日期。"
    return said, ""


def _lead(common: dict[str, Any], done: Sequence[dict[str, Any]]) -> None:
    """Give the leader of a row to its one participation; raise SideProblem where it cannot be told which was led."""
    led = {name: common[name] for name in ("led_by", "lead_kind") if common.get(name)}
    if not led:
        return
    if len(done) != 1:
        words = (
            f"这一行勾选了 {len(done)} 项，看不出劳模引领的是哪一项"
            if done
            else "这一行没有勾选，引领无从登记"
        )
        raise SideProblem(
            ROW, next(iter(led)), f"{words}；请清空这一格，引领情况在“十个一参与”表（一行一项）中填写。"
        )
    done[0].update(led)
