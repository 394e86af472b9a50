"""Pages around the door: sign in, sign out, how long the session lasts, what was typed before it ended."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import View

from mofu.entrance import brakes, clock, kept_forms

_TOO_MANY = "too_many_login_attempts"


class SignInView(LoginView):
    """``/login/``: a refused try is answered 429, the same for names that exist and names that do not."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with what was wrong."""
        response = super().form_invalid(form)
        if form.has_error("__all__", _TOO_MANY):
            response.status_code = 429
            response["Retry-After"] = str(brakes.wait_minutes() * 60)
        return response


class SignOutView(LogoutView):
    """``/logout/``: the browser forgets pages it kept (``Clear-Site-Data``); the session's row is deleted."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out."""
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@never_cache
@require_safe
def time_left(request: HttpRequest) -> JsonResponse:
    """``{"seconds", "token"}``: how long the session lasts without a request, and what forms need after signing in anew.

    Asking does not lengthen it; ``?stay=1`` does, for somebody who pressed the button.
    """
    if request.GET.get("stay"):
        clock.touch(request.session)
    return JsonResponse({"seconds": clock.seconds_left(request.session), "token": get_token(request)})


class ResumeView(View):
    """``/account/resume/``: a form that was sent after the session had ended, to be sent again or dropped."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show that the form is still there; the home page where there is none."""
        form = kept_forms.kept(request.session, request.user.pk)
        return render(request, "entrance/resume.html", {"form": form}) if form else redirect("/")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Drop the form."""
        kept_forms.drop(request.session)
        return redirect("/")
