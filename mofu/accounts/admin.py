"""Accounts, units, dictionaries and the trail in the administration, and who may enter it."""

from __future__ import annotations

from allauth.account.admin import EmailAddress
from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin
from django.contrib.auth.admin import Group
from django.db import models
from django.http import HttpRequest

from mofu.accounts.admin_base import DictionaryAdmin, LookedUp, TrailedAdmin
from mofu.accounts.models import Industry, IndustryChain, Organization, TrailBlock, TrailEntry, User
from mofu.accounts.policy import Right, may


def _is_administrator(request: HttpRequest) -> bool:
    """Only the city's administrators enter the administration, whatever flags an account carries."""
    return request.user.is_authenticated and request.user.is_superuser and may(request.user, Right.MAINTAIN)


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
class UserAdmin(LookedUp, admin.ModelAdmin):
    """工作人员, to look up and to refer to: accounts are kept at 账号管理, where first passwords and reasons are seen to."""

    list_display = ("username", "name", "role", "organization", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("organization",)
    search_fields = ("username", "name")
    ordering = ("username",)
    fields = (
        "username",
        "name",
        "phone",
        "role",
        "organization",
        "handles_care",
        "is_active",
        "last_login",
        "date_joined",
    )

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Who wrote the trail stays known; accounts are switched off."""
        return False


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


@admin.register(TrailBlock)
class TrailBlockAdmin(LookedUp, admin.ModelAdmin):
    """留痕封存块: what was closed when; read only."""

    list_display = ("__str__", "sealed_at")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The database refuses, too."""
        return False
