"""From an address back to the rows behind a figure."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils import timezone

from actions.models import ProgrammeSettings
from actions.progress import slices
from actions.progress.breakdown import OTHER, OUTSIDE, outside_boards
from actions.progress.indicator import Indicator, known
from actions.progress.within import Within
from mofu.accounts.models import Organization, User
from mofu.accounts.policy import Right, may
from mofu.registers.columns import shown
from mofu.registers.drilldown import Drill
from mofu.registers.periods import Period

EARLIEST = date(1949, 1, 1)
UNKNOWN = Period(date.min, date.min)  # stands for “of the year, month not known”


def rows_behind(query: QueryDict, user: User) -> Drill | None:
    """Return the rows an address like ``?indicator=six_ins.sessions&year=2026&org=320981`` means."""
    indicator = known(query.get("indicator", ""))
    if indicator is None:
        raise Http404("没有这个指标。")
    if not may(user, Right.SEE_RECORDS):
        return None
    period, month, words = _period(query, indicator.dated)
    code = query.get("org", "")
    unit = Organization.objects.visible_to(user).filter(code=code).first() if code else user.organization
    known_by = day_asked(query)
    path = "" if unit is None or unit.parent_id is None else unit.path
    within = Within(user, period, known_by or timezone.localdate(), path, known_by)
    rows = _rows(indicator, within, month)
    part = slices.asked(indicator.code, query.get("slice", ""))
    if part is not None:
        found, key, name = part
        rows, words = found.pick(rows, within, key), f"{words} {name}"
    if code == OUTSIDE:
        rows = outside_boards(indicator, rows)
    elif code and unit is None:
        rows = rows.none()
    figure = rows.aggregate(figure=indicator.measure)["figure"] or 0
    where = unit.name if unit else OTHER if code == OUTSIDE else "全部单位"
    title = f"{words} {where} {indicator.label}{f'（截至 {known_by}）' if known_by else ''}"
    return Drill(rows, title, f"{shown(figure)} {indicator.unit}")


def day_asked(query: QueryDict) -> date | None:
    """Return the past day ``?as_of=`` asks for, None for today; what is no past day is ignored."""
    try:
        day = date.fromisoformat(query.get("as_of", ""))
    except ValueError:
        return None
    return day if EARLIEST <= day < timezone.localdate() else None


def _rows(indicator: Indicator, within: Within, month: Period | None) -> QuerySet:
    """Return the rows of the frame, of one month of it, or (month UNKNOWN) of the year's rows without a month."""
    if month is None:
        return indicator.rows(within)
    return indicator.without_month(within) if month == UNKNOWN else indicator.in_month(within, month)


def _period(query: QueryDict, dated: str) -> tuple[Period, Period | None, str]:
    """Return the period, the month within it when one is asked for, and both in words."""
    year = query.get("year", "")
    asked = int(year) if year.isdecimal() and len(year) == 4 and 1949 <= int(year) <= 2100 else None
    if query.get("programme"):
        settings = ProgrammeSettings.current()
        last = settings.last_year if asked is None else asked
        return settings.period_until(last), None, f"{min(settings.first_year, last)}—{last} 年"
    number = asked or timezone.localdate().year
    month = query.get("month", "")
    if dated and month == "0":
        return Period.of_year(number), UNKNOWN, f"{number} 年（月份不详）"
    if dated and month.isdecimal() and len(month) <= 2 and 1 <= int(month) <= 12:
        return Period.of_year(number), Period.of_month(number, int(month)), f"{number} 年 {int(month)} 月"
    return Period.of_year(number), None, f"{number} 年"
