"""Rows into a table, past Django's insert compiler: ``executemany`` on SQLite, ``COPY`` on PostgreSQL.

The compiler asks every field of every record anew what its value looks like in the database, which costs more than the
database itself. Here a column is asked once for all records; values that the database takes as they are pass untouched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache, partial
from types import NoneType
from typing import Any

from django.db import connection, connections, models, transaction

_TEXT = (models.CharField.get_prep_value, models.TextField.get_prep_value)
_REPEATED = (date, datetime, bool)  # equal values of one of these look alike in the database


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of values as the database takes them; ``names`` are the attribute names of their columns."""
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(model._meta.get_field(name).column) for name in names)
    target = f"{quoted(model._meta.db_table)} ({columns})"
    rows = list(rows)  # making one may ask the database, which cannot answer in the middle of a COPY
    with connection.cursor() as cursor, connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {target} VALUES ({places})", rows)  # noqa: S608 - names of our own


def add(records: Sequence[models.Model]) -> None:
    """Insert new records of one model, as ``bulk_create`` does; they have their keys afterwards."""
    if not records:
        return
    model = type(records[0])
    if not _is_plain(model) or any(record.pk is not None for record in records):
        model._base_manager.bulk_create(records)
        return
    key = model._meta.pk
    fields = [field for field in model._meta.concrete_fields if field is not key]
    columns = [_prepared(field, _values(field, records)) for field in fields]
    with transaction.atomic(savepoint=False):
        keys = _reserved(model, len(records))
        names = [key.attname, *(field.attname for field in fields)]
        insert(model, names, zip(keys, *columns, strict=True))
    for record, number in zip(records, keys, strict=True):
        record.pk = number
        record._state.adding, record._state.db = False, connection.alias


@cache
def _is_plain(model: type[models.Model]) -> bool:
    """Whether a model has one table, keys counted by the database, and no column that the database fills."""
    fields = model._meta.concrete_fields
    filled = any(field.generated or field.has_db_default() for field in fields)
    return not filled and not model._meta.parents and isinstance(model._meta.pk, models.AutoField)


def _reserved(model: type[models.Model], count: int) -> Sequence[int]:
    """Return the keys of the next ``count`` records; the caller's transaction has to be open."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            counter = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(counter, [f'"{table}"', column, count])
            return [key for (key,) in cursor.fetchall()]
        # SQLite has one writer, and that is this transaction.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + 1 + count)


def _values(field: models.Field, records: Sequence[models.Model]) -> list[Any]:
    """Return a column's values in memory, after what the field itself does before a record is saved."""
    name = field.attname
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = field.pre_save(records[0], True)
        for record in records:
            setattr(record, name, now)
        return [now] * len(records)
    if isinstance(field, models.FileField):
        return [field.pre_save(record, True) if record.__dict__[name] else "" for record in records]
    if type(field).pre_save is not models.Field.pre_save:
        return [field.pre_save(record, True) for record in records]
    values = [record.__dict__[name] for record in records]
    if field.is_relation and None in values:
        return [_saved_key(field, record) for record in records]
    return values


def _saved_key(field: models.ForeignKey, record: models.Model) -> Any:
    """Return a foreign key that may have been set before its record was saved; raise ValueError where it is not yet."""
    if record.__dict__[field.attname] is None and field.get_cached_value(record, None) is not None:
        record._prepare_related_fields_for_save("bulk_create", [field])
    return record.__dict__[field.attname]


def _prepared(field: models.Field, values: list[Any]) -> list[Any]:
    """Return values as the database takes them."""
    kinds = {*map(type, values)}
    plain = _plain_kinds(field)
    if plain and kinds <= plain:
        return values
    if str in plain and all(issubclass(kind, (str, NoneType)) for kind in kinds):
        return [None if value is None else str(value) for value in values]
    prepare = partial(field.get_db_prep_save, connection=connections[connection.alias])
    kinds.discard(NoneType)
    if len(kinds) == 1 and kinds.issubset(_REPEATED):
        known = {value: prepare(value) for value in {*values}}
        return [known[value] for value in values]
    return [prepare(value) for value in values]


@cache
def _plain_kinds(field: models.Field) -> frozenset[type]:
    """Return the types of values that the database takes as they are in the column of a field."""
    kind = type(field)
    if field.is_relation:
        return _plain_kinds(field.target_field)
    if isinstance(field, models.AutoField):
        return frozenset((int, NoneType))
    if kind.get_db_prep_save is not models.Field.get_db_prep_save:
        return frozenset()
    if isinstance(field, (models.CharField, models.TextField)):
        own = kind.get_prep_value in _TEXT and kind.get_db_prep_value is models.Field.get_db_prep_value
        return frozenset((str, NoneType)) if own else frozenset()
    if isinstance(field, models.BooleanField):
        return frozenset((bool, NoneType))
    return frozenset((int, NoneType)) if isinstance(field, models.IntegerField) else frozenset()
