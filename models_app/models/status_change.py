"""Changes of a laureate's standing: retirement, death, moving away, revocation."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from models_app.models.checked import Checked
from models_app.models.laureate import Laureate, LaureateStatus
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import ReviewedRecord, ReviewState


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
    """变动记录: what happened to a laureate and when; while approved it decides the laureate's status."""

    scope_fields = LAUREATE_SCOPE
    year_field = "happened_on"
    search_fields = ("document", "reason")
    past_dates = ("happened_on",)
    trail_ignored = (*ReviewedRecord.trail_ignored, "status_before")

    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="status_changes"
    )
    kind = models.CharField("变动类型", max_length=20, choices=ChangeKind)
    happened_on = PartialDateField("变动时间")
    to_unit = models.CharField("调往单位（地区）", max_length=100, blank=True)
    document = models.CharField("依据（文号）", max_length=100, blank=True)
    reason = models.CharField("原因说明", max_length=300, blank=True)
    # The laureate's status before any of the changes that now hold; empty while this one is not approved.
    status_before = models.CharField(max_length=4, blank=True, default="", editable=False)

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the laureate's status follows, also when an approved change stops being approved."""
        with transaction.atomic():
            stored = StatusChange.everything.filter(pk=self.pk).first() if self.pk else None
            moved = stored is not None and stored.laureate_id != self.laureate_id
            self.status_before = self._base(None if moved else stored)
            super().save(*args, **kwargs)
            if moved:
                settle_status(stored.laureate_id, stored)
            settle_status(self.laureate_id, None if moved else stored)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete; the laureate's status is again what the remaining changes say."""
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            settle_status(self.laureate_id, self)
        return done

    def _base(self, stored: StatusChange | None) -> str:
        """Return the status before all changes: as noted at the first approval, by this change or another."""
        if self.review_state != ReviewState.APPROVED:
            return ""
        if stored is not None and stored.review_state == ReviewState.APPROVED:
            return stored.status_before
        others = StatusChange.everything.approved().filter(laureate=self.laureate_id).exclude(pk=self.pk)
        shared = others.exclude(status_before="").values_list("status_before", flat=True).first()
        return shared or Laureate.everything.values_list("status", flat=True).get(pk=self.laureate_id)


def settle_status(laureate_id: int, undone: StatusChange | None) -> None:
    """Give a laureate the status of the newest approved change.

    Where none is left, the status that ``undone`` (a change as it was while it held) had brought is taken back; a
    status that somebody typed since then stays.
    """
    laureate = Laureate.everything.select_for_update().get(pk=laureate_id)
    newest = laureate.status_changes.approved().order_by("-happened_on", "-pk").first()
    status = laureate.status
    if newest is not None:
        status = RESULTING_STATUS[newest.kind]
    elif undone is not None and undone.review_state == ReviewState.APPROVED:
        brought = laureate.status == RESULTING_STATUS[undone.kind]
        status = (undone.status_before or LaureateStatus.IN_SERVICE) if brought else status
    if status != laureate.status:
        laureate.status = status
        laureate.save()
