"""Records that hang on one laureate and belong to the units the laureate belongs to."""

from __future__ import annotations

from typing import Self

from django.db.models import Q

from mofu.accounts.models import Organization
from mofu.registers.records import RecordQuerySet

LAUREATE_SCOPE = ("laureate__org", "laureate__industry_union")


class OfLaureateQuerySet(RecordQuerySet):
    """Search by the laureate's name, pinyin initials or unit, or by the record's own text."""

    def search(self, text: str) -> Self:
        """Keep the records whose laureate, laureate's unit or search fields contain ``text``."""
        text = text.strip().lower()
        condition = Q(laureate__search__contains=text)
        condition |= Q(laureate__org__in=Organization.everything.search(text).values("pk"))
        for field in self.model.search_fields:
            condition |= Q(**{f"{field}__contains": text})
        return self.filter(condition)
