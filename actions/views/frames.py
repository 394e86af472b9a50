"""From a request to the frame of a page: whose figures, which year, which unit."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from actions.models import ProgrammeSettings
from actions.progress.drill import day_asked
from actions.progress.frame import Frame
from mofu.accounts.models import Organization
from mofu.accounts.policy import Right, may


def frame_of(request: HttpRequest, year: int | None = None) -> Frame:
    """Return the frame a progress page is made in; 403 without the right, 404 for a unit out of sight."""
    if not may(request.user, Right.SEE_PROGRESS):
        raise PermissionDenied
    known_by = day_asked(request.GET)
    today = known_by or timezone.localdate()
    settings = ProgrammeSettings.current()
    return Frame(request.user, year or _year(request, today.year), today, _unit(request), settings, known_by)


def _year(request: HttpRequest, default: int) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and 1949 <= int(asked) <= 2100 else default


def _unit(request: HttpRequest) -> Organization:
    code = request.GET.get("org", "")
    if not code:
        return request.user.organization
    unit = Organization.objects.visible_to(request.user).filter(code=code).first()
    if unit is None:
        raise Http404("没有这个单位，或不在您的查看范围内。")
    return unit


def page_context(frame: Frame) -> dict[str, object]:
    """Return what every progress page's head needs: the years and units to choose from, and what is shown."""
    return {
        "frame": frame,
        "years": frame.settings.years(frame.today),
        "year": frame.year,
        "units": frame.boards,
        "may_export": may(frame.user, Right.EXPORT),
    }
