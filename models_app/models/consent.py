"""Consent of a laureate to what is done with their personal data, one row per purpose (PIPL Art. 13–15, 29)."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
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
    """Consents by whether they hold: the latest word on a purpose counts, by whichever row it was registered."""

    def in_force(self) -> Self:
        """Keep what has not been withdrawn, neither by its own row nor, later than it was given, by another one."""
        return self.marked().filter(withdrawn_on=None, overruled_on=None)

    def marked(self) -> Self:
        """Say of each when another row withdraws what it allows (``overruled_on``), None where none does."""
        later = self.model.everything.filter(
            laureate=models.OuterRef("laureate"),
            purpose=models.OuterRef("purpose"),
            withdrawn_on__gt=models.OuterRef("agreed_on"),
        ).exclude(pk=models.OuterRef("pk"))
        return self.annotate(
            overruled_on=models.Subquery(later.order_by("-withdrawn_on").values("withdrawn_on")[:1])
        )

    def withdrawn_for_good(self, purpose: str) -> Self:
        """Keep the withdrawals of a purpose after which the laureate has not agreed to it again."""
        again = self.model.everything.filter(
            laureate=models.OuterRef("laureate"),
            purpose=purpose,
            withdrawn_on=None,
            agreed_on__gte=models.OuterRef("withdrawn_on"),
        )
        return self.filter(purpose=purpose, withdrawn_on__isnull=False).exclude(models.Exists(again))


class Consent(Checked, Record):
    """个人信息授权: to what a laureate agreed, after which version of the notice, when; the signed paper is its file.

    A withdrawn consent stays on file as proof; what it allowed is no longer done (``publicly_shown``). A withdrawal
    ends every consent given before it: two rows of one purpose may come together when laureates are merged.
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

    def clean(self) -> None:
        """Refuse what would take a care file its basis, consent of somebody erased, and dates at odds with other rows."""
        super().clean()
        if self.laureate_id is None:
            return
        stored = type(self).everything.filter(pk=self.pk).first() if self.pk else None
        found = self._moved_away(stored) or self._too_late(stored) or self._contradicted()
        if found:
            raise ValidationError(found)

    def needed(self) -> str:
        """A care file's basis stays as long as the file, and so does what says that it is closed."""
        if self.purpose != ConsentPurpose.SENSITIVE or not self.laureate.care_files.exists():
            return ""
        if self.withdrawn_on and self._same().in_force().exists():
            return ""
        return "该同志的关爱档案以这项授权为依据，不能删除；本人撤回的请填写撤回日期。"

    def lost_with(self, row: Consent) -> str:
        """Return what would be lost if ``row``, another laureate's, went into this consent, in Chinese."""
        if self.withdrawn_on != row.withdrawn_on:
            return "同一天的这项授权，两边登记的撤回情况不同，请先核对并登记一致，再合并。"
        both = type(self).everything.filter(laureate__in=(self.laureate_id, row.laureate_id))
        withdrawn = both.filter(purpose=self.purpose, withdrawn_on__gt=self.agreed_on)
        if self.agreed_on < row.agreed_on and withdrawn.exists():
            return "两边各有一份有效授权，其间本人又有撤回，请先为较早的一份填写撤回日期，再合并。"
        return ""

    def _same(self) -> ConsentQuerySet:
        """Return the laureate's other consents to the purpose."""
        rows = type(self).everything.filter(laureate=self.laureate_id, purpose=self.purpose)
        return rows.exclude(pk=self.pk)

    def _moved_away(self, stored: Consent | None) -> dict[str, str]:
        names = ("laureate_id", "purpose") if stored is not None else ()
        changed = [name for name in names if getattr(stored, name) != getattr(self, name)]
        if not changed or not stored.needed():
            return {}
        words = "该同志的关爱档案以这项授权为依据，不能改为其他人或其他用途；本人撤回的请填写撤回日期。"
        return {name.removesuffix("_id"): words for name in changed}

    def _too_late(self, stored: Consent | None) -> dict[str, str]:
        """Return why nothing more is agreed to by somebody whose data were erased."""
        if self.laureate.erased_on is None:
            return {}
        if stored is None or stored.laureate_id != self.laureate_id:
            return {"laureate": "该同志的个人信息已按申请删除，不再登记授权。"}
        if self.withdrawn_on is None:
            return {"withdrawn_on": "该同志的个人信息已按申请删除，撤回日期不能清空。"}
        return {}

    def _contradicted(self) -> dict[str, str]:
        """Return what another row says against the dates of this one."""
        if self.agreed_on is None:
            return {}
        if self.withdrawn_on is None:
            last = self._same().filter(withdrawn_on__gt=self.agreed_on).order_by("-withdrawn_on").first()
            words = "本人已于{:%Y年%-m月%-d日}撤回这项授权（见另一条登记），早于该日的授权请填写撤回日期。"
            return {"withdrawn_on": words.format(last.withdrawn_on)} if last else {}
        held = self._same().filter(withdrawn_on=None, agreed_on__lt=self.withdrawn_on).first()
        words = "该同志另有{:%Y年%-m月%-d日}的有效授权，晚于该日的撤回请登记在那一条。"
        return {"withdrawn_on": words.format(held.agreed_on)} if held else {}


def publicly_shown[Q: models.QuerySet](people: Q) -> Q:
    """Leave out the laureates who withdrew their consent to publicity; to be asked wherever names leave the house."""
    withdrawn = Consent.everything.withdrawn_for_good(ConsentPurpose.PUBLICITY)
    return people.exclude(pk__in=withdrawn.values("laureate"))
