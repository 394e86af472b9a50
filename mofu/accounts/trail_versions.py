"""Which version of a record somebody saw: the key of the newest entry that says it was altered (decision 016).

Every way of writing leaves such an entry in the same transaction, under the record even where a part of it changed,
so a version needs no column of its own and no bulk path has to know of it. Read it before the record: a version newer
than what is shown would let the reader overwrite unseen what came between.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import QueryDict

from mofu.accounts import trail
from mofu.accounts.models import TrailEntry

FIELD = "seen"  # under this name forms carry the version
NONE = "0"  # of what was never altered or is not stored yet


def version(model: type[models.Model], pk: Any) -> str:
    """Return the version of the record of ``model`` with the key ``pk``."""
    if pk is None:
        return NONE
    rows = trail.changes_since(0, model._meta.label_lower, [pk]).order_by("-pk")
    return str(rows.values_list("pk", flat=True).first() or NONE)


def page_version() -> str:
    """Return what a list carries for all of its records: the newest entry when it was shown."""
    return str(trail.last_entry())


def is_stale(obj: models.Model, data: QueryDict) -> bool:
    """Whether the form that was sent shows another version than the (locked) record has; without any it is stale."""
    return data.get(FIELD) != version(type(obj), obj.pk)


def changes_after(obj: models.Model, seen: str) -> list[TrailEntry]:
    """Return what happened to a record since the version ``seen``, oldest first; nothing where that is no version."""
    if not is_key(seen):
        return []
    rows = trail.changes_since(int(seen), obj._meta.label_lower, [obj.pk])
    return list(rows.order_by("pk"))


def is_key(text: str) -> bool:
    """Whether a text that a page sent can be the key of an entry."""
    return text.isascii() and text.isdecimal() and len(text) < 19


def overtaken(model: type[models.Model], keys: Iterable[Any], seen: int) -> list[TrailEntry]:
    """Return of the records with ``keys`` the newest entry each that altered one of them after a list was shown."""
    rows = trail.changes_since(seen, model._meta.label_lower, keys).order_by("pk")
    return list({entry.object_id: entry for entry in rows}.values())
