"""The register of care: health, hardship, accounts for benefits."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models

from models_app.masked_numbers import MaskedNumbersForm
from models_app.models import CareFile
from mofu.accounts.models import User
from mofu.accounts.policy import DataClass, Use, may_use
from mofu.accounts.scope import SystemActor
from mofu.registers.columns import Column
from mofu.registers.forms import RecordForm
from mofu.registers.masks import ON_FILE
from mofu.registers.register import Register, Section, register

_DATA_OF = {
    "illness": DataClass.HEALTH, "hardship_note": DataClass.HARDSHIP, "bank_account": DataClass.BANK_ACCOUNT,
}  # fmt: skip


class CareForm(MaskedNumbersForm, RecordForm):
    """The form of a care file; what is kept shows masked and stays unless something new is typed."""

    data_of = _DATA_OF

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["laureate"].disabled = bool(self.instance.pk)  # notes are one person's, never another's

    class Meta:
        help_texts: ClassVar = dict.fromkeys(
            ("illness", "hardship_note"), f"显示“{ON_FILE}”的已有内容；保留不动即不修改，重新填写即替换。"
        )
        widgets = {
            "illness": forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
            "hardship_note": forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
            "bank_account": forms.TextInput(
                attrs={"autocomplete": "off", "maxlength": 40, "inputmode": "numeric"}
            ),
        }


@register
class CareRegister(Register):
    """关爱档案台账."""

    slug = "care-files"
    model = CareFile
    group = "劳模工匠"
    order = 58
    icon = "heart-handshake"
    takes_files = True
    form_base = CareForm
    secret_fields = _DATA_OF
    key_fields = (("laureate",),)
    intro = "健康、困难和银行账号属于敏感个人信息：取得本人单独同意后才能建档，只对“经办关爱档案”的人员开放，每次查看明文都要填写用途。"
    columns = (
        "laureate", "laureate__org", "assessed_on", "health", Column("masked_illness", label="疾病说明"), "hardship",
        Column("masked_hardship_note", label="困难说明"), "bank_name",
        Column("masked_bank_account", label="银行账号", width=22), "updated_at",
    )  # fmt: skip
    default_columns = (
        "laureate",
        "laureate__org",
        "hardship",
        "bank_name",
        "masked_bank_account",
        "assessed_on",
    )
    ordering = ("-assessed_on", "-id")
    sections = (
        Section("对象", ("laureate", "assessed_on")),
        Section("健康与困难", ("health", "illness", "hardship", "hardship_note")),
        Section("发放账户", ("bank_name", "bank_account")),
    )
    batch_fields = ("assessed_on", "hardship")
    filter_fields = ("hardship",)

    def rows(self, user: User | SystemActor) -> models.QuerySet:
        """Return the files in sight that rest on a consent in force."""
        return super().rows(user).agreed()

    def may_see(self, user: User) -> bool:
        """Whether ``user`` handles care; the right to see laureates is not enough."""
        return super().may_see(user) and may_use(user, Use.SEE, DataClass.HARDSHIP)

    def may_enter(self, user: User) -> bool:
        """Whether ``user`` handles care and enters records."""
        return super().may_enter(user) and may_use(user, Use.CHANGE, DataClass.HARDSHIP)
