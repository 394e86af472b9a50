"""Making records from values quickly: what a register's form does for one record, for a hundred thousand.

A form costs milliseconds: it copies its fields, narrows each choice with a query and validates every value anew. Here
the form is built once; each different value of a field is cleaned once; the rules of the form class and of the model
still have the last word on every record.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.forms.utils import ErrorDict

from mofu.accounts.models import User
from mofu.registers.partial_dates import PartialDate
from mofu.registers.register import Register
from mofu.registers.sheets.columns import form_for
from mofu.registers.sheets.matching import PendingUnit

KEPT = 2000  # different values of one field that are remembered; a field with more hardly repeats itself


@dataclass(slots=True)
class Made:
    """A record in memory, not saved: ``errors`` by field name; ``many`` the chosen records of many-to-many fields.

    ``pending`` names the units that are still to be made, by field; ``form`` can save what has many-to-many fields.
    """

    instance: models.Model
    errors: dict[str, list[str]] = field(default_factory=dict)
    many: dict[str, list[models.Model]] = field(default_factory=dict)
    pending: dict[str, PendingUnit] = field(default_factory=dict)
    form: forms.ModelForm | None = None


class Maker:
    """Makes and changes records of one register for one user; ``without`` is a field the caller sets itself."""

    def __init__(self, register: Register, user: User, without: str = "") -> None:
        self.register, self.user = register, user
        self.blank = form_for(register, user)
        self.blank.fields = {
            name: found
            for name, found in self.blank.fields.items()
            if name != without and not isinstance(found, forms.FileField)
        }
        self._cleaners = {name: _cleaner(self.blank, name) for name in self.blank.fields}
        self._own_rules = [name for name in self.blank.fields if hasattr(self.blank, f"clean_{name}")]
        self._start: dict[tuple[str, Any], dict[str, Any]] = {}

    def prefetch(self, rows: Iterable[dict[str, Any]]) -> None:
        """Read the related records that the values of some rows name, one query for each field."""
        rows = list(rows)
        for name, cleaner in self._cleaners.items():
            if isinstance(cleaner, _Related):
                cleaner.prefetch(values[name] for values in rows if isinstance(values.get(name), int))

    def new(self, values: dict[str, Any], defaults: dict[str, Any]) -> Made:
        """Make a record from a row's values, what it does not say from ``defaults`` and the form's own start."""
        made = Made(self.register.model())
        return self._filled(made, {**self._initial(defaults), **values})

    def changed(self, record: models.Model, values: dict[str, Any]) -> Made:
        """Change a stored record in memory: only what the row says, and nothing it says less exactly."""
        given = {
            name: value for name, value in values.items() if not coarser(getattr(record, name, None), value)
        }
        return self._filled(Made(record), given)

    def _initial(self, defaults: dict[str, Any]) -> dict[str, Any]:
        """Return what a new record's form starts with, as its fields take it."""
        key = tuple(sorted((name, str(value)) for name, value in defaults.items()))
        if key not in self._start:
            form = self.register.form(instance=self.register.model(), initial=defaults, user=self.user)
            self._start[key] = {
                name: form.fields[name].prepare_value(form.get_initial_for_field(form.fields[name], name))
                for name in self._cleaners
            }
        return self._start[key]

    def _filled(self, made: Made, values: dict[str, Any]) -> Made:
        form = copy.copy(self.blank)
        form.instance, form.data, form.is_bound = made.instance, values, True
        form._errors, form.cleaned_data = ErrorDict(), {}
        for name, cleaner in self._cleaners.items():
            if name in values:
                self._clean_one(made, form, name, cleaner, values[name])
        self._apply_form_rules(made, form)
        self._set(made, form)
        self._apply_model_rules(made, form)
        if made.many:
            made.form = form
        return made

    def _clean_one(self, made: Made, form: forms.ModelForm, name: str, cleaner: _Cleaner, raw: Any) -> None:
        if isinstance(raw, PendingUnit):
            made.pending[name] = raw
            form.cleaned_data[name] = raw.unit
            return
        value, errors = cleaner.clean(raw)
        if errors:
            made.errors[name] = list(errors)
        else:
            form.cleaned_data[name] = value

    def _apply_form_rules(self, made: Made, form: forms.ModelForm) -> None:
        for name in self._own_rules:
            if name in form.cleaned_data:
                try:
                    form.cleaned_data[name] = getattr(form, f"clean_{name}")()
                except ValidationError as error:
                    _note(made, error, name)
                    del form.cleaned_data[name]
        try:
            form.cleaned_data = form.clean() or form.cleaned_data
        except ValidationError as error:
            _note(made, error)
        for name, messages in form._errors.items():
            made.errors.setdefault(name, []).extend(map(str, messages))

    def _set(self, made: Made, form: forms.ModelForm) -> None:
        for name, value in form.cleaned_data.items():
            if name in self._cleaners:
                if self._cleaners[name].many:
                    made.many[name] = list(value)
                else:
                    setattr(made.instance, name, value)

    def _apply_model_rules(self, made: Made, form: forms.ModelForm) -> None:
        """Run the model's own rules; as on a page, they see the record even where a field is wrong."""
        try:
            made.instance.clean()
        except ValidationError as error:
            found = error.update_error_dict({})
            for name, errors in found.items():
                if name not in made.errors:
                    made.errors[name] = [message for one in errors for message in one.messages]
        except models.ObjectDoesNotExist:
            if (
                not made.errors
            ):  # a rule looked at a related record that an empty required field does not give
                raise


def coarser(stored: Any, value: Any) -> bool:
    """Whether a row gives only the year or month of a date that is known more exactly; that changes nothing."""
    return isinstance(value, PartialDate) and isinstance(stored, str) and stored.startswith(f"{value}-")


def _note(made: Made, error: ValidationError, name: str = NON_FIELD_ERRORS) -> None:
    if hasattr(error, "error_dict"):
        for key, messages in error.message_dict.items():
            made.errors.setdefault(key, []).extend(messages)
    else:
        made.errors.setdefault(name, []).extend(error.messages)


class _Cleaner:
    """Cleans the values of one field, each different value once: the form field's rules, then the model field's."""

    many = False

    def __init__(self, form_field: forms.Field, model_field: models.Field | None) -> None:
        self.form_field, self.model_field = form_field, model_field
        self._known: dict[Any, tuple[Any, list[str]]] = {}

    def clean(self, raw: Any) -> tuple[Any, list[str]]:
        """Return the value and what is wrong with it."""
        key = (type(raw), tuple(raw) if isinstance(raw, list) else raw)  # a list: a many-to-many field
        try:
            found = self._known.get(key)
        except TypeError:
            return self._cleaned(raw)
        if found is None:
            found = self._cleaned(raw)
            if len(self._known) < KEPT:
                self._known[key] = found
        return found

    def _cleaned(self, raw: Any) -> tuple[Any, list[str]]:
        try:
            value = self.form_field.clean(raw)
            if self.model_field is not None and not (
                self.model_field.blank and value in self.form_field.empty_values
            ):
                self.model_field.run_validators(value)
        except ValidationError as error:
            return None, [str(message) for message in error.messages]
        return value, []


class _Related(_Cleaner):
    """Cleans keys of related records; the form field's queryset says which the user may choose."""

    def prefetch(self, keys: Iterable[int]) -> None:
        """Read the records of some keys at once."""
        wanted = {key for key in keys if (int, key) not in self._known}
        if wanted:
            for record in self.form_field.queryset.filter(pk__in=wanted):
                self._known[int, record.pk] = record, []


class _Many(_Cleaner):
    many = True


def _cleaner(form: forms.ModelForm, name: str) -> _Cleaner:
    form_field = form.fields[name]
    try:
        model_field = form._meta.model._meta.get_field(name)
    except FieldDoesNotExist:
        model_field = None
    if isinstance(form_field, forms.ModelMultipleChoiceField):
        return _Many(form_field, None)
    if isinstance(form_field, forms.ModelChoiceField):
        return _Related(form_field, None)
    return _Cleaner(form_field, model_field)
