"""A row beside the stored record: does it say the same, and what would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.db import models

from mofu.registers import pages
from mofu.registers.bulk import Values
from mofu.registers.columns import Column
from mofu.registers.id_numbers import normalise
from mofu.registers.masks import masks
from mofu.registers.register import Register
from mofu.registers.sheets.making import Made, coarser
from mofu.registers.sheets.matching import PendingUnit


@dataclass(frozen=True)
class Change:
    """One field of a stored record that a row would change."""

    label: str
    old: str
    new: str


def _raw(record: models.Model, name: str) -> Any:
    field = record._meta.get_field(name)
    if field.many_to_many:
        return sorted(item.pk for item in getattr(record, name).all())
    value = getattr(record, field.attname)
    return value if value is not None else ""


def changes(register: Register, made: Made, before: Values, names: Iterable[str]) -> list[Change]:
    """Return what a record changed in memory would change in the database, as a person reads it."""
    record = made.instance
    old = type(record)(**before)
    found = []
    for name in names:
        field = record._meta.get_field(name)
        if field.many_to_many:
            found += _many_changed(record, name, made)
        elif name in made.pending:
            found.append(
                Change(str(field.verbose_name), text(register, old, name), f"{made.pending[name]}（新单位）")
            )
        elif before[field.attname] != getattr(record, field.attname):
            found.append(
                Change(str(field.verbose_name), text(register, old, name), text(register, record, name))
            )
    return found


def _many_changed(record: models.Model, name: str, made: Made) -> list[Change]:
    if name not in made.many:
        return []
    stored = list(getattr(record, name).all())
    if {item.pk for item in stored} == {item.pk for item in made.many[name]}:
        return []
    label = str(record._meta.get_field(name).verbose_name)
    return [Change(label, "、".join(map(str, stored)), "、".join(map(str, made.many[name])))]


def text(register: Register, record: models.Model, name: str) -> str:
    """Return a field of a record as a page shows it, personal numbers masked."""
    field = record._meta.get_field(name)
    if name in register.secret_fields:
        return pages.mask(name, getattr(record, name) or "")
    if field.many_to_many:
        return "、".join(str(item) for item in getattr(record, name).all()) if record.pk else ""
    if field.is_relation and getattr(record, field.attname) is None:
        return ""
    return _column(type(record), name).text(record)


@cache
def _column(model: type[models.Model], name: str) -> Column:
    return Column(name).bound_to(model)


def agrees(register: Register, record: models.Model, values: dict[str, Any]) -> bool:
    """Whether everything a row says is what is stored already."""
    return all(_equal(register, record, name, value) for name, value in values.items())


def _equal(register: Register, record: models.Model, name: str, value: Any) -> bool:
    if isinstance(value, PendingUnit):
        return False
    stored = _raw(record, name)
    if isinstance(value, list):
        return sorted(value) == stored
    if name in register.secret_fields:
        return normalise(str(value)) in {normalise(stored), *masks(name, stored)} if stored else not value
    if coarser(stored, value):
        return True
    if isinstance(stored, date):
        return stored.isoformat() == str(value)
    if isinstance(stored, (Decimal, float)) or (isinstance(stored, int) and not isinstance(stored, bool)):
        return _same_number(stored, value)
    return stored == value or str(stored) == str(value)


def _same_number(stored: Any, value: Any) -> bool:
    try:
        return Decimal(str(stored)) == Decimal(str(value))
    except InvalidOperation:
        return False
