"""Accounts, units, dictionaries and the trail in the administration, and who may enter it."""

from __future__ import annotations

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.contrib.auth.admin import Group
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models
from django.http import HttpRequest

from mofu.accounts.admin_base import DictionaryAdmin, LookedUp, TrailedAdmin
from mofu.accounts.models import Industry, IndustryChain, Organization, Role, TrailEntry, User


def _is_administrator(request: HttpRequest) -> bool:
    """Only the role 系统管理员 enters the administration, whatever flags an account carries."""
    user = request.user
    return user.is_active and user.is_authenticated and user.is_superuser and user.role == Role.ADMIN


admin.site.site_header = admin.site.site_title = "劳模管理与五大行动信息系统 · 系统管理"
admin.site.index_title = "系统管理"
admin.site.has_permission = _is_administrator  # type: ignore[method-assign]
# Signing in goes through the one sign-in page, with its rate limits and second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Groups grant nothing here, mail is not used; sessions and second factors belong to their own user, who keeps them
# on the account pages. Importing their admin modules above makes sure that they are registered by now.
admin.site.unregister([Authenticator, EmailAddress, Group, UserSession])
admin.site.register(Industry, DictionaryAdmin)


@admin.register(IndustryChain)
class IndustryChainAdmin(DictionaryAdmin):
    """产业链: 11 of the 23 could not be sourced and are entered here."""

    list_display = ("name", "tier", "version_year", "sort", "active")
    list_filter = ("tier", "version_year", "active")


@admin.register(Organization)
class OrganizationAdmin(TrailedAdmin):
    """单位: a changed parent moves the whole subtree."""

    list_display = ("name", "code", "kind", "parent", "industry", "active")
    list_filter = ("kind", "active", "industry")
    list_select_related = ("parent", "industry")
    search_fields = ("search",)
    readonly_fields = ("path", "updated_at")


@admin.register(User)
class UserAdmin(TrailedAdmin, DjangoUserAdmin):
    """工作人员: Django's own flags and groups stay out of sight, the role decides everything."""

    list_display = ("username", "name", "role", "organization", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("organization",)
    search_fields = ("username", "name")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "phone")}),
        ("单位与角色", {"fields": ("role", "organization", "is_active")}),
        ("使用情况", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        ("单位与角色", {"fields": ("name", "role", "organization")}),
    )


@admin.register(TrailEntry)
class TrailEntryAdmin(LookedUp, admin.ModelAdmin):
    """操作留痕: read only, for everybody."""

    list_display = ("at", "actor_name", "action", "model", "object_label", "ip")
    list_filter = ("action", "model")
    search_fields = ("actor_name", "object_label", "object_id", "request_id")
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody removes from the trail."""
        return False
