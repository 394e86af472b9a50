"""Conditions of constraints, judged in memory as far as that is certain: a database is asked only about the rest."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.db.models.constants import LOOKUP_SEP

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def verdict(condition: models.Q, record: models.Model) -> bool | None:
    """Return whether a condition holds for a record; None where only the database can tell."""
    found = [_child(child, record) for child in condition.children]
    decisive = {models.Q.AND: False, models.Q.OR: True}.get(condition.connector)
    if decisive is None:
        return None
    joined = decisive if decisive in found else (None if None in found else not decisive)
    return not joined if condition.negated and joined is not None else joined


def _child(child: Any, record: models.Model) -> bool | None:
    if isinstance(child, models.Q):
        return verdict(child, record)
    return _leaf(*child, record) if isinstance(child, tuple) else None


def _leaf(lookup: str, wanted: Any, record: models.Model) -> bool | None:
    """Judge one look-up over a column of the record itself, with a value or another of its columns."""
    name, *rest = lookup.split(LOOKUP_SEP)
    asked = rest[0] if rest else "exact"
    column = isinstance(wanted, models.F)
    if len(rest) > 1 or (hasattr(wanted, "resolve_expression") and (not column or LOOKUP_SEP in wanted.name)):
        return None
    stored = _column(record, name)
    if asked == "isnull":
        return (stored is None) == wanted
    if asked == "in":
        found = [_compared("exact", stored, one) for one in wanted]
        return True if True in found else (None if None in found else False)
    return _compared(asked, stored, _column(record, wanted.name) if column else wanted)


def _column(record: models.Model, name: str) -> Any:
    return getattr(record, record._meta.get_field(name).attname)


def _compared(asked: str, one: Any, other: Any) -> bool | None:
    """Compare two values of one kind; words by equality alone, for their order is the database's."""
    kind = _kind(one)
    if (
        asked not in _COMPARED
        or kind is None
        or kind is not _kind(other)
        or (kind is str and asked != "exact")
    ):
        return None
    return _COMPARED[asked](one, other)


def _kind(value: Any) -> type | None:
    return next(
        (kind for kind in (str, int) if isinstance(value, kind)), date if type(value) is date else None
    )
