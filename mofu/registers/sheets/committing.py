"""The whole of an import: a preview that writes nothing, and the commit that writes all accepted rows or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction

from mofu.accounts.models import Organization, User
from mofu.registers.register import Register
from mofu.registers.saving import save_form
from mofu.registers.sheets import units
from mofu.registers.sheets.checking import Checker
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.reading import Sheet, SheetRefused
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION, SAME, RowResult
from mofu.registers.sheets.units import Question

Written = dict[str, dict[str, list[int]]]


@dataclass
class Outcome:
    """What an import does, or has done: rows in the order of the file, questions, what was left out."""

    layout: Layout
    columns: list[SheetColumn]
    rows: list[RowResult] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    written: Written = field(default_factory=dict)

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
        }

    def having(self, status: str) -> list[RowResult]:
        """Return the rows of one status."""
        return [row for row in self.rows if row.status == status]

    @property
    def refused(self) -> list[RowResult]:
        """The rows that are not taken: wrong, undecided or skipped."""
        return [row for row in self.rows if not row.accepted]

    def as_json(self) -> dict[str, Any]:
        """Return the report of the command: the six counts, with questions and errors spelled out."""
        return {
            **self.counts,
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


def preview(register: Register, user: User, sheets: list[Sheet], answers: dict[str, str]) -> Outcome:
    """Return what committing would do; nothing is written. Raises SheetRefused."""
    return _run(Checker(register, user, sheets, answers), _forget)


def commit(
    register: Register, user: User, sheets: list[Sheet], answers: dict[str, str], *, submit: bool = False
) -> Outcome:
    """Write all accepted rows in one transaction and return what was done.

    Rows are checked again as they are written, so that what changed since the preview is seen. Imports wait for
    one another (the city's own row is locked): two overlapping files cannot both add the same person.
    Raises SheetRefused, then nothing was written.
    """
    written: Written = {}
    try:
        with transaction.atomic():
            _wait_for_other_imports()
            asked = Checker(register, user, sheets, answers)
            questions = _ask_about_units(asked)
            _note(written, units.create(questions), NEW)
            outcome = _run(
                Checker(register, user, sheets, answers),
                lambda row: _write(row, user, written, submit=submit),
            )
    except IntegrityError as error:
        raise SheetRefused("导入时数据与别处刚保存的记录冲突，全部没有写入。请重新核对后再导入。") from error
    outcome.written = written
    return outcome


def _run(checker: Checker, each: Callable[[RowResult], None]) -> Outcome:
    outcome = Outcome(checker.layout, checker.layout.read_columns)
    for row in checker.rows():
        each(row)
        outcome.rows.append(row)
    outcome.questions = list(checker.units.questions.values())
    return outcome


def _forget(row: RowResult) -> None:
    """Drop the forms of a row that is not written: a hundred thousand of them would not fit into memory."""
    row.form = None
    for side in row.sides:
        side.form = None


def _wait_for_other_imports() -> None:
    roots = Organization.objects.unscoped("imports take turns by locking the city's own row").filter(
        parent=None
    )
    list(roots.select_for_update())


def _ask_about_units(checker: Checker) -> list[Question]:
    """Return the questions about units without checking anything else."""
    for number, cells in checker.layout.records:
        checker.parser.ask_about_units(RowResult(number, "", cells))
    return list(checker.units.questions.values())


def _write(row: RowResult, user: User, written: Written, *, submit: bool) -> None:
    """Save what a row carries; a row that was refused carries nothing."""
    if row.accepted:
        if row.form is not None:
            known = row.form.instance.pk is not None
            row.record = save_form(row.form, [], user, submit=submit)
            _note(written, [row.record], CHANGED if known else NEW)
        for side in row.sides:
            if side.form is not None:
                setattr(side.form.instance, side.side.link, row.record)
                _note(written, [save_form(side.form, [], user, submit=submit)], side.status)
    _forget(row)


def _note(written: Written, records: Iterable[models.Model], kind: str) -> None:
    for record in records:
        kinds = written.setdefault(record._meta.label_lower, {NEW: [], CHANGED: []})
        kinds[kind].append(record.pk)
