"""``/actions/`` and the five action pages: targets, progress, pace, by board and by month."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from actions.models import Campaign, Event, Measure
from actions.progress.breakdown import board_table, month_table
from actions.progress.frame import Frame
from actions.progress.headcounts import pair_table
from actions.progress.reading import Reading
from actions.progress.targets import progress_of
from actions.views.frames import frame_of, page_context
from actions.views.home import by_campaign


def index(request: HttpRequest) -> HttpResponse:
    """Show all five actions at a glance."""
    frame = frame_of(request)
    rows = progress_of(Reading(frame))
    return render(
        request, "actions/index.html", page_context(frame) | {"actions": by_campaign(rows, frame.year)}
    )


def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """Show one action."""
    found = get_object_or_404(Campaign, code=code)
    frame = frame_of(request)
    reading = Reading(frame, before=True).only(campaign=code)
    rows = progress_of(reading)
    context = page_context(frame) | {
        "campaign": found,
        "measures": measures_of(found, frame),
        "targets": [row for row in rows if row.target],
        "figures": [row for row in rows if not row.target],
        "boards": board_table(reading),
        "months": month_table(reading),
        "pairs": pair_table(frame) if code == "double-strive" else None,
    }
    return render(request, "actions/campaign.html", context)


def measures_of(found: Campaign, frame: Frame) -> QuerySet[Measure]:
    """Return the action's measures, each with ``served``: how many events of the frame serve it."""
    events = frame.within().dated(Event)
    return found.measures.annotate(served=Count("events", filter=Q(events__in=events.values("pk"))))
