"""The account the measurements are made with: the city's, also allowed into the admin."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from mofu.accounts.models import Organization, Role, User

USERNAME = "bench"


def signed_in() -> Client:
    """Return a client signed in as the bench account of this database, made when missing; it has no password."""
    if settings.MOFU_ENV == "prod":
        raise SystemExit("measure on a database of make_load, never in production")
    user = User.objects.filter(username=USERNAME).first() or User(username=USERNAME, name="测速")
    user.role, user.organization = Role.CITY, Organization.everything.get(parent=None)
    user.is_staff = user.is_superuser = True
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    return client


def cookie_of(client: Client) -> str:
    """Return the cookie header of a signed-in client."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
