"""The sample roster gives what its README says."""
from __future__ import annotations

from datetime import date

import pytest

from actions.reference import load_reference
from mofu.accounts.models import Organization
from mofu.registers.register import REGISTERS
from mofu.registers.sheets.checking import Checker
from mofu.registers.sheets.reading import read


@pytest.mark.django_db
def test_try(settings, cast):
    load_reference(date(2026, 11, 22))
    path = settings.BASE_DIR / "tests/data/劳模花名册.xlsx"
    sheets = read(path.name, path.read_bytes())
    checker = Checker(REGISTERS["laureates"], cast.county, sheets)
    for r in checker.rows():
        print(r.row, r.serial, r.status, r.label, [f"{p.column}:{p.message}" for p in r.problems], r.notes, [s.status for s in r.sides], r.shown[:8])
    print(checker.layout.left_out, checker.layout.unknown, checker.layout.notes, checker.layout.reporting_unit)
    print([q.as_json() for q in checker.units.questions.values()])
    assert 0
