"""Writing many records at once: the same derived columns, stamps and trail as one ``save()``, in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from mofu.accounts import rows, trail
from mofu.accounts.trail import TrailedModel
from mofu.registers.records import Record

BLOCK = 1000  # records written by one statement

Values = dict[str, Any]  # column values by attribute name


def suits(model: type[models.Model]) -> bool:
    """Whether records may be written in bulk: nothing of the model's own happens when one is saved or takes its turn."""
    turn = getattr(model, "take_turn", None)
    return model.save is TrailedModel.save and turn is getattr(Record, "take_turn", None)


def values_of(record: models.Model) -> Values:
    """Return the column values of a record as they are in memory."""
    return {field.attname: _value(record, field) for field in record._meta.concrete_fields}


def _value(record: models.Model, field: models.Field) -> Any:
    value = getattr(record, field.attname)
    return value.name or "" if isinstance(value, FieldFile) else value


def create(records: Sequence[TrailedModel], *, derived: bool = False, reason: str = "") -> None:
    """Add new records of one model and their trail with the reason; they have their keys afterwards.

    ``derived`` says that the columns that follow from others have been filled already.
    """
    for block in batched(records, BLOCK):
        for record in () if derived else block:
            record.derive()
        rows.add(block)
        trail.record_new(block, reason=reason)


def change(changed: Sequence[tuple[TrailedModel, Values]], *, reason: str = "") -> None:
    """Write changed records of one model, each given with its values before, and their trail with the reason."""
    for block in batched(changed, BLOCK):
        for record, _ in block:
            _settle(record)
        names = _changed_names(block)
        if names:
            model = type(block[0][0])
            records = [record for record, _ in block]
            model._base_manager.bulk_create(
                records, update_conflicts=True, unique_fields=["pk"], update_fields=names
            )
        trail.record_saves(block, reason=reason)


def write(changed: Sequence[tuple[models.Model, Values]]) -> None:
    """Write changed rows of one model, each given with its values before; rows that change alike in one statement.

    Derived columns follow; the caller writes the trail.
    """
    alike: dict[tuple[tuple[str, Any], ...], list[Any]] = defaultdict(list)
    now = timezone.now()
    for row, before in changed:
        _settle(row, now)
        after = values_of(row)
        alike[tuple((name, after[name]) for name in after if after[name] != before[name])].append(row.pk)
    for values, keys in alike.items():
        for block in batched(keys, BLOCK):
            type(changed[0][0])._base_manager.filter(pk__in=block).update(**dict(values))


def _settle(row: models.Model, now: datetime | None = None) -> None:
    """Fill what follows from the other columns, as ``save()`` does."""
    if isinstance(row, TrailedModel):
        row.derive()
    if isinstance(row, Record):
        row.updated_at = now or timezone.now()


def _changed_names(block: Iterable[tuple[models.Model, Values]]) -> list[str]:
    """Return the fields in which any record of the block differs from what is stored."""
    found: dict[str, None] = {}
    for record, before in block:
        for field in record._meta.concrete_fields:
            if not field.primary_key and _value(record, field) != before[field.attname]:
                found[field.name] = None
    return list(found)


def restore(model: type[models.Model], stored: dict[int, Values]) -> None:
    """Put column values back as they were, bookkeeping included."""
    for key, values in stored.items():
        model._base_manager.filter(pk=key).update(**values)


def as_text(value: Any) -> str:
    """Return a column value that JSON does not know, to the last digit (Django's own encoder cuts microseconds)."""
    if isinstance(value, (date, time)):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    raise TypeError(f"no way to keep a {type(value).__name__}")


def from_text(model: type[models.Model], values: Values) -> Values:
    """Return the column values of ``model`` that were kept with :func:`as_text`."""
    return {name: model._meta.get_field(name).to_python(value) for name, value in values.items()}
