"""The table of a list page: page ids first, then the rows, then plain text cells.

Written instead of django-tables2 because a page of 50 × 10 cells costs 2 ms this way instead of 12–19 ms
(docs/decisions/002-thin-table.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import batched
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.utils.safestring import SafeString, mark_safe

from mofu.registers.columns import Column
from mofu.registers.register import Register

LONGEST_WHOLE = 14  # characters of a cell kept on one line
PAGE_SIZES = (20, 50, 100, 200)
BLOCK = 1000  # records of an export that are read at once
SHARED = 20_000  # related records that are remembered


class Cell(str):
    """The text of a cell; a long one may break over lines, a short one (a date, a name) stays whole."""

    __slots__ = ()

    @property
    def long(self) -> bool:
        """Whether the text may be broken."""
        return len(self) > LONGEST_WHOLE


@dataclass(frozen=True)
class Row:
    """One record of a page: its address, its cells as text, its review state.

    ``starts`` are the beginnings of the cells' tags, which all rows of a page share (:func:`_starts`).
    """

    pk: int
    url: str
    cells: list[Cell]
    state: str
    label: str
    starts: Sequence[str]

    @property
    def html(self) -> SafeString:
        """The cells, the first as the link to the record; a template takes four times as long (docs/performance.md)."""
        marks = [' class="long"' if text.long else "" for text in self.cells]
        first, *rest = [escape(text) for text in self.cells]
        head = f'{self.starts[0]}{marks[0]}><a href="{self.url}">{first or "（未填）"}</a></th>'
        cells = (
            f"{start}{mark}>{text}</td>"
            for start, mark, text in zip(self.starts[1:], marks[1:], rest, strict=True)
        )
        return mark_safe(head + "".join(cells))  # noqa: S308 - every text is escaped above


def joined(queryset: models.QuerySet, columns: Iterable[Column]) -> models.QuerySet:
    """Join what the columns read, so that showing them costs no query."""
    needs = sorted({need for column in columns for need in column.needs})
    return queryset.select_related(*needs) if needs else queryset


def ordered(queryset: models.QuerySet, register: Register, sort: str) -> models.QuerySet:
    """Order by a column name (``-name`` for descending), else as the register says; ties by key."""
    name, sign = sort.lstrip("-"), "-" if sort.startswith("-") else ""
    column = register.all_columns.get(name)
    if column is None or not column.sort:
        return queryset.order_by(*register.ordering)
    return queryset.order_by(f"{sign}{column.sort}", f"{sign}pk")


def page_of(queryset: models.QuerySet, number: str | None, size: int) -> Page:
    """Return a page of primary keys; page numbers out of range give the nearest page."""
    return Paginator(queryset.values_list("pk", flat=True), size).get_page(number)


def rows_of(
    register: Register, queryset: models.QuerySet, pks: Sequence[int], columns: Sequence[Column]
) -> list[Row]:
    """Return the rows of the given keys in their order."""
    plain = _only_shown(register.with_extras(queryset.model._base_manager.filter(pk__in=pks)), columns)
    found = {obj.pk: obj for obj in joined(plain, columns)}
    address, starts = register.url("detail", 0), _starts(columns)
    return [_row(found[pk], address.replace("/0/", f"/{pk}/"), columns, starts) for pk in pks if pk in found]


def _only_shown(rows: models.QuerySet, columns: Sequence[Column]) -> models.QuerySet:
    """Read just what the columns show where all of them say so: long texts and sealed numbers stay where they are."""
    if not all(column.reads for column in columns):
        return rows
    names = {name for column in columns for name in column.reads}
    names |= {need.partition("__")[0] for column in columns for need in column.needs}
    names |= {"review_state"} & {field.name for field in rows.model._meta.fields}
    return rows.only("pk", *names)


def _starts(columns: Sequence[Column]) -> list[str]:
    """Return how the tag of each column's cells begins; on a phone each cell shows its label itself."""
    return ['<th scope="row"', *(f'<td data-label="{escape(column.label)}"' for column in columns[1:])]


def _row(obj: models.Model, url: str, columns: Sequence[Column], starts: Sequence[str]) -> Row:
    cells = [Cell(column.text(obj)) for column in columns]
    label = str(cells[0]) if cells else str(obj)
    return Row(obj.pk, url, cells, getattr(obj, "review_state", ""), label, starts)


def stream(
    register: Register, queryset: models.QuerySet, columns: Sequence[Column]
) -> Iterator[list[object]]:
    """Yield the workbook values of all rows, read in blocks.

    A related record is read once and shared by all rows that name it: a join would build it anew for each of them.
    """
    related = _Related({need for column in columns for need in column.needs})
    for block in batched(_records(register, queryset, columns), BLOCK):
        related.attach(register.model, block)
        for obj in block:
            yield [column.raw(obj) for column in columns]


def _records(register: Register, queryset: models.QuerySet, columns: Sequence[Column]) -> Iterator[Any]:
    """Read the records; where every column says what it reads, as plain objects with just that, in half the time."""
    if not all(column.reads for column in columns):
        return register.with_extras(queryset).iterator(chunk_size=BLOCK)
    get = queryset.model._meta.get_field
    names = [get(name).attname for name in dict.fromkeys(name for column in columns for name in column.reads)]
    rows = queryset.values_list(*names).iterator(chunk_size=BLOCK)
    return (SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows)


class _Related:
    """The related records that columns show, by the ways of foreign keys that lead to them (``laureate__org``)."""

    def __init__(self, needs: Iterable[str]) -> None:
        self._ways: dict[str, set[str]] = defaultdict(set)
        for need in needs:
            first, _, rest = need.partition("__")
            self._ways[first] |= {rest} - {""}
        self._below = {name: _Related(rest) for name, rest in self._ways.items() if rest}
        self._known: dict[str, dict[Any, models.Model]] = defaultdict(dict)

    def attach(self, model: type[models.Model], records: Sequence[Any]) -> None:
        """Give the records of ``model`` what they refer to."""
        for name in self._ways:
            field = model._meta.get_field(name)
            known = self._known[name]
            if len(known) > SHARED:
                known.clear()
            missing = {getattr(record, field.attname) for record in records} - {None, *known}
            fresh = list(field.related_model._base_manager.filter(pk__in=missing)) if missing else []
            if fresh and name in self._below:
                self._below[name].attach(field.related_model, fresh)
            known.update((record.pk, record) for record in fresh)
            for record in records:
                key = getattr(record, field.attname)
                found = known[key] if key is not None else None
                if isinstance(record, models.Model):
                    field.set_cached_value(record, found)
                else:
                    setattr(record, name, found)
