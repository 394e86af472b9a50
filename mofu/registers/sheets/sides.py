"""The side records of a row: found, made by their own register's rules, kept for writing after the row's record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from mofu.accounts.models import User
from mofu.registers import bulk
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.constraints import Constraints
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.making import Made, Maker
from mofu.registers.sheets.matching import plain
from mofu.registers.sheets.results import CHANGED, NEW, SAME, Row, Work
from mofu.registers.sheets.side import Side


class Sides:
    """Checks the side records of one file's rows."""

    def __init__(self, register: Register, user: User, layout: Layout) -> None:
        self.layout, self.user = layout, user
        named = {column.side for column in layout.columns.values()}
        self.kinds = [_Kind(side, user) for side in register.sheet_sides if side.ident in named]
        self._all = register.sheet_sides
        self._keys: set[Any] = set()

    def complete(self, row: Row) -> None:
        """Fill in what follows from other values of the same side record."""
        for side in self._all:
            side.complete(row.sides.setdefault(side.ident, {}))

    def carries(self, row: Row) -> bool:
        """Whether a row says anything beside its own record."""
        return any(row.sides.get(kind.side.ident, {}).get(kind.side.fields[0]) for kind in self.kinds)

    def check(self, rows: Sequence[Row]) -> None:
        """Check what some rows carry beside their own records."""
        for kind in self.kinds:
            kind.prefetch(rows)
            for row in rows:
                self._check_row(row, kind)

    def _check_row(self, row: Row, kind: _Kind) -> None:
        side, given = kind.side, row.sides.get(kind.side.ident, {})
        values = {name: value for name, value in given.items() if value is not None}
        if values.get(side.fields[0]) is not None:
            broken = {name for name in given if given[name] is None}
            self._check_side(row, kind, side.fixed | values, broken)
        elif values and side.fields[0] not in given:
            told = (column for column in self.layout.read_columns if column.side == side.ident)
            names = "、".join(column.label for column in told if column.name in values)
            row.result.notes.append(f"没有填写{kind.label}，{names}未导入。")

    def _check_side(self, row: Row, kind: _Kind, values: dict[str, Any], broken: set[str]) -> None:
        identity = (row.key, kind.side.ident, *(values.get(name) for name in kind.side.key))
        if row.key is not None and identity in self._keys:
            return
        record = kind.stored(row.result.record_pk, values)
        if record is not None and comparing.agrees(kind.register, record, values):
            row.result.sides.append(Work(Made(record), {}, kind.side, SAME))
            return
        before = bulk.values_of(record) if record is not None else {}
        made = (
            kind.maker.changed(record, values)
            if record is not None
            else kind.maker.new(values, kind.defaults)
        )
        if made.errors:
            row.made_problems(made, kind.labels, broken, kind.side.ident)
            return
        if record is not None:
            row.result.changes += comparing.changes(kind.register, made, before, kind.labels)
        kind.constraints.check(
            [
                (
                    made.instance,
                    row.result.row,
                    lambda name, message: row.field_problem(name, message, "", kind.side.ident),
                )
            ]
        )
        title = f"{kind.register.title}：{kind.shown(made.instance)}"
        row.result.sides.append(Work(made, before, kind.side, CHANGED if before else NEW, title))
        if row.key is not None and not row.result.problems:
            self._keys.add(identity)

    def show(self, row: Row) -> None:
        """Put the side cells as they stand into the preview row, in the order of the file."""
        if not row.result.shown:
            return
        own = iter(row.result.shown)
        row.result.shown = [
            text_of(row.result.cells[index]) if column.side else next(own, "")
            for index, column in sorted(self.layout.columns.items())
            if not column.shown
        ]


class _Kind:
    """One kind of side record: its register, how it is made, which ones are stored."""

    def __init__(self, side: Side, user: User) -> None:
        self.side, self.user, self.register = side, user, REGISTERS[side.slug]
        self.maker = Maker(self.register, user, without=side.link)
        self.constraints = Constraints(self.register.model)
        self.defaults = dict(self.register.initial(user))
        self.labels = {name: str(field.label) for name, field in self.maker.blank.fields.items()}
        self._stored: dict[tuple, models.Model] = {}

    @property
    def label(self) -> str:
        """The label of the field that says whether a row carries such a record."""
        return self.labels.get(self.side.fields[0], self.register.title)

    def prefetch(self, rows: Sequence[Row]) -> None:
        """Read the stored side records of the records that some rows mean."""
        self.maker.prefetch(row.sides.get(self.side.ident, {}) for row in rows)
        owners = {row.result.record_pk for row in rows if row.result.record_pk is not None}
        self._stored = {}
        if owners:
            found = self.register.rows(self.user).filter(**{f"{self.side.link}__in": owners})
            for record in found:
                self._stored[self._identity(getattr(record, f"{self.side.link}_id"), vars(record))] = record

    def stored(self, owner: int | None, values: dict[str, Any]) -> models.Model | None:
        """Return the stored record of ``owner`` with the same key."""
        if owner is None or any(values.get(name) is None for name in self.side.key):
            return None
        return self._stored.get((owner, *(plain(values[name]) for name in self.side.key)))

    def _identity(self, owner: int, stored: dict[str, Any]) -> tuple:
        columns = [self.register.model._meta.get_field(name).attname for name in self.side.key]
        return (owner, *(plain(stored.get(name)) for name in columns))

    def shown(self, record: models.Model) -> str:
        """Return the first field of a side record as text."""
        return comparing.text(self.register, record, next(iter(self.labels)))
