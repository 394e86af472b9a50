"""The version of an import template: a short sum over its columns tells whether it is still the current one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.columns import SheetColumn
from mofu.registers.sheets.reading import Sheet

GUIDE_SHEET, VERSION_LABEL = "填表说明", "模板版本"


def columns_sum(columns: Sequence[SheetColumn]) -> str:
    """Return six characters that change when the columns of the template do."""
    heads = "|".join(f"{column.label}{column.required}" for column in columns if not column.shown)
    return hashlib.sha256(heads.encode()).hexdigest()[:6]


def version_in(sheets: Sequence[Sheet]) -> str:
    """Return the version that a workbook's guide sheet names, empty where it is no template of ours."""
    for sheet in sheets:
        if sheet.name == GUIDE_SHEET:
            for _, cells in sheet.rows:
                if text_of(cells[0]) == VERSION_LABEL and len(cells) > 1:
                    return text_of(cells[1])
    return ""


def note_on(version: str, columns: Sequence[SheetColumn]) -> str:
    """Return what the user is told about an older template, empty for the current one and for other files."""
    made, _, found = version.partition("-")
    if not version or columns_sum(columns) in found.split("-"):  # a template has a sum for each of its shapes
        return ""
    return f"文件用的是旧版导入模板（{made} 版），已按列名读取；下次请下载新模板填写。"
