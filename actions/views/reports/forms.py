"""Forms of the report pages."""

from __future__ import annotations

from django import forms

from actions.models import PaperSettings, ReportDraft
from actions.reports.drafts import HEAD


class DraftForm(forms.ModelForm):
    """Number, addressee and date of a report that is being prepared."""

    class Meta:
        model = ReportDraft
        fields = HEAD
        widgets = {"dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


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
