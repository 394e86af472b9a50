"""Checking a workbook row by row: nothing is written here; the register's own form has the last word on every row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.db import models

from mofu.accounts.models import User
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import CellProblem, is_empty, text_of
from mofu.registers.sheets.columns import SheetColumn, columns_of, form_for
from mofu.registers.sheets.heads import Layout, understand
from mofu.registers.sheets.matching import PendingUnit
from mofu.registers.sheets.parsing import Parser
from mofu.registers.sheets.reading import Cell, Sheet
from mofu.registers.sheets.related import AmbiguousRecord, MissingRecord, Related
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION, SAME, Row, RowResult
from mofu.registers.sheets.sides import Sides
from mofu.registers.sheets.texts import person_name, squeezed
from mofu.registers.sheets.units import Units


class Checker:
    """Checks the rows of one workbook for one user; ``answers`` settle the questions asked before."""

    def __init__(
        self, register: Register, user: User, sheets: list[Sheet], answers: dict[str, str] | None = None
    ) -> None:
        self.register, self.user = register, user
        self.blank = form_for(register, user)
        self.columns = columns_of(register, self.blank, user)
        self.layout: Layout = understand(sheets, self.columns)
        self.units = Units(user, answers or {}, self.layout.reporting_unit)
        side_forms = {side.slug: form_for(REGISTERS[side.slug], user) for side in register.sheet_sides}
        self.parser = Parser(register, self.blank, side_forms, Related(user), self.units, self.layout)
        self.stored = register.rows(user)  # never evaluated as it stands, only narrowed further
        self._first: dict[Any, RowResult] = {}
        self.sides = Sides(register, user, self.layout, self.columns)

    def rows(self) -> Iterator[RowResult]:
        """Yield the result of each row; the caller saves (or drops) a row's forms before it asks for the next."""
        for number, cells in self.layout.records:
            yield self._checked(number, cells)

    def _checked(self, number: int, cells: list[Cell]) -> RowResult:
        row = Row(RowResult(number, self.layout.serial(cells), cells), self.layout)
        self._parse(row)
        for side in self.register.sheet_sides:
            side.complete(row.sides.setdefault(side.slug, {}))
        row.result.notes += self.register.tidy_row(row.own, row.sides)
        self._settle(row)
        return row.result

    # cells ---------------------------------------------------------------------------------------------

    def _parse(self, row: Row) -> None:
        for index, column in sorted(self.layout.columns.items()):
            cell = row.result.cells[index]
            if column.shown or is_empty(cell):
                continue
            target = row.sides.setdefault(column.side, {}) if column.side else row.own
            try:
                value, questions, notes = self.parser.value(column, index, row.result)
            except CellProblem as problem:
                self._not_taken(row, column, index, problem)
                continue
            target[column.name] = value
            row.result.questions += questions
            row.result.notes += notes

    def _not_taken(self, row: Row, column: SheetColumn, index: int, problem: CellProblem) -> None:
        """Note the problem, unless a free-text field takes the name of somebody who is not registered."""
        target = row.sides[column.side] if column.side else row.own
        instead = (
            self.register.sheet_fallbacks.get(column.name, "") if isinstance(problem, MissingRecord) else ""
        )
        if isinstance(problem, AmbiguousRecord) and not column.side:
            row.unclear[column.name] = (index, problem)
        elif instead:
            target[instead] = person_name(text_of(row.result.cells[index]))
        else:
            row.problem(column.label, str(problem), index)
            target[column.name] = None

    # records -------------------------------------------------------------------------------------------

    def _settle(self, row: Row) -> None:
        """Find the record, fold or validate the row, and say what becomes of it."""
        result = row.result
        broken = {name for name, value in row.own.items() if value is None}
        values = {name: value for name, value in row.own.items() if value is not None}
        defaults = self._defaults()
        try:
            result.record = self.register.match_row(defaults | values, self.stored)
        except CellProblem as problem:
            row.problem("", str(problem))
        if result.record is None and row.unclear and not result.problems:
            self._try_namesakes(row, defaults, values)
        broken |= self._still_unclear(row)
        own_key = self.register.row_key(defaults | values)
        first = self._earlier(result.record, own_key)
        if first is not None and not result.problems:
            self._fold(row, first, values)
        else:
            self._validate(row, values, defaults, broken)
        known = result.record.pk if result.record else None
        key = known or own_key
        self.sides.check(row, key)
        self._judge(row)
        if key is not None and result.accepted and result.folded is None:
            self._first[key] = result

    def _try_namesakes(self, row: Row, defaults: dict[str, Any], values: dict[str, Any]) -> None:
        """Find the stored record that says all the row says, whichever of the namesakes it belongs to."""
        for name, (_, problem) in row.unclear.items():
            for key in problem.keys:
                trial = values | {name: key}
                with suppress(CellProblem):
                    found = self.register.match_row(defaults | trial, self.stored)
                    if found is not None and comparing.agrees(self.register, found, trial):
                        row.result.record = found
                        return

    def _still_unclear(self, row: Row) -> set[str]:
        """Note the names that several bear, unless the stored record points to one of that name already."""
        found = set()
        for name, (index, problem) in row.unclear.items():
            stored = getattr(row.result.record, name, None)
            if stored is None or squeezed(str(stored)) != squeezed(text_of(row.result.cells[index])):
                row.problem(name, str(problem), index)
                found.add(name)
        return found

    def _earlier(self, record: models.Model | None, own_key: Any) -> RowResult | None:
        """Return the earlier row about the same record: matched with the same one, or new with the same key.

        While rows are being written, what an earlier row has added is found in the database by the next.
        """
        if record is None:
            return self._first.get(own_key)
        added = self._first.get(own_key)
        if added is not None and added.record is not None and added.record.pk == record.pk:
            return added
        return self._first.get(record.pk)

    def _defaults(self) -> dict[str, Any]:
        """Return what a new record starts with; rows without a unit belong to the reporting unit."""
        found = dict(self.register.initial(self.user))
        return found | {"org": self.units.home.pk} if found.get("org") else found

    def _validate(self, row: Row, values: dict[str, Any], defaults: dict[str, Any], broken: set[str]) -> None:
        result = row.result
        if (
            result.record is not None
            and not broken
            and comparing.agrees(self.register, result.record, values)
        ):
            result.label = str(result.record)
            self._show(row, result.record, values)
            return
        form = comparing.bound_form(self.register, self.user, values, record=result.record, initial=defaults)
        before = comparing.snapshot(form)
        if not form.is_valid():
            row.form_problems(form, broken)
        result.label = str(form.instance) if form.is_valid() else ""
        result.changes = comparing.changes(self.register, form, before, values) if result.record else []
        result.form = form if form.is_valid() and (result.record is None or result.changes) else None
        self._show(row, form.instance, values)

    def _fold(self, row: Row, first: RowResult, values: dict[str, Any]) -> None:
        """Treat a row about a record that an earlier row has settled: only what it carries beside is new."""
        result = row.result
        result.folded, result.record, result.label = first, first.record, first.label
        self._show(row, first.record, values)
        carries = any(
            values.get(side.fields[0])
            for side in self.register.sheet_sides
            for values in [row.sides[side.slug]]
        )
        if not carries and first.cells[1:] != result.cells[1:]:
            row.problem("", f"与第 {first.row} 行重复，内容又不一致，请保留一行。")
            return
        differing = [
            text_of(self.layout.header[index])
            for index, column in sorted(self.layout.columns.items())
            if not (column.side or column.shown)
            and text_of(first.cells[index]) != text_of(result.cells[index])
        ]
        words = f"；{'、'.join(differing)}不同，以第 {first.row} 行为准" if differing else ""
        result.notes.append(
            f"与第 {first.row} 行是同一{'人' if self.register.secret_fields else '条记录'}{words}。"
        )

    def _show(self, row: Row, record: models.Model, values: dict[str, Any]) -> None:
        """Keep the row as it will be stored, for the preview."""
        for column in self.layout.read_columns:
            if not column.side:
                given = values.get(column.name)
                text = f"{given}（新单位）" if isinstance(given, PendingUnit) else ""
                row.result.shown.append(text or comparing.text(self.register, record, column.name))

    # verdict -------------------------------------------------------------------------------------------

    def _judge(self, row: Row) -> None:
        result = row.result
        undecided = [question for question in result.questions if question.decision in ("", "skip")]
        if result.problems:
            result.status = ERROR
        elif undecided:
            result.status = QUESTION
        elif result.folded is None and result.record is None:
            result.status = NEW
        else:
            result.status = self._status_of_known(result)
        if not result.accepted or result.status == SAME:
            result.form = None
            result.sides = [] if not result.accepted else result.sides
        if result.folded is None and result.form is not None and result.record is None:
            result.record = result.form.instance

    def _status_of_known(self, result: RowResult) -> str:
        statuses = {side.status for side in result.sides}
        if result.folded is not None and NEW in statuses:
            return NEW
        return CHANGED if result.changes or statuses & {NEW, CHANGED} else SAME
