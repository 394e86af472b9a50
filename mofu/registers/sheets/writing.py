"""Writing what a check has accepted: units first, then the rows' own records, then what they carry beside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.db import models

from mofu.accounts.models import Organization, User
from mofu.registers import bulk, saving
from mofu.registers.records import Record, ReviewedRecord
from mofu.registers.sheets.kin import parents_first
from mofu.registers.sheets.results import CHANGED, NEW, RowResult, Work

BLOCK = 2000  # records written between two reports of progress
MANY = "+"  # marks the values before of a many-to-many field
Step = Callable[[int, int], None]


class Stale(Exception):  # noqa: N818 - a reason to check again, not a failure
    """A record was changed by somebody else since the rows were checked."""


class Written:
    """What an import has written, by model: keys of new records, values before of changed ones."""

    def __init__(self) -> None:
        self.new: dict[str, list[int]] = defaultdict(list)
        self.changed: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)

    def note(self, work: Work) -> None:
        """Note one record."""
        record = work.made.instance
        label = record._meta.label_lower
        if work.status == NEW:
            self.new[label].append(record.pk)
        else:
            self.changed[label][record.pk] = work.before

    @property
    def keys(self) -> dict[str, dict[str, list[int]]]:
        """The keys by model and kind."""
        labels = [*self.new, *(label for label in self.changed if label not in self.new)]
        return {
            label: {NEW: self.new.get(label, []), CHANGED: list(self.changed.get(label, {}))}
            for label in labels
        }


class Writer:
    """Writes the accepted rows of one import in the caller's transaction."""

    def __init__(self, user: User, *, submit: bool, step: Step, reason: str = "") -> None:
        self.user, self.submit, self.step, self.reason = user, submit, step, reason
        self.written = Written()
        self._done = self._total = 0

    def write(self, rows: Sequence[RowResult], units: Iterable[Organization]) -> Written:
        """Write everything that ``rows`` carry; ``units`` were made already and are only noted."""
        for unit in units:
            self.written.new[unit._meta.label_lower].append(unit.pk)
        rows = [row for row in rows if row.accepted]
        own = parents_first([row.work for row in rows if row.work is not None])
        kinds = Counter(
            work.side.ident for row in rows for work in row.sides if work.status in (NEW, CHANGED)
        )
        self._total = len(own) + kinds.total()
        self._save(own)
        for kind in kinds:
            self._save(_sides(rows, kind))
        return self.written

    def _save(self, works: Iterable[Work]) -> None:
        for block in batched(works, BLOCK):
            for work in block:
                _settle_units(work)
                self._stamp(work.made.instance)
            self._save_together([work for work in block if _suits_bulk(work)])
            for work in block:
                if not _suits_bulk(work):
                    self._save_alone(work)
            for work in block:
                self.written.note(work)
            self._done += len(block)
            self.step(self._done, self._total)

    def _save_together(self, works: Sequence[Work]) -> None:
        changed = [work for work in works if work.status == CHANGED]
        _require_unchanged(changed)
        new = [work for work in works if work.status == NEW]
        derived = all(work.side is None and not work.made.pending for work in new)  # by the check
        bulk.create([work.made.instance for work in new], derived=derived, reason=self.reason)
        bulk.change([(work.made.instance, work.before) for work in changed], reason=self.reason)

    def _save_alone(self, work: Work) -> None:
        if work.status == CHANGED:
            _require_unchanged([work])
            work.before |= {f"{MANY}{name}": _chosen(work.made.instance, name) for name in work.made.many}
        if isinstance(work.made.instance, Record):
            work.made.instance.take_turn()
        if work.made.form is not None:
            saving.save_stamped(work.made.form)
        else:
            work.made.instance.save()

    def _stamp(self, record: models.Model) -> None:
        if isinstance(record, Record):
            record.stamp(self.user)
        if self.submit and isinstance(record, ReviewedRecord) and record.can_be_submitted:
            record.submit(self.user)
        if self.user.pk is None and isinstance(record, Record):
            saving.leave_unsigned(record)


def _suits_bulk(work: Work) -> bool:
    return not work.made.many and bulk.suits(type(work.made.instance))


def _chosen(record: models.Model, name: str) -> list[int]:
    return list(getattr(record, name).values_list("pk", flat=True))


def _sides(rows: Iterable[RowResult], kind: str) -> Iterator[Work]:
    """Yield what rows carry of one kind, each linked to its row's record, only while it is written."""
    for row in rows:
        for work in row.sides:
            if work.side.ident == kind and work.status in (NEW, CHANGED):
                own = work.own()
                if own.side.link:
                    setattr(own.made.instance, own.side.link, _owner(row))
                yield own


def _owner(row: RowResult) -> models.Model:
    """Return the record that a row's side records belong to."""
    return row.record if row.record is not None else row.folded.record


def _settle_units(work: Work) -> None:
    """Point to the units that were still to be made when the row was checked."""
    for name, pending in work.made.pending.items():
        setattr(work.made.instance, name, pending.unit)


def _require_unchanged(works: Sequence[Work]) -> None:
    """Raise Stale when a record is no longer as it was when it was checked; the rows stay locked."""
    records = [work for work in works if "updated_at" in work.before]
    for block in batched(records, 500):
        model = type(block[0].made.instance)
        wanted = {work.made.instance.pk: work.before["updated_at"] for work in block}
        rows = model._base_manager.select_for_update().filter(pk__in=wanted).order_by("pk")
        if dict(rows.values_list("pk", "updated_at")) != wanted:
            raise Stale
