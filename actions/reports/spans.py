"""The span a report covers: a year, a half, a quarter or a month; and the frame in which its figures are counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from actions.progress.frame import Frame
from actions.progress.indicator import Indicator, Number
from actions.progress.reading import Reading
from actions.progress.within import Within
from mofu.registers.periods import Period

SpanKind = Literal["year", "half", "quarter", "month"]
SPANS: dict[SpanKind, tuple[str, ...]] = {
    "year": ("year",),
    "half": ("h1", "h2"),
    "quarter": ("q1", "q2", "q3", "q4"),
    "month": tuple(f"m{month:02}" for month in range(1, 13)),
}
CODES = {code for codes in SPANS.values() for code in codes}
_MONTHS = {"y": 12, "h": 6, "q": 3, "m": 1}
_ORDINALS = "一二三四"


@dataclass(frozen=True)
class Span:
    """A span of a year by its code: ``year``, ``h1``, ``q3``, ``m06``."""

    year: int
    code: str = "year"

    @property
    def is_year(self) -> bool:
        """Whether it is the whole year."""
        return self.code == "year"

    @property
    def period(self) -> Period:
        """Its days."""
        length = _MONTHS[self.code[0]]
        part = 1 if self.is_year else int(self.code[1:])
        last = part * length
        return Period(
            Period.of_month(self.year, last - length + 1).start, Period.of_month(self.year, last).end
        )

    @property
    def words(self) -> str:
        """The span in words: 2026年, 2026年上半年, 2026年第三季度, 2026年6月."""
        return f"{self.year}年{self.words_of_year}"

    @property
    def words_of_year(self) -> str:
        """The span without its year, empty for the whole year."""
        if self.is_year:
            return ""
        part = int(self.code[1:])
        if self.code[0] == "h":
            return "上半年" if part == 1 else "下半年"
        return f"第{_ORDINALS[part - 1]}季度" if self.code[0] == "q" else f"{part}月"

    def frame(self, frame: Frame) -> SpanFrame:
        """Return the frame as it was at the end of the span: nothing later counts, nothing later was due."""
        until = self.period.end
        values = {name: getattr(frame, name) for name in ("user", "org", "settings")}
        closed = frame.is_past and until == Period.of_year(self.year).end
        return SpanFrame(year=self.year, today=min(frame.today, until), until=until, closed=closed, **values)


@dataclass(frozen=True)
class SpanFrame(Frame):
    """A frame that ends with ``until``, the span's last day: records of later days do not count.

    ``closed``: it is the end of a year that is over, which papers say of the programme's figures as pages do.
    """

    until: date = date.max
    closed: bool = False

    @property
    def is_past(self) -> bool:
        """Whether the year is over and seen as it stood at its end."""
        return self.closed

    def within(self, *, programme: bool = False) -> Within:
        """Return the counting frame up to the end of the span."""
        found = super().within(programme=programme)
        if found.period.end <= self.until:
            return found
        return replace(found, period=Period(found.period.start, max(self.until, found.period.start)))


def figure_in(span: Span, reading: Reading, indicator: Indicator) -> Number | None:
    """Return an indicator's figure of the span's own months; None for one that is as of a day or has no date."""
    if not indicator.dated:
        return None
    months = reading.figures.by_month(indicator.code)
    period = span.period
    return sum((months[month] for month in range(period.start.month, period.end.month + 1)), start=0)
