"""The accounts the measurements are made with: the city's clerk, and the administrator for the admin's pages."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from mofu.accounts.models import Organization, Role, User

CITY, ADMIN = str(Role.CITY), str(Role.ADMIN)


def signed_in(role: str) -> Client:
    """Return a client signed in as the bench account of a role, made when missing; it has no password."""
    if settings.MOFU_ENV == "prod":
        raise SystemExit("measure on a database of make_load, never in production")
    name = f"bench-{role}"
    user = User.objects.filter(username=name).first() or User(username=name, name="测速")
    user.role, user.organization = role, Organization.everything.get(parent=None)
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    return client


def cookie_of(client: Client) -> str:
    """Return the cookie header of a signed-in client."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
