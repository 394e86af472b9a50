"""Writing millions of rows past the ORM, a transaction for each chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from mofu.accounts import rows as table

CHUNK = 100_000  # rows a transaction


@dataclass(frozen=True)
class RowWriter:
    """Writes rows of one model; ``varying`` names the columns a row brings, all others take their defaults.

    Dates are given in ISO form; the rows are neither validated nor put on the trail.
    """

    model: type[models.Model]
    varying: tuple[str, ...]

    def write(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[int]:
        """Insert ``rows``, a transaction per chunk; yield the number written so far after each."""
        constants, written = self._constants(), 0
        columns = [*self.varying, *constants]
        rest = tuple(constants.values())
        for chunk in batched(rows, CHUNK):
            with transaction.atomic():
                table.insert(self.model, columns, (row + rest for row in chunk))
            written += len(chunk)
            yield written
        self._reset_sequence()

    def _constants(self) -> dict[str, Any]:
        """Return the default of every column that rows do not bring, as the database takes it."""
        blank, found = self.model(), {}
        for field in self.model._meta.concrete_fields:
            if field.attname not in self.varying and not field.primary_key:
                found[field.attname] = field.get_db_prep_save(field.pre_save(blank, True), connection)
        return found

    def _reset_sequence(self) -> None:
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [self.model]):
                cursor.execute(statement)
