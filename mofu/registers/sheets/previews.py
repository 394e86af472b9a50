"""What a check found, kept for the preview pages: rows by what becomes of them, a page at a time.

A preview of a hundred thousand rows cannot be checked anew for every page somebody opens, so it is kept as a zip of
JSON parts, sealed with the import's other files.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from io import BytesIO
from itertools import batched
from typing import Any

from mofu.registers.sheets.binding import target
from mofu.registers.sheets.committing import Outcome
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION, SAME, SKIPPED, RowResult
from mofu.registers.sheets.units import Question

PAGE = 50  # rows, or questions about units, on a page of the preview
MOST = 2000  # rows of one kind that are kept to look at; all wrong and open ones are kept
NOTED, ASKED = "noted", "asked"
KINDS = (ERROR, QUESTION, CHANGED, NEW, NOTED, SAME, SKIPPED)


@dataclass
class Preview:
    """A kept preview: ``summary`` is read whole, rows by page."""

    content: bytes
    summary: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.summary = self._part("summary")

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by what becomes of them."""
        return self.summary["counts"]

    def pages(self, kind: str) -> int:
        """Return how many pages of rows of a kind are kept."""
        return -(-self.summary["kept"].get(kind, 0) // PAGE)

    def rows(self, kind: str, page: int) -> list[dict[str, Any]]:
        """Return one page of rows, the first page being 1."""
        return self._part(f"{kind}-{page}") if 1 <= page <= self.pages(kind) else []

    def questions(self, page: int) -> list[dict[str, Any]]:
        """Return one page of the questions about unknown units, the undecided ones first."""
        return self._part(f"{ASKED}-{page}") if 1 <= page <= -(-self.summary["questions"] // PAGE) else []

    def _part(self, name: str) -> Any:
        with zipfile.ZipFile(BytesIO(self.content)) as parts:
            return json.loads(parts.read(f"{name}.json"))


def packed(outcome: Outcome, answers: str) -> bytes:
    """Return a check's outcome as a file for :class:`Preview`; ``answers`` are those it followed, as JSON."""
    kinds = {kind: [row for row in outcome.rows if row.status == kind] for kind in KINDS}
    kinds[NOTED] = [row for row in outcome.rows if row.notes]
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        kept = {kind: _write(parts, kind, rows) for kind, rows in kinds.items()}
        _write_questions(parts, outcome.questions)
        parts.writestr(
            "summary.json", json.dumps(_summary(outcome, kept) | {"answers": answers}, ensure_ascii=False)
        )
    return out.getvalue()


def _write(parts: zipfile.ZipFile, kind: str, rows: list[RowResult]) -> int:
    """Write the rows of a kind page by page; return how many are kept."""
    kept = rows if kind in (ERROR, QUESTION) else rows[:MOST]  # fewer than checking.MOST_SHOWN
    for number, block in enumerate(batched(kept, PAGE), start=1):
        parts.writestr(f"{kind}-{number}.json", json.dumps([_row(row) for row in block], ensure_ascii=False))
    return len(kept)


def _write_questions(parts: zipfile.ZipFile, questions: list[Question]) -> None:
    found = sorted(questions, key=lambda question: bool(question.decision))
    for number, block in enumerate(batched(found, PAGE), start=1):
        words = json.dumps([_question(question) for question in block], ensure_ascii=False)
        parts.writestr(f"{ASKED}-{number}.json", words)


def _summary(outcome: Outcome, kept: dict[str, int]) -> dict[str, Any]:
    layout = outcome.layout
    return {
        "counts": outcome.counts | {NOTED: sum(bool(row.notes) for row in outcome.rows)},
        "kept": kept,
        "digest": outcome.digest,
        "columns": [column.label for column in outcome.columns],
        "fields": [[target(column), column.label] for column in outcome.known if not column.shown],
        "questions": len(outcome.questions),
        "undecided": sum(not question.decision for question in outcome.questions),
        "unknown": [list(column) for column in layout.unknown_columns],
        "dropped": layout.dropped,
        "sheets": [list(sheet) for sheet in layout.sheets],
        "sheet": layout.sheet.name,
        "beside": bool(outcome.beside),
        "notes": [*_beside(outcome), *layout.notes],
        "left_out": [[row.row, row.reason, row.text] for row in layout.left_out],
    }


def _beside(outcome: Outcome) -> list[str]:
    """Return in words what rows carry beside their own records."""
    words = "、".join(f"{title} {count} 条" for title, count in outcome.beside.items())
    return [f"导入后将新增{words}。"] if words else []


def _question(question: Question) -> dict[str, Any]:
    return {
        "text": question.text,
        "parent": str(question.parent),
        "kind": question.kind_label,
        "rows": question.rows[:20],
        "count": len(question.rows),
        "decision": question.decision,
        "bar": question.bar,
        "mapped": question.mapped,
        "mapped_unit": question.mapped_unit,
    }


def _row(row: RowResult) -> dict[str, Any]:
    added = _added(row)
    return {
        "row": row.row,
        "serial": row.serial,
        "status": row.status,
        "label": row.label,
        "shown": row.shown,
        "notes": row.notes,
        "problems": [asdict(problem) for problem in row.problems],
        "changes": [asdict(change) for change in row.changes],
        "sides": [_words(title, names) for title, names in added.items()],
        "adds": "、".join(f"{title} {len(names)} 条" for title, names in added.items()),
        "record": row.record_pk,
    }


def _added(row: RowResult) -> dict[str, list[str]]:
    """Return the new records that a row carries beside its own: their names by the title of their register."""
    found: dict[str, list[str]] = defaultdict(list)
    for side in row.sides:
        if side.title and side.status == NEW:
            title, _, name = side.title.partition("：")
            found[title].append(name)
    return found


def _words(title: str, names: list[str]) -> str:
    """Return in words what is added to one register."""
    return f"{title}：{names[0]}" if len(names) == 1 else f"{title} {len(names)} 条：{'、'.join(names)}"
