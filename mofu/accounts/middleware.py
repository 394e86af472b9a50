"""Middleware: names the actor of every request and answers refused access with a trail entry."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace

from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from mofu.accounts import trail, trail_deeds
from mofu.accounts.addresses import client_address
from mofu.accounts.context import REQUEST_ID, Acting, acting, current

Responder = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Outermost: give each request an id, known to the log even where another middleware refuses it."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = replace(current(), request_id=uuid.uuid4().hex)
        request.META[REQUEST_ID] = who.request_id  # for what Django logs when all middleware is done
        with acting(who):
            response = self.get_response(request)
        response["X-Request-ID"] = who.request_id
        return response


class RequestContextMiddleware:
    """Make the user, address and id of each request known to the trail, and see to it that it leaves an entry.

    A refusal leaves an entry, and so does an address out of sight: somebody tries keys. A request that was to change
    something leaves one at least, whatever its view forgot.
    """

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query string")
        user = request.user if request.user.is_authenticated else None
        who = Acting(user=user, ip=client_address(request), request_id=current().request_id)
        with acting(who):
            response = self.get_response(request)
            # Where the database is the trouble, the page that says so is worth more than its entry.
            with suppress(DatabaseError) if response.status_code >= 500 else nullcontext():
                _see_to_entry(request, response.status_code, who)
        return response


def _see_to_entry(request: HttpRequest, status: int, who: Acting) -> None:
    if status == 403 or (status == 404 and who.user):
        why = "没有权限" if status == 403 else "不存在或不在范围内"
        trail.record(trail.Action.REFUSED, reason=f"{trail_deeds.deed_of(request)}：{why}")
    elif request.method not in trail_deeds.SAFE and who.user and not trail.tells_of(who.request_id):
        words = f"{trail_deeds.deed_of(request)}：{trail_deeds.outcome_of(status)}"
        trail.record(trail.Action.ASKED, reason=words)
