"""Care of a laureate: health, hardship and the account that benefits are paid to; sensitive data (PIPL Art. 28, GB/T 45574)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models

from models_app.models.checked import Checked
from models_app.models.consent import Consent, ConsentPurpose
from models_app.models.laureate import Laureate
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.scope import everything, guarded
from mofu.encryption import EncryptedField
from mofu.registers.masks import mask
from mofu.registers.records import Record

_ACCOUNT = re.compile(r"\d{8,30}")
_SEPARATORS = re.compile(r"[\s-]")


class Health(models.TextChoices):
    """健康状况."""

    GOOD = "good", "健康"
    FAIR = "fair", "一般或较弱"
    CHRONIC = "chronic", "有慢性病"
    SERIOUS = "serious", "患重大疾病"
    DISABLED = "disabled", "残疾"


class Hardship(models.TextChoices):
    """困难类别."""

    NONE = "none", "无困难"
    ILLNESS = "illness", "本人或家属大病"
    DISABILITY = "disability", "本人或家属残疾"
    UNEMPLOYED = "unemployed", "失业、无固定收入"
    LOW_INCOME = "low_income", "家庭收入低"
    DISASTER = "disaster", "意外灾害"
    STUDY = "study", "子女就学负担重"
    OTHER = "other", "其他困难"


class CareFileQuerySet(OfLaureateQuerySet):
    """Care files by whether the laureate's separate consent holds."""

    def agreed(self) -> Self:
        """Keep the files that rest on a consent in force; the others are closed to everybody."""
        return self.filter(models.Exists(_consents().in_force()))

    def marked(self) -> Self:
        """Say of each file whether it is open (``is_open``)."""
        return self.annotate(is_open=models.Exists(_consents().in_force()))

    def closed_before(self, day: date) -> Self:
        """Keep the files whose consent is known to have been withdrawn, and was so before ``day``."""
        closed = self.exclude(models.Exists(_consents().in_force()))
        recorded = closed.filter(models.Exists(_consents().filter(withdrawn_on__isnull=False)))
        return recorded.exclude(models.Exists(_consents().filter(withdrawn_on__gte=day)))


def _consents() -> models.QuerySet[Consent]:
    """Return the separate consents of the laureate of a file in an outer query."""
    return Consent.everything.filter(purpose=ConsentPurpose.SENSITIVE, laureate=models.OuterRef("laureate"))


class CareFile(Checked, Record):
    """关爱档案: one per laureate; kept only with the laureate's separate consent, by staff who handle care.

    With the consent withdrawn a file is closed, and removed after ``RETENTION_DAYS["withdrawn"]`` (PIPL Art. 47).
    Health, notes and account are encrypted; the kind of hardship is not, because lists and counts of who needs help
    are made of it.
    """

    scope_fields = LAUREATE_SCOPE
    year_field = "assessed_on"
    search_fields = ()
    past_dates = ("assessed_on",)
    trail_hidden = ("laureate", "health", "illness", "hardship", "hardship_note", "bank_name", "bank_account")

    laureate = models.ForeignKey(Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="care_files")
    assessed_on = models.DateField("核定日期")
    health = EncryptedField("健康状况", choices=Health, blank=True)
    illness = EncryptedField("疾病说明", max_length=300, blank=True)
    hardship = models.CharField("困难类别", max_length=12, choices=Hardship, default=Hardship.NONE)
    hardship_note = EncryptedField("困难说明", max_length=300, blank=True)
    bank_name = models.CharField("开户行", max_length=60, blank=True)
    bank_account = EncryptedField(
        "银行账号", max_length=40, blank=True, help_text="慰问金、帮扶金打卡发放用；只填数字"
    )

    everything = everything(CareFileQuerySet)
    objects = guarded(CareFileQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "关爱档案"
        ordering = ("-assessed_on", "-id")
        indexes = [
            models.Index(fields=("-assessed_on", "-id")),
            models.Index(fields=("hardship", "-assessed_on")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("laureate",),
                name="care_file_once",
                violation_error_message="该同志已建关爱档案，请直接修改原档案。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.laureate}的关爱档案"

    def trail_name(self) -> str:
        """Name nobody: that somebody has a file says enough about them."""
        return f"第 {self.pk} 号"

    @property
    def masked_illness(self) -> str:
        """Whether there is a note, without the note."""
        return mask("illness", self.illness)

    @property
    def masked_hardship_note(self) -> str:
        """Whether there is a note, without the note."""
        return mask("hardship_note", self.hardship_note)

    @property
    def masked_bank_account(self) -> str:
        """The account as a page may show it (``622848*********1234``)."""
        return mask("bank_account", self.bank_account)

    def clean(self) -> None:
        """Bring the account into one form; ask for separate consent (PIPL Art. 29)."""
        self.bank_account = _SEPARATORS.sub("", unicodedata.normalize("NFKC", self.bank_account))
        super().clean()
        if self.laureate_id and self.laureate.erased_on:
            raise ValidationError({"laureate": "该同志的个人信息已按申请删除，不再建立关爱档案。"})
        if self.laureate_id and not self._is_agreed_to():
            words = "该同志没有有效的“敏感个人信息处理（单独同意）”授权，请先到个人信息授权台账登记，再填写关爱档案。"
            raise ValidationError({"laureate": words})

    def problems(self) -> dict[str, str]:
        found = {}
        if self.bank_account and not _ACCOUNT.fullmatch(self.bank_account):
            found["bank_account"] = "银行账号应为 8 至 30 位数字，请核对。"
        if self.bank_account and not self.bank_name:
            found["bank_name"] = "填写银行账号时请同时填写开户行。"
        if self.hardship_note and self.hardship == Hardship.NONE:
            found["hardship"] = "填写了困难说明，请选择困难类别。"
        return found

    def _is_agreed_to(self) -> bool:
        held = Consent.everything.in_force().filter(laureate=self.laureate_id)
        return held.filter(purpose=ConsentPurpose.SENSITIVE).exists()
