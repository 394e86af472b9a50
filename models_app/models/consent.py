"""Consent of a laureate to what is done with their personal data, one row per purpose (PIPL Art. 13–15, 29)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from models_app.models.checked import Checked
from models_app.models.laureate import Laureate
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import Record


class ConsentPurpose(models.TextChoices):
    """授权用途: each is agreed to, and withdrawn, on its own."""

    ARCHIVE = "archive", "档案管理和荣誉核实"
    CARE = "care", "关爱服务（疗休养、体检、慰问）"
    SENSITIVE = "sensitive", "敏感个人信息处理（单独同意）"
    PUBLICITY = "publicity", "宣传报道和对外公布"
    SHARING = "sharing", "向上级和有关单位提供"


class ConsentForm(models.TextChoices):
    """How somebody agreed."""

    PAPER = "paper", "纸质签名"
    ELECTRONIC = "electronic", "电子签名"
    PROXY = "proxy", "家属（监护人）代签"


class ConsentQuerySet(OfLaureateQuerySet):
    """Consents by whether they hold."""

    def in_force(self) -> Self:
        """Keep what has not been withdrawn."""
        return self.filter(withdrawn_on=None)

    def withdrawn_for_good(self, purpose: str) -> Self:
        """Keep the withdrawals of a purpose after which the laureate has not agreed to it again."""
        again = self.model.everything.filter(
            laureate=models.OuterRef("laureate"), purpose=purpose, withdrawn_on=None
        )
        return self.filter(purpose=purpose, withdrawn_on__isnull=False).exclude(models.Exists(again))


class Consent(Checked, Record):
    """个人信息授权: to what a laureate agreed, after which version of the notice, when; the signed paper is its file.

    A withdrawn consent stays on file as proof; what it allowed is no longer done (``publicly_shown``).
    """

    scope_fields = LAUREATE_SCOPE
    year_field = "agreed_on"
    search_fields = ("notice_version",)
    past_dates = ("agreed_on", "withdrawn_on")
    ordered_dates = (("agreed_on", "withdrawn_on"),)

    laureate = models.ForeignKey(Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="consents")
    purpose = models.CharField("授权用途", max_length=10, choices=ConsentPurpose)
    notice_version = models.CharField("告知书版本", max_length=30, help_text="如 2026年1月版")
    agreed_on = models.DateField("授权日期")
    form = models.CharField("授权方式", max_length=10, choices=ConsentForm, default=ConsentForm.PAPER)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)

    everything = everything(ConsentQuerySet)
    objects = guarded(ConsentQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "个人信息授权"
        ordering = ("-agreed_on", "-id")
        indexes = [
            models.Index(fields=("-agreed_on", "-id")),
            models.Index(fields=("purpose", "withdrawn_on", "laureate")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("laureate", "purpose", "agreed_on"),
                name="consent_once_a_day",
                violation_error_message="该同志当日的这项授权已登记，请勿重复录入。",
            ),
            models.UniqueConstraint(
                fields=("laureate", "purpose"),
                condition=Q(withdrawn_on=None),
                name="consent_in_force_once",
                violation_error_message="该同志已有这项用途的有效授权；换新版本请先登记原授权的撤回日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laureate} {self.get_purpose_display()}"


def publicly_shown[Q: models.QuerySet](people: Q) -> Q:
    """Leave out the laureates who withdrew their consent to publicity; to be asked wherever names leave the house."""
    withdrawn = Consent.everything.withdrawn_for_good(ConsentPurpose.PUBLICITY)
    return people.exclude(pk__in=withdrawn.values("laureate"))
