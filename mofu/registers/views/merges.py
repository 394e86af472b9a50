"""Merging two records on one screen, the history of merges, and taking one back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from mofu.registers import comparing, duplicates, merge_pairs, merging, unmerging
from mofu.registers.duplicates import registers_with_rules
from mofu.registers.merge_pairs import Along, Foreseen
from mofu.registers.models import Merge
from mofu.registers.register import REGISTERS, Register
from mofu.registers.views.duplicates import PAGE, EntererView, PairView

LONGEST_REASON = 300
SAME, DISTINCT = "same", "distinct"  # what a page says of two records that would be merged along
_APART = "合并后两人在同一单位无法区分，请先为其中一人补填身份证号等资料，或改正名称，再来合并。"
_TAKEN = "所取的值与另一条已登记的记录重复，没有合并；请改选另一方的值，或先核对那条记录。"
_BACK = "被并入的记录此后又重新登记过（身份证号，或单位内的姓名和出生日期，或单位名称、代码已被占用），不能撤销；请先处理重新登记的记录。"


class MergeView(PairView):
    """``/duplicates/<slug>/<a>/<b>/``: both records side by side; POST merges them."""

    def get(self, request: HttpRequest, slug: str, one: int, other: int) -> HttpResponse:
        """Show both."""
        return self._page(*self.pair(slug, one, other))

    def post(self, request: HttpRequest, slug: str, one: int, other: int) -> HttpResponse:
        """Merge, or say why not and show both again."""
        try:
            with transaction.atomic():
                register, records = self.pair(slug, one, other, lock=True)
                along = merge_pairs.foresee(*self._in_order(records), request.user).pairs
                faults = self._faults(records) + self._undecided(along)
                done = None if faults else self._merge(register, records, along)
        except (merging.MergeError, ValidationError, IntegrityError) as error:
            done, faults = None, _words(error)
        if done is None:
            register, records = self.pair(slug, one, other)
            return self._page(register, records, faults)
        same = f"，合并相同记录 {done.folded} 条" if done.folded else ""
        messages.success(
            request, f"已将“{done.loser_label}”并入“{done.winner_label}”，转移 {done.moved} 条记录{same}。"
        )
        return redirect(register.url("detail", done.winner_key))

    @property
    def _kept(self) -> int | None:
        """Which record the user chose to stay (0 or 1), None before any choice."""
        given = self.request.POST.get("keep")
        return int(given) if given in ("0", "1") else None

    def _faults(self, records: list[models.Model]) -> list[str]:
        found = []
        if self._kept is None:
            found.append("请选择保留哪一条记录。")
        if not self.request.POST.get("reason", "").strip():
            found.append("请填写合并理由。")
        if self.request.POST.get("seen") != comparing.fingerprint(records):
            found.append("您查看期间记录有改动，下面已是最新内容，请重新核对后再合并。")
        return found

    def _in_order(self, records: list[models.Model]) -> tuple[models.Model, models.Model]:
        """Return the record that stays and the one that goes."""
        keep = self._kept if self._kept is not None else comparing.better(records)
        return records[keep], records[1 - keep]

    def _undecided(self, along: list[Along]) -> list[str]:
        """Remember the pairs said to be two; return why that, or a pair nobody decided on, forbids the merge."""
        apart = [pair for pair in along if not pair.why and self.request.POST.get(pair.field) == DISTINCT]
        for pair in apart:
            duplicates.dismiss(pair.kept, pair.row, reason="合并上级时确认", user=self.request.user)
        found = [f"已记下两个“{pair.labels[0]}”{pair.register.distinct_words}。{_APART}" for pair in apart]
        open_ = [p for p in along if not p.why and self.request.POST.get(p.field) not in (SAME, DISTINCT)]
        return [*found, "请逐对选择下面一并合并的记录是否相同。"] if open_ else found

    def _merge(self, register: Register, records: list[models.Model], along: list[Along]) -> Merge:
        keep = self._kept or 0
        fields = comparing.compared(register, records, keep, self.request.POST, self.request.user)
        return merging.merge(
            winner=records[keep],
            loser=records[1 - keep],
            taken=comparing.taken(fields, keep),
            reason=self.request.POST["reason"].strip()[:LONGEST_REASON],
            user=self.request.user,
            agreed=[pair.key for pair in along if self.request.POST.get(pair.field) == SAME],
        )

    def _page(
        self, register: Register, records: list[models.Model], faults: list[str] | None = None
    ) -> HttpResponse:
        user, faults = self.request.user, faults or []
        refusals = [merging.refusal(register, records[at], records[1 - at], user) for at in (0, 1)]
        keep = self._kept if self._kept is not None else comparing.better(records)
        keep = 1 - keep if refusals[keep] and not refusals[1 - keep] else keep
        fields = comparing.compared(register, records, keep, self.request.POST, self.request.user)
        hanging = merging.plan(*records, user)
        foreseen = (
            Foreseen() if all(refusals) else merge_pairs.foresee(records[keep], records[1 - keep], user)
        )
        context: dict[str, Any] = {
            "register": register,
            "records": _heads(register, records, refusals),
            "keep": keep,
            "refused": all(refusals),
            "fields": sorted(fields, key=lambda field: not field.differs),
            "hanging": hanging,
            "along": [(pair, self.request.POST.get(pair.field, "")) for pair in foreseen.pairs],
            "obstacles": foreseen.obstacles,
            "same": sum(found.same for found in hanging),
            "reviewed_again": register.reviewed and not register.may_review(user),
            "faults": faults,
            "seen": comparing.fingerprint(records),
            "reason": self.request.POST.get("reason", ""),
            "here": reverse("registers:merge", args=[register.slug, *(record.pk for record in records)]),
        }
        return render(self.request, "registers/merge.html", context, status=422 if faults else 200)


def _heads(register: Register, records: list[models.Model], refusals: list[str]) -> list[dict[str, Any]]:
    """Return of each record: itself, its address, its place (0 or 1), why it cannot be the one that stays."""
    return [
        {"object": record, "url": register.url("detail", record.pk), "refusal": refusals[at], "at": at}
        for at, record in enumerate(records)
    ]


class MergesView(EntererView):
    """``/duplicates/merges/``: what was merged, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of it."""
        return _history(request)


class UndoView(EntererView):
    """``POST /duplicates/merges/<pk>/undo/``: take a merge back, or say what stands in the way."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Try."""
        get_object_or_404(unmerging.merges_seen_by(request.user), pk=pk)
        try:
            with transaction.atomic():
                merge = Merge.objects.select_for_update().get(pk=pk)
                back = unmerging.undo(merge, request.user)
        except unmerging.UndoError as error:
            return _history(request, str(error), error.obstacles)
        except IntegrityError:
            return _history(request, _BACK)
        messages.success(request, f"已撤销合并，“{merge.loser_label}”已恢复。")
        return redirect(REGISTERS[merge.slug].url("detail", back.pk))


def _history(
    request: HttpRequest, refusal: str = "", obstacles: list[unmerging.Obstacle] | None = None
) -> HttpResponse:
    page = Paginator(unmerging.merges_seen_by(request.user), PAGE).get_page(request.GET.get("page"))
    urls = _addresses(list(page), request)
    lines = [(merge, REGISTERS[merge.slug].title, urls.get(merge.pk, "")) for merge in page]
    named = [found for found in obstacles or [] if found.url]
    context = {
        "page_obj": page,
        "lines": lines,
        "refusal": refusal,
        "obstacles": named[:PAGE],
        "unnamed": len(obstacles or []) - len(named[:PAGE]),
    }
    return render(request, "registers/merges.html", context, status=409 if refusal else 200)


def _addresses(merges: list[Merge], request: HttpRequest) -> dict[int, str]:
    """Return where the records stay into which others went, by merge; one query for each register."""
    found: dict[int, str] = {}
    for register in registers_with_rules():
        own = [merge for merge in merges if merge.slug == register.slug]
        rows = register.rows(request.user).filter(pk__in=[merge.winner_key for merge in own])
        seen = set(rows.order_by().values_list("pk", flat=True))
        found |= {m.pk: register.url("detail", m.winner_key) for m in own if m.winner_key in seen}
    return found


def _words(error: Exception) -> list[str]:
    if isinstance(error, ValidationError):
        return error.messages
    return [_TAKEN] if isinstance(error, IntegrityError) else [str(error)]
