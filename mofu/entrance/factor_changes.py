"""What follows when somebody changes their own second factor: other sessions end, this one gets a new id, the trail knows."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.entrance import factor


def added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A factor was set up; recovery codes that come along with it are no change of their own."""
    if authenticator.type == Authenticator.Type.TOTP:
        factor.spend(authenticator, request.POST.get("code", ""))
        _changed(request, user, "启用双重验证")


def removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """A factor was switched off by its owner."""
    if authenticator.type == Authenticator.Type.TOTP:
        _changed(request, user, "停用双重验证")


def reset(request: HttpRequest, user: User, **_: Any) -> None:
    """Recovery codes were made anew."""
    _changed(request, user, "重新生成恢复码")


def _changed(request: HttpRequest, user: User, reason: str) -> None:
    user.end_sessions()
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)
    trail.record(trail.Action.ACCOUNT, user, reason=reason, actor=user)
