"""Forms of the report pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from actions.models import PaperSettings, ReportDraft
from actions.reports import numbers
from actions.reports.drafts import HEAD
from actions.reports.orders import Order
from mofu.documents.characters import unprintable, without_hidden


class PrintableField(forms.CharField):
    """A text that stands on paper: what is never seen is left out, what no font holds refused."""

    def clean(self, value: Any) -> str:
        """Return the text as it is printed."""
        text = super().clean(without_hidden(str(value or "")))
        if lost := unprintable(text):
            raise forms.ValidationError(f"字库中没有“{lost}”，请改用其他文字。")
        return text


class DraftForm(forms.ModelForm):
    """Number, addressee and date of a report that is being prepared; no number where the unit has no 代字 for one."""

    class Meta:
        model = ReportDraft
        fields = HEAD
        widgets = {"dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        field_classes = {"addressee": PrintableField}

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        if not order.is_city:
            self.fields["addressee"].help_text = "留空时不写主送单位"
        if not numbers.code_of(order, PaperSettings.current()):
            del self.fields["number"]

    def clean_dated(self) -> date | None:
        """Refuse a day on which no such paper can have been issued."""
        dated = self.cleaned_data["dated"]
        if refusal := numbers.refusal_of_day(self.order, dated):
            raise forms.ValidationError(refusal)
        return dated


class PaperSettingsForm(forms.ModelForm):
    """How the association's papers look."""

    class Meta:
        model = PaperSettings
        fields = (
            "issuer",
            "shows_red_head",
            "red_head",
            "code",
            "addressee",
            "copies_to",
            "printed_by",
            "contact",
        )
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("addressee", "copies_to")}
        field_classes = {name: PrintableField for name in fields if name != "shows_red_head"}
