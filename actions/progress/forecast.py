"""Forecasts: when a target is reached at today's pace, and what it still takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from math import ceil

from actions.progress.indicator import Number
from mofu.registers.columns import shown
from mofu.registers.periods import Period

MONTH_DAYS = Decimal("30.4375")
_FAR = 200 * 366  # days; beyond that a date says nothing


@dataclass(frozen=True)
class Forecast:
    """What becomes of a target when work goes on as it has since the start.

    ``reached_on`` is None when nothing was done yet, or when it would take centuries; ``projected`` is the figure at
    the end of the period; ``needed`` what each remaining month (30.4 days) has to bring, rounded up, or where less than a month is
    left (``days_left``) all of it. ``goes_on``: what is done after the period counts as well, late; the figure of a
    year begins anew instead.
    """

    reached_on: date | None
    in_time: bool
    projected: int
    needed: Decimal
    unit: str
    days_left: int
    goes_on: bool = False

    @property
    def words(self) -> str:
        """The forecast in a sentence."""
        time = "每月" if self.days_left >= MONTH_DAYS else f"余下{self.days_left}天"
        need = f"要按期完成，{time}需{shown(self.needed)}{self.unit}"
        if self.reached_on is None:
            return f"尚无进展，无法预计；{need}"
        day = f"{self.reached_on.year}年{self.reached_on.month}月"
        if self.in_time:
            return f"按目前进度，预计{day}达标"
        late = f"，{day}才能达标" if self.goes_on else "，年内不能达标"
        return f"按目前进度，期末约{self.projected}{self.unit}{late}；{need}"


def forecast(
    value: Number, target: Decimal, period: Period, today: date, unit: str, *, goes_on: bool = False
) -> Forecast | None:
    """Return the forecast of a running ``period`` (from the start of the work on); None when it is over, not begun, or reached."""
    if not period.start <= today < period.end or value >= target:
        return None
    gone, left = (today - period.start).days + 1, (period.end - today).days
    missing = target - Decimal(value)
    days = ceil(missing * gone / Decimal(value)) if value else _FAR
    reached_on = today + timedelta(days=days) if days < _FAR else None
    needed = missing * MONTH_DAYS / max(left, 1) if left >= MONTH_DAYS else missing
    return Forecast(
        reached_on,
        reached_on is not None and reached_on <= period.end,
        int(Decimal(value) * (gone + left) / gone),
        needed.to_integral_value(ROUND_CEILING),
        unit,
        left,
        goes_on,
    )
