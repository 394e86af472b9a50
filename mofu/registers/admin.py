"""What the registers keep for themselves, in the administration: looked up, not entered."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from mofu.registers.admin_base import TrailedAdmin
from mofu.registers.models import Attachment, ListPreference


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
