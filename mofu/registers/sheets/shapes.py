"""Other shapes of the same records: a row of a workbook that stands for several records at once.

A register names its shapes in ``Register.shapes``; each is a declaration of its own that stands on no shelf: the form
fields a row has, and the side records it carries. The usual shape, one row for one record, is the register itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

from mofu.registers.columns import Column
from mofu.registers.register import Register
from mofu.registers.sheets import versions
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.heads import GUIDE_SHEET, HEADER_WITHIN, LISTS_SHEET
from mofu.registers.sheets.leaving import EXAMPLE_MARK
from mofu.registers.sheets.reading import Cell, Sheet

TEMPLATE_HEAD = 3  # rows of a template above the first that can be filled in


class Shape(Register):
    """Base of the other shapes of a register.

    ``sheet_title`` is the name of its sheet in the template, ``guide`` what is said there about it; ``offered`` the
    fields of the row itself that the template has (others are read as well); ``derived`` heads of columns that repeat
    what others say, recognised and not read. Rows of a shape that is not ``of_records`` are no record themselves:
    what tells them apart are their own fields ``row_fields``.
    """

    sheet_title: ClassVar[str]
    guide: ClassVar[Sequence[tuple[str, str]]] = ()
    offered: ClassVar[Sequence[str]] = ()
    derived: ClassVar[Sequence[str]] = ()
    of_records: ClassVar[bool] = True
    row_fields: ClassVar[Sequence[str]] = ()

    @property
    def title(self) -> str:
        """The name of the sheet."""
        return self.sheet_title

    @cached_property
    def all_columns(self) -> dict[str, Column]:
        """The columns that are recognised and not read."""
        return {name: Column(name, label=name) for name in self.derived}

    def is_header(self, cells: Sequence[Cell]) -> bool:
        """Whether a row of a sheet is the header of this shape."""
        raise NotImplementedError

    def fits(self, sheet: Sheet) -> bool:
        """Whether a sheet is of this shape."""
        return any(self.is_header(cells) for _, cells in sheet.rows[:HEADER_WITHIN])

    def in_template(self, columns: Sequence[SheetColumn]) -> list[SheetColumn]:
        """Return the columns that the template offers."""
        return [column for column in columns if column.side or column.name in self.offered]


def chosen(register: Register, sheets: Sequence[Sheet], sheet: str = "") -> tuple[Register, list[Sheet]]:
    """Return the register, or the shape of it, in which a workbook is kept, and the sheets to look at.

    ``sheet`` is the one the user chose. Sheets of a template of ours that nobody filled in are left aside.
    """
    shapes = register.shapes()
    if not shapes:
        return register, list(sheets)
    kept = _without_blank(sheets)
    looked = [one for one in kept if one.name == sheet] if sheet else [one for one in kept if not one.hidden]
    for shape in shapes:
        if any(shape.fits(one) for one in looked):
            return shape, kept
    return register, kept


def _without_blank(sheets: Sequence[Sheet]) -> list[Sheet]:
    if not versions.version_in(sheets):
        return list(sheets)
    beside = (GUIDE_SHEET, LISTS_SHEET)
    filled = [one for one in sheets if one.name in beside or _is_filled(one)]
    return filled if any(one.name not in beside for one in filled) else list(sheets)


def _is_filled(sheet: Sheet) -> bool:
    """Whether a sheet of a template holds more than its head and its example."""
    return any(
        number > TEMPLATE_HEAD
        and any(text_of(cell) for cell in cells)
        and not text_of(cells[0]).startswith(EXAMPLE_MARK)
        for number, cells in sheet.rows
    )
