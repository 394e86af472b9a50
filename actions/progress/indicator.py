"""What an indicator is: one function that returns the records that count, and how they are summed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, DateField, F, QuerySet
from django.db.models.expressions import Combinable

from actions.progress.within import Within
from mofu.registers.periods import Period

Rows = Callable[[Within], QuerySet]
Number = int | Decimal


@dataclass(frozen=True)
class Source:
    """Where a figure is counted: rows, what they come to, the path of their unit, and the text of their month.

    ``monthly``: another source that knows the months where this one does not.
    """

    rows: QuerySet
    measure: Aggregate
    path: str
    month: Combinable | None
    monthly: Source | None = None


Tally = Callable[[Within], Source | None]


@dataclass(frozen=True)
class Indicator:
    """A measured thing.

    ``rows`` returns the records that count (of the register ``slug``); ``measure`` sums them (a count by default).
    ``home`` is the look-up of the unit a record belongs to, by which boards are told apart; ``dated`` is the date by
    which months are told apart, empty for figures that are as of a day. ``only_with_target``: another reading of a
    figure shown elsewhere, left out of pages while no target binds it. ``standing``: a number on a day, not a sum over
    time, so that no pace leads to its target. ``tally`` finds the same figure in kept counts.
    """

    code: str
    label: str
    unit: str
    campaign: str
    slug: str
    rows: Rows
    measure: Aggregate
    home: str
    dated: str
    doc: str
    only_with_target: bool = False
    tally: Tally | None = None
    standing: bool = False

    def value(self, within: Within) -> Number:
        """Return the figure in a frame."""
        return self.rows(within).aggregate(figure=self.measure)["figure"] or 0

    def counted(self, within: Within) -> Source:
        """Return where the figure is counted fastest: the kept counts where they know it, else the records."""
        kept = self.tally(within) if self.tally and within.known_by is None else None
        if kept is not None:
            return kept
        path = "path" if self.home == "self" else f"{self.home}__path"
        return Source(self.rows(within), self.measure, path, F(self.dated) if self.dated else None)

    @property
    def is_money(self) -> bool:
        """Whether the figure is an amount in 万元, with decimals; all others are whole numbers."""
        return self.unit == "万元"

    def in_month(self, within: Within, month: Period) -> QuerySet:
        """Return the records of the frame that belong to one month, by the indicator's own date."""
        return self.rows(within).dated(month, self.dated)

    def without_month(self, within: Within) -> QuerySet:
        """Return the records of the frame's year whose date is known to the year only, or not at all."""
        rows = self.rows(within)
        if self.may_lack_date(rows):
            return rows.filter(**{f"{self.dated}__isnull": True})
        return rows.filter(**{self.dated: str(within.period.start.year)})

    def may_lack_date(self, rows: QuerySet) -> bool:
        """Whether records count for a year by another column while their own date may be missing."""
        column = rows.model._meta.get_field(self.dated)
        return isinstance(column, DateField) and column.null and rows.model.year_field != self.dated

    def url(
        self,
        *,
        year: int | None,
        programme: bool = False,
        org: str = "",
        month: int | None = None,
        as_of: date | None = None,
    ) -> str:
        """Return the address of exactly the rows behind the figure.

        Without a year: of the whole programme; ``programme`` with a year: of the programme up to that year's end.
        """
        query = {
            "indicator": self.code,
            "year": year or "",
            "org": org,
            "month": "" if month is None else str(month),
            "as_of": as_of.isoformat() if as_of else "",
        }
        if year is None or programme:
            query["programme"] = 1
        return f"/{self.slug}/?{urlencode({name: value for name, value in query.items() if value})}"


INDICATORS: dict[str, Indicator] = {}
BESIDE: dict[str, Indicator] = {}  # figures that stand beside the programme's: no target is set for them


def indicator(
    code: str,
    label: str,
    unit: str,
    slug: str,
    *,
    measure: Aggregate | None = None,
    home: str = "org",
    dated: str = "",
    only_with_target: bool = False,
    beside: bool = False,
    tally: Tally | None = None,
    standing: bool = False,
) -> Callable[[Rows], Rows]:
    """Decorator: register the function below it as the indicator ``code``; its docstring says what counts.

    One that stands ``beside`` the programme's figures is opened to its rows like them, but measures nothing.
    """
    shelf = BESIDE if beside else INDICATORS
    campaign = _CAMPAIGNS[code.partition(".")[0]]

    def add(rows: Rows) -> Rows:
        if code in INDICATORS | BESIDE:
            raise ValueError(f"indicator declared twice: {code}")
        doc = (rows.__doc__ or "").strip()
        shelf[code] = Indicator(
            code,
            label,
            unit,
            campaign,
            slug,
            rows,
            measure or Count("*"),
            home,
            dated,
            doc,
            only_with_target,
            tally,
            standing,
        )
        return rows

    return add


_CAMPAIGNS = {
    "six_ins": "six-ins",
    "assist": "assist-enterprise",
    "mentoring": "mentoring",
    "craftsmen": "craftsmen",
    "double_strive": "double-strive",
    "headcounts": "double-strive",
    "double_ten": "double-ten",
    "people": "people",
}


def known(code: str) -> Indicator | None:
    """Return the figure an address names, those that stand beside the programme's included."""
    return INDICATORS.get(code) or BESIDE.get(code)


def of_campaign(code: str) -> list[Indicator]:
    """Return the indicators of one action in the order of declaration."""
    return [found for found in INDICATORS.values() if found.campaign == code]
