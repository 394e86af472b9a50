"""A register as a workbook in the conventions of a 台账: for the list page and for the command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import models

from mofu.documents.ledger import Ledger, LedgerColumn
from mofu.registers import tables
from mofu.registers.columns import Column
from mofu.registers.register import Register


def ledger_of(
    register: Register,
    rows: models.QuerySet,
    columns: Sequence[Column],
    *,
    unit: str,
    on: date,
    filters: str = "",
) -> Ledger:
    """Return the sheet with the given rows and columns, read while it is written."""
    return Ledger(
        title=f"{register.title}台账",
        columns=[LedgerColumn(column.label, column.kind, column.width, column.total) for column in columns],
        rows=tables.stream(register, rows, columns),
        unit=unit,
        date=on,
        filters=filters,
        totals=any(column.total for column in columns),
        sheet_name=register.title,
    )
