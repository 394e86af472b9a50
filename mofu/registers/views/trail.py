"""The trail for auditors: who did what, newest first, searchable."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from mofu.accounts.models import TrailEntry
from mofu.accounts.policy import Right, may
from mofu.accounts.trail import Action


class TrailView(View):
    """``/trail/``: entries by person, record and kind; values of records are not shown here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the trail."""
        if not may(request.user, Right.SEE_TRAIL):
            raise PermissionDenied
        entries = TrailEntry.objects.all()
        if action := request.GET.get("action", ""):
            entries = entries.filter(action=action)
        if text := request.GET.get("q", "").replace("\0", "").strip()[:50]:
            entries = entries.filter(Q(actor_name__contains=text) | Q(reason__contains=text) | Q(ip=text))
        page = Paginator(entries, 50).get_page(request.GET.get("page"))
        return render(request, "registers/trail.html", {"page_obj": page, "actions": Action.choices})
