"""Rows that are entered together with their record, on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django import forms
from django.db import models

from mofu.registers.forms import PickerSelect, UserForm, keys_among, offered, stored_keys


class PartForm(UserForm):
    """The form of one row that belongs to a record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 1


class PartFormSet(forms.BaseInlineFormSet):
    """The rows of one kind of part, with messages that name fields as the page does.

    What the rows have chosen in one picker column is read with one query for all of them.
    """

    def add_fields(self, form: PartForm, index: int | None) -> None:
        """Let the row's pickers look up their choices together with those of the other rows."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if isinstance(field.widget, PickerSelect):
                field.widget.shared = partial(self._chosen, name)

    def _chosen(self, name: str) -> dict[int, models.Model]:
        """Return the records chosen in the column ``name``, by key: in sight of the user, or stored in these rows."""
        if name not in self._known:
            wanted = keys_among(form[name].value() for form in self.forms)
            stored = [key for form in self.forms for key in stored_keys(form, name)]
            rows = offered(self.forms[0].fields[name].queryset.model, self.form_kwargs["user"], stored)
            self._known[name] = rows.in_bulk(wanted)
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, dict[int, models.Model]]:
        return {}

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """Say which field must differ from row to row."""
        labels = "、".join(
            self.form.base_fields[name].label for name in unique_check if name in self.form.base_fields
        )
        return f"“{labels}”有重复，请核对。"

    def get_form_error(self) -> str:
        """Mark the second of two equal rows."""
        return "这一行与前面的行重复，请修改或删除。"


@dataclass(frozen=True)
class Inline:
    """Rows that are entered together with their record: participants, members, notes, steps."""

    model: type[models.Model]
    fields: tuple[str, ...]
    title: str = ""
    extra: int = 1
    form: type[PartForm] = PartForm
    formset: type[forms.BaseInlineFormSet] = PartFormSet
    fk_name: str | None = None

    @property
    def heading(self) -> str:
        """The Chinese name of the rows."""
        return self.title or str(self.model._meta.verbose_name)

    @property
    def prefix(self) -> str:
        """The prefix of the rows' field names in the page."""
        return str(self.model._meta.model_name)

    def formset_for(self, parent: type[models.Model]) -> type[forms.BaseInlineFormSet]:
        """Return the formset class of these rows below ``parent``."""
        return forms.inlineformset_factory(
            parent,
            self.model,
            form=self.form,
            formset=self.formset,
            fields=self.fields,
            extra=self.extra,
            can_delete=True,
            fk_name=self.fk_name,
        )
