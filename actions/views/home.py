"""``/``: the desk of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.models import Campaign, Task
from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.status import Status
from actions.progress.targets import Progress, progress_of
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
    rows = progress_of(Reading(frame).only(bound=True))
    context = page_context(frame) | {
        "actions": by_campaign(rows, frame.year),
        "gaps": [row for row in rows if row.status in (Status.BEHIND, Status.FAR_BEHIND)],
        "tasks": _tasks(frame),
    }
    return render(request, "actions/home.html", context | _waiting(request))


@dataclass(frozen=True)
class Group:
    """The progress rows of one action, or of the double ten, with the page that tells more."""

    title: str
    url: str
    rows: list[Progress]


def by_campaign(rows: list[Progress], year: int) -> list[Group]:
    """Return the five actions and the double ten with their progress rows."""
    found = [
        Group(campaign.title, f"/actions/{campaign.code}/?year={year}", _of(rows, campaign.code))
        for campaign in Campaign.objects.order_by("sort")
    ]
    return [*found, Group("双十任务", f"/tasks/?year={year}", _of(rows, "double-ten"))] if found else []


def _of(rows: list[Progress], campaign: str) -> list[Progress]:
    return [row for row in rows if row.indicator.campaign == campaign]


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
