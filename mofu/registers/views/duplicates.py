"""The duplicate queue and what was said to be no duplicate: for those who enter records, of what they see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.generic import View

from mofu.accounts.models import User
from mofu.accounts.policy import Right, may
from mofu.registers import duplicates
from mofu.registers.models import DistinctPair
from mofu.registers.register import Register

PAGE = 20


@dataclass(frozen=True)
class Side:
    """One of two records in a list: name, address, what the register shows of it besides."""

    label: str
    url: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """Two records in a list, why they stand there, the page that compares them."""

    register: Register
    sides: list[Side]
    url: str
    reasons: list[str]
    note: DistinctPair | None = None


class EntererView(View):
    """Base: whoever may enter records; everybody else is refused before anything is read."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the right."""
        if not may(request.user, Right.ENTER):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class PairView(EntererView):
    """Base of the pages of two records of one register: both in the user's sight, else 404."""

    def pair(
        self, slug: str, one: int, other: int, *, lock: bool = False
    ) -> tuple[Register, list[models.Model]]:
        """Return the register and its two records in the order of the address; ``lock`` holds them."""
        register = next(iter(duplicates.registers_with_rules(slug)), None)
        if register is None or one == other:
            raise Http404
        if not register.may_enter(self.request.user):
            raise PermissionDenied
        # Two equalities, not a list of keys: a number that no column could hold is found nowhere.
        named = models.Q(pk=one) | models.Q(pk=other)
        rows = register.rows(self.request.user).filter(named).order_by("pk")
        found = {row.pk: row for row in (rows.select_for_update(of=("self",)) if lock else rows)}
        if len(found) < 2:
            raise Http404("没有这两条记录，或不在您的查看范围内。")
        return register, [found[one], found[other]]


class QueueView(EntererView):
    """``/duplicates/``: pairs of records that look alike, by register and rule."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the queue."""
        slug, _, code = request.GET.get("by", "").partition(".")
        found = duplicates.queue(request.user, slug if _known(slug) else "", code if _known(slug) else "")
        page = Paginator(found.found, PAGE).get_page(request.GET.get("page"))
        context = {
            "page_obj": page,
            "lines": _lines(list(page), request.user),
            "more": found.more,
            "most": duplicates.MOST,
            "choices": duplicates.registers_with_rules(),
            "chosen": request.GET.get("by", ""),
        }
        return render(request, "registers/duplicates.html", context)


class DistinctView(PairView):
    """``POST /duplicates/<slug>/<a>/<b>/distinct/``: these two are not one."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, slug: str, one: int, other: int) -> HttpResponse:
        """Remember it."""
        with transaction.atomic():
            register, records = self.pair(slug, one, other, lock=True)
            duplicates.dismiss(*records, reason=request.POST.get("reason", "").strip(), user=request.user)
        messages.success(
            request, f"已标记“{records[0]}”与“{records[1]}”{register.distinct_words}，不再提示。"
        )
        return redirect("registers:duplicates")


class DismissedView(EntererView):
    """``/duplicates/dismissed/``: the pairs that were said to be two."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them, newest first."""
        page = Paginator(duplicates.dismissed_seen_by(request.user), PAGE).get_page(request.GET.get("page"))
        context = {"page_obj": page, "lines": _dismissed_lines(list(page), request.user)}
        return render(request, "registers/duplicates_dismissed.html", context)


class TakeBackView(EntererView):
    """``POST /duplicates/dismissed/<pk>/back/``: let a pair come up again."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget what was said about the pair."""
        get_object_or_404(duplicates.dismissed_seen_by(request.user), pk=pk).delete()
        messages.success(request, "已撤回标记；如仍相似，会重新列入重复核查。")
        return redirect("registers:distinct")


def _known(slug: str) -> bool:
    return bool(slug) and bool(duplicates.registers_with_rules(slug))


def _lines(found: list[duplicates.Likeness], user: User) -> list[Line]:
    records = _records([(likeness.register, likeness.pair) for likeness in found], user)
    lines = []
    for likeness in found:
        held = records[likeness.register.slug]
        if all(key in held for key in likeness.pair):
            lines.append(
                _line(likeness.register, [held[key] for key in likeness.pair], likeness.reasons, user)
            )
    return lines


def _dismissed_lines(notes: list[DistinctPair], user: User) -> list[Line]:
    registers = {found.model._meta.label_lower: found for found in duplicates.registers_with_rules()}
    pairs = [(registers[note.model], (note.first, note.second)) for note in notes]
    records = _records(pairs, user)
    return [
        _line(register, [records[register.slug][key] for key in pair], [], user, note)
        for note, (register, pair) in zip(notes, pairs, strict=True)
    ]


def _records(pairs: list[tuple[Register, duplicates.Pair]], user: User) -> dict[str, dict[int, models.Model]]:
    """Return the records of a page by register and key, each register's with one query."""
    found = {}
    for register in duplicates.registers_with_rules():
        keys = {key for other, pair in pairs if other is register for key in pair}
        found[register.slug] = duplicates.records_of(register, user, keys)
    return found


def _line(
    register: Register,
    records: list[models.Model],
    reasons: list[str],
    user: User,
    note: DistinctPair | None = None,
) -> Line:
    sides = [
        Side(
            str(getattr(record, "name", record)),
            register.url("detail", record.pk),
            [
                (column.label, column.text(record))
                for column in register.seen_by(user, register.duplicate_shown)
            ],
        )
        for record in records
    ]
    url = reverse("registers:merge", args=[register.slug, *(record.pk for record in records)])
    return Line(register, sides, url, reasons, note)
