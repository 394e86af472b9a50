"""Units that were moved: what was kept of them before may no longer be for whoever kept it."""

from __future__ import annotations

from datetime import datetime

from mofu.accounts.models import Organization, TrailEntry, User
from mofu.accounts.trail_actions import Action


def took_units_from(user: User, since: datetime) -> bool:
    """Whether since then units were moved that ``user`` does not see now, and may have seen before.

    Where they were before is not asked: a file made anew costs less than one too many shown.
    """
    if user.is_city:
        return False
    entries = TrailEntry.objects.filter(
        model=Organization._meta.label_lower, action=Action.CHANGED, at__gt=since
    )
    moved = set(
        map(int, entries.filter(changes_json__contains='"parent": ').values_list("object_id", flat=True))
    )
    seen = Organization.objects.visible_to(user).filter(pk__in=moved).values_list("pk", flat=True)
    return bool(moved - set(seen))
