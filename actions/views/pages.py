"""``/actions/`` and the five action pages: targets, progress, pace, by board and by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from actions.models import Campaign, Event, Measure
from actions.progress.breakdown import board_table, by_month
from actions.progress.frame import Frame
from actions.progress.headcounts import pair_table
from actions.progress.indicator import Indicator, Number, of_campaign
from actions.progress.targets import progress_of, targets_of
from actions.views.frames import frame_of, page_context
from actions.views.home import by_campaign


def index(request: HttpRequest) -> HttpResponse:
    """Show all five actions at a glance."""
    frame = frame_of(request)
    rows = progress_of(frame, targets_of(frame))
    return render(
        request, "actions/index.html", page_context(frame) | {"actions": by_campaign(rows, frame.year)}
    )


def campaign(request: HttpRequest, code: str) -> HttpResponse:
    """Show one action."""
    found = get_object_or_404(Campaign, code=code)
    frame = frame_of(request)
    targets = targets_of(frame)
    indicators = [i for i in of_campaign(code) if i.code in targets or not i.only_with_target]
    rows = progress_of(frame, targets, indicators)
    context = page_context(frame) | {
        "campaign": found,
        "measures": measures_of(found, frame),
        "targets": [row for row in rows if row.target],
        "figures": [row for row in rows if not row.target],
        "boards": board_table(indicators, frame, targets),
        **month_table(frame, indicators),
        "pairs": pair_table(frame) if code == "double-strive" else None,
    }
    return render(request, "actions/campaign.html", context)


def measures_of(found: Campaign, frame: Frame) -> QuerySet[Measure]:
    """Return the action's measures, each with ``served``: how many events of the frame serve it."""
    events = frame.within().dated(Event)
    return found.measures.annotate(served=Count("events", filter=Q(events__in=events.values("pk"))))


@dataclass(frozen=True)
class MonthRow:
    """One indicator over the twelve months, each figure with the address of its rows."""

    indicator: Indicator
    months: list[tuple[int, Number, str]]
    total: Number
    url: str


def month_table(frame: Frame, indicators: list[Indicator]) -> dict[str, Any]:
    """Return the months of all indicators that have dates; a column for unknown months only where one is needed.

    ``idle_months`` are those before the programme started.
    """
    dated = [(found, by_month(found, frame.within())) for found in indicators if found.dated]
    unknown = [0] if any(counts.get(0) for _, counts in dated) else []
    numbers = [*range(1, 13), *unknown]
    return {
        "months": [_month_row(frame, *row, numbers) for row in dated],
        "month_numbers": numbers,
        "idle_months": frame.months.idle,
    }


def _month_row(frame: Frame, indicator: Indicator, counts: dict[int, Number], numbers: list[int]) -> MonthRow:
    cells = [(month, counts.get(month, 0), frame.link(indicator, month=month)) for month in numbers]
    return MonthRow(indicator, cells, sum(counts.values(), start=0), frame.link(indicator))
