"""What the registers keep for themselves, in the administration: looked up, not entered."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Field
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from mofu.registers.admin_base import LookedUp, TrailedAdmin
from mofu.registers.models import Attachment, DistinctPair, ImportBatch, Job, ListPreference, Merge, SavedView
from mofu.registers.register import REGISTERS


@admin.register(Attachment)
class AttachmentAdmin(LookedUp, TrailedAdmin):
    """佐证材料: files come in through their records, where content is checked; here they are found and removed."""

    list_display = ("name", "record_kind", "record_number", "size", "uploaded_by", "uploaded_at")
    list_filter = ("media_type",)
    list_select_related = ("content_type", "uploaded_by")
    search_fields = ("name", "sha256")
    fields = readonly_fields = ("name", "record_kind", "record_number", "media_type", "size", "sha256", "uploaded_by",
                                "uploaded_at")  # fmt: skip

    @admin.display(description="记录类型", ordering="content_type")
    def record_kind(self, obj: Attachment) -> str:
        """The Chinese name of the register the file belongs to."""
        return obj.content_type.name

    @admin.display(description="记录编号", ordering="object_id")
    def record_number(self, obj: Attachment) -> int:
        """The key of the record the file belongs to."""
        return obj.object_id


PREFERENCE_LABELS = {
    "user": "用户",
    "slug": "台账",
    "columns": "显示的列",
    "page_size": "每页行数",
    "view": "默认视图",
}


@admin.register(ListPreference)
class ListPreferenceAdmin(admin.ModelAdmin):
    """列表设置 of the users."""

    list_display = ("user_shown", "slug_shown", "page_size_shown")
    list_select_related = ("user",)
    search_fields = ("user__username", "slug")
    autocomplete_fields = ("user", "view")

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Name the fields in Chinese."""
        if db_field.name in PREFERENCE_LABELS:
            kwargs["label"] = PREFERENCE_LABELS[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=PREFERENCE_LABELS["user"], ordering="user")
    def user_shown(self, obj: ListPreference) -> str:
        """Whose choice it is."""
        return str(obj.user)

    @admin.display(description=PREFERENCE_LABELS["slug"], ordering="slug")
    def slug_shown(self, obj: ListPreference) -> str:
        """The Chinese name of the list."""
        register = REGISTERS.get(obj.slug)
        return register.title if register else obj.slug

    @admin.display(description=PREFERENCE_LABELS["page_size"], ordering="page_size")
    def page_size_shown(self, obj: ListPreference) -> int:
        """Rows per page."""
        return obj.page_size


@admin.register(SavedView)
class SavedViewAdmin(LookedUp, TrailedAdmin):
    """视图: who keeps which, and with whom it is shared; changed by its owner alone."""

    list_display = ("name", "slug", "owner", "shared_with", "updated_at")
    list_filter = ("slug",)
    list_select_related = ("owner", "shared_with")
    search_fields = ("name", "slug", "owner__username")
    fields = readonly_fields = ("name", "slug", "owner", "shared_with", "query", "columns", "sort", "page_size", "title",
                                "updated_at")  # fmt: skip


@admin.register(ImportBatch)
class ImportBatchAdmin(LookedUp, TrailedAdmin):
    """导入批次: who brought in what and when; looked up only."""

    list_display = ("file_name", "slug", "user", "state", "created_at", "committed_at")
    list_filter = ("state", "slug")
    search_fields = ("file_name", "sha256", "user__username")
    fields = readonly_fields = ("slug", "user", "file_name", "sha256", "size", "state", "submitted", "counts",
                                "created_at", "committed_at")  # fmt: skip


@admin.register(DistinctPair)
class DistinctPairAdmin(LookedUp, TrailedAdmin):
    """不是同一条的记录: who said so and when; looked up, and taken back by deleting."""

    list_display = ("__str__", "reason", "user", "at")
    list_select_related = ("user",)
    search_fields = ("reason", "user__username")
    fields = readonly_fields = ("model", "first", "second", "reason", "user", "at")


@admin.register(Merge)
class MergeAdmin(LookedUp, admin.ModelAdmin):
    """合并: who merged what and when; looked up only, taken back on its own page."""

    list_display = ("loser_label", "winner_label", "slug", "user", "at", "undone_at")
    list_filter = ("slug",)
    list_select_related = ("user",)
    search_fields = ("loser_label", "winner_label", "reason", "user__username")
    fields = readonly_fields = ("slug", "loser_key", "loser_label", "winner_key", "winner_label", "reason", "moved",
                                "folded", "user", "at", "undone_by", "undone_at")  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Without it the merge could not be taken back."""
        return False


admin.site.unregister(DBTaskResult)  # what the worker has to do is seen as our own jobs, in Chinese


@admin.register(Job)
class JobAdmin(LookedUp, admin.ModelAdmin):
    """后台任务: who has long work going on and how it ended; looked up only."""

    list_display = ("title", "owner", "state", "created_at", "started_at", "finished_at")
    list_filter = ("state", "kind")
    list_select_related = ("owner",)
    search_fields = ("title", "owner__username")
    fields = readonly_fields = (
        "title",
        "kind",
        "owner",
        "state",
        "message",
        "created_at",
        "started_at",
        "finished_at",
    )
