"""What the registers keep for themselves, in the administration: looked up, not entered."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from mofu.registers.admin_base import TrailedAdmin
from mofu.registers.models import Attachment, ImportBatch, ListPreference


@admin.register(Attachment)
class AttachmentAdmin(TrailedAdmin):
    """佐证材料: files come in through their records, where content is checked; here they are found and removed."""

    list_display = ("name", "content_type", "object_id", "size", "uploaded_by", "uploaded_at")
    list_filter = ("content_type", "media_type")
    search_fields = ("name", "sha256")
    fields = readonly_fields = ("name", "content_type", "object_id", "media_type", "size", "sha256", "uploaded_by",
                                "uploaded_at")  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Files are only uploaded to a record."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A piece of evidence is never altered."""
        return False


@admin.register(ListPreference)
class ListPreferenceAdmin(admin.ModelAdmin):
    """列表设置 of the users."""

    list_display = ("user", "slug", "page_size")
    search_fields = ("user__username", "slug")
    autocomplete_fields = ("user",)


@admin.register(ImportBatch)
class ImportBatchAdmin(TrailedAdmin):
    """导入批次: who brought in what and when; looked up only."""

    list_display = ("file_name", "slug", "user", "state", "created_at", "committed_at")
    list_filter = ("state", "slug")
    search_fields = ("file_name", "sha256", "user__username")
    fields = readonly_fields = ("slug", "user", "file_name", "sha256", "size", "state", "submitted", "counts",
                                "created_at", "committed_at")  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Workbooks come in through the registers, where they are checked."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was imported is never altered here."""
        return False
