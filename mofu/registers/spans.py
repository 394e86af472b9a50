"""Records that hold for a span of time and exclude one another (师徒, 团队成员), which no unique constraint can state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.db import IntegrityError, models


class Spanned(models.Model):
    """Mixin of such records; the rule itself is :meth:`excludes`, everybody who asks it asks here.

    ``span_owner`` names the foreign key to the person whose records are compared, ``span_reads`` the foreign keys that
    the comparison reads; ``span_words`` are told to the user at the field ``span_at``.
    """

    span_owner: ClassVar[str]
    span_reads: ClassVar[tuple[str, ...]] = ()
    span_words: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def span_at(self) -> str:
        """The field where the refusal stands."""
        return self.span_owner

    @property
    def has_span(self) -> bool:
        """Whether all is filled in that the rule needs."""
        raise NotImplementedError

    def excludes(self, other: Self) -> bool:
        """Whether this record and another of the same owner cannot both be."""
        raise NotImplementedError

    @classmethod
    def of_owners(cls, owners: Iterable[Any]) -> models.QuerySet:
        """Return the stored records of some owners, with what the rule reads."""
        rows = cls._base_manager.filter(**{f"{cls.span_owner}__in": list(owners)}).order_by("pk")
        return rows.select_related(*cls.span_reads) if cls.span_reads else rows

    @property
    def owner_key(self) -> Any:
        """The key of the person whose records are compared."""
        return getattr(self, f"{self.span_owner}_id")

    def rival(self) -> Self | None:
        """Return a stored record that excludes this one, None when there is none."""
        if not self.has_span:
            return None
        others = type(self).of_owners([self.owner_key]).exclude(pk=self.pk)
        return next((other for other in others if self.excludes(other)), None)

    def span_problem(self) -> dict[str, str]:
        """Return the refusal by field, empty when nothing speaks against the record."""
        return {self.span_at: self.span_words} if self.rival() is not None else {}

    def take_turn(self) -> None:
        """Records of one owner are saved one after the other; raise IntegrityError when an earlier one excludes this."""
        owners = self._meta.get_field(self.span_owner).related_model._base_manager
        list(owners.select_for_update(no_key=True).filter(pk=self.owner_key))
        if self.rival() is not None:
            raise IntegrityError(self.span_words)
