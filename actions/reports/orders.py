"""An order for a report: which kind, for whom, of which unit and span, about what; as an address and for a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from actions.models import ProgrammeSettings
from actions.progress.frame import Frame
from actions.reports.spans import CODES, Span
from models_app.masked_numbers import DATA_OF
from mofu.accounts.models import Organization, User
from mofu.accounts.policy import Use, may_use
from mofu.accounts.scope import SystemActor
from mofu.documents.values import long_date

if TYPE_CHECKING:
    from actions.reports.kinds import Kind

YEARS = range(1949, 2101)
MOST_RECORDS = 2000  # papers of one order


class OrderError(ValueError):
    """The order makes no sense; the message tells the user why."""


class OutOfSight(LookupError):  # noqa: N818 - it reads as what happened
    """The order names a unit or record that the user may not see."""


@dataclass(frozen=True)
class Order:
    """What somebody wants; ``pks`` name single records, ``purpose`` why personal numbers are wanted in full."""

    kind: Kind
    user: User | SystemActor
    org: Organization
    span: Span
    today: date
    subject: str = ""
    pks: tuple[int, ...] = ()
    purpose: str = ""
    settings: ProgrammeSettings = field(default_factory=ProgrammeSettings.current)

    @property
    def frame(self) -> Frame:
        """The frame of the order's unit and year."""
        return Frame(self.user, self.span.year, self.today, self.org, self.settings)

    @property
    def is_city(self) -> bool:
        """Whether the report is the whole city's."""
        return self.org.parent_id is None

    @cached_property
    def query(self) -> str:
        """The order as the query of an address."""
        words: list[tuple[str, Any]] = [
            ("year", self.span.year),
            ("span", self.span.code),
        ]
        words += [] if self.kind.of_city else [("org", self.org.code)]
        words += [("subject", self.subject)] if self.subject else []
        return urlencode([*words, *(("pk", pk) for pk in self.pks)])

    @property
    def names(self) -> Mapping[str, Any]:
        """What tells this report from every other (see ``ReportOfUnit``)."""
        return {
            "org": self.org, "kind": self.kind.code, "subject": self.subject, "year": self.span.year, "span": self.span.code,
        }  # fmt: skip

    @property
    def in_full(self) -> bool:
        """Whether personal numbers stand in full: with a purpose and the right."""
        return bool(self.purpose) and may_take_in_full(self.user)


def may_take_in_full(user: User | SystemActor) -> bool:
    """Whether ``user`` may take papers with ID number and phone in full."""
    return isinstance(user, User) and all(may_use(user, Use.EXPORT, data) for data in DATA_OF.values())


def read_order(kind: Kind, query: QueryDict, user: User) -> Order:
    """Return the order that an address means; OrderError for nonsense, OutOfSight for a foreign unit."""
    today = timezone.localdate()
    year = _number(query.get("year", ""), today.year)
    code = (query.get("span") if kind.spans else "") or "year"
    if year not in YEARS or code not in CODES or (kind.spans and code not in kind.span_codes):
        raise OrderError("年度或期间不正确。")
    subject = query.get("subject", "")
    if bool(kind.subjects) != bool(subject) or (subject and subject not in dict(kind.subjects())):
        raise OrderError("请选择报告对象。")
    pks = tuple(dict.fromkeys(int(pk) for pk in query.getlist("pk") if pk.isdecimal() and len(pk) < 12))
    if len(pks) > MOST_RECORDS:
        raise OrderError(f"一次最多 {MOST_RECORDS} 份。")
    span = Span(year, code)
    if kind.spans:
        _check_time(span, today)
    return Order(
        kind, user, _unit(kind, query.get("org", ""), user), span, today,
        subject, pks if kind.records else (), query.get("purpose", "").strip()[:200],
    )  # fmt: skip


def _check_time(span: Span, today: date) -> None:
    """Refuse a report on progress before there was, or could be, any."""
    if span.period.start > today:
        raise OrderError(f"{span.words}还没有开始，不能生成报告。")
    start = ProgrammeSettings.current().started_on
    if span.period.end < start:
        raise OrderError(f"五大行动自{long_date(start)}起实施，{span.words}没有进展可以报告。")


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) == 4 else default


def _unit(kind: Kind, code: str, user: User) -> Organization:
    """The unit asked for, the user's own by default; the city where the paper is the city's, whoever asks."""
    unit = user.organization
    if code:
        unit = Organization.objects.visible_to(user).filter(code=code).first()
    if unit is None:
        raise OutOfSight("没有这个单位，或不在您的查看范围内。")
    return unit.root if kind.of_city else unit
