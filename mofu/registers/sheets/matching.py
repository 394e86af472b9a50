"""Which stored record a row means: by the keys a register declares, else by what the database holds unique.

A :class:`Finder` reads the candidates of many rows with one query per key, then answers row by row from memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from mofu.registers.sheets.cells import CellProblem

if TYPE_CHECKING:
    from mofu.accounts.models import Organization
    from mofu.registers.register import Register

Key = tuple[str, ...]
Values = dict[str, Any]


class PendingUnit(str):
    """The name of a unit that is not there (yet); it matches nothing, ``unit`` stands in for it, not saved."""

    unit: Organization

    def __new__(cls, name: str, unit: Organization) -> PendingUnit:
        made = super().__new__(cls, name)
        made.unit = unit
        return made


def keys_of(register: Register) -> list[Key]:
    """Return the field combinations that tell records apart, the surest first."""
    if register.key_fields:
        return list(register.key_fields)
    model = register.model
    single = [
        (field.name,)
        for field in model._meta.fields
        if field.unique and field.editable and not field.primary_key
    ]
    together = [
        tuple(rule.fields)
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields and rule.condition is None
    ]
    return [*single, *together]


class Finder:
    """Finds stored records by the keys of their register, among ``rows`` that the user may see."""

    def __init__(self, register: Register, rows: models.QuerySet) -> None:
        self.register, self.rows = register, rows
        self.keys = keys_of(register)
        self._found: dict[Key, dict[tuple, list[models.Model]]] = {}

    def prefetch(self, rows: Sequence[Values]) -> None:
        """Read the candidates of some rows; what was read for earlier ones is forgotten."""
        self._found = {key: self._candidates(key, rows) for key in self.keys}

    def find(self, values: Values) -> models.Model | None:
        """Return the record a row means, None for a new one; raise CellProblem when several fit."""
        for key in self._usable_keys(values):
            found = self._found.get(key, {}).get(_identity(key, values), [])
            if len(found) > 1:
                found = self._agreeing(found, values) or found
            if len(found) > 1:
                names = "、".join(str(self.register.model._meta.get_field(name).verbose_name) for name in key)
                raise CellProblem(f"已有多条记录的{names}与本行相同，无法确定是哪一条，请在页面上修改。")
            if found:
                return found[0]
        return None

    def doubts(self, values: Values) -> list[str]:
        """Return what the user should know about a row that means a new record: whom it could mean instead."""
        return []

    def contradictions(self, first: Values, second: Values) -> list[str]:
        """Return the fields by which two rows of one key cannot mean the same record."""
        return []

    def row_key(self, values: Values) -> tuple[Any, ...] | None:
        """Return what tells rows of one file apart, None when the row gives no key."""
        for key in self._usable_keys(values, pending=True):
            return tuple((name, plain(values.get(name))) for name in key)
        return None

    def _usable_keys(self, values: Values, *, pending: bool = False) -> Iterable[Key]:
        """Yield the keys that ``values`` give whole, then those whose missing part may be empty."""
        usable = [
            key
            for key in self.keys
            if pending or not any(isinstance(values.get(name), PendingUnit) for name in key)
        ]
        yield from (key for key in usable if all(_given(values, name) for name in key))
        for key in usable:
            missing = [name for name in key if not _given(values, name)]
            may_be = all(_may_be_empty(self.register.model, name) for name in missing)
            if missing and len(missing) < len(key) and may_be:
                yield key

    def _candidates(self, key: Key, rows: Sequence[Values]) -> dict[tuple, list[models.Model]]:
        """Return the stored records that could be meant by some row, by their first given key values."""
        lookup = self._narrowest(key, rows)
        found: dict[tuple, list[models.Model]] = defaultdict(list)
        if lookup:
            for record in with_related(self.rows.filter(**lookup)):
                found[_stored_identity(key, record)].append(record)
        return found

    def _narrowest(self, key: Key, rows: Sequence[Values]) -> dict[str, Any]:
        """Return the look-up over the field of the key that tells most rows apart."""
        given = {
            name: {
                values[name]
                for values in rows
                if _given(values, name) and not isinstance(values[name], (PendingUnit, list))
            }
            for name in key
        }
        given = {name: _storable(self.register.model, name, values) for name, values in given.items()}
        always = [name for name in key if not _may_be_empty(self.register.model, name)] or list(key)
        best = max(always, key=lambda name: len(given[name]))
        return {f"{best}__in": given[best]} if given[best] else {}

    def _agreeing(self, records: list[models.Model], values: Values) -> list[models.Model]:
        """Return the first of several records with one key that already says all the row says."""
        from mofu.registers.sheets import comparing  # noqa: PLC0415 - comparing knows registers, registers know keys

        return [record for record in records if comparing.agrees(self.register, record, values)][:1]


def with_related(rows: models.QuerySet) -> models.QuerySet:
    """Read what the form fields of records point to with them: a preview compares and names it in every row."""
    keys = _keys(rows.model)
    many = [field for field in rows.model._meta.many_to_many if field.remote_field.through._meta.auto_created]
    named = [f"{field.name}__{key}" for field in many for key in _keys(field.related_model)]
    rows = rows.select_related(*keys) if keys else rows
    return rows.prefetch_related(*(field.name for field in many), *named)


def _keys(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.is_relation and field.editable]


def plain(value: Any) -> str:
    """Return a key value as text, so that what a cell says and what is stored can be compared."""
    if isinstance(value, models.Model):
        value = value.pk
    return "" if value is None else str(value)


def _identity(key: Key, values: Values) -> tuple:
    return tuple(plain(values.get(name)) for name in key)


def _stored_identity(key: Key, record: models.Model) -> tuple:
    return tuple(plain(getattr(record, record._meta.get_field(name).attname)) for name in key)


def _given(values: Values, name: str) -> bool:
    return values.get(name) not in (None, "")


def _storable(model: type[models.Model], name: str, values: set[Any]) -> set[Any]:
    """Return the values that the database can be asked for: none beyond the range of an integer column."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.IntegerField):
        return values
    low, high = connection.ops.integer_field_range(field.get_internal_type())
    return {value for value in values if _is_between(value, low, high)}


def _is_between(value: Any, low: int | None, high: int | None) -> bool:
    try:
        number = int(value)
    except (TypeError, ValueError):
        return False
    return (low is None or low <= number) and (high is None or number <= high)


def _may_be_empty(model: type[models.Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return field.null or field.blank
