"""The side records of a row: found, validated by their own register's form, kept for saving after the row's record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from mofu.accounts.models import User
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.results import CHANGED, NEW, SAME, Row, SideRecord
from mofu.registers.sheets.side import Side


class Sides:
    """Checks the side records of one file's rows."""

    def __init__(self, register: Register, user: User, layout: Layout, columns: list[SheetColumn]) -> None:
        self.register, self.user, self.layout, self.columns = register, user, layout, columns
        self._keys: set[Any] = set()

    def check(self, row: Row, key: Any) -> None:
        """Check what a row carries beside its own record; ``key`` stands for that record within the file."""
        for side in self.register.sheet_sides:
            given = row.sides.get(side.slug, {})
            values = {name: value for name, value in given.items() if value is not None}
            if values.get(side.fields[0]) is not None:
                self._check_side(row, side, values, {name for name in given if given[name] is None}, key)
            elif values and side.fields[0] not in given:
                names = "、".join(
                    column.label
                    for column in self.layout.read_columns
                    if column.side and column.name in values
                )
                row.result.notes.append(f"没有填写{self._side_label(side)}，{names}未导入。")
        self._show(row)

    def _side_label(self, side: Side) -> str:
        return next((column.label for column in self.columns if column.side == side.slug), "")

    def _check_side(self, row: Row, side: Side, values: dict[str, Any], broken: set[str], key: Any) -> None:
        register = REGISTERS[side.slug]
        identity = (key, side.slug, *(values.get(name) for name in side.key))
        if key is not None and identity in self._keys:
            return
        record = self._side_record(row, side, values)
        if record is not None and comparing.agrees(register, record, values):
            row.result.sides.append(SideRecord(side, SAME, None))
            return
        form = comparing.bound_form(register, self.user, values, record=record, without=side.link)
        before = comparing.snapshot(form)
        if not form.is_valid():
            row.form_problems(form, broken, side.slug)
            return
        if record is not None:
            row.result.changes += comparing.changes(register, form, before, values)
        row.result.sides.append(
            SideRecord(side, CHANGED if record else NEW, form, _side_title(register, form))
        )
        if key is not None and not row.result.problems:
            self._keys.add(identity)

    def _side_record(self, row: Row, side: Side, values: dict[str, Any]) -> models.Model | None:
        owner = row.result.record
        if owner is None or owner.pk is None or any(values.get(name) is None for name in side.key):
            return None
        rows = REGISTERS[side.slug].rows(self.user)
        return rows.filter(**{side.link: owner.pk}, **{name: values[name] for name in side.key}).first()

    def _show(self, row: Row) -> None:
        """Put the side cells as they stand into the preview row, in the order of the file."""
        own = iter(row.result.shown)
        places = sorted(self.layout.columns.items())
        row.result.shown = [
            text_of(row.result.cells[index]) if column.side else next(own, "")
            for index, column in places
            if not column.shown
        ]


def _side_title(register: Register, form: forms.ModelForm) -> str:
    """Return a side record in words: what it is and its first field."""
    name = next(iter(form.fields))
    return f"{register.title}：{form.cleaned_data.get(name, '')}"
