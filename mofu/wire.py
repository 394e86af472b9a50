"""What every answer tells the browser besides its policy of contents, and how requests are refused before any view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from django.views.defaults import bad_request as plain_bad_request

_UNUSED = ("accelerometer", "bluetooth", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
           "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking")  # fmt: skip
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""Devices and powers no page of ours asks for; nothing of ours may be loaded by another site."""

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class WireMiddleware:
    """Put :data:`HEADERS` on every answer, static files and refusals included; give a wrong method a page of its own.

    No cache keeps a refusal, also where it came before anybody could ask who is signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render(request, "405.html").content
            response.headers["Content-Length"] = str(len(response.content))  # was counted without the page
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code >= 400:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class LargestBody(FileUploadHandler):
    """Refuses a form with files that is larger than ``UPLOAD_MAX_SIZE`` bytes before any of it is kept."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, *_: Any) -> None:  # noqa: N803 - the signature of Django
        """Look at the length the request gives; Django reads no further than that."""
        if content_length > settings.UPLOAD_MAX_SIZE:
            raise RequestDataTooBig("The form with its files exceeds UPLOAD_MAX_SIZE.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the content to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be understood with 400, what is too much with 413; neither says why in technical words."""
    if isinstance(exception, _TOO_MUCH):
        return render(request, "413.html", status=413)
    return plain_bad_request(request, exception)
