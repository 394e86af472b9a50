"""文号 and 成文日期: which unit numbers its papers and how, that no number stands on two of them, which days make sense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from actions.models import FrozenReport, PaperSettings, ReportDraft
from actions.reports.orders import Order
from mofu.documents.values import long_date

_AHEAD = timedelta(days=366)  # how long before it is issued a paper may be dated


def signer_of(order: Order, settings: PaperSettings) -> str:
    """Return the 署名 of the order's unit: the association for the city, else the name under which the unit signs."""
    return settings.issuer if order.is_city else order.org.signature


def code_of(order: Order, settings: PaperSettings) -> str:
    """Return the 代字 before the year; a unit without one numbers no papers."""
    return settings.code if order.is_city else order.org.document_code


def document_no(code: str, day: date, number: int | None) -> str:
    """Return the 文号 of a paper dated ``day``: 盐劳协〔2026〕5号; empty without 代字 or number."""
    return f"{code}〔{day.year}〕{number}号" if code and number else ""


def refusal_of(order: Order, number: int | None, dated: date | None) -> str:
    """Say why the paper cannot bear this number on this day (None: today): another of the unit does; empty where it can."""
    day = dated or order.today
    full = document_no(code_of(order, PaperSettings.current()), day, number)
    bearer = next(_bearers(order, full, number, day.year), "") if full else ""
    return f"文号“{full}”已用于{bearer}，请换用其他序号。" if bearer else ""


def _bearers(order: Order, full: str, number: int | None, year: int) -> Iterator[str]:
    frozen = FrozenReport.objects.visible_to(order.user).filter(org=order.org).exclude(**order.names)
    for title in frozen.filter(content__formalities__document_no=full).values_list("title", flat=True):
        yield f"已定稿的《{title}》"
    drafts = ReportDraft.objects.visible_to(order.user).filter(org=order.org).exclude(**order.names)
    for draft in drafts.filter(number=number):
        if (draft.dated or order.today).year == year:
            yield f"《{draft.title}》的文稿"


def refusal_of_day(order: Order, dated: date | None) -> str:
    """Say why a paper cannot be dated so: before the programme began, or more than a year ahead; empty where it can."""
    if dated is None:
        return ""
    if dated < order.settings.started_on:
        return f"成文日期不能早于五大行动启动的{long_date(order.settings.started_on)}。"
    return "成文日期最多写到今天以后一年，请核对年份。" if dated > order.today + _AHEAD else ""
