"""Rules by which records look alike, each one grouped by the database; a register declares the rules that fit it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, F, Max, Min, Q, StringAgg, Value, When
from django.db.models.functions import Cast, Concat, Left, Length, Replace

Pair = tuple[int, int]  # two keys, the smaller one first
By = str | models.Expression

_IGNORED = ("有限责任公司", "股份有限公司", "有限公司", "集团", " ", "\u3000", "(", ")", "（", "）", "[", "]", "【", "】")  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Records that agree in everything in ``by``, where it is filled in, may be one.

    Two different values of ``number`` (a unique number's hash) tell two records apart, and so do two values of
    ``date`` (a partial date) that contradict each other: ``1970`` and ``1970-05-01`` do not. ``reason`` says to the
    user why the records look alike.
    """

    code: str
    reason: str
    by: tuple[By, ...]
    number: str = ""
    date: str = ""

    def pairs(self, rows: models.QuerySet, limit: int) -> Iterator[Pair]:
        """Yield pairs among ``rows`` from at most ``limit`` groups, found by one query."""
        for line in self.groups(rows).values_list("members", flat=True)[:limit]:
            members = sorted({_member(token) for token in line.split(",")})
            for one, other in combinations(members, 2):
                if one[0] != other[0] and not _told_apart(one, other):
                    yield one[0], other[0]

    def groups(self, rows: models.QuerySet) -> models.QuerySet:
        """Return one row for each group that holds a pair; ``members`` lists what is known of its records."""
        keys = {f"key{at}": F(by) if isinstance(by, str) else by for at, by in enumerate(self.by)}
        grouped = rows.order_by().annotate(**keys).exclude(_unknown(rows.model, keys)).values(*keys)
        grouped = grouped.annotate(low=Min("pk"), high=Max("pk")).filter(low__lt=F("high"))
        if self.number:
            grouped = grouped.annotate(all=Count("pk"), known=Count(self.number)).filter(all__gt=F("known"))
        if self.date:
            grouped = grouped.annotate(
                rows=Count("pk"), dates=Count(self.date, distinct=True), shortest=Min(Length(self.date))
            ).filter(Q(rows__gt=F("dates")) | Q(shortest__lt=len("2024-06-22")))
        return grouped.annotate(members=StringAgg(self._token(), delimiter=Value(","))).order_by(*keys)

    def _token(self) -> models.Expression:
        """Return ``<key>:<1 when the number is known>:<date>`` of one record."""
        known = Case(When(**{f"{self.number}__isnull": False}, then=Value("1")), default=Value(""))
        parts = [Cast("pk", CharField()), Value(":"), known if self.number else Value(""), Value(":")]
        date = Cast(self.date, CharField()) if self.date else Value("")
        return Concat(*parts, date, output_field=CharField())


def same(code: str, reason: str, *by: By, number: str = "", date: str = "") -> Rule:
    """Return the rule “equal in all of these”."""
    return Rule(code, reason, by, number, date)


def same_number(field: str) -> Rule:
    """Return the rule “the same number”; the database forbids it, repairs behind its back may bring it about."""
    return Rule("number", "身份证号相同", (field,))


def same_name_and_date(code: str, reason: str, name: str, date: str, *, number: str = "") -> Rule:
    """Return the rule “same name, and same date as far as both are known”."""
    return Rule(code, reason, (name, Left(date, 4)), number, date)


def bare(name: str) -> models.Expression:
    """Return a unit's name without blanks, brackets and the words for its legal form."""
    found: models.Expression = F(name)
    for word in _IGNORED:
        found = Replace(found, Value(word), Value(""))
    return found


def _unknown(model: type[models.Model], keys: dict[str, models.Expression]) -> Q:
    """Return the condition “one of the keys is not filled in”: nothing is equal to the unknown."""
    found = Q()
    for name, expression in keys.items():
        found |= Q(**{f"{name}__isnull": True})
        if not isinstance(expression, F) or not _is_relation(model, expression.name):
            found |= Q(**{name: ""})
    return found


def _is_relation(model: type[models.Model], path: str) -> bool:
    field: Any = None
    for part in path.split("__"):
        field = model._meta.get_field(part)
        model = field.related_model or model
    return bool(field.is_relation)


def _member(token: str) -> tuple[int, bool, str]:
    key, known, date = token.split(":")
    return int(key), bool(known), date


def _told_apart(one: tuple[int, bool, str], other: tuple[int, bool, str]) -> bool:
    if one[1] and other[1]:  # numbers are unique: two known ones are two different ones
        return True
    dates = one[2], other[2]
    return all(dates) and not (dates[0].startswith(dates[1]) or dates[1].startswith(dates[0]))
