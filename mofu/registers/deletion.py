"""What depends on a record: deletion is refused while something does."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.admin.utils import NestedObjects
from django.db import models, router

from mofu.accounts.models import User
from mofu.registers.pages import link_to
from mofu.registers.register import register_of

SHOWN = 20  # dependents listed by name; the rest is counted


@dataclass(frozen=True)
class Dependent:
    """A record that depends on another: its kind, name and address (empty when out of the user's sight)."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True)
class Dependents:
    """All that stands in the way of a deletion, and the parts that would go along with it."""

    listed: list[Dependent]
    unlisted: int
    parts: int

    @property
    def any(self) -> bool:
        """Whether deletion has to be refused."""
        return bool(self.listed or self.unlisted)


def dependents_of(obj: models.Model, user: User) -> Dependents:
    """Find what depends on ``obj``; names of records out of the user's sight are not told."""
    collector = NestedObjects(using=router.db_for_write(type(obj), instance=obj), origin=obj)
    collector.collect([obj])
    blocking = sorted(collector.protected, key=lambda found: (found._meta.label, found.pk))
    listed: list[Dependent] = []
    unlisted = 0
    for found in blocking:
        url = link_to(found, user) if len(listed) < SHOWN else ""
        if url or (len(listed) < SHOWN and register_of(type(found)) is None):
            listed.append(Dependent(str(found._meta.verbose_name), str(found) if url else "", url))
        else:
            unlisted += 1
    parts = sum(len(group) for group in collector.data.values()) - 1
    return Dependents(listed, unlisted, parts)
