"""A cell of a column → the value its form field takes: the reading that fits the field, related records looked up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from mofu.accounts.models import Organization
from mofu.registers.register import Register
from mofu.registers.sheets import amounts, cells
from mofu.registers.sheets.cells import CellProblem, text_of
from mofu.registers.sheets.columns import (
    SheetColumn,
    asks_for_month,
    choices_of,
    is_number,
    is_partial_date,
    is_text_number,
)
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.related import MissingRecord, Related, UnknownUnit, is_person
from mofu.registers.sheets.texts import person_name
from mofu.registers.sheets.units import Question, Units

if TYPE_CHECKING:
    from mofu.registers.sheets.kin import Kin
    from mofu.registers.sheets.results import RowResult

Parsed = tuple[Any, list[Question], list[str]]  # value, questions it raises, notes for the user
REMEMBERED = 2000  # different cells of one column whose meaning is kept in mind
_UNREAD = object()
_SEVERAL = re.compile(r"[、;；,，\n]+")


class Parser:
    """Reads cells for one register and one file."""

    def __init__(
        self,
        register: Register,
        form: forms.ModelForm,
        side_forms: dict[str, forms.ModelForm],
        related: Related,
        units: Units,
        layout: Layout,
        kin: Kin,
    ) -> None:
        self.register, self.related, self.units, self.layout, self.kin = register, related, units, layout, kin
        self._forms = {"": form} | side_forms
        self._readers: dict[tuple[str, str], Callable[[SheetColumn, int, Cell], Any]] = {}
        self._known: dict[int, dict[Any, Parsed | CellProblem | None]] = defaultdict(dict)
        self._relations = {
            index: (column, field)
            for index, column in layout.columns.items()
            if not column.shown and isinstance(field := self._field(column), forms.ModelChoiceField)
        }

    def prefetch(self, rows: Iterable[list[Cell]]) -> None:
        """Look the related records of many rows up at once."""
        rows = list(rows)
        if any(is_person(field.queryset.model) for _, field in self._relations.values()):
            self.related.prefetch(Organization, self._unit_texts(rows))
        for index, (_, field) in self._relations.items():
            texts = {text_of(cells_[index]) for cells_ in rows if not cells.is_empty(cells_[index])}
            if not isinstance(field, forms.ModelMultipleChoiceField):
                self.related.prefetch(field.queryset.model, texts)
                if field.queryset.model is Organization:
                    self.units.prefetch(texts)

    def _unit_texts(self, rows: Iterable[list[Cell]]) -> set[str]:
        """Return the units that tell namesakes apart in some rows."""
        places = [
            index
            for index, column in self.layout.columns.items()
            if column.name.endswith("org") or (column.shown and "单位" in column.label)
        ]
        return {text for cells_ in rows for index in places if (text := text_of(cells_[index]))}

    def value(self, column: SheetColumn, index: int, row: RowResult) -> Parsed | None:
        """Return what the cell means, None for nothing; raise CellProblem when it cannot be understood."""
        cell = row.cells[index]
        if cell is None:
            return None
        known, key = self._known[index], cell if cell.__class__ is str else (cell.__class__, cell)
        found = known.get(key, _UNREAD)
        if found is _UNREAD:
            found = None if self._says_nothing(column, cell) else self._read(column, index, row)
            if len(known) < REMEMBERED and not self._depends_on_row(index, found):
                known[key] = found
        if found.__class__ is not tuple and found is not None:
            raise found.with_traceback(None)
        return found

    def _says_nothing(self, column: SheetColumn, cell: Cell) -> bool:
        """Whether a cell leaves its field as it is; “无” and “/” mean “no” where yes or no is asked."""
        if not cells.is_empty(cell):
            return False
        return not (isinstance(self._field(column), forms.BooleanField) and cells.says_no(cell))

    def _depends_on_row(self, index: int, found: Parsed | CellProblem | None) -> bool:
        """Whether the same text may mean something else, or raises a question, in another row."""
        if index not in self._relations or found is None:
            return False
        return isinstance(found, CellProblem) or bool(found[1]) or self.related.is_ambiguous(found[0])

    def _read(self, column: SheetColumn, index: int, row: RowResult) -> Parsed | CellProblem:
        field, cell = self._field(column), row.cells[index]
        try:
            cells.must_have_value(cell)
            if column.reader is not None:
                return column.reader(cell), [], []
            if isinstance(field, forms.ModelMultipleChoiceField):
                return self._several(field, cell), [], []
            if isinstance(field, forms.ModelChoiceField):
                return self._related(column, field, index, row)
            if column.key not in self._readers:
                self._readers[column.key] = self._reader(column, field)
            return self._readers[column.key](column, index, cell), [], _doubts(field, cell)
        except CellProblem as problem:
            return problem

    def _field(self, column: SheetColumn) -> forms.Field:
        return self._forms[column.side].fields[column.name]

    def _several(self, field: forms.ModelMultipleChoiceField, cell: Cell) -> list[int]:
        texts = [text for text in _SEVERAL.split(text_of(cell)) if text]
        return [self.related.find(field.queryset.model, text) for text in texts]

    # related records -------------------------------------------------------------------------------------

    def _related(
        self, column: SheetColumn, field: forms.ModelChoiceField, index: int, row: RowResult
    ) -> Parsed:
        text, model = text_of(row.cells[index]), field.queryset.model
        unit, its_own = self._unit_hint(column, row)
        try:
            found = self.related.find(model, text, unit=unit, its_own=its_own)
            return found, [], self.related.unit_note(model, text, unit) if its_own else []
        except UnknownUnit:
            if not column.side and column.name in self.register.sheet_known_units:
                raise MissingRecord(
                    f"没有登记过{column.label}“{text}”，或不由您选择。请核对名称；不能确定时请留空。"
                ) from None
            if self.register.model is field.queryset.model:
                if (superior := self.kin.superior(text, row.row)) is not None:
                    return superior, [], []
                raise CellProblem(
                    f"没有登记过单位“{text}”，请先新增这个上级单位，或把它也写进本表。"
                ) from None
        question = self.units.question(text, row.row)
        if question.refusal:
            raise CellProblem(question.refusal)
        return question.mapped or question.pending, [question], []

    def _unit_hint(self, column: SheetColumn, row: RowResult) -> tuple[str, bool]:
        """Return the unit that the same row names, to tell namesakes apart, and whether it is surely theirs."""
        people = [
            other for _, (other, field) in sorted(self._relations.items()) if is_person(field.queryset.model)
        ]
        first = bool(people) and column is people[0]
        candidates = (
            (lambda other: other.name.startswith(f"{column.name}__") and other.name.endswith("org"), True),
            (lambda other: other.name == "org" and not other.side, False),
            (lambda other: other.shown and "单位" in other.label and "__" not in other.name, first),
            (lambda other: other.shown and "单位" in other.label, False),
        )
        for fits, its_own in candidates:
            for place, other in self.layout.columns.items():
                if other is not column and fits(other) and text_of(row.cells[place]):
                    return text_of(row.cells[place]), its_own
        return "", False

    # plain values ----------------------------------------------------------------------------------------

    def _reader(self, column: SheetColumn, field: forms.Field) -> Callable[[SheetColumn, int, Cell], Any]:
        choices = choices_of(field)
        if choices:
            return lambda _column, _index, cell: cells.choice(cell, choices)
        if isinstance(field, forms.BooleanField):
            return lambda _column, _index, cell: cells.yes_or_no(cell)
        if is_partial_date(field):
            return self._partial_date
        if isinstance(field, forms.DateField):
            return lambda _column, _index, cell: cells.full_date(cell)
        if is_number(field):
            fractions = isinstance(
                field, (forms.DecimalField, forms.FloatField)
            )  # both are IntegerFields to Django
            return self._amount if fractions else self._whole_number
        return self._text_reader(column)

    def _text_reader(self, column: SheetColumn) -> Callable[[SheetColumn, int, Cell], Any]:
        if column.name == "id_number":
            return lambda _column, _index, cell: cells.number_text(cell).upper()
        if is_text_number(column.name, self.register):
            return lambda _column, _index, cell: cells.number_text(cell)
        if "姓名" in column.label:
            return lambda _column, _index, cell: person_name(text_of(cell))
        return lambda _column, _index, cell: text_of(cell)

    def _partial_date(self, _column: SheetColumn, index: int, cell: Cell) -> str:
        return cells.partial_date(cell, month_only=asks_for_month(text_of(self.layout.header[index])))

    def _amount(self, column: SheetColumn, index: int, cell: Cell) -> str:
        written = amounts.header_unit(text_of(self.layout.header[index])) if column.unit else ""
        value = amounts.amount(cell, column.unit, written=written)
        return f"{value:f}"

    def _whole_number(self, column: SheetColumn, index: int, cell: Cell) -> str:
        if column.name.endswith("year") or column.name == "year":
            return cells.year(cell)
        value = amounts.amount(cell)
        if value != value.to_integral_value():
            raise CellProblem(f"“{text_of(cell)}”应为整数。")
        return f"{value.to_integral_value():f}"


def _doubts(field: forms.Field, cell: Cell) -> list[str]:
    """Return what could be meant otherwise: 2024.1 as a number may have been 2024.10."""
    if (
        isinstance(cell, float)
        and is_partial_date(field)
        and round(cell * 10) % 10 == 1
        and cell == round(cell, 1)
    ):
        return [f"“{cell}”按1月读取；如是10月，请写成“2024.10”的文本或“2024年10月”。"]
    return []
