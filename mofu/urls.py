"""Wiring: sign-in, admin and the address lists of the floors."""

from allauth.account import views as account
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mofu.entrance.views import door
from mofu.operations.health import is_well


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the signature of a view
    """200 {"status": "ok"} when everything can be read and saved, else 503 {"status": "error"}; for monitors, without sign-in."""
    if is_well():
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "error"}, status=503)


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:  # noqa: ARG001 - the signature of a view
    """Browsers ask for this address on pages that name no icon of their own (the admin)."""
    return HttpResponseRedirect(static("mofu/mark.svg"))


handler400 = "mofu.wire.bad_request"
urlpatterns = [
    path("favicon.ico", favicon, name="favicon"),
    path("health/", health, name="health"),
    path("login/", door.SignInView.as_view(), name="account_login"),
    path("logout/", door.SignOutView.as_view(), name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/time-left/", door.time_left, name="time-left"),
    path("account/resume/", door.ResumeView.as_view(), name="resume"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    *([path("admin/", admin.site.urls)] if settings.ADMIN_SITE else []),
    path("", include("mofu.entrance.urls")),
    path("", include("actions.urls")),
    path("", include("mofu.operations.urls")),
    path("", include("mofu.registers.urls")),
]
