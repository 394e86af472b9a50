"""What every template knows about the site itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - the signature of a context processor
    """`site_name`, `association_name`, `demo_mode`; in dev `demo_accounts` (name → role), `demo_password`; `idle_seconds` until a session ends unused."""
    return {
        "site_name": settings.SITE_NAME,
        "association_name": settings.ASSOCIATION_NAME,
        "demo_mode": settings.IS_DEV,
        "demo_accounts": settings.DEMO_ACCOUNTS,
        "demo_password": settings.DEMO_PASSWORD,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
    }
