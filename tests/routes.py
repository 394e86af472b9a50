"""Every address of the resolver with its name: what tests over all addresses walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLResolver


@dataclass(frozen=True)
class Route:
    """An address: its pattern from the root, its name with namespace, the view, and the admin's model if it is one's."""

    pattern: str
    name: str
    view: Any
    namespace: str


def routes(resolver=None, prefix="", namespace=""):
    """Yield every route of the project."""
    for item in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(item.pattern).removeprefix("^")
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from routes(item, pattern, inner)
        else:
            yield Route(pattern, f"{namespace}{item.name}", item.callback, namespace.rstrip(":"))
