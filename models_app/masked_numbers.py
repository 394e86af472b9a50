"""Forms that show personal numbers masked and keep the stored ones when the mask comes back."""

from __future__ import annotations

from functools import partialmethod
from typing import Any, ClassVar

from django import forms

from mofu.accounts.policy import DataClass, Use, may_use
from mofu.registers.masks import ALTERED_MASK, ON_FILE, is_masked, mask, masks

DATA_OF = {"id_number": DataClass.ID_NUMBER, "phone": DataClass.PHONE}


class MaskedNumbersForm(forms.ModelForm):
    """Mixin for forms that know their ``user``; what is masked is changed by typing the new value over the mask."""

    data_of: ClassVar[dict[str, DataClass]] = DATA_OF

    class Meta:
        widgets = {
            "id_number": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 30}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "maxlength": 30}),
        }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give every masked field the ``clean_…`` that Django looks for."""
        super().__init_subclass__(**kwargs)
        for name in cls.data_of:
            setattr(cls, f"clean_{name}", partialmethod(MaskedNumbersForm._typed_or_kept, name))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.data_of.keys() & self.fields.keys():
            if self.instance.pk:
                self.initial[name] = (
                    mask(name, getattr(self.instance, name)) if self._may(Use.SEE, name) else ""
                )
            self.fields[name].disabled = not self._may(Use.CHANGE, name)

    def _may(self, use: Use, name: str) -> bool:
        """Whether the user may do that; in Django's administration, which is for technical repair, nobody may."""
        user = getattr(self, "user", None)
        return user is not None and may_use(user, use, self.data_of[name])

    def _typed_or_kept(self, name: str) -> str:
        """Return the value typed, or the stored one when its mask was left as it was; refuse a mask that was altered."""
        value = self.cleaned_data[name].strip()
        stored = getattr(self.instance, name)
        if self.fields[name].disabled or value in masks(name, stored):
            return stored
        if value == ON_FILE:  # somebody else has emptied it since
            return ""
        if is_masked(value):
            raise forms.ValidationError(ALTERED_MASK)
        return value
