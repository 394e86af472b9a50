"""The whole of an import: a check that writes nothing, and the commit that writes all accepted rows or none."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction

from mofu.accounts import trail
from mofu.accounts.models import Organization, User
from mofu.registers.register import Register
from mofu.registers.sheets import units
from mofu.registers.sheets.answers import Answers
from mofu.registers.sheets.carrying import checker_for
from mofu.registers.sheets.checking import Checker
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.reading import Sheet, SheetRefused
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION, SAME, SKIPPED, RowResult
from mofu.registers.sheets.units import Question
from mofu.registers.sheets.writing import Stale, Writer, Written

OTHERWISE = "核对之后数据有了变化，导入的结果会与核对页不同。没有写入任何数据，请重新核对后再导入。"
Progress = Callable[[int, int, str], None]  # done, total, what is being done


@dataclass
class Outcome:
    """What an import does, or has done: rows in the order of the file, questions, what was left out."""

    layout: Layout
    columns: list[SheetColumn]
    known: list[SheetColumn]  # all that the file could have had
    rows: list[RowResult] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    written: Written = field(default_factory=Written)

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows in all and by what becomes of them."""
        found = Counter(row.status for row in self.rows)
        return {
            "rows": len(self.rows),
            "new": found[NEW],
            "changed": found[CHANGED],
            "same": found[SAME],
            "questions": found[QUESTION],
            "errors": found[ERROR],
            "skipped": found[SKIPPED],
        }

    @property
    def digest(self) -> str:
        """What becomes of every row, as a short text: equal for two checks with the same result."""
        found = hashlib.sha256()
        for row in self.rows:
            changes = [(change.label, change.old, change.new) for change in row.changes]
            found.update(repr((row.row, row.status, changes, [side.status for side in row.sides])).encode())
        return found.hexdigest()

    @property
    def beside(self) -> dict[str, int]:
        """Number of new records that rows carry beside their own, by the title of their register."""
        titles = (side.title.partition("：")[0] for row in self.rows if row.accepted for side in row.sides
                  if side.status == NEW)  # fmt: skip
        return dict(Counter(titles))

    def having(self, status: str) -> list[RowResult]:
        """Return the rows of one status."""
        return [row for row in self.rows if row.status == status]

    @property
    def refused(self) -> list[RowResult]:
        """The rows that are not taken: wrong, undecided or skipped."""
        return [row for row in self.rows if not row.accepted]

    def as_json(self) -> dict[str, Any]:
        """Return the report of the command: the counts, with questions and errors spelled out."""
        return {
            **self.counts,
            "beside": self.beside,
            "questions": [question.as_json() for question in self.questions],
            "errors": [problem.as_json() for row in self.rows for problem in row.problems],
            "question_rows": self.counts["questions"],
            "error_rows": self.counts["errors"],
            "notes": [
                {"row": row.row, "serial": row.serial, "message": note}
                for row in self.rows
                for note in row.notes
            ],
            "left_out": [
                {"row": row.row, "reason": row.reason, "text": row.text} for row in self.layout.left_out
            ],
            "unknown_columns": self.layout.unknown,
        }


def _nobody_watches(_done: int, _total: int, _words: str) -> None:
    """Report to nobody."""


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Keep Python from looking for garbage meanwhile: with so many live records each look costs more than the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_collecting()
def preview(
    register: Register,
    user: User,
    sheets: list[Sheet],
    answers: Answers | None = None,
    progress: Progress = _nobody_watches,
) -> Outcome:
    """Return what committing would do; nothing is written. Raises SheetRefused."""
    return _check(checker_for(register, user, sheets, answers), progress, keep_work=False)


@_no_collecting()
def commit(
    register: Register,
    user: User,
    sheets: list[Sheet],
    answers: Answers | None = None,
    *,
    submit: bool = False,
    progress: Progress = _nobody_watches,
    finish: Callable[[Outcome], None] = lambda _outcome: None,
    expected: str = "",
    reason: str = "",
) -> Outcome:
    """Write all accepted rows in one transaction, with what ``finish`` writes, and return what was done.

    The rows are checked before anything is locked, because that takes longest. Imports then wait for one another (the
    city's own row is locked); if anything was written in between, the rows are checked once more under the lock:
    two overlapping files cannot both add the same person. ``expected`` is the :attr:`Outcome.digest` that the user has
    agreed to: another result is not written. ``reason`` stands on the trail. Raises SheetRefused, then nothing was written.
    """
    mark = trail.last_entry()
    outcome = _checked(register, user, sheets, answers, progress)
    try:
        with transaction.atomic():
            take_turn()
            if trail.altered_since(mark):  # every write leaves an entry
                outcome = _checked(register, user, sheets, answers, progress)
            if expected and outcome.digest != expected:
                raise SheetRefused(OTHERWISE)
            made = units.create(outcome.questions, _needed_units(outcome.rows))
            writer = Writer(
                user, submit=submit, step=lambda done, total: progress(done, total, "正在写入"), reason=reason
            )
            outcome.written = writer.write(outcome.rows, made)
            finish(outcome)
    except (IntegrityError, Stale) as error:
        raise SheetRefused("导入时数据与别处刚保存的记录冲突，全部没有写入。请重新核对后再导入。") from error
    for row in outcome.rows:
        row.forget_work()
    return outcome


def _checked(
    register: Register, user: User, sheets: list[Sheet], answers: Answers | None, progress: Progress
) -> Outcome:
    return _check(checker_for(register, user, sheets, answers, shows=0), progress, keep_work=True)


def _check(checker: Checker, progress: Progress, *, keep_work: bool) -> Outcome:
    outcome = Outcome(checker.layout, checker.layout.read_columns, checker.columns)
    for block in checker.blocks():
        for row in block:
            if not keep_work:
                row.forget_work()
        outcome.rows += block
        progress(len(outcome.rows), checker.total, "正在核对")
    outcome.rows.sort(key=attrgetter("row"))
    outcome.questions = list(checker.units.questions.values())
    return outcome


def _needed_units(rows: Iterable[RowResult]) -> set[int]:
    """Return which stand-ins of units (by ``id()``) the accepted rows point to."""
    works = (work for row in rows if row.accepted for work in (row.work, *row.sides) if work is not None)
    return {id(pending.unit) for work in works for pending in work.made.pending.values()}


def take_turn() -> None:
    """Wait until no other import or undo is being written: they lock the city's own row."""
    roots = Organization.objects.unscoped("imports take turns by locking the city's own row").filter(
        parent=None
    )
    list(roots.select_for_update())
