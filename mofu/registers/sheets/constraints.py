"""The database's constraints and the rules over spans, asked for many records at once: a page asks them record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from mofu.registers.sheets import conditions
from mofu.registers.sheets.overlaps import Overlaps
from mofu.registers.spans import Spanned

Report = Callable[[str, str], None]  # field name, message
REMEMBERED = 20_000  # verdicts of conditions that are kept


@dataclass(frozen=True)
class _Unique:
    """Fields that no two records may share, where ``condition`` holds."""

    fields: tuple[str, ...]
    condition: models.Q | None
    message: str
    at: str  # the form field where the message belongs


class Constraints:
    """Checks records of one model against the database, against one another, and against check constraints.

    ``rival`` are the words for two of them that exclude each other, ``{number}`` in it the row number of the first.
    """

    def __init__(self, model: type[models.Model], rival: str = "与第 {number} 行重复") -> None:
        self.model, self.rival = model, rival  # how a record that the same key came with before is named
        self._unique = [*_unique_fields(model), *_unique_together(model)]
        self._checks = [rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
        self._verdicts: dict[tuple, bool] = {}
        self._fields: dict[int, list[models.Field]] = {}
        self._changed: dict[Any, int] = {}
        self._overlaps = Overlaps(model, rival)
        self._seen: list[dict[tuple, int]] = [{} for _ in self._unique]

    def check(self, records: Sequence[tuple[models.Model, int, Report]]) -> None:
        """Report what would be refused when it is written; each record comes with its row number and where to report."""
        told: set[int] = set()
        records = [(record, number, _noting(told, record, report)) for record, number, report in records]
        for record, _, report in records:
            for rule in self._checks:
                if not self._holds(rule.condition, record):
                    report("", str(rule.violation_error_message))
        for rule, seen in zip(self._unique, self._seen, strict=True):
            self._check_unique(rule, seen, records)
        self._overlaps.check([asked for asked in records if id(asked[0]) not in told])

    def _check_unique(
        self, rule: _Unique, seen: dict[tuple, int], records: Sequence[tuple[models.Model, int, Report]]
    ) -> None:
        names = [self.model._meta.get_field(name).attname for name in rule.fields]
        bound = []
        for record, number, report in records:
            key = tuple(getattr(record, name) for name in names)
            if None not in key and (rule.condition is None or self._holds(rule.condition, record)):
                bound.append((key, record, number, report))
        stored = self._stored(rule, names, [key for key, *_ in bound])
        makes_room = self._makes_room(records)
        for key, record, number, report in bound:
            if stored.get(key, record.pk) != record.pk and makes_room.get(stored[key], number) >= number:
                report(rule.at, rule.message)
            elif seen.setdefault(key, number) != number:
                report(rule.at, f"{self.rival.format(number=seen[key])}：{rule.message}")

    def _makes_room(self, records: Sequence[tuple[models.Model, int, Report]]) -> dict[Any, int]:
        """Return where in the file a stored record is changed before others are written: by key, its row number.

        Only records that are written one after the other make room for those behind them.
        """
        if issubclass(self.model, Spanned):
            self._changed |= {record.pk: number for record, number, _ in records if record.pk is not None}
        return self._changed

    def _stored(self, rule: _Unique, names: Sequence[str], keys: Sequence[tuple]) -> dict[tuple, Any]:
        """Return the keys that records have already, with the keys of those records."""
        if not keys:
            return {}
        columns = list(zip(*keys, strict=True))
        at = max(range(len(names)), key=lambda place: len(set(columns[place])))
        rows = self.model._base_manager.filter(**{f"{names[at]}__in": set(columns[at])})
        if rule.condition is not None:
            rows = rows.filter(rule.condition)
        return {tuple(values): pk for pk, *values in rows.values_list("pk", *names)}

    def _holds(self, condition: models.Q, record: models.Model) -> bool:
        """Whether a condition holds for a record, worked out once for the same values."""
        values = tuple(getattr(record, field.attname) for field in self._fields_of(condition))
        key = (id(condition), values)
        found = self._verdicts.get(key)
        if found is None:
            found = self._verdict(condition, record, values)
            if len(self._verdicts) < REMEMBERED:
                self._verdicts[key] = found
        return found

    def _verdict(self, condition: models.Q, record: models.Model, values: tuple) -> bool:
        """Judge in memory what can be judged there; the database is asked about the rest."""
        known = conditions.verdict(condition, record)
        if known is not None:
            return known
        given = zip(self._fields_of(condition), values, strict=True)
        return condition.check({field.name: models.Value(value, field) for field, value in given})

    def _fields_of(self, condition: models.Q) -> list[models.Field]:
        """Return the fields that a condition looks at."""
        found = self._fields.get(id(condition))
        if found is None:
            names = sorted(condition.referenced_base_fields)
            found = self._fields[id(condition)] = [self.model._meta.get_field(name) for name in names]
        return found


def _noting(told: set[int], record: models.Model, report: Report) -> Report:
    """Return a report that also notes which record (``id()``) it was about."""

    def note(name: str, message: str) -> None:
        told.add(id(record))
        report(name, message)

    return note


def _unique_fields(model: type[models.Model]) -> Iterable[_Unique]:
    messages = getattr(model, "unique_messages", {})
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            at, said = messages.get(field.name) or (field.name, f"{field.verbose_name}已登记，不能重复。")
            filled = ~models.Q(**{field.name: ""}) if field.blank and not field.null else None
            yield _Unique((field.name,), filled, said, at)  # an empty one is filled in when it is saved


def _unique_together(model: type[models.Model]) -> Iterable[_Unique]:
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.fields and not rule.expressions:
            yield _Unique(
                tuple(rule.fields), rule.condition, str(rule.violation_error_message), rule.fields[-1]
            )
