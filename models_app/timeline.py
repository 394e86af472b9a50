"""A person's story: one timeline of everything a laureate took part in, whatever floor keeps it.

Upper floors add their own sources; nothing is typed twice to appear here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models

from models_app.models import ActivityRecord, Honour, Laureate, StatusChange
from mofu.accounts.models import User
from mofu.registers.pages import link_to
from mofu.registers.records import ReviewedRecord, ReviewState


@dataclass(frozen=True)
class Moment:
    """One line: when (text that sorts by time: ``2024``, ``2024-06`` or ``2024-06-22``), what kind, what, whose record."""

    when: str
    kind: str
    text: str
    record: models.Model | None = None


@dataclass(frozen=True)
class Line:
    """A moment as one user sees it: with a link only where that user may open the record."""

    when: str
    kind: str
    text: str
    url: str


Source = Callable[[Laureate], Iterable[Moment]]
_sources: list[Source] = []
_memberships: list[Callable[[Laureate, date], Iterable[str]]] = []


def add_source(source: Source) -> None:
    """Register what adds moments to every laureate's timeline."""
    _sources.append(source)


def timeline(laureate: Laureate, user: User) -> list[Line]:
    """Return the laureate's timeline, newest first."""
    moments = [moment for source in _sources for moment in source(laureate)]
    moments.sort(key=lambda moment: moment.when, reverse=True)
    return [Line(found.when, found.kind, _text(found), link_to(found.record, user)) for found in moments]


def _text(moment: Moment) -> str:
    """Return the moment's text; what is not approved says so."""
    record = moment.record
    if isinstance(record, ReviewedRecord) and record.review_state != ReviewState.APPROVED:
        return f"{moment.text}（{record.get_review_state_display()}）"
    return moment.text


def add_memberships(source: Callable[[Laureate, date], Iterable[str]]) -> None:
    """Register what names the teams a laureate belongs to on a day."""
    _memberships.append(source)


def current_memberships(laureate: Laureate, on: date) -> list[str]:
    """Return the names of the teams the laureate belongs to on ``on``."""
    return [name for source in _memberships for name in source(laureate, on)]


def _own(laureate: Laureate) -> Iterable[Moment]:
    """Honours, personal activities and status changes."""
    for honour in Honour.everything.filter(laureate=laureate).select_related("title"):
        revoked = "（已撤销）" if honour.revoked else ""
        yield Moment(str(honour.granted_on or honour.batch_year), "荣誉", f"{honour.title}{revoked}", honour)
    for record in ActivityRecord.everything.filter(laureate=laureate):
        yield Moment(str(record.date), "社会活动", record.title, record)
    for change in StatusChange.everything.filter(laureate=laureate):
        yield Moment(str(change.happened_on), "变动", change.get_kind_display(), change)


add_source(_own)
