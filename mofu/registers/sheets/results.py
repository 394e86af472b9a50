"""What becomes of a row: its status, its problems, what is to be saved with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models

from mofu.registers.bulk import Values
from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.making import Made, copied
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.related import AmbiguousRecord
from mofu.registers.sheets.side import Side
from mofu.registers.sheets.units import Question

NEW, CHANGED, SAME, QUESTION, ERROR, SKIPPED = "new", "changed", "same", "question", "error", "skipped"


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
class Work:
    """A record to be written: made in memory, with its values before (empty for a new one).

    A ``shared`` one stands for equal new records of many rows; each is written as a copy of its own.
    """

    made: Made | None
    before: Values
    side: Side | None = None
    status: str = NEW
    title: str = ""
    shared: bool = False

    def own(self) -> Work:
        """Return this work with a record of its own."""
        if not self.shared:
            return self
        made = self.made
        own = Made(copied(made.instance), many=made.many, pending=made.pending, form=made.form)
        return Work(own, {}, self.side, self.status, self.title)


@dataclass(slots=True)
class RowResult:
    """What becomes of one row.

    ``work`` is the row's own record to be written, ``sides`` are those it carries beside.
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
    record_pk: int | None = None  # of the stored record that the row means
    work: Work | None = None
    sides: list[Work] = field(default_factory=list)
    folded: RowResult | None = None

    @property
    def accepted(self) -> bool:
        """Whether the row is written or is there already."""
        return self.status in (NEW, CHANGED, SAME)

    def forget_work(self) -> None:
        """Drop what is only needed for writing; a preview of many rows could not hold all the records."""
        self.work, self.record = None, None
        for side in self.sides:
            if not side.shared:
                side.made, side.before = None, {}


@dataclass(slots=True)
class Row:
    """A row while it is checked: own values and those of side records, by field."""

    result: RowResult
    layout: Layout
    own: dict[str, Any] = field(default_factory=dict)
    sides: dict[str, dict[str, Any]] = field(default_factory=dict)
    unclear: dict[str, tuple[int, AmbiguousRecord]] = field(default_factory=dict)
    asked: dict[str, tuple[int, list[Question]]] = field(default_factory=dict)  # by own field
    key: Any = None
    before: Values = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """What the row says; None stands for a cell that could not be read."""
        return {name: value for name, value in self.own.items() if value is not None}

    @property
    def broken(self) -> set[str]:
        """The fields whose cells could not be read."""
        return {name for name, value in self.own.items() if value is None}

    def withdraw(self, name: str, index: int) -> list[Question]:
        """Take the cell of an own field as not written; return the questions that nothing in the row asks any longer."""
        result = self.result
        result.problems = [problem for problem in result.problems if problem.index != index]
        self.own.pop(name, None)
        self.unclear.pop(name, None)
        _, dropped = self.asked.pop(name, (index, []))
        result.questions = [question for _, asked in self.asked.values() for question in asked]
        return [question for question in dropped if question not in result.questions]

    def problem(self, column: str, message: str, index: int | None = None) -> None:
        """Note what is wrong, at a cell where there is one."""
        result = self.result
        head = text_of(self.layout.header[index]) if index is not None else column
        value = text_of(result.cells[index]) if index is not None else ""
        result.problems.append(Problem(result.row, head, value, message, result.serial, index))

    def field_problem(self, name: str, message: str, label: str = "", side: str = "") -> None:
        """Note what is wrong with a field, at the cell it came from."""
        for index, column in self.layout.columns.items():
            if column.name == name and column.side == side:
                self.problem(column.label, message, index)
                return
        missing = label and message == str(forms.Field.default_error_messages["required"])
        self.problem(
            label, f"文件中没有“{label}”这一列，这一项必须填写。请补上后重新上传。" if missing else message
        )

    def made_problems(self, made: Made, labels: dict[str, str], broken: set[str], side: str = "") -> None:
        """Note what the rules refuse, at the cells it came from; ``broken`` fields have been noted already."""
        placed = {column.name for column in self.layout.columns.values() if column.side == side}
        for name, messages in sorted(made.errors.items(), key=lambda item: item[0] not in placed):
            if name in broken:
                continue
            if name not in placed and self.result.problems and name in labels:
                continue  # what a missing column lacks may follow from what is wrong elsewhere
            for message in messages:
                self.field_problem(name, message, labels.get(name, ""), side)
