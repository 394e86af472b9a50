"""One kind of side record in one file: its register, how it is made, which ones are stored.

Rows of a tick sheet say the same thing about thousands of people; what they say is made and checked once, and each row
is given a copy when it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import models

from mofu.accounts.models import User
from mofu.registers import bulk
from mofu.registers.register import REGISTERS
from mofu.registers.sheets import comparing
from mofu.registers.sheets.constraints import Constraints
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.making import Made, Maker
from mofu.registers.sheets.matching import PendingUnit, plain, with_related
from mofu.registers.sheets.results import NEW, SAME, Row, Work
from mofu.registers.sheets.side import Side

SHARED = 20_000  # different new records of one kind that are kept for the rows to come


class Said(NamedTuple):
    """What a row says of one kind: which kind, which record of its owner, and all values."""

    kind: str
    key: tuple
    values: tuple


class Kind:
    """One kind of side record."""

    def __init__(self, side: Side, user: User) -> None:
        self.side, self.user, self.register = side, user, REGISTERS[side.slug]
        self.maker = Maker(self.register, user, without=side.link)
        self.constraints = Constraints(self.register.model)
        self.defaults = dict(self.register.initial(user))
        self.labels = {name: str(field.label) for name, field in self.maker.blank.fields.items()}
        self.same = Work(Made(self.register.model()), {}, side, SAME, shared=True)
        self._stored: dict[tuple, models.Model] = {}
        self._out_of_sight: set[tuple] = set()
        self._new: dict[Said, Work] = {}
        self._all_said: dict[Said, Said] = {}  # equal ones are kept once, whatever the number of rows
        self._may_share = bulk.suits(self.register.model)

    # names -----------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """The label of the field that says whether a row carries such a record."""
        first = self.side.fields[0]
        return self.side.labels.get(first) or self.labels.get(first, self.register.title)

    def head(self, layout: Layout) -> str:
        """Return the label of the kind's column in a file."""
        found = (column for column in layout.read_columns if column.side == self.side.ident)
        return next((column.label for column in found), self.label)

    def title(self, made: Made) -> str:
        """Return what a preview says of a record: the register and its first field."""
        fixed = next(iter(self.side.fixed), None)
        shown = comparing.text(self.register, made.instance, fixed or next(iter(self.labels)))
        return f"{self.register.title}：{shown}"

    @property
    def taken(self) -> str:
        """What is said of a record that somebody else keeps out of the user's sight."""
        rules = (
            rule
            for rule in self.register.model._meta.constraints
            if self.side.link in getattr(rule, "fields", ())
        )
        return next((str(rule.violation_error_message) for rule in rules), "别的单位已登记，不能重复。")

    # records ---------------------------------------------------------------------------------------------

    def said(self, values: dict[str, Any]) -> Said:
        """Return what a row says, for comparing with other rows."""
        key = tuple(plain(values.get(name)) for name in self.side.key)
        said = Said(self.side.ident, key, tuple(sorted((name, str(given)) for name, given in values.items())))
        return self._all_said.setdefault(said, said) if len(self._all_said) < SHARED else said

    def new(self, said: Said, values: dict[str, Any]) -> Work:
        """Return the new record that a row describes; rows that say the same share it until they are written."""
        found = self._new.get(said)
        if found is None:
            made = self.maker.new(values, self.defaults)
            title = "" if made.errors else self.title(made)
            share = self._may_share and not made.many and len(self._new) < SHARED
            found = Work(made, {}, self.side, NEW, title, shared=share)
            if share:
                self._new[said] = found
        return found

    def prefetch(self, rows: Sequence[Row]) -> None:
        """Read the stored side records that some rows may mean."""
        given = [row.sides.get(self.side.ident, {}) for row in rows]
        self.maker.prefetch(given)
        self._stored, self._out_of_sight = {}, set()
        lookup = self._lookup(rows, given)
        if lookup is None:
            return
        for record in with_related(self.register.rows(self.user).filter(**lookup)):
            self._stored[self._identity(record)] = record
        if self.side.link:
            self._note_out_of_sight(lookup)

    def _lookup(self, rows: Sequence[Row], given: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
        """Return the look-up of all records that some rows may mean, None when they can mean none."""
        if self.side.link:
            owners = {row.result.record_pk for row in rows if row.result.record_pk is not None}
            return {f"{self.side.link}__in": owners, **self.side.fixed} if owners else None
        wanted = {name: _values(given, name) for name in self.side.key if name not in self.side.fixed}
        if not all(wanted.values()):
            return None
        return {f"{name}__in": values for name, values in wanted.items()} | self.side.fixed

    def _note_out_of_sight(self, lookup: dict[str, Any]) -> None:
        """Note the records of these owners that the user may not see: nobody may enter them twice either."""
        rows = self.register.model.objects.unscoped(
            "only whether it is taken, nothing of the record is shown"
        )
        columns = [self.register.model._meta.get_field(name).attname for name in self.side.key]
        for owner, *key in rows.filter(**lookup).values_list(f"{self.side.link}_id", *columns):
            identity = (owner, *map(plain, key))
            if identity not in self._stored:
                self._out_of_sight.add(identity)

    def stored(self, owner: int | None, values: dict[str, Any]) -> models.Model | None:
        """Return the stored record of ``owner`` with the same key."""
        identity = self._identity_of(owner, values)
        return self._stored.get(identity) if identity else None

    def is_out_of_sight(self, owner: int | None, values: dict[str, Any]) -> bool:
        """Whether the record is kept already, where the user cannot see it."""
        return bool(self._out_of_sight) and self._identity_of(owner, values) in self._out_of_sight

    def _identity_of(self, owner: int | None, values: dict[str, Any]) -> tuple | None:
        if (self.side.link and owner is None) or any(values.get(name) is None for name in self.side.key):
            return None
        return (owner if self.side.link else 0, *(plain(values[name]) for name in self.side.key))

    def _identity(self, record: models.Model) -> tuple:
        columns = [self.register.model._meta.get_field(name).attname for name in self.side.key]
        owner = getattr(record, f"{self.side.link}_id") if self.side.link else 0
        return (owner, *(plain(getattr(record, name)) for name in columns))


def _values(given: Iterable[dict[str, Any]], name: str) -> set[Any]:
    found = (values.get(name) for values in given)
    return {value for value in found if value is not None and not isinstance(value, PendingUnit)}
