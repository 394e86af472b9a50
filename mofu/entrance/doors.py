"""Middleware around every page: who is not signed in, whose session is over, who has something to do first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from mofu.entrance import clock, factor, kept_forms

Responder = Callable[[HttpRequest], HttpResponse]
_WAS = "was_user"  # in the session after one that ended by itself: whose it was
_PASSIVE = {"time-left"}  # asks without anybody being there
_ALWAYS_OPEN = {"account_logout", "account_change_password", "account_reauthenticate", "time-left"}
_FACTOR_PAGES = _ALWAYS_OPEN | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page needs a living session, one's own password and, for some roles, the second factor."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        """Answer in place of the page where something stands against showing it."""
        if request.user.is_authenticated and (reason := clock.ended(request.session)):
            _end(request, reason)
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not request.user.is_authenticated:
            return refused
        if request.resolver_match.url_name not in _PASSIVE:
            clock.touch(request.session)
        return _first(request) if getattr(view_func, "login_required", True) else None

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        """Lead to the sign-in page, in the language of who asks; keep a form that came too late."""
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"error": "登录已失效，请重新登录。"}, status=401)
        if request.method == "POST" and (was := request.session.get(_WAS)):
            back = _resume() if kept_forms.keep(request, request.session, was) else "/"
            return _lead(request, f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")
        if request.headers.get("HX-Request"):
            page = request.headers.get("HX-Current-URL", "/").split("/", 3)[-1]
            return _lead(request, f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': f'/{page}'})}")
        return super().handle_no_permission(request, view_func)


class NoStoreMiddleware:
    """Nothing that a signed-in user sees stays in the browser: going back after signing out shows nothing."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


def _end(request: HttpRequest, reason: clock.Ended) -> None:
    user = request.user.pk
    logout(request)
    request.session[_WAS] = user
    messages.warning(request, str(reason))


def _first(request: HttpRequest) -> HttpResponse | None:
    """Return where the user has to go before any other page, None where nothing stands against it."""
    page = request.resolver_match.view_name
    if request.user.first_password_at:
        if page in _ALWAYS_OPEN:
            return None
        messages.warning(request, "这是管理员设置的初始密码，请先改成自己的密码。")
        return _lead(request, reverse("account_change_password"))
    if page not in _FACTOR_PAGES and factor.is_missing(request.user, request.session):
        messages.warning(request, "您的账号需要先启用双重验证，才能使用系统。")
        return _lead(request, reverse("mfa_activate_totp"))
    return None


def _resume() -> str:
    return reverse("resume")


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    """Send to an address; htmx is told so in its own way, as it would put the page into a fragment."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)
