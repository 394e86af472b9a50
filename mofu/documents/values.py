"""What may stand in a table cell, and how it reads on paper: one home, so that PDF, Word and Excel agree."""

import datetime
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils import timezone

Kind = Literal["text", "int", "number", "date", "percent"]
"""How a column reads: ``number`` has up to two decimals, ``percent`` holds a fraction (0.5 reads 50%)."""

Cell = str | int | float | Decimal | bool | datetime.date | None
"""A table cell. ``None`` is an empty cell; a ``str`` is always text, whatever the column's kind."""

NUMERIC: frozenset[Kind] = frozenset({"int", "number", "percent"})


def is_number(value: object) -> bool:
    """Whether the value is a finite number (``True`` and ``False`` are not)."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return False
    return math.isfinite(value)


def local_time(moment: datetime.datetime) -> datetime.datetime:
    """The moment as the clock on the wall showed it: paper and Excel know no time zones."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def long_date(day: datetime.date) -> str:
    """The date as an official paper writes it: 2024年6月2日, month and day without zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def as_text(value: Cell, kind: Kind = "text") -> str:
    """The cell as printed, a date of a column of dates as papers write it. Empty for ``None`` and numbers not finite."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        return f"{local_time(value):%Y-%m-%d %H:%M}"
    if isinstance(value, datetime.date):
        return long_date(value) if kind == "date" else value.isoformat()
    if isinstance(value, str):
        return value
    return _number_text(value, kind) if is_number(value) else ""


def _number_text(value: float | Decimal, kind: Kind) -> str:
    """At most two decimals (one for a percentage), rounded half up as Excel does, no trailing zeros."""
    exact = Decimal(str(value))  # a float as it is written, not as it is stored
    scaled, smallest, sign = (exact * 100, "0.1", "%") if kind == "percent" else (exact, "0.01", "")
    text = f"{scaled.quantize(Decimal(smallest), ROUND_HALF_UP):f}"
    text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text) + sign
