"""Storing many records at once with the derived columns that ``save()`` fills, and with their trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.db import models

from mofu.accounts import rows, trail
from mofu.registers.periods import start_of
from mofu.registers.records import Record


def store[M: models.Model](records: Sequence[M]) -> Sequence[M]:
    """Insert records of one model with their derived columns and one trail entry each; return them with keys.

    Parts (participants, notes …) leave no entries of their own: they come into being with their record.
    """
    for record in records:
        if isinstance(record, trail.TrailedModel):
            record.derive()
    rows.add(records)
    if records and isinstance(records[0], Record):
        trail.record_many(trail.Action.CREATED, records, reason="载入演示数据")
    return records


def backdate[M: Record](records: Sequence[M], day: Callable[[M], date]) -> None:
    """Let records that nobody reviews be known since a day, for who looks at the figures of a past one."""
    for record in records:
        record.created_at = start_of(day(record))
    type(records[0])._base_manager.bulk_update(records, ["created_at"], batch_size=500)


def told_apart[M: models.Model](records: Iterable[M], *names: str) -> list[M]:
    """Leave out what chance made twice: keep the first of the records that are alike in these columns."""
    first: dict[tuple, M] = {}
    for record in records:
        first.setdefault(tuple(getattr(record, name) for name in names), record)
    return list(first.values())
