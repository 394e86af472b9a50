"""Columns of a register's list: which value, how it is shown, how it sorts, how wide it is on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone

from mofu.documents.values import as_text
from mofu.registers.partial_dates import PartialDate


@dataclass(frozen=True)
class Column:
    """One column.

    ``name`` is a field, a path over foreign keys (``org__parent``) or an attribute of the record; ``label`` is
    only given where the model's ``verbose_name`` does not fit; ``value`` overrides how the value is found;
    ``sort`` is the order expression (derived for plain fields); ``total`` asks for a sum in exports; ``reads`` names
    the record's own fields that the value is made of, and of nothing else (derived for plain fields, else empty).
    """

    name: str
    label: str = ""
    value: Callable[[Any], Any] | None = None
    sort: str = ""
    kind: str = ""
    width: int = 0
    total: bool = False
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    choices: dict[Any, str] = field(default_factory=dict)

    def bound_to(self, model: type[models.Model]) -> Column:
        """Return the column completed from the model: label, kind, choices, sort order, way to the value."""
        target = _field_at(model, self.name)
        if target is None:
            return replace(
                self,
                label=self.label or self.name,
                kind=self.kind or "text",
                width=self.width or 14,
                value=self.value or _path_getter(self.name),
            )
        kind = self.kind or _kind(target)
        return replace(
            self,
            label=self.label or str(target.verbose_name),
            kind=kind,
            width=self.width or _WIDTHS[kind],
            sort=self.sort or _sort(model, self.name, target),
            choices=self.choices or dict(target.flatchoices or []),
            value=self.value or _path_getter(self.name),
            needs=self.needs or _relations(self.name, target),
            reads=self.reads or (() if self.value else (self.name.partition("__")[0],)),
        )

    def raw(self, obj: models.Model) -> Any:
        """Return the value as a workbook cell takes it: text, number, date or None."""
        value = self.value(obj) if self.value else None
        if self.choices:
            return self.choices.get(value, value)
        if value is None or type(value) is str:  # most cells, in a hurry
            return value
        if isinstance(value, PartialDate):
            return str(value)
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime):
            return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, (int, float, Decimal, date)):
            return value
        return str(value)

    def text(self, obj: models.Model) -> str:
        """Return the value as a page shows it."""
        value = self.value(obj) if self.value else None
        if isinstance(value, PartialDate):
            return value.shown()
        return "" if value is None else shown(self.raw(obj))


def shown(value: Any) -> str:
    """Return any cell value as text, numbers as paper shows them (101.1, not 101.10)."""
    if value is None:
        return ""
    return as_text(value, "number") if isinstance(value, Decimal) else str(value)


_WIDTHS = {"text": 16, "int": 9, "number": 11, "date": 12, "percent": 9}


def _field_at(model: type[models.Model], path: str) -> models.Field | None:
    """Return the field at the end of a path, None when the name is an attribute."""
    found: models.Field | None = None
    for part in path.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if found.is_relation:
            model = found.related_model
    return found


def _kind(target: models.Field) -> str:
    if target.choices:
        return "text"
    if isinstance(target, models.DateField):
        return "text" if isinstance(target, models.DateTimeField) else "date"
    if isinstance(target, models.DecimalField):
        return "number"
    if isinstance(target, models.IntegerField):
        return "int"
    return "text"


def _sort(model: type[models.Model], path: str, target: models.Field) -> str:
    if target.is_relation:
        key = next(
            (key for key in ("path", "name_key", "sort", "name") if _field_at(target.related_model, key)),
            "pk",
        )
        return f"{path}__{key}"
    if path == "name" and _field_at(model, "name_key"):
        return "name_key"
    return "" if isinstance(target, (models.TextField, models.JSONField)) else path


def _relations(path: str, target: models.Field) -> tuple[str, ...]:
    """Return the foreign keys to join so that reading the value costs no query."""
    parts = path.split("__")
    if not target.is_relation:
        parts = parts[:-1]
    return ("__".join(parts),) if parts else ()


def _path_getter(path: str) -> Callable[[Any], Any]:
    parts = path.split("__")
    if len(parts) == 1:
        return lambda obj: _called(getattr(obj, path))

    def get(obj: Any) -> Any:
        for part in parts:
            if obj is None:
                return None
            obj = getattr(obj, part)
        return _called(obj)

    return get


def _called(value: Any) -> Any:
    return value() if callable(value) and not isinstance(value, models.Manager) else value
