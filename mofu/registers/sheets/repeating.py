"""Cells that repeat what the stored record shows: no change, though the user could not choose what they say.

What a user sees of a record may lie beyond what they may set: a leader, a union or a superior of another unit.
"""

from __future__ import annotations

from django.db import models

from mofu.registers.register import Register
from mofu.registers.sheets import comparing
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.results import Row
from mofu.registers.sheets.texts import squeezed
from mofu.registers.sheets.units import Units


def withdraw_repeated(register: Register, row: Row, record: models.Model, units: Units) -> bool:
    """Let those cells of a row say nothing that could not be read and show what is stored; return whether there are any."""
    same = [
        index
        for index in _doubtful(row)
        if not row.layout.columns[index].side and _shows_what_is_stored(register, row, record, index)
    ]
    for index in same:
        for question in row.withdraw(row.layout.columns[index].name, index):
            units.forget(question, row.result.row)
    return bool(same)


def _doubtful(row: Row) -> list[int]:
    """Return the places of the cells that have a problem or raise a question."""
    found = {problem.index for problem in row.result.problems if problem.index is not None}
    found |= {index for index, _ in row.unclear.values()} | {index for index, _ in row.asked.values()}
    return sorted(found)


def _shows_what_is_stored(register: Register, row: Row, record: models.Model, index: int) -> bool:
    stored = comparing.text(register, record, row.layout.columns[index].name)
    return bool(stored) and squeezed(stored) == squeezed(text_of(row.result.cells[index]))
