"""The row rule: ``visible_to(user)``, and the guard that makes nobody forget it.

The organisation tree has a ``path`` of fixed-width digit steps, so a subtree is one indexed range,
in every collation. A user sees the records of the subtree of their organisation; a user without
organisation sees nothing. ``Model.objects`` raises :class:`ScopeError` when a query is run before
``visible_to(user)`` (or ``unscoped(reason)``) was called; ``Model.everything`` is the open door that
Django itself needs (validation, relations, admin) and that a static test keeps out of views.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from mofu.accounts.models import User


class ScopeError(RuntimeError):
    """A scoped model was queried without saying for whom."""


class SystemActor:
    """The actor of commands and background work: sees every row, is nobody."""

    is_authenticated = True
    is_active = True
    scope_path = ""
    pk = None

    def __str__(self) -> str:
        return "system"


SYSTEM = SystemActor()
Actor = "User | SystemActor"


def scope_path_of(user: User | SystemActor) -> str | None:
    """Return the path whose subtree ``user`` may see: ``""`` is everything, None is nothing."""
    if not (user.is_authenticated and user.is_active):
        return None
    return user.scope_path


def path_range(path: str) -> tuple[str, str]:
    """Return the half-open range ``[first, last)`` of paths at or below ``path``."""
    return path, str(int(path) + 1).zfill(len(path))


def under(path: str, field: str = "path") -> Q:
    """Return the condition “``field`` lies at or below ``path``” (all rows for the empty path)."""
    if not path:
        return Q()
    first, last = path_range(path)
    return Q(**{f"{field}__gte": first, f"{field}__lt": last})


class ScopedQuerySet(models.QuerySet):
    """A queryset that refuses to run before its rows were narrowed to somebody."""

    _released = False

    def visible_to(self, user: User | SystemActor) -> Self:
        """Keep the rows that ``user`` may see; the only row rule of the system."""
        path = scope_path_of(user)
        if path is None:
            return self._release().none()
        return self.within(path)._release() if path else self._release()

    def within(self, path: str) -> Self:
        """Keep the rows that belong to the organisations at or below ``path``."""
        if not path:
            return self
        return self.filter(self.model.belongs_under(path))

    def at_home(self, path: str) -> Self:
        """Keep the rows whose home (the first scope field) lies at or below ``path``: where figures count them."""
        return self.filter(self.model.home_under(path)) if path else self

    def unscoped(self, reason: str) -> Self:
        """Open the guard for a query that is about no user's rows; ``reason`` says why."""
        if not reason:
            raise ValueError("unscoped() needs a reason")
        return self._release()

    def _release(self) -> Self:
        clone = self._chain()
        clone._released = True
        return clone

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._released = self._released
        return clone

    def _require_scope(self) -> None:
        if not self._released:
            name = self.model.__name__
            raise ScopeError(f"{name}.objects was queried without visible_to(user)")

    def _merge_sanity_check(self, other: models.QuerySet) -> None:
        """Let ``|``, ``&`` and ``^`` bring nothing unnarrowed into a query that was narrowed."""
        super()._merge_sanity_check(other)
        if self._released and isinstance(other, ScopedQuerySet):
            other._require_scope()

    def _combinator_query(self, combinator: str, *others: models.QuerySet, **options: Any) -> Self:
        """Let ``union()`` and its like join nothing unnarrowed."""
        for other in others:
            if self._released and isinstance(other, ScopedQuerySet):
                other._require_scope()
        return super()._combinator_query(combinator, *others, **options)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Become part of another query."""
        self._require_scope()
        return super().resolve_expression(*args, **kwargs)

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: SQL of one's own knows no scope."""
        raise ScopeError(f"{self.model.__name__}.objects knows no scope for SQL")

    def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[Any]:
        self._require_scope()
        return super().aiterator(chunk_size=chunk_size)

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self._require_scope()
        return super().explain(*args, **kwargs)

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        self._require_scope()
        return super().iterator(chunk_size=chunk_size)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()


class _Guarded(models.Manager):
    """The everyday manager: queries must be narrowed first."""


class _Open(models.Manager):
    """The manager Django itself uses: relations, validation, admin."""

    def get_queryset(self) -> ScopedQuerySet:
        return super().get_queryset()._release()


def guarded(queryset: type[ScopedQuerySet]) -> models.Manager:
    """Return the guarded ``objects`` manager of a queryset class."""
    return _Guarded.from_queryset(queryset)()


def everything(queryset: type[ScopedQuerySet]) -> models.Manager:
    """Return the open ``everything`` manager of a queryset class; declare it first."""
    return _Open.from_queryset(queryset)()


class ScopedModel(models.Model):
    """A model whose rows belong to organisations.

    ``scope_fields`` are the look-ups of the organisations a row belongs to; the first one is its
    home, by which figures are broken down.
    """

    scope_fields: tuple[str, ...] = ("org",)

    everything = everything(ScopedQuerySet)
    objects = guarded(ScopedQuerySet)

    class Meta:
        abstract = True

    @classmethod
    def belongs_under(cls, path: str) -> Q:
        """Return the condition “a row belongs to an organisation at or below ``path``”."""
        from mofu.accounts.models import Organization  # noqa: PLC0415 - models import this module

        units = Organization.everything.filter(under(path)).values("pk")
        condition = Q()
        for field in cls.scope_fields:
            condition |= Q(**{f"{field}__in": units})
        return condition

    @classmethod
    def home_under(cls, path: str) -> Q:
        """Return the condition “a row's home lies at or below ``path``”; every row has one home."""
        return under(path, f"{cls.scope_fields[0]}__path")
