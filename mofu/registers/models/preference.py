"""A user's choice of columns."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mofu.registers.models.saved_view import SavedView


class ListPreference(models.Model):
    """How one user wants one register's list: columns in order, rows per page, the view it opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="list_preferences")
    slug = models.CharField(max_length=40)
    columns = models.JSONField(default=list)
    page_size = models.PositiveSmallIntegerField(default=50)
    view = models.ForeignKey(SavedView, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "列表设置"
        constraints = [models.UniqueConstraint(fields=("user", "slug"), name="one_preference_per_list")]

    def __str__(self) -> str:
        return f"{self.user} {self.slug}"
