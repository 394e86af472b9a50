"""Changes of a laureate's standing: retirement, death, moving away, revocation."""

from __future__ import annotations

from django.db import models, transaction

from models_app.models.checked import Checked
from models_app.models.laureate import Laureate, LaureateStatus
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.models import User
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import ReviewedRecord


class ChangeKind(models.TextChoices):
    """变动类型 (facts A.5)."""

    RETIRED = "retired", "退休"
    DEAD = "dead", "去世"
    MOVED_AWAY = "moved", "外迁/调离"
    LAID_OFF = "laid_off", "下岗"
    SELF_EMPLOYED = "self_employed", "自谋职业"
    LOST_TOUCH = "lost", "失联待核"
    REVOKED = "revoked", "撤销荣誉"
    RESTORED = "restored", "恢复（在职）"
    RESTORED_RETIRED = "restored_retired", "恢复（离退休）"


RESULTING_STATUS: dict[str, LaureateStatus] = {
    ChangeKind.RETIRED: LaureateStatus.RETIRED,
    ChangeKind.DEAD: LaureateStatus.DEAD,
    ChangeKind.MOVED_AWAY: LaureateStatus.MOVED_AWAY,
    ChangeKind.LAID_OFF: LaureateStatus.LAID_OFF,
    ChangeKind.SELF_EMPLOYED: LaureateStatus.SELF_EMPLOYED,
    ChangeKind.LOST_TOUCH: LaureateStatus.LOST_TOUCH,
    ChangeKind.REVOKED: LaureateStatus.REVOKED,
    ChangeKind.RESTORED: LaureateStatus.IN_SERVICE,
    ChangeKind.RESTORED_RETIRED: LaureateStatus.RETIRED,
}


class StatusChange(Checked, ReviewedRecord):
    """变动记录: what happened to a laureate and when; once approved it sets the laureate's status."""

    scope_fields = LAUREATE_SCOPE
    year_field = "happened_on"
    search_fields = ("document", "reason")
    past_dates = ("happened_on",)

    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="status_changes"
    )
    kind = models.CharField("变动类型", max_length=20, choices=ChangeKind)
    happened_on = PartialDateField("变动时间")
    to_unit = models.CharField("调往单位（地区）", max_length=100, blank=True)
    document = models.CharField("依据（文号）", max_length=100, blank=True)
    reason = models.CharField("原因说明", max_length=300, blank=True)

    everything = everything(OfLaureateQuerySet)
    objects = guarded(OfLaureateQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "变动记录"
        ordering = ("-happened_on", "-id")
        indexes = [
            models.Index(fields=("-happened_on", "-id")),
            models.Index(fields=("review_state", "-happened_on", "-id")),
            models.Index(fields=("laureate", "-happened_on")),
        ]

    def __str__(self) -> str:
        return f"{self.laureate} {self.get_kind_display()}"

    def problems(self) -> dict[str, str]:
        if self.kind == ChangeKind.REVOKED and not self.reason:
            return {"reason": "撤销荣誉须写明原因。"}
        return {}

    def approve(self, user: User) -> None:
        """Approve (the caller saves this record) and set the laureate's status at once."""
        super().approve(user)
        self.apply()

    def apply(self) -> None:
        """Give the laureate the status that follows, unless a later approved change says otherwise."""
        with transaction.atomic():
            laureate = Laureate.everything.select_for_update().get(pk=self.laureate_id)
            newer = (
                laureate.status_changes.approved()
                .exclude(pk=self.pk)
                .filter(happened_on__gt=self.happened_on)
            )
            if newer.exists():
                return
            laureate.status = RESULTING_STATUS[self.kind]
            laureate.save()
