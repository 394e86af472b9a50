"""The way of a record through review: submit, approve, return. One transaction each, rows locked, trail left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from django.db import models, transaction

from mofu.accounts import trail, trail_versions
from mofu.accounts.models import TrailEntry, User
from mofu.registers import bulk
from mofu.registers.records import ReviewedRecord
from mofu.registers.register import Register

Step = Callable[[ReviewedRecord], bool]


class Overtaken(Exception):  # noqa: N818 - an answer for the user
    """Some records were changed after the page with them was shown; ``entries`` tell which, by whom and when."""

    def __init__(self, entries: Sequence[TrailEntry]) -> None:
        super().__init__(entries)
        self.entries = entries

    def __str__(self) -> str:
        first = "；".join(f"{entry.object_label}（{entry.actor_name}）" for entry in self.entries[:3])
        more = f"等 {len(self.entries)} 条" if len(self.entries) > 3 else ""
        return f"{first}{more}在您打开页面后被修改过，没有处理任何记录。请核对最新内容后再操作。"


def require_seen(rows: Sequence[models.Model], seen: int | None) -> None:
    """Raise Overtaken where a (locked) record was altered after the entry ``seen``; None where nothing was shown."""
    if rows and seen is not None:
        entries = trail_versions.overtaken(type(rows[0]), [row.pk for row in rows], seen)
        if entries:
            raise Overtaken(entries)


def submit(register: Register, pks: Iterable[int], user: User, seen: int | None = None) -> int:
    """Hand in the drafts and returned records among ``pks``; return how many. With ``seen`` raises Overtaken."""

    def step(record: ReviewedRecord) -> bool:
        if record.can_be_submitted:
            record.submit(user)
            return True
        return False

    return _apply(register, pks, user, _Deed(step, trail.Action.SUBMITTED, seen=seen))


def approve(register: Register, pks: Iterable[int], user: User, seen: int | None = None) -> int:
    """Approve the pending records among ``pks``; return how many. With ``seen`` raises Overtaken."""

    def step(record: ReviewedRecord) -> bool:
        if record.is_pending:
            record.approve(user)
            return True
        return False

    return _apply(register, pks, user, _Deed(step, trail.Action.APPROVED, seen=seen))


def send_back(
    register: Register, pks: Iterable[int], user: User, reason: str, seen: int | None = None
) -> int:
    """Return the pending or approved records among ``pks`` with a reason; return how many. With ``seen`` raises Overtaken."""

    def step(record: ReviewedRecord) -> bool:
        if not record.can_be_submitted:
            record.send_back(user, reason)
            return True
        return False

    return _apply(register, pks, user, _Deed(step, trail.Action.RETURNED, reason, seen))


@dataclass(frozen=True)
class _Deed:
    """One step of review: what it does to a record, how the trail calls it, why, and what the user saw."""

    step: Step
    action: trail.Action
    reason: str = ""
    seen: int | None = None


def _apply(register: Register, pks: Iterable[int], user: User, deed: _Deed) -> int:
    with transaction.atomic():
        return sum(_apply_block(register, block, user, deed) for block in batched(pks, bulk.BLOCK))


def _apply_block(register: Register, pks: Iterable[int], user: User, deed: _Deed) -> int:
    found = list(register.rows(user).filter(pk__in=list(pks)).select_for_update(of=("self",)))
    require_seen(found, deed.seen)
    moved = [(record, before) for record in found if (before := bulk.values_of(record)) and deed.step(record)]
    if bulk.suits(register.model):
        bulk.change(moved)
    else:
        for record, _ in moved:
            record.save()
    trail.record_many(deed.action, (record for record, _ in moved), reason=deed.reason)
    return len(moved)
