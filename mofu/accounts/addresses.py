"""Where a request comes from: the one place that decides which address is believed."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

_IPV6_NETWORK = 64  # bits: what one customer holds, within which addresses cost nothing


def client_address(request: HttpRequest) -> str:
    """Return the client's address; behind n trusted proxies the n-th forwarded one from the right, else the peer's.

    What a client itself writes into ``X-Forwarded-For`` stands further left and is never read; with no trusted
    proxy, or with fewer entries than proxies, the header counts for nothing.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    steps = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if proxies else []
    told = _address(steps[-proxies]) if len(steps) >= proxies > 0 else ""
    return told or _address(peer)


def network_of(address: str) -> str:
    """Return by what an address is counted: itself, for IPv6 its /64 network."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{_IPV6_NETWORK}", strict=False).network_address)


def _address(text: str) -> str:
    """Return an address in its usual form, without port; empty for anything else."""
    text = text.strip()
    if text.count(":") == 1 or text.startswith("["):
        text = text.rpartition(":")[0] if not text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return ""
