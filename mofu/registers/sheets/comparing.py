"""A row beside the stored record: does it say the same, what would change, and the form that decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import models

from mofu.accounts.models import User
from mofu.registers import pages
from mofu.registers.columns import Column
from mofu.registers.id_numbers import normalise
from mofu.registers.partial_dates import PartialDate
from mofu.registers.register import Register
from mofu.registers.sheets.matching import PendingUnit


@dataclass(frozen=True)
class Change:
    """One field of a stored record that a row would change."""

    label: str
    old: str
    new: str


def bound_form(
    register: Register,
    user: User,
    values: dict[str, Any],
    *,
    record: models.Model | None = None,
    initial: dict[str, Any] | None = None,
    without: str = "",
) -> forms.ModelForm:
    """Return the register's form filled from a row: what the row does not say stays as stored or as by default.

    ``without`` is a field the caller sets itself. A unit still to be made is stood in for by the one above it.
    """
    start = initial if record is None else None
    form = register.form(instance=record or register.model(), initial=start, user=user)
    form.fields.pop(without, None)
    data = {}
    for name, field in form.fields.items():
        stored = field.prepare_value(form.get_initial_for_field(field, name))
        data[name] = stored if _coarser(stored, values.get(name)) else values.get(name, stored)
        if isinstance(data[name], PendingUnit):
            data[name] = data[name].stand_in
    form.data, form.is_bound = (
        data,
        True,
    )  # built once: constructing a second, bound form would double the cost
    return form


def snapshot(form: forms.ModelForm) -> dict[str, str]:
    """Return how the stored record's fields read before the form is validated; empty for a new record."""
    if form.instance.pk is None:
        return {}
    return {name: _raw(form.instance, name) for name in form.fields}


def _raw(record: models.Model, name: str) -> Any:
    field = record._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(record, name).values_list("pk", flat=True))
    value = getattr(record, field.attname)
    return value if value is not None else ""


def changes(
    register: Register, form: forms.ModelForm, before: dict[str, Any], values: dict[str, Any]
) -> list[Change]:
    """Return the fields that a validated form would change, as a person reads them."""
    found, record = [], form.instance
    old = _old(record, before)
    for name in form.fields:
        if isinstance(form.fields[name], forms.FileField):
            continue
        now = _now(form, name)
        if name in before and before[name] != now:
            given = values.get(name)
            new = f"{given}（新单位）" if isinstance(given, PendingUnit) else text(register, record, name)
            label = str(form.fields[name].label)
            found.append(Change(label, _old_text(register, old, name, before), new))
    return found


def _now(form: forms.ModelForm, name: str) -> Any:
    field = form.instance._meta.get_field(name)
    if field.many_to_many:
        chosen = form.cleaned_data.get(name)
        return sorted(item.pk for item in chosen) if chosen is not None else []
    value = getattr(form.instance, field.attname)
    return value if value is not None else ""


def _old(record: models.Model, before: dict[str, Any]) -> models.Model:
    old = type(record)()
    for name, value in before.items():
        field = record._meta.get_field(name)
        if not field.many_to_many:
            setattr(old, field.attname, value if value != "" or not field.null else None)
    return old


def _old_text(register: Register, old: models.Model, name: str, before: dict[str, Any]) -> str:
    if old._meta.get_field(name).many_to_many:
        return f"{len(before[name])} 项"
    return text(register, old, name)


def text(register: Register, record: models.Model, name: str) -> str:
    """Return a field of a record as a page shows it, personal numbers masked."""
    field = record._meta.get_field(name)
    if name in register.secret_fields:
        return pages.mask(name, getattr(record, name) or "")
    if field.many_to_many:
        return "、".join(str(item) for item in getattr(record, name).all()) if record.pk else ""
    if field.is_relation and getattr(record, field.attname) is None:
        return ""
    return Column(name).bound_to(type(record)).text(record)


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
        masked = pages.mask(name, stored)
        return normalise(str(value)) in (normalise(stored), normalise(masked)) if stored else not value
    if _coarser(stored, value):
        return True
    if isinstance(stored, date):
        return stored.isoformat() == str(value)
    if isinstance(stored, (Decimal, float)) or (isinstance(stored, int) and not isinstance(stored, bool)):
        return _same_number(stored, value)
    return stored == value or str(stored) == str(value)


def _coarser(stored: Any, value: Any) -> bool:
    """Whether a row gives only the year or month of a date that is known more exactly; that changes nothing."""
    return isinstance(value, PartialDate) and isinstance(stored, str) and stored.startswith(f"{value}-")


def _same_number(stored: Any, value: Any) -> bool:
    try:
        return Decimal(str(stored)) == Decimal(str(value))
    except InvalidOperation:
        return False
