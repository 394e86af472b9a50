"""What becomes of a row: its status, its problems, what is to be saved with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models

from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.related import AmbiguousRecord
from mofu.registers.sheets.side import Side
from mofu.registers.sheets.units import Question

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
class Row:
    """A row while it is checked: own values and those of side records, by field."""

    result: RowResult
    layout: Layout
    own: dict[str, Any] = field(default_factory=dict)
    sides: dict[str, dict[str, Any]] = field(default_factory=dict)
    unclear: dict[str, tuple[int, AmbiguousRecord]] = field(default_factory=dict)

    def problem(self, column: str, message: str, index: int | None = None) -> None:
        """Note what is wrong, at a cell where there is one."""
        result = self.result
        head = text_of(self.layout.header[index]) if index is not None else column
        value = text_of(result.cells[index]) if index is not None else ""
        result.problems.append(Problem(result.row, head, value, message, result.serial, index))

    def form_problems(self, form: forms.ModelForm, broken: set[str], side: str = "") -> None:
        """Note what a form refuses, at the cells it came from; ``broken`` fields have been noted already."""
        places = {
            column.name: (index, column)
            for index, column in self.layout.columns.items()
            if column.side == side
        }
        for name, messages in sorted(form.errors.items(), key=lambda item: item[0] not in places):
            if name in broken:
                continue
            index, column = places.get(name, (None, None))
            if index is None and self.result.problems and name in form.fields:
                continue  # what a missing column lacks may follow from what is wrong elsewhere
            label = column.label if column else str(form.fields[name].label) if name in form.fields else ""
            for message in messages:
                self.problem(label, str(message), index)
