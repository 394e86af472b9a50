"""From an address back to the rows behind a figure."""

from __future__ import annotations

from django.http import QueryDict
from django.utils import timezone

from actions.models import ProgrammeSettings
from actions.progress.breakdown import OTHER, OUTSIDE, outside_boards
from actions.progress.indicator import INDICATORS
from actions.progress.within import Within
from mofu.accounts.models import Organization, User
from mofu.accounts.policy import Right, may
from mofu.registers.columns import shown
from mofu.registers.drilldown import Drill
from mofu.registers.periods import Period


def rows_behind(query: QueryDict, user: User) -> Drill | None:
    """Return the rows an address like ``?indicator=six_ins.sessions&year=2026&org=320981`` means."""
    indicator = INDICATORS.get(query.get("indicator", ""))
    if indicator is None or not may(user, Right.SEE_RECORDS):
        return None
    period, month, words = _period(query)
    code = query.get("org", "")
    unit = Organization.objects.visible_to(user).filter(code=code).first() if code else None
    within = Within(
        user, period, timezone.localdate(), "" if unit is None or unit.parent_id is None else unit.path
    )
    rows = indicator.in_month(within, month) if month and indicator.dated else indicator.rows(within)
    if code == OUTSIDE:
        rows = outside_boards(indicator, rows)
    elif code and unit is None:
        rows = rows.none()
    figure = rows.aggregate(figure=indicator.measure)["figure"] or 0
    where = unit.name if unit else OTHER if code == OUTSIDE else "全部单位"
    title = f"{words} {where} {indicator.label}"
    return Drill(rows, title, f"{shown(figure)} {indicator.unit}")


def _period(query: QueryDict) -> tuple[Period, Period | None, str]:
    """Return the period, the month within it when one is asked for, and both in words."""
    today = timezone.localdate()
    if query.get("programme"):
        settings = ProgrammeSettings.current()
        return settings.period, None, f"{settings.first_year}—{settings.last_year} 年"
    year = query.get("year", "")
    number = int(year) if year.isdecimal() and len(year) == 4 and 1949 <= int(year) <= 2100 else today.year
    month = query.get("month", "")
    if month.isdecimal() and len(month) <= 2 and 1 <= int(month) <= 12:
        return Period.of_year(number), Period.of_month(number, int(month)), f"{number} 年 {int(month)} 月"
    return Period.of_year(number), None, f"{number} 年"
