"""Figures of many indicators by unit and month, read with one query: each indicator's own rows, grouped, in one union."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.db.models import CharField, DecimalField, QuerySet, Value
from django.db.models.functions import Cast, Substr

from actions.progress.indicator import Indicator, Number, Source
from actions.progress.within import Within

Span = Literal["year", "programme", "before"]
"""What a figure was counted over: the year, all years of the programme, the year before."""

_NUMBER = DecimalField(max_digits=20, decimal_places=2)
_CENTS = Decimal("0.01")
_MONTH_TEXT = 7  # characters of ``2026-03``


@dataclass(frozen=True)
class Asked:
    """One indicator to be read in one frame."""

    indicator: Indicator
    within: Within
    span: Span = "year"


@dataclass(frozen=True)
class Cell:
    """A figure of the units below one path (cut at the depth asked for) in one month (``2026-03``, ``2026``, empty)."""

    part: str
    month: str
    figure: Number


Key = tuple[str, Span]


@dataclass(frozen=True)
class Figures:
    """What was read, by indicator and span: ``parts`` add up to the whole by unit, ``months`` by month."""

    parts: dict[Key, list[Cell]] = field(default_factory=dict)
    months: dict[Key, list[Cell]] = field(default_factory=dict)

    def value(self, code: str, span: Span = "year") -> Number:
        """Return the whole figure."""
        return sum((cell.figure for cell in self.parts.get((code, span), [])), start=0)

    def by_part(self, code: str, span: Span = "year") -> dict[str, Number]:
        """Return the figure by path; rows of a higher unit stand under its own path."""
        counts: dict[str, Number] = {}
        for cell in self.parts.get((code, span), []):
            counts[cell.part] = counts.get(cell.part, 0) + cell.figure
        return counts

    def by_month(self, code: str, span: Span = "year", part: str | None = None) -> dict[int, Number]:
        """Return the figure of each month 1–12, and under 0, only when there is any, what has no month.

        ``part``: the path of one unit, by default all.
        """
        counts: dict[int, Number] = dict.fromkeys(range(1, 13), 0)
        for cell in self.months.get((code, span), []):
            if part is not None and cell.part != part:
                continue
            month = int(cell.month[5:7] or 0)
            counts[month] = counts.get(month, 0) + cell.figure
        return counts

    def by_year(self, code: str, span: Span = "programme") -> dict[int, Number]:
        """Return the figure of each year that has any."""
        counts: dict[int, Number] = {}
        for cell in self.months.get((code, span), []):
            if cell.month:
                year = int(cell.month[:4])
                counts[year] = counts.get(year, 0) + cell.figure
        return counts


def read(asked: Iterable[Asked], *, depth: int, months: bool = True) -> Figures:
    """Read everything asked for; units are told apart by the first ``depth`` characters of their path."""
    found = Figures()
    shelves: list[tuple[Indicator, list[list[Cell]]]] = []
    arms: list[QuerySet] = []
    for one in asked:
        key = (one.indicator.code, one.span)
        for source, shelf in _sources(found, key, one.indicator.counted(one.within), months=months):
            arms.append(_arm(len(arms), source, depth, months=months))
            shelves.append((one.indicator, shelf))
    for place, part, month, figure in _union(arms):
        indicator, shelf = shelves[place]
        if figure:
            cell = Cell(part, month or "", _number(indicator, figure))
            for cells in shelf:
                cells.append(cell)
    return found


def _sources(
    found: Figures, key: Key, source: Source, *, months: bool
) -> Iterator[tuple[Source, list[list[Cell]]]]:
    """Yield what has to be read for one figure, each with the cells it goes to."""
    parts, monthly = found.parts.setdefault(key, []), found.months.setdefault(key, [])
    if source.monthly is None:
        yield source, [parts, monthly]
    else:
        yield source, [parts]
        if months:
            yield source.monthly, [monthly]


def _union(arms: list[QuerySet]) -> Iterable[tuple[int, str, str, Decimal]]:
    if not arms:
        return ()
    return arms[0].union(*arms[1:], all=True).order_by() if len(arms) > 1 else arms[0]


def _arm(place: int, source: Source, depth: int, *, months: bool) -> QuerySet:
    """Return ``(place, part, month, figure)`` rows of one source, grouped by the database."""
    month = source.month if months else None
    return (
        source.rows.order_by()
        .annotate(
            figure_of=Value(place),
            figure_part=Substr(source.path, 1, depth),
            figure_month=Value("") if month is None else Substr(Cast(month, CharField()), 1, _MONTH_TEXT),
        )
        .values_list("figure_of", "figure_part", "figure_month")
        .annotate(figure=Cast(source.measure, _NUMBER))
    )


def _number(indicator: Indicator, figure: Decimal) -> Number:
    """Return a whole number where the indicator counts, a decimal where it sums money."""
    return Decimal(figure).quantize(_CENTS) if indicator.is_money else int(figure)
