"""``/actions/``, the five action pages and ``/people/``: targets, progress, pace, panels, by unit and by month."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from actions.dashboards import overview
from actions.dashboards import people as people_panels
from actions.dashboards.pages import panels_of
from actions.models import Campaign, Event, Measure
from actions.progress.breakdown import board_table, month_table
from actions.progress.frame import Frame
from actions.progress.headcounts import pair_table
from actions.progress.indicator import BESIDE
from actions.progress.people import LAUREATES
from actions.progress.reading import Reading
from actions.progress.targets import progress_of
from actions.views.frames import frame_of, page_context
from actions.views.home import by_campaign
from actions.views.workbooks import send_workbook


def index(request: HttpRequest) -> HttpResponseBase:
    """Show all five actions at a glance."""
    frame = frame_of(request)
    reading = Reading(frame)
    rows, boards = progress_of(reading), board_table(reading)
    panels = [panel for panel in overview.panels(rows, boards) if panel]
    if request.GET.get("export") == "xlsx":
        return send_workbook(request, frame, "五大行动进展", rows, None, boards, panels)
    context = page_context(frame) | {"actions": by_campaign(rows, frame), "panels": panels}
    return render(request, "actions/index.html", context)


def campaign(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show one action."""
    found = get_object_or_404(Campaign, code=code)
    frame = frame_of(request)
    reading = Reading(frame, before=True).only(campaign=code)
    rows, boards, months = progress_of(reading), board_table(reading), month_table(reading)
    panels = panels_of(code, reading, boards)
    if request.GET.get("export") == "xlsx":
        return send_workbook(request, frame, found.title, rows, months, boards, panels)
    context = page_context(frame) | {
        "campaign": found,
        "measures": (measures := list(measures_of(found, frame))),
        "are_measures_served": any(measure.served for measure in measures),
        "events_url": frame.list_link("events", review_state="approved", org=frame.org_code),
        "targets": [row for row in rows if row.target],
        "figures": [row for row in rows if not row.target],
        "panels": panels,
        "boards": boards,
        "months": months,
        "pairs": pair_table(frame) if code == "double-strive" else None,
    }
    return render(request, "actions/campaign.html", context)


def people(request: HttpRequest) -> HttpResponseBase:
    """Show who the laureates are."""
    frame = frame_of(request)
    reading = Reading(frame, [BESIDE[LAUREATES]], months=False)
    rows, boards = progress_of(reading), board_table(reading)
    panels = [panel for panel in people_panels.panels(frame, boards) if panel]
    if request.GET.get("export") == "xlsx":
        return send_workbook(request, frame, "劳模工匠结构", rows, None, None, panels)
    context = page_context(frame) | {"figures": rows, "panels": panels}
    return render(request, "actions/people.html", context)


def measures_of(found: Campaign, frame: Frame) -> QuerySet[Measure]:
    """Return the action's measures, each with ``served``: how many events of the frame serve it."""
    events = frame.within().dated(Event)
    return found.measures.annotate(served=Count("events", filter=Q(events__in=events.values("pk"))))
