"""How allauth signs people in here: its hooks for accounts."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from mofu.accounts.addresses import client_address
from mofu.accounts.models import User
from mofu.entrance import brakes, devices

FIRST_PASSWORD_LASTS = timedelta(days=7)


class AccountAdapter(DefaultAccountAdapter):
    """Staff sign in with a user name; nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "用户名或密码不正确。如账号已停用或忘记密码，请联系管理员。",
        "too_many_login_attempts": f"尝试次数过多，请 {brakes.wait_minutes()} 分钟后再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by administrators."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that counts."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a socket file has no address

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the user if name and password are right; raise ValidationError where a brake holds.

        A switched-off account is answered like a wrong password: the page says nothing about who is known here.
        """
        name = credentials.get("username", "")
        device = devices.known_device(request, name)
        ticket = brakes.admit(client_address(request), name, device=device)
        if ticket is None:
            raise self.validation_error("too_many_login_attempts")
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is None or _first_password_ran_out(user):
            return None
        ticket.give_back()
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Finish signing in and remember the browser."""
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user.username)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Set a password the user chose; it ends the first password."""
        user.first_password_at = None
        super().set_password(user, password)

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return an acceptable new password; raise ValidationError for a weak one or the one in use."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError("新密码不能与现在的密码相同。")
        return super().clean_password(password, user=user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether identity has to be confirmed again; who signed in a moment ago just did so."""
        request = context.request
        records = get_authentication_records(request, request.user)
        recent = records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not recent


def _first_password_ran_out(user: User) -> bool:
    given = user.first_password_at
    return given is not None and given < timezone.now() - FIRST_PASSWORD_LASTS
