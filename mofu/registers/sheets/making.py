"""Making records from values quickly: what a register's form does for one record, for a hundred thousand.

A form costs milliseconds: it copies its fields, narrows each choice with a query and validates every value anew. Here
the form is built once; each different value of a field is cleaned once; the rules of the form class and of the model
still have the last word on every record.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.models.base import ModelState
from django.forms.utils import ErrorDict

from mofu.accounts.models import User
from mofu.registers.partial_dates import PartialDate
from mofu.registers.register import Register
from mofu.registers.sheets.columns import form_for
from mofu.registers.sheets.matching import PendingUnit

KEPT = 2000  # different values of one field that are remembered; a field with more hardly repeats itself


@dataclass(frozen=True)
class _Start:
    """What a new record begins with: ``values`` as the form takes them, ``cleaned`` or ``errors``, a ``record`` so filled."""

    values: dict[str, Any]
    cleaned: dict[str, Any]
    errors: dict[str, list[str]]
    record: models.Model | None  # None where each record has to be made anew


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


_NOTHING = _Start({}, {}, {}, None)


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
        self._start: dict[tuple[str, Any], _Start] = {}

    def prefetch(self, rows: Iterable[dict[str, Any]]) -> None:
        """Read the related records that the values of some rows name, one query for each field."""
        rows = list(rows)
        for name, cleaner in self._cleaners.items():
            if isinstance(cleaner, _Related):
                cleaner.prefetch(values[name] for values in rows if isinstance(values.get(name), int))

    def new(self, values: dict[str, Any], defaults: dict[str, Any]) -> Made:
        """Make a record from a row's values, what it does not say from ``defaults`` and the form's own start."""
        start = self._begun(defaults)
        made = Made(copied(start.record) if start.record is not None else self.register.model())
        return self._filled(made, values, start)

    def changed(self, record: models.Model, values: dict[str, Any]) -> Made:
        """Change a stored record in memory: only what the row says, and nothing it says less exactly."""
        given = {
            name: value for name, value in values.items() if not coarser(getattr(record, name, None), value)
        }
        return self._filled(Made(record), given)

    def _begun(self, defaults: dict[str, Any]) -> _Start:
        """Return what a new record's form starts with, as its fields take it."""
        key = tuple(sorted((name, str(value)) for name, value in defaults.items()))
        if key not in self._start:
            form = self.register.form(instance=self.register.model(), initial=defaults, user=self.user)
            values = {
                name: form.fields[name].prepare_value(form.get_initial_for_field(form.fields[name], name))
                for name in self._cleaners
            }
            found = {name: cleaner.clean(values[name]) for name, cleaner in self._cleaners.items()}
            cleaned = {name: value for name, (value, errors) in found.items() if not errors}
            wrong = {name: errors for name, (_, errors) in found.items() if errors}
            self._start[key] = _Start(values, cleaned, wrong, self._first_record(cleaned))
        return self._start[key]

    def _first_record(self, cleaned: dict[str, Any]) -> models.Model | None:
        """Return a record that new ones are copied from, unless each has values of its own from the beginning."""
        model = self.register.model
        if any(field.has_default() and callable(field.default) for field in model._meta.concrete_fields):
            return None
        record = model()
        for name, value in cleaned.items():
            if not self._cleaners[name].many:
                setattr(record, name, value)
        return record

    def _filled(self, made: Made, values: dict[str, Any], start: _Start = _NOTHING) -> Made:
        form = _copied_form(self.blank)
        form.instance, form.data, form.is_bound = made.instance, start.values | values, True
        form._errors, form.cleaned_data = ErrorDict(), dict(start.cleaned)
        made.errors = {name: list(errors) for name, errors in start.errors.items() if name not in values}
        for name, raw in values.items():
            cleaner = self._cleaners.get(name)
            if cleaner is not None:
                self._clean_one(made, form, name, cleaner, raw)
        if len(made.errors) > 1:  # in the order of the form
            made.errors = {name: made.errors[name] for name in self._cleaners if name in made.errors}
        self._apply_form_rules(made, form)
        self._set(made, form, start.cleaned if start.record is not None else {})
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
            form.cleaned_data.pop(name, None)
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

    def _set(self, made: Made, form: forms.ModelForm, there: dict[str, Any]) -> None:
        """Set what the form has made of the values; what is ``there`` the record has already."""
        for name, value in form.cleaned_data.items():
            if name in self._cleaners:
                if self._cleaners[name].many:
                    made.many[name] = list(value)
                elif name not in there or there[name] is not value:
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


def copied(record: models.Model) -> models.Model:
    """Return a copy of a record that is not saved yet."""
    fresh = record.__class__.__new__(record.__class__)
    fresh.__dict__ = dict(record.__dict__)
    fresh._state = ModelState()
    fresh._state.fields_cache = dict(record._state.fields_cache)
    return fresh


def _copied_form(blank: forms.ModelForm) -> forms.ModelForm:
    """Return a form that shares its fields with another."""
    form = blank.__class__.__new__(blank.__class__)
    form.__dict__.update(blank.__dict__)
    return form


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
        self._longest = _longest_text(form_field, model_field)
        self._known: dict[Any, tuple[Any, list[str]]] = {}

    def clean(self, raw: Any) -> tuple[Any, list[str]]:
        """Return the value and what is wrong with it."""
        if raw.__class__ is str:
            if self._longest:
                text = raw.strip()
                if text and len(text) <= self._longest and "\x00" not in text:
                    return text, []
            key = raw
        else:
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


def _longest_text(form_field: forms.Field, model_field: models.Field | None) -> int:
    """Return up to how many characters a field takes any text as it is, 0 where it has rules beyond its length."""
    if type(form_field) is not forms.CharField or not form_field.strip:
        return 0
    longest = 10**9
    for rule in [*form_field.validators, *(model_field.validators if model_field is not None else ())]:
        if type(rule) is MaxLengthValidator and not callable(rule.limit_value):
            longest = min(longest, rule.limit_value)
        elif type(rule) is not ProhibitNullCharactersValidator:
            return 0
    return longest


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
