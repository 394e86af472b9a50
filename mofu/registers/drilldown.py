"""Figures open to the rows behind them: ``/<slug>/?indicator=…`` shows exactly what was counted.

An upper floor registers one source; the list asks it which rows a query string means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from mofu.accounts.models import User


@dataclass(frozen=True)
class Drill:
    """The rows behind a figure, and what the figure is called."""

    rows: QuerySet
    title: str
    figure: str = ""


Source = Callable[[QueryDict, User], Drill | None]
PARAMETERS = ("indicator", "month", "programme", "as_of", "slice")
_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Register what turns a query string into the rows behind a figure."""
    _sources.append(source)


def drill(query: QueryDict, user: User) -> Drill | None:
    """Return the rows that the query string's figure counts, None when it names none."""
    if not query.get("indicator"):
        return None
    return next((found for source in _sources if (found := source(query, user))), None)
