"""Forms that show personal numbers masked and keep the stored ones when the mask comes back."""

from __future__ import annotations

from typing import Any

from django import forms

from mofu.registers.masks import mask, masks

_MASKED = ("id_number", "phone")


class MaskedNumbersForm(forms.ModelForm):
    """Mixin for model forms of a person; a number is changed by typing the new one over the mask."""

    class Meta:
        widgets = {
            "id_number": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 30}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 30}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _MASKED:
            if self.instance.pk and name in self.fields:
                self.initial[name] = mask(name, getattr(self.instance, name))

    def clean_id_number(self) -> str:
        """Return the number typed, or the stored one when its mask was left as it was."""
        return self._typed_or_kept("id_number")

    def clean_phone(self) -> str:
        """Return the phone typed, or the stored one when its mask was left as it was."""
        return self._typed_or_kept("phone")

    def _typed_or_kept(self, name: str) -> str:
        value = self.cleaned_data[name].strip()
        stored = getattr(self.instance, name)
        return stored if value in masks(name, stored) else value
