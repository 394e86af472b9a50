"""Writing a record with its parts: one transaction, review state by the server, M2M changes on the trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import QueryDict

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.registers.forms import RecordForm
from mofu.registers.records import Record, ReviewedRecord


def save_form(
    form: RecordForm, formsets: Sequence[forms.BaseInlineFormSet], user: User, *, submit: bool = False
) -> models.Model:
    """Save a valid form and its formsets; with ``submit`` hand the record in for review as well.

    Raises IntegrityError, with nothing written, when somebody saved a record since the check that rules this one out.
    """
    record = form.instance
    with transaction.atomic():
        if isinstance(record, Record):
            record.take_turn()
            record.stamp(user)
            if user.pk is None:
                leave_unsigned(record)
        if submit and isinstance(record, ReviewedRecord) and record.can_be_submitted:
            record.submit(user)
        save_stamped(form)
        for formset in formsets:
            formset.instance = record
            formset.save()
    return record


def save_stamped(form: forms.ModelForm) -> None:
    """Save a valid form whose record has been stamped, with its many-to-many fields on the trail."""
    record = form.instance
    before = _many_to_many(record, form) if record.pk else {}
    form.save()
    _trail_many_to_many(record, form, before)


def leave_unsigned(record: Record) -> None:
    """Name nobody: a command acts for the city without being one of its staff."""
    for name in ("created_by", "submitted_by", "reviewed_by"):
        if getattr(record, name, None) is not None and getattr(record, name).pk is None:
            setattr(record, name, None)


def _many_to_many(record: models.Model, form: forms.ModelForm) -> dict[str, list[str]]:
    names = [field.name for field in record._meta.many_to_many if field.name in form.fields]
    return {name: [str(item) for item in getattr(record, name).all()] for name in names}


def _trail_many_to_many(record: models.Model, form: forms.ModelForm, before: dict[str, Any]) -> None:
    after = _many_to_many(record, form)
    changes = {
        name: ["、".join(before.get(name, [])), "、".join(now)]
        for name, now in after.items()
        if before.get(name, []) != now
    }
    if changes:
        trail.record(trail.Action.CHANGED, record, changes=changes)


def with_rows_again(
    data: QueryDict, prefix: str, formset: type[forms.BaseInlineFormSet], record: models.Model
) -> QueryDict:
    """Return what was posted with those rows as new ones, behind the others, whose stored part was deleted meanwhile.

    Whoever posts them was told so and wants them back; without this they could be neither saved nor seen again.
    """
    totals = [data.get(f"{prefix}-{name}_FORMS", "") for name in ("INITIAL", "TOTAL")]
    if record.pk is None or not all(total.isdecimal() and len(total) < 5 for total in totals):
        return data
    initial, total = map(int, totals)
    rows = formset.model._base_manager.filter(**{formset.fk.name: record})
    stored = {str(pk) for pk in rows.values_list("pk", flat=True)} if initial else set()
    gone = [row for row in range(initial) if data.get(f"{prefix}-{row}-id") not in stored]
    return _reordered(data, prefix, gone, initial, total) if gone else data


def _reordered(data: QueryDict, prefix: str, gone: list[int], initial: int, total: int) -> QueryDict:
    order = [row for row in range(initial) if row not in gone] + gone + list(range(initial, total))
    places = {str(row): place for place, row in enumerate(order)}
    found = QueryDict(mutable=True)
    for name, values in data.lists():
        row, _, rest = name.removeprefix(f"{prefix}-").partition("-")
        if not name.startswith(f"{prefix}-") or row not in places:
            found.setlist(name, values)
        elif not (rest == "id" and int(row) in gone):
            found.setlist(f"{prefix}-{places[row]}-{rest}", values)
    found[f"{prefix}-INITIAL_FORMS"] = str(initial - len(gone))
    return found
