"""The way of a record through review: submit, approve, return. One transaction each, rows locked, trail left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import batched

from django.db import transaction

from mofu.accounts import trail
from mofu.accounts.models import User
from mofu.registers import bulk
from mofu.registers.records import ReviewedRecord
from mofu.registers.register import Register

Step = Callable[[ReviewedRecord], bool]


def submit(register: Register, pks: Iterable[int], user: User) -> int:
    """Hand in the drafts and returned records among ``pks``; return how many."""

    def step(record: ReviewedRecord) -> bool:
        if record.can_be_submitted:
            record.submit(user)
            return True
        return False

    return _apply(register, pks, user, step, trail.Action.SUBMITTED)


def approve(register: Register, pks: Iterable[int], user: User) -> int:
    """Approve the pending records among ``pks``; return how many."""

    def step(record: ReviewedRecord) -> bool:
        if record.is_pending:
            record.approve(user)
            return True
        return False

    return _apply(register, pks, user, step, trail.Action.APPROVED)


def send_back(register: Register, pks: Iterable[int], user: User, reason: str) -> int:
    """Return the pending or approved records among ``pks`` with a reason; return how many."""

    def step(record: ReviewedRecord) -> bool:
        if not record.can_be_submitted:
            record.send_back(user, reason)
            return True
        return False

    return _apply(register, pks, user, step, trail.Action.RETURNED, reason=reason)


def _apply(
    register: Register, pks: Iterable[int], user: User, step: Step, action: trail.Action, reason: str = ""
) -> int:
    with transaction.atomic():
        return sum(
            _apply_block(register, block, user, step, action, reason) for block in batched(pks, bulk.BLOCK)
        )


def _apply_block(
    register: Register, pks: Iterable[int], user: User, step: Step, action: trail.Action, reason: str
) -> int:
    found = register.rows(user).filter(pk__in=list(pks)).select_for_update(of=("self",))
    moved = [(record, before) for record in found if (before := bulk.values_of(record)) and step(record)]
    if bulk.suits(register.model):
        bulk.change(moved)
    else:
        for record, _ in moved:
            record.save()
    trail.record_many(action, (record for record, _ in moved), reason=reason)
    return len(moved)
