"""``/``: the desk of each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from actions.dashboards import overview
from actions.models import Campaign, Task
from actions.progress.breakdown import board_table
from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.standings import standings
from actions.progress.status import LATE, Status
from actions.progress.targets import Progress, progress_of
from actions.views.frames import frame_of, page_context
from actions.views.workbooks import send_workbook
from mofu.accounts.models import Role
from mofu.accounts.policy import Right, may
from mofu.registers.records import ReviewState
from mofu.registers.views.inbox import counts

SOON = timedelta(days=30)
NAMED = 3  # units named in a sentence


def home(request: HttpRequest) -> HttpResponseBase:
    """Show the desk that fits the user's role."""
    user = request.user
    if not may(user, Right.SEE_PROGRESS):
        return render(request, "actions/home_nothing.html")
    if user.role == Role.AUDITOR:
        return render(request, "actions/home_auditor.html")
    frame = frame_of(request)
    if user.role == Role.LEADER:
        return _for_officials(request, frame)
    rows = [row for row in progress_of(Reading(frame).only(bound=True)) if row.target]
    context = page_context(frame) | {
        "actions": by_campaign(rows, frame),
        "gaps": [row for row in rows if row.status in LATE],
        "tasks": _tasks(frame),
    }
    return render(request, "actions/home.html", context | _waiting(request))


HEADLINES = (
    "six_ins.sessions", "assist.enterprises", "mentoring.studios", "craftsmen.trained", "double_strive.participants",
)  # fmt: skip


def at_a_glance(frame: Frame) -> dict[str, Any]:
    """Return what officials and the wall are told: five numbers, what stands how, the units' table."""
    reading = Reading(frame).only(bound=True, also=HEADLINES)
    rows, boards = progress_of(reading), board_table(reading)
    bound = [row for row in rows if row.target]
    return {
        "rows": rows,
        "boards": boards,
        "headline": [row for code in HEADLINES for row in rows if row.indicator.code == code],
        "targets_count": len(bound),
        "counts": [
            (status.label, n) for status in Status if (n := sum(row.status == status for row in bound))
        ],
        "tasks_done": next((row for row in rows if row.indicator.code == "double_ten.done"), None),
    }


def _for_officials(request: HttpRequest, frame: Frame) -> HttpResponseBase:
    """Five numbers, what lags, how the units stand; then everything by action."""
    glance = at_a_glance(frame)
    rows, ranked = glance["rows"], standings(glance["boards"])
    panels = [overview.standing(glance["boards"]), overview.matrix(glance["boards"])]
    shown = [panel for panel in panels if panel]
    if request.GET.get("export") == "xlsx":
        return send_workbook(request, frame, "五大行动进展", rows, None, glance["boards"], shown)
    context = page_context(frame) | glance | {
        "best": ranked[:NAMED],
        "lagging": ranked[-NAMED:][::-1] if len(ranked) >= 2 * NAMED else [],
        "gaps": [row for row in rows if row.status in LATE],
        "panels": shown,
        "actions": by_campaign([row for row in rows if row.target], frame),
    }  # fmt: skip
    return render(request, "actions/home_leader.html", context)


@dataclass(frozen=True)
class Group:
    """The progress rows of one action, or of the double ten, with the page that tells more, empty where there is none for the reader."""

    title: str
    url: str
    rows: list[Progress]


def by_campaign(rows: list[Progress], frame: Frame) -> list[Group]:
    """Return the five actions and the double ten with their progress rows."""
    found = [
        Group(campaign.title, f"/actions/{campaign.code}/?{frame.query}", _of(rows, campaign.code))
        for campaign in Campaign.objects.order_by("sort")
    ]
    return [*found, Group("双十任务", frame.list_link("tasks"), _of(rows, "double-ten"))] if found else []


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
