"""What a merge did to every row, before → after, so that it can be taken back column by column."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.apps import apps
from django.db import models

from mofu.encryption import seal, unseal
from mofu.registers.bulk import BLOCK, Values, as_text, from_text, restore

Model = type[models.Model]


@dataclass(frozen=True)
class RowChange:
    """One row: the columns that differ, before and after; ``after`` is None for a row that was deleted."""

    model: Model
    pk: int
    before: Values
    after: Values | None

    def undo(self) -> None:
        """Put the row back as it was, bookkeeping included, without derived columns or trail."""
        if self.after is not None:
            restore(self.model, {self.pk: self.before})
        else:
            self.model(**self.before).save_base(raw=True, force_insert=True)


class Snapshot:
    """Remembers how rows were when they were first watched."""

    def __init__(self) -> None:
        self._before: dict[Model, dict[int, Values]] = {}
        self.folded: list[tuple[str, int, int]] = []  # model, row that went, row that it went into

    def watch(self, rows: models.QuerySet) -> None:
        """Remember the rows of a query that are not yet watched."""
        known = self._before.setdefault(rows.model, {})
        names = _columns(rows.model)
        for values in rows.order_by().values(*names):
            known.setdefault(values[rows.model._meta.pk.attname], values)

    def note_fold(self, kept: models.Model, row: models.Model) -> None:
        """Remember that ``row`` went into ``kept``."""
        self.folded.append((row._meta.label_lower, row.pk, kept.pk))

    def changes(self) -> list[RowChange]:
        """Return what is different now."""
        return [change for model in self._before for change in self._changes_of(model)]

    def _changes_of(self, model: Model) -> Iterator[RowChange]:
        known = self._before[model]
        now = stored(model, known)
        for pk, before in known.items():
            after = now.get(pk)
            if after is None:
                yield RowChange(model, pk, before, None)
            elif after != before:
                names = [name for name in before if before[name] != after[name]]
                yield RowChange(
                    model, pk, {name: before[name] for name in names}, {name: after[name] for name in names}
                )


def stored(model: Model, keys: Iterable[int], *, lock: bool = False) -> dict[int, Values]:
    """Return the column values of rows as the database has them now; missing rows are left out."""
    found: dict[int, Values] = {}
    pk, names = model._meta.pk.attname, _columns(model)
    rows = model._base_manager.select_for_update() if lock else model._base_manager.all()
    for block in batched(sorted(keys), BLOCK):
        found |= {values[pk]: values for values in rows.filter(pk__in=block).order_by("pk").values(*names)}
    return found


def packed(snapshot: Snapshot) -> bytes:
    """Return what happened to the rows watched as a sealed payload: it holds personal data."""
    rows = [
        [change.model._meta.label_lower, change.pk, change.before, change.after]
        for change in snapshot.changes()
    ]
    plain = {"rows": rows, "folded": snapshot.folded}
    return seal(zlib.compress(json.dumps(plain, default=as_text, ensure_ascii=False).encode()))


def unpacked(payload: bytes) -> list[RowChange]:
    """Return the changes of a sealed payload; raise LookupError for models that no longer exist."""
    found = []
    for label, pk, before, after in content(payload)["rows"]:
        model = apps.get_model(label)
        found.append(RowChange(model, pk, from_text(model, before), after and from_text(model, after)))
    return found


def content(payload: bytes) -> dict[str, list[list[Any]]]:
    """Return a sealed payload as it was packed: ``rows`` (model, key, before, after), ``folded`` (model, gone, kept)."""
    return json.loads(zlib.decompress(unseal(bytes(payload))))


def _columns(model: Model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
