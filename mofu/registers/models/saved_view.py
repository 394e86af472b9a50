"""Views: a list with its filters, columns and order under a name; also the template of an export."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from mofu.accounts.models import Organization, User
from mofu.accounts.models.organization import STEP
from mofu.accounts.trail import TrailedModel


class SavedViewQuerySet(models.QuerySet):
    """Whose views are whose."""

    def usable_by(self, user: User) -> Self:
        """Keep the user's own views and those shared with their unit or one above it."""
        path = user.organization.path if user.organization else ""
        above = [int(path[start : start + STEP]) for start in range(0, len(path), STEP)]  # keys, root first
        return self.filter(Q(owner=user.pk) | Q(shared_with__in=above))


class SavedView(TrailedModel):
    """视图: how somebody looks at one register, kept under a name.

    ``query`` holds the filters as a query string, without page, sort and columns; it always runs within the reader's
    own scope. ``columns`` is a list of ``[name, own title]`` in order, the title empty for the usual one; ``title`` is
    the heading of exported sheets. ``shared_with`` names the unit that may use the view together with all below it;
    only the owner changes it.
    """

    trail_ignored = ("updated_at",)

    slug = models.CharField("台账", max_length=40)
    name = models.CharField("视图名称", max_length=40)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="所有人", related_name="saved_views"
    )
    shared_with = models.ForeignKey(
        Organization, models.SET_NULL, verbose_name="共享单位", null=True, blank=True, related_name="+"
    )
    query = models.CharField("筛选条件", max_length=2000, blank=True)
    columns = models.JSONField("列", default=list)
    sort = models.CharField("排序", max_length=60, blank=True)
    page_size = models.PositiveSmallIntegerField("每页条数", default=50)
    title = models.CharField("导出表标题", max_length=80, blank=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "视图"
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("owner", "slug", "name"),
                name="one_view_of_a_name",
                violation_error_message="您在这个台账已有同名视图，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name
