"""Spans of time that exclude one another, asked for many records at once, stored ones and those of the same file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from mofu.registers.spans import Spanned

if TYPE_CHECKING:
    from mofu.registers.sheets.constraints import Report


class Overlaps:
    """Compares records in the order in which they will be written: each one with what is kept by then.

    ``rival`` are the words for an earlier record of the same file, ``{number}`` in it its row number.
    """

    def __init__(self, model: type[models.Model], rival: str) -> None:
        self.model, self.rival = model, rival
        self._earlier: dict[Any, list[tuple[Spanned, int]]] = defaultdict(list)  # by owner
        self._changed: set[Any] = set()  # keys of stored records that the file has changed

    def check(self, records: Sequence[tuple[models.Model, int, Report]]) -> None:
        """Report the records that others exclude."""
        if not issubclass(self.model, Spanned):
            return
        placed = [(record, number, report) for record, number, report in records if record.has_span]
        stored: dict[Any, list[tuple[Spanned, int]]] = defaultdict(list)
        for row in self.model.of_owners({record.owner_key for record, *_ in placed}) if placed else ():
            stored[row.owner_key].append((row, 0))
        for record, number, report in placed:
            found = self._rival(record, stored[record.owner_key])
            if found is not None:
                words = f"{self.rival.format(number=found)}：" if found else ""
                report(record.span_at, f"{words}{record.span_words}")
            else:
                self._earlier[record.owner_key].append((record, number))
                self._changed.add(record.pk)

    def _rival(self, record: Spanned, stored: Sequence[tuple[Spanned, int]]) -> int | None:
        """Return the row number of what excludes a record, 0 for a stored one, None for nothing."""
        kept = [(row, number) for row, number in stored if row.pk not in self._changed]
        others = [*kept, *self._earlier[record.owner_key]]
        own = record.pk
        return next(
            (number for row, number in others if (own is None or row.pk != own) and record.excludes(row)),
            None,
        )
