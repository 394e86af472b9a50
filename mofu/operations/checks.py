"""What ``check --database default`` (and so ``migrate``) says about durability and keys; a start of the site refuses it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from mofu.operations import blind_indexes, durability


@register(Tags.database)
def durable(databases: list[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Return an error for every way in which a commit might be lost; development may live with them."""
    if not databases or not settings.IS_PROD:
        return []
    return [Error(words, id="operations.E001") for words in durability.problems()]


@register(Tags.database)
def readable(databases: list[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Return an error where the keys do not fit the data; development has one key."""
    if not databases or not settings.IS_PROD:
        return []
    return [Error(words, id="operations.E002") for words in blind_indexes.problems()]
