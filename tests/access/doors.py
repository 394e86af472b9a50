"""What the tests of side doors share: the clerk who tries, and what an answer tells."""

from __future__ import annotations

import re

from mofu.accounts.models import User
from tests.access.people import PERSONAS

CLERK = "county clerk"
CHANGING = re.compile(
    r'csrf\w*"[^>]*value="[^"]*"|nonce="[^"]*"|name="seen" value="\d*"|"X-CSRFToken": *"[^"]*"|\d\d:\d\d(:\d\d(\.\d+)?)?'
)


def clerk(world):
    """Return the clerk of the county 东 as stored."""
    return User.objects.get(pk=world.users[CLERK].pk)


def told(world, answer, persona=CLERK):
    """Return what an answer tells of units out of sight."""
    return set(world.forbidden(PERSONAS[persona]).findall(answer.text))


def steady(response):
    """Return a page without what differs from one request to the next."""
    return CHANGING.sub("", response.content.decode())
