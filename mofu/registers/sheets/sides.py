"""The side records of a row: found, made by their own register's rules, kept for writing after the row's record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import models

from mofu.accounts.models import User
from mofu.registers import bulk
from mofu.registers.register import Register
from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.constraints import Report
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.making import Made
from mofu.registers.sheets.results import CHANGED, Row, Work
from mofu.registers.sheets.side_kinds import Kind, Said


class Sides:
    """Checks the side records of one file's rows."""

    def __init__(self, register: Register, user: User, layout: Layout) -> None:
        self.layout, self.user = layout, user
        named = {column.side for column in layout.columns.values()}
        self.kinds = [
            Kind(side, user) for side in register.sheet_sides if side.ident in named and not side.shared
        ]
        self._all = register.sheet_sides
        self._said: dict[Any, tuple[Said, ...]] = {}  # by row key: what was said about the same before
        self._repeated: dict[tuple[Any, Said], list[Row]] = defaultdict(list)  # rows that say it again
        self._asked: list[
            tuple[models.Model, int, Report]
        ] = []  # of one kind and block: what to ask constraints about

    def complete(self, row: Row) -> None:
        """Fill in what follows from other values of the same side record."""
        for side in self._all:
            side.complete(row.sides.setdefault(side.ident, {}))

    def carries(self, row: Row) -> bool:
        """Whether a row says anything beside its own record."""
        return any(
            row.sides.get(kind.side.ident, {}).get(kind.side.fields[0]) is not None for kind in self.kinds
        )

    def check(self, rows: Sequence[Row]) -> None:
        """Check what some rows carry beside their own records."""
        for kind in self.kinds:
            kind.prefetch(rows)
            self._asked, self._repeated = [], defaultdict(list)
            for row in rows:
                self._check_row(row, kind)
            kind.constraints.check(self._asked)

    def _check_row(self, row: Row, kind: Kind) -> None:
        side, given = kind.side, row.sides.get(kind.side.ident, {})
        values = {name: value for name, value in given.items() if value is not None}
        if values.get(side.fields[0]) is not None:
            broken = {name for name in given if given[name] is None}
            told = {name: value for name, value in values.items() if value != ""}
            self._check_side(row, kind, side.fixed | told, broken)
        elif values and side.fields[0] not in given:
            told = (column for column in self.layout.read_columns if column.side == side.ident)
            names = "、".join(column.label for column in told if column.name in values)
            row.result.notes.append(f"没有填写{kind.label}，{names}未导入。")

    def _check_side(self, row: Row, kind: Kind, values: dict[str, Any], broken: set[str]) -> None:
        said = kind.said(values)
        if self._said_before(row, kind, said):
            return
        if kind.is_out_of_sight(row.result.record_pk, values):
            row.field_problem(kind.side.fields[0], kind.taken, kind.label, kind.side.ident)
            return
        record = kind.stored(row.result.record_pk, values)
        if record is not None and comparing.agrees(kind.register, record, values):
            row.result.sides.append(kind.same)
        elif record is not None:
            self._change(row, kind, record, values, broken, said)
        else:
            self._add(row, kind, kind.new(said, values), broken, said)
        if row.key is not None and not row.result.problems:
            self._said[row.key] = (*self._said.get(row.key, ()), said)

    def _said_before(self, row: Row, kind: Kind, said: Said) -> bool:
        """Whether an earlier row has settled the same record; a row that says otherwise is told so."""
        known = self._said.get(row.key, ()) if row.key is not None else ()
        first = next((one for one in known if one[:2] == said[:2]), None)
        if first is not None and first != said:
            words = (
                f"{kind.head(self.layout)}与前面同一{'人' if kind.side.link else '单位、同一月份'}的行不同"
            )
            if kind.side.link:
                row.result.notes.append(f"{words}，以前面的行为准。")
            else:
                row.field_problem(kind.side.fields[0], f"{words}，请保留一个。", kind.label, kind.side.ident)
        elif first is not None:
            self._repeated[row.key, first].append(row)
        return first is not None

    def _change(
        self,
        row: Row,
        kind: Kind,
        record: models.Model,
        values: dict[str, Any],
        broken: set[str],
        said: Said,
    ) -> None:
        before = bulk.values_of(record)
        made = kind.maker.changed(record, values)
        if made.errors:
            row.made_problems(made, kind.labels, broken, kind.side.ident)
            return
        head = f"{kind.head(self.layout)} " if kind.side.fixed else ""
        row.result.changes += [
            replace(change, label=head + change.label)
            for change in comparing.changes(kind.register, made, before, kind.labels)
        ]
        self._ask_constraints(row, kind, made, said)
        row.result.sides.append(Work(made, before, kind.side, CHANGED, kind.title(made)))

    def _add(self, row: Row, kind: Kind, work: Work, broken: set[str], said: Said) -> None:
        if work.made.errors:
            row.made_problems(work.made, kind.labels, broken, kind.side.ident)
            return
        self._ask_constraints(row, kind, work.made, said)
        row.result.sides.append(work)

    def _ask_constraints(self, row: Row, kind: Kind, made: Made, said: Said) -> None:
        """Ask together with the block's other records."""
        self._asked.append((made.instance, row.result.row, partial(self._report, row, kind, said)))

    def _report(self, row: Row, kind: Kind, said: Said, name: str, message: str) -> None:
        """Note what constraints refuse, also at the rows that said the same again; later rows are asked anew."""
        for each in (row, *self._repeated.pop((row.key, said), ())):
            each.field_problem(name, message, "", kind.side.ident)
        if said in self._said.get(row.key, ()):
            self._said[row.key] = tuple(one for one in self._said[row.key] if one != said)

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
