"""Signing in through the form, setting up a second factor, confirming who one is."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from tests.conftest import Browser
from tests.makers import PASSWORD


def sign_in(client, username, password=PASSWORD, *, ip="10.0.0.1", **headers):
    """Send the sign-in form from an address."""
    return client.post("/login/", {"login": username, "password": password}, REMOTE_ADDR=ip, **headers)


def is_in(client):
    """Whether the client is signed in and past everything that has to be done first."""
    return client.get("/").status_code == 200


def give_factor(user):
    """Set up an authenticator app and recovery codes; return its secret and the codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def code_now(secret, *, steps=0):
    """Return what the app shows now, or so many steps of 30 s later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirmed(user):
    """Return a client of ``user``, who has no second factor, signed in through the form a moment ago."""
    client = Browser()
    assert sign_in(client, user.username).status_code == 302
    return client


def move_clock(monkeypatch, **by):
    """Let the time be later than it is by so much (as of ``timedelta``)."""
    later = timedelta(**by)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + later)
