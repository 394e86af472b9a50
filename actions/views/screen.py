"""``/screen/``: the wall page: targets and units only, no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from actions.dashboards import overview
from actions.progress.breakdown import BoardTable
from actions.progress.targets import Progress
from actions.views.frames import frame_of, page_context
from actions.views.home import at_a_glance
from mofu.documents.chart import DARK

# Pixels across and down, drawn larger by the wall's own scale.
SIZES = ((860, 475), (540, 475))
ALONE = (1420, 440)


def screen(request: HttpRequest) -> HttpResponse:
    """Show the year's targets large; the page asks for itself again every minute."""
    frame = frame_of(request)
    glance = at_a_glance(frame)
    context = page_context(frame) | glance | {"charts": _charts(**glance), "now": timezone.localtime()}
    return render(request, "actions/screen.html", context)


def _charts(rows: Sequence[Progress], boards: BoardTable, **_: Any) -> list[tuple[str, SafeString]]:
    """Return titles and drawings, in the colours of the wall: the units below, or without any the unit's own targets."""
    panels = zip(
        (overview.matrix(boards, palette=DARK), overview.standing(boards, palette=DARK)), SIZES, strict=True
    )
    own = (overview.own_targets(rows, palette=DARK), ALONE)
    drawn = [(panel, size) for panel, size in panels if panel] or [own]
    return [
        (panel.title, mark_safe(panel.chart.drawn(*size)))  # noqa: S308 - made by the chart library
        for panel, size in drawn
        if panel.chart
    ]
