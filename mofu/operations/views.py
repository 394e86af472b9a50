"""``/system/``: how the installation stands, for the city's administrators."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mofu.accounts.policy import Right, may
from mofu.operations.system import facts


@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """Show every fact, what is not well first."""
    if not may(request.user, Right.MAINTAIN):
        raise PermissionDenied
    found = sorted(facts(), key=lambda fact: fact.good is not False)
    wrong = sum(fact.good is False for fact in found)
    return render(request, "operations/system.html", {"facts": found, "wrong": wrong})
