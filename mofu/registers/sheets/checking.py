"""Checking a workbook row by row: nothing is written here; the register's own form has the last word on every row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
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
from mofu.registers.sheets.side import Side
from mofu.registers.sheets.texts import person_name, squeezed
from mofu.registers.sheets.units import Question, Units

NEW, CHANGED, SAME, QUESTION, ERROR = "new", "changed", "same", "question", "error"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what stands there, what to do."""

    row: int
    column: str
    value: str
    message: str
    serial: str = ""
    index: int | None = None  # of the cell in its row

    def as_json(self) -> dict[str, Any]:
        """Return the problem for the command's report."""
        return {
            "row": self.row, "serial": self.serial, "column": self.column, "value": self.value, "message": self.message,
        }  # fmt: skip


@dataclass
class RowResult:
    """What becomes of one row.

    ``form`` and ``sides`` hold what is to be saved; they are dropped once the row has been dealt with.
    ``folded`` is the earlier row of the same file that means the same record.
    """

    row: int
    serial: str
    cells: list[Cell]
    status: str = ""
    label: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[comparing.Change] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    record: models.Model | None = None
    form: forms.ModelForm | None = None
    sides: list[SideRecord] = field(default_factory=list)
    folded: RowResult | None = None

    @property
    def accepted(self) -> bool:
        """Whether the row is written or is there already."""
        return self.status in (NEW, CHANGED, SAME)


@dataclass
class SideRecord:
    """A record that a row carries beside its own."""

    side: Side
    status: str
    form: forms.ModelForm | None
    title: str = ""


@dataclass
class _Row:
    """A row while it is checked: own values and those of side records, by field."""

    result: RowResult
    own: dict[str, Any] = field(default_factory=dict)
    sides: dict[str, dict[str, Any]] = field(default_factory=dict)
    unclear: dict[str, tuple[int, AmbiguousRecord]] = field(default_factory=dict)


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
        self._first: dict[Any, RowResult] = {}
        self._side_keys: set[Any] = set()

    @property
    def read_columns(self) -> list[SheetColumn]:
        """The columns of the file that are read, from left to right."""
        return [column for _, column in sorted(self.layout.columns.items()) if not column.shown]

    def rows(self) -> Iterator[RowResult]:
        """Yield the result of each row; the caller saves (or drops) a row's forms before it asks for the next."""
        for number, cells in self.layout.records:
            yield self._checked(number, cells)

    def _checked(self, number: int, cells: list[Cell]) -> RowResult:
        row = _Row(RowResult(number, self.layout.serial(cells), cells))
        self._parse(row)
        for side in self.register.sheet_sides:
            side.complete(row.sides.setdefault(side.slug, {}))
        row.result.notes += self.register.tidy_row(row.own, row.sides)
        self._settle(row)
        return row.result

    # cells ---------------------------------------------------------------------------------------------

    def _parse(self, row: _Row) -> None:
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

    def _not_taken(self, row: _Row, column: SheetColumn, index: int, problem: CellProblem) -> None:
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
            self._problem(row, column.label, str(problem), index)
            target[column.name] = None

    def _problem(self, row: _Row, column: str, message: str, index: int | None = None) -> None:
        result = row.result
        head = text_of(self.layout.header[index]) if index is not None else column
        value = text_of(result.cells[index]) if index is not None else ""
        result.problems.append(Problem(result.row, head, value, message, result.serial, index))

    # records -------------------------------------------------------------------------------------------

    def _settle(self, row: _Row) -> None:
        """Find the record, fold or validate the row, and say what becomes of it."""
        result = row.result
        broken = {name for name, value in row.own.items() if value is None}
        values = {name: value for name, value in row.own.items() if value is not None}
        defaults = self._defaults()
        try:
            result.record = self.register.match_row(defaults | values, self.register.rows(self.user))
        except CellProblem as problem:
            self._problem(row, "", str(problem))
        broken |= self._still_unclear(row)
        own_key = self.register.row_key(defaults | values)
        first = self._earlier(result.record, own_key)
        if first is not None and not result.problems:
            self._fold(row, first, values)
        else:
            self._validate(row, values, defaults, broken)
        known = result.record.pk if result.record else None
        key = known or own_key
        self._check_sides(row, key)
        self._judge(row)
        if key is not None and result.accepted and result.folded is None:
            self._first[key] = result

    def _still_unclear(self, row: _Row) -> set[str]:
        """Note the names that several bear, unless the stored record points to one of that name already."""
        found = set()
        for name, (index, problem) in row.unclear.items():
            stored = getattr(row.result.record, name, None)
            if stored is None or squeezed(str(stored)) != squeezed(text_of(row.result.cells[index])):
                self._problem(row, name, str(problem), index)
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

    def _validate(
        self, row: _Row, values: dict[str, Any], defaults: dict[str, Any], broken: set[str]
    ) -> None:
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
            self._form_problems(row, form, broken)
        result.label = str(form.instance) if form.is_valid() else ""
        result.changes = comparing.changes(self.register, form, before, values) if result.record else []
        result.form = form if form.is_valid() and (result.record is None or result.changes) else None
        self._show(row, form.instance, values)

    def _form_problems(self, row: _Row, form: forms.ModelForm, broken: set[str], side: str = "") -> None:
        places = {
            column.name: (index, column)
            for index, column in self.layout.columns.items()
            if column.side == side
        }
        for name, messages in sorted(form.errors.items(), key=lambda item: item[0] not in places):
            if name in broken:
                continue
            index, column = places.get(name, (None, None))
            if index is None and row.result.problems and name in form.fields:
                continue  # what a missing column lacks may follow from what is wrong elsewhere
            label = column.label if column else str(form.fields[name].label) if name in form.fields else ""
            for message in messages:
                self._problem(row, label, str(message), index)

    def _fold(self, row: _Row, first: RowResult, values: dict[str, Any]) -> None:
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
            self._problem(row, "", f"与第 {first.row} 行重复，内容又不一致，请保留一行。")
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

    def _show(self, row: _Row, record: models.Model, values: dict[str, Any]) -> None:
        """Keep the row as it will be stored, for the preview."""
        for column in self.read_columns:
            if not column.side:
                given = values.get(column.name)
                text = f"{given}（新单位）" if isinstance(given, PendingUnit) else ""
                row.result.shown.append(text or comparing.text(self.register, record, column.name))

    # side records --------------------------------------------------------------------------------------

    def _check_sides(self, row: _Row, key: Any) -> None:
        for side in self.register.sheet_sides:
            given = row.sides.get(side.slug, {})
            values = {name: value for name, value in given.items() if value is not None}
            if values.get(side.fields[0]) is not None:
                self._check_side(row, side, values, {name for name in given if given[name] is None}, key)
            elif values and side.fields[0] not in given:
                names = "、".join(
                    column.label for column in self.read_columns if column.side and column.name in values
                )
                row.result.notes.append(f"没有填写{self._side_label(side)}，{names}未导入。")
        self._show_sides(row)

    def _side_label(self, side: Side) -> str:
        return next((column.label for column in self.columns if column.side == side.slug), "")

    def _check_side(self, row: _Row, side: Side, values: dict[str, Any], broken: set[str], key: Any) -> None:
        register = REGISTERS[side.slug]
        identity = (key, side.slug, *(values.get(name) for name in side.key))
        if key is not None and identity in self._side_keys:
            return
        record = self._side_record(row, side, values)
        if record is not None and comparing.agrees(register, record, values):
            row.result.sides.append(SideRecord(side, SAME, None))
            return
        form = comparing.bound_form(register, self.user, values, record=record, without=side.link)
        before = comparing.snapshot(form)
        if not form.is_valid():
            self._form_problems(row, form, broken, side.slug)
            return
        if record is not None:
            row.result.changes += comparing.changes(register, form, before, values)
        row.result.sides.append(SideRecord(side, CHANGED if record else NEW, form, _side_title(register, form)))
        if key is not None and not row.result.problems:
            self._side_keys.add(identity)

    def _side_record(self, row: _Row, side: Side, values: dict[str, Any]) -> models.Model | None:
        owner = row.result.record
        if owner is None or owner.pk is None or any(values.get(name) is None for name in side.key):
            return None
        rows = REGISTERS[side.slug].rows(self.user)
        return rows.filter(**{side.link: owner.pk}, **{name: values[name] for name in side.key}).first()

    def _show_sides(self, row: _Row) -> None:
        """Put the side cells as they stand into the preview row, in the order of the file."""
        own = iter(row.result.shown)
        places = sorted(self.layout.columns.items())
        row.result.shown = [
            text_of(row.result.cells[index]) if column.side else next(own, "")
            for index, column in places
            if not column.shown
        ]

    # verdict -------------------------------------------------------------------------------------------

    def _judge(self, row: _Row) -> None:
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


def _side_title(register: Register, form: forms.ModelForm) -> str:
    """Return a side record in words: what it is and its first field."""
    name = next(iter(form.fields))
    return f"{register.title}：{form.cleaned_data.get(name, '')}"
