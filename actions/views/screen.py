"""``/screen/``: the wall page: targets only, no personal data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from actions.progress.reading import Reading
from actions.progress.targets import progress_of
from actions.views.frames import frame_of, page_context
from actions.views.home import by_campaign


def screen(request: HttpRequest) -> HttpResponse:
    """Show the year's targets large; the page asks for itself again every minute."""
    frame = frame_of(request)
    rows = progress_of(Reading(frame).only(bound=True))
    context = page_context(frame) | {"actions": by_campaign(rows, frame.year), "now": timezone.localtime()}
    return render(request, "actions/screen.html", context)
