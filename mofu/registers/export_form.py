"""The dialog before an export: which columns, personal numbers hidden how, or in full and what for."""

from __future__ import annotations

from typing import Any

from django import forms

from mofu.accounts.policy import Use
from mofu.registers import exports, listing
from mofu.registers.exports import ALL, AS_LISTED, Choice
from mofu.registers.listing import Listing
from mofu.registers.masks import TELLING, MaskStyle

CHECK = {"class": "form-check-input"}
SHORTEST_PURPOSE = 2  # characters: anything shorter says nothing


class ExportForm(forms.Form):
    """What to export; fields that do not concern the register or the user are missing."""

    columns = forms.ChoiceField(label="导出哪些列", widget=forms.RadioSelect(attrs=CHECK), initial=AS_LISTED)
    style = forms.ChoiceField(
        label="",  # names what the register keeps secret
        choices=MaskStyle,
        widget=forms.RadioSelect(attrs=CHECK),
        initial=MaskStyle.STRICT,
    )
    full = forms.BooleanField(
        label="",
        required=False,
        widget=forms.CheckboxInput(attrs=CHECK),
    )
    purpose = forms.CharField(
        label="用途",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="写明报送单位或事由，如：报省总工会劳模信息系统。用途会写入操作留痕和表尾。",
    )

    def __init__(self, found: Listing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = len(found.columns)
        every = len(found.register.seen_by(found.user, found.register.all_columns.values()))
        self.fields["columns"].choices = [
            (AS_LISTED, f"列表所示的列（{listed} 列）"),
            (ALL, f"全部列（{every} 列）"),
            *(
                (str(view.pk), f"按视图“{view}”的列和列名")
                for view in listing.views_for(found.register, found.user)
            ),
        ]
        self._name_secrets(found)

    def _name_secrets(self, found: Listing) -> None:
        """Ask how the register's secret columns are to stand, and whether in full, naming them."""
        style, full = (exports.secrets_of(found.user, found.register, use) for use in (Use.SEE, Use.EXPORT))
        self.fields["style"].label = f"{style}怎样显示"
        self.fields["full"].label = f"导出完整的{full}（须填写用途，操作留痕，供审计查阅）"
        if not full:
            del self.fields["full"]
            kept = [(value, label) for value, label in MaskStyle.choices if value not in TELLING]
            self.fields["style"].choices = kept
        if not style:
            del self.fields["style"]

    def clean(self) -> dict[str, Any]:
        """Numbers in full, or nearly, need a purpose."""
        data = super().clean() or self.cleaned_data
        purpose = data.get("purpose", "")
        tells = data.get("full") or data.get("style") in TELLING
        if tells and not purpose:
            self.add_error("purpose", "导出完整内容，或者隐去中段、只留后四位，须填写用途。")
        elif tells and (len(purpose) < SHORTEST_PURPOSE or purpose.isdigit()):
            self.add_error("purpose", "请写明报送单位或事由，如“报省总工会”。")
        return data

    @property
    def choice(self) -> Choice:
        """What was chosen, once the form is valid."""
        data = self.cleaned_data
        return Choice(
            data["columns"],
            data.get("style", MaskStyle.STRICT),
            data.get("full", False),
            data.get("purpose", ""),
        )
