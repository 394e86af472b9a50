"""Checking rows that are no record themselves: what they carry is all there is (a return's row of ten numbers)."""

from __future__ import annotations

from typing import Any

from mofu.accounts.models import User
from mofu.registers.register import Register
from mofu.registers.sheets import shapes
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.checking import Checker
from mofu.registers.sheets.matching import plain
from mofu.registers.sheets.reading import Cell, Sheet
from mofu.registers.sheets.results import CHANGED, NEW, SAME, Row, RowResult
from mofu.registers.sheets.shapes import Shape


def checker_for(
    register: Register, user: User, sheets: list[Sheet], answers: Answers | None, **options: Any
) -> Checker:
    """Return what checks a workbook, by the shape it is kept in."""
    shape, looked = shapes.chosen(register, sheets, answers.sheet if answers else "")
    kind = CarrierChecker if isinstance(shape, Shape) and not shape.of_records else Checker
    return kind(shape, user, looked, answers, **options)


class CarrierChecker(Checker):
    """Checks rows that only carry side records; ``Shape.row_fields`` tell them apart."""

    def _row(self, number: int, cells: list[Cell]) -> Row:
        row = super()._row(number, cells)
        if not any(column.name == "org" for column in self.layout.columns.values()):
            row.own["org"] = self.defaults.get("org")
        return row

    def _find_records(self, rows: list[Row]) -> None:
        for row in rows:
            missing = [name for name in self.register.row_fields if name not in row.own]
            for name in missing:
                row.field_problem(name, f"请填写{self.labels[name]}。", self.labels[name])
            if not missing and not row.broken:
                row.key = tuple(plain(row.own[name]) for name in self.register.row_fields)
            row.result.label = "　".join(text_of(cell) for cell in row.result.cells if cell is not None)[:60]
            self._show(row, None, row.values)

    def _show(self, row: Row, _record: Any, _values: dict[str, Any]) -> None:
        """Keep the cells of the row's own columns; :meth:`Sides.show` adds the others."""
        if not self._keeps(row):
            return
        row.result.shown += [
            text_of(row.result.cells[index])
            for index, column in sorted(self.layout.columns.items())
            if not (column.side or column.shown)
        ]

    def _status(self, result: RowResult) -> str:
        statuses = {side.status for side in result.sides}
        if statuses == {NEW}:
            return NEW
        return CHANGED if statuses & {NEW, CHANGED} else SAME
