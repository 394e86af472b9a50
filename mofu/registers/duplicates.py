"""The duplicate queue: which records look alike, and which of them somebody has said to be two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.db import models
from django.db.models import Q

from mofu.accounts.models import User
from mofu.registers.duplicate_rules import Pair
from mofu.registers.models import DistinctPair
from mofu.registers.register import REGISTERS, Register

MOST = 1000  # pairs of one rule shown at once; further ones follow when these are dealt with


@dataclass
class Likeness:
    """Two records of one register that look alike, and why."""

    register: Register
    pair: Pair
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Queue:
    """The pairs found, best reasons first; ``more`` says whether a rule found more than is shown."""

    found: list[Likeness]
    more: bool


def registers_with_rules(slug: str = "") -> list[Register]:
    """Return the registers whose records are compared, all or the one of ``slug``."""
    return [found for found in REGISTERS.values() if found.duplicate_rules and slug in ("", found.slug)]


def queue(user: User, slug: str = "", code: str = "") -> Queue:
    """Return the pairs of records ``user`` sees that look alike, of one register or by one rule if given."""
    found: list[Likeness] = []
    more = False
    for register in registers_with_rules(slug):
        if register.may_see(user):
            likenesses, cut = _of_register(register, user, code)
            found += likenesses
            more = more or cut
    return Queue(found, more)


def _of_register(register: Register, user: User, code: str) -> tuple[list[Likeness], bool]:
    rows, apart, cut = register.rows(user), distinct_pairs(register.model), False
    found: dict[Pair, Likeness] = {}
    for rule in register.duplicate_rules:
        if code in ("", rule.code):
            pairs = (pair for pair in rule.pairs(rows, MOST + len(apart)) if pair not in apart)
            taken = list(islice(pairs, MOST + 1))
            cut = cut or len(taken) > MOST
            for pair in taken[:MOST]:
                reasons = found.setdefault(pair, Likeness(register, pair)).reasons
                reasons.append(rule.reason)
    return sorted(found.values(), key=lambda likeness: -len(likeness.reasons)), cut


def distinct_pairs(model: type[models.Model]) -> set[Pair]:
    """Return the pairs of a model that were said to be two records."""
    return set(DistinctPair.objects.filter(model=model._meta.label_lower).values_list("first", "second"))


def pair_of(one: int, other: int) -> Pair:
    """Return two keys in their order."""
    return min(one, other), max(one, other)


def dismissal_of(one: models.Model, other: models.Model) -> DistinctPair | None:
    """Return the note that two records are not one, if there is one."""
    first, second = pair_of(one.pk, other.pk)
    return DistinctPair.objects.filter(model=one._meta.label_lower, first=first, second=second).first()


def dismiss(one: models.Model, other: models.Model, *, reason: str, user: User) -> DistinctPair:
    """Note that two records are not one; a second note about the same pair changes nothing."""
    first, second = pair_of(one.pk, other.pk)
    found = dismissal_of(one, other)
    if found is None:
        found = DistinctPair(
            model=one._meta.label_lower, first=first, second=second, reason=reason[:300], user=user
        )
        found.save()
    return found


def dismissed_seen_by(user: User) -> models.QuerySet[DistinctPair]:
    """Return the pairs said to be two of which ``user`` sees both records."""
    seen = Q(pk__in=())
    for register in registers_with_rules():
        keys = register.rows(user).order_by().values("pk")
        seen |= Q(model=register.model._meta.label_lower, first__in=keys, second__in=keys)
    return DistinctPair.objects.filter(seen).select_related("user")


def records_of(register: Register, user: User, keys: Iterable[int]) -> dict[int, models.Model]:
    """Return the records of ``keys`` that ``user`` sees, with what the queue shows of them."""
    needs = sorted({need for column in register.duplicate_shown for need in column.needs})
    rows = register.rows(user)
    return (rows.select_related(*needs) if needs else rows).in_bulk(list(keys))
