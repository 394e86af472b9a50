"""What the city keeps for everybody: its teams and tasks are seen by all units."""

from __future__ import annotations

from django.db.models import Q

from mofu.registers.records import Record


class CityWideRecord(Record):
    """A record that every unit may see when the city itself keeps it (its teams, the 10 + 10 tasks).

    Units still see no other unit's records, and rights decide who may change anything.
    """

    class Meta:
        abstract = True

    @classmethod
    def belongs_under(cls, path: str) -> Q:
        """Return the condition “kept at or below ``path``, or by the city itself”."""
        return super().belongs_under(path) | Q(org__parent__isnull=True)
