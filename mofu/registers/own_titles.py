"""The titles that views give to columns, for reading back what was exported with such a view."""

from __future__ import annotations

from collections import defaultdict

from mofu.accounts.models import User
from mofu.accounts.scope import SystemActor
from mofu.registers.models import SavedView
from mofu.registers.register import Register


def own_titles(register: Register, user: User | SystemActor) -> dict[str, tuple[str, ...]]:
    """Return by column name, and by usual label, how the views that ``user`` may use call a column."""
    found: dict[str, list[str]] = defaultdict(list)
    if not isinstance(user, User):
        return {}
    for view in SavedView.objects.usable_by(user).filter(slug=register.slug):
        for name, title in view.columns:
            if title and name in register.all_columns:
                found[name].append(title)
                found[register.all_columns[name].label].append(title)
    return {name: tuple(titles) for name, titles in found.items()}
