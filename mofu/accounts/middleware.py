"""Middleware: names the actor of every request and answers refused access with a trail entry."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from mofu.accounts import trail
from mofu.accounts.addresses import client_address
from mofu.accounts.context import Acting, acting

Responder = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Give each request an id and make its user, address and id known to the trail."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query string")
        user = request.user if request.user.is_authenticated else None
        who = Acting(user=user, ip=client_address(request), request_id=uuid.uuid4().hex)
        with acting(who):
            response = self.get_response(request)
            if response.status_code == 403:
                trail.record(trail.Action.REFUSED, reason=f"{request.method} {request.path}"[:200])
        response["X-Request-ID"] = who.request_id
        return response
