"""What waits: the city's 待审 inbox, the county's own drafts and returned records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from mofu.accounts import trail_versions
from mofu.accounts.models import User
from mofu.accounts.policy import Right, may
from mofu.registers import tables
from mofu.registers.columns import Column
from mofu.registers.records import ReviewState
from mofu.registers.register import Register, reviewed_registers

SHOWN = 6  # columns of a waiting record, the stamps included
AT_ONCE = 100  # records of one kind shown for batch approval
STAMPS = {  # what the last step left on a record: why, who, when
    ReviewState.PENDING: (Column("submitted_by"), Column("submitted_at")),
    ReviewState.RETURNED: (
        Column("return_reason"),
        Column("reviewed_by", label="退回人"),
        Column("reviewed_at", label="退回时间"),
    ),
}


@dataclass(frozen=True)
class Waiting:
    """The waiting records of one register."""

    register: Register
    count: int
    labels: list[str]
    rows: list[tables.Row]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def waiting(user: User, state: ReviewState, only: str = "") -> list[Waiting]:
    """Return the records in ``state`` by register with who brought them there; registers with none left out."""
    found = []
    for register in reviewed_registers():
        if only and register.slug != only:
            continue
        queryset = register.rows(user).filter(review_state=state)
        pks = list(queryset.order_by("submitted_at", "pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if pks:
            count = queryset.count() if len(pks) > AT_ONCE else len(pks)
            stamps = [column.bound_to(register.model) for column in STAMPS.get(state, ())]
            columns = [*register.seen_by(user, register.chosen_columns(()))[: SHOWN - len(stamps)], *stamps]
            rows = tables.rows_of(register, queryset, pks[:AT_ONCE], columns)
            found.append(Waiting(register, count, [column.label for column in columns], rows))
    return found


class InboxView(View):
    """``/review/``: everything that waits for the city, approved or returned in batches."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the inbox."""
        if not may(request.user, Right.REVIEW):
            raise PermissionDenied
        seen = trail_versions.page_version()
        groups = waiting(request.user, ReviewState.PENDING, only=request.GET.get("slug", ""))
        context = {"groups": groups, "total": _total(groups), "seen": seen}
        return render(request, "registers/inbox.html", context)


class ReturnedView(View):
    """``/returned/``: what the unit still has to hand in: returned records first, then drafts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the unit's returned records and drafts."""
        if not may(request.user, Right.ENTER):
            raise PermissionDenied
        context: dict[str, Any] = {
            "seen": trail_versions.page_version(),
            "returned": waiting(request.user, ReviewState.RETURNED),
            "drafts": waiting(request.user, ReviewState.DRAFT),
        }
        return render(request, "registers/returned.html", context)


def counts(user: User, *states: ReviewState) -> list[tuple[Register, int]]:
    """Return how many records are in ``states`` per register, with one query; registers with none left out."""
    registers = reviewed_registers()
    parts = [
        register.rows(user)
        .filter(review_state__in=states)
        .order_by()
        .values(slug=Value(register.slug))
        .annotate(n=Count("pk"))
        for register in registers
    ]
    first, *rest = [part.values_list("slug", "n") for part in parts]
    found = dict(first.union(*rest, all=True).order_by())
    return [(register, found[register.slug]) for register in registers if found.get(register.slug)]


def _total(groups: list[Waiting]) -> int:
    return sum(group.count for group in groups)
