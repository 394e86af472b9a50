"""``/``: the desk of each role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.models import Campaign, Task
from actions.progress.frame import Frame
from actions.progress.status import Status
from actions.progress.targets import Progress, targets_progress
from actions.views.frames import frame_of, page_context
from mofu.accounts.models import Role
from mofu.accounts.policy import Right, may
from mofu.registers.records import ReviewState
from mofu.registers.views.inbox import counts

SOON = timedelta(days=30)


def home(request: HttpRequest) -> HttpResponse:
    """Show the desk that fits the user's role."""
    user = request.user
    if not may(user, Right.SEE_PROGRESS):
        return render(request, "actions/home_nothing.html")
    if user.role == Role.AUDITOR:
        return render(request, "actions/home_auditor.html")
    frame = frame_of(request)
    rows = targets_progress(frame)
    context = page_context(frame) | {
        "actions": by_campaign(rows),
        "gaps": [row for row in rows if row.status in (Status.BEHIND, Status.FAR_BEHIND)],
        "tasks": _tasks(frame),
    }
    return render(request, "actions/home.html", context | _waiting(request))


def by_campaign(rows: list[Progress]) -> list[tuple[Campaign, list[Progress]]]:
    """Return the five actions with their progress rows."""
    return [
        (campaign, [row for row in rows if row.indicator.campaign == campaign.code])
        for campaign in Campaign.objects.order_by("sort")
    ]


def _tasks(frame: Frame) -> list[Task]:
    """Return the unfinished tasks that are late or due within 30 days."""
    rows = Task.objects.visible_to(frame.user).in_year(frame.year).unfinished()
    return list(rows.filter(deadline__lte=frame.today + SOON).order_by("deadline")[:10])


def _waiting(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if may(user, Right.REVIEW):
        return {"pending": counts(user, ReviewState.PENDING)}
    if may(user, Right.ENTER):
        return {
            "returned": counts(user, ReviewState.RETURNED),
            "drafts": counts(user, ReviewState.DRAFT),
            "handed_in": counts(user, ReviewState.PENDING),
        }
    return {}
