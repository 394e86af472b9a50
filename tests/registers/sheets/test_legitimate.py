"""Ugly but honest tables: each is read with the expected header, rows, values and notes."""

from __future__ import annotations

import pytest

from mofu.registers.register import REGISTERS
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import columns_of, form_for
from mofu.registers.sheets.heads import understand
from mofu.registers.sheets.reading import read
from tests.workbooks.legitimate import CASES


def understood(case, user):
    register = REGISTERS[case.slug]
    columns = columns_of(register, form_for(register, user), user)
    return understand(read(case.name, case.build()), columns, **case.options)


@pytest.mark.parametrize("kind", list(CASES))
def test_honest_files_are_read_as_they_are_meant(kind, cast):
    case = CASES[kind]
    layout = understood(case, cast.city)
    labels = {column.label: index for index, column in layout.columns.items()}
    found = [
        {label: text_of(cells[labels[label]]) if label in labels else None for label in wanted}
        for (_, cells), wanted in zip(layout.records, case.rows, strict=True)
    ]
    assert found == case.rows
    assert layout.header_row == case.header_row
    assert layout.unknown == case.unknown
    assert [(row.row, row.reason) for row in layout.left_out] == case.left_out
    for words in case.notes:
        assert any(words in note for note in layout.notes), layout.notes
    assert all(len(cells) == len(layout.header) for _, cells in layout.records)


def test_the_corpus_is_large_and_varied():
    assert len(CASES) >= 40
    assert len({case.slug for case in CASES.values()}) >= 8
