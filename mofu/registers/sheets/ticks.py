"""Cells of tick sheets: a tick, a date or both say that something was done; a cross or nothing that it was not."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mofu.registers.sheets import cells
from mofu.registers.sheets.cells import CellProblem, text_of
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.texts import squeezed

TICKED = ""  # done, the day is not told
HOLLOW, FULL = {"○", "o", "〇", "◯"}, {"●", "■", "★"}
_TICKS = FULL | {
    "√", "✓", "✔", "☑", "✅", "∨", "v", "y", "yes", "ok", "true", "1", "是", "有", "对", "已", "已参加", "参加", "参加了",
    "已完成", "完成", "已开展", "已做", "合格", "通过", "达标",
}  # fmt: skip
_CROSSES = {
    "×", "✗", "✘", "✕", "❌", "x", "n", "no", "false", "0", "否", "无", "没有", "不是", "不", "未", "未参加", "没参加", "未完成",
    "未开展", "不参加", "缺席", "请假", "☐", "□", "-", "—", "/",
}  # fmt: skip
_MARK = r"[√✓✔☑✅●■★]|是|已参加|已完成|完成|参加"
_BESIDE = re.compile(rf"^(?:{_MARK})?[(（\[]?(.+?)[)）\]]?(?:{_MARK})?$")
_TIMES = re.compile(r"^([1-9]\d?)(?:次|场|项|个|篇|门|期)$")
_MONTH_DAY = re.compile(r"^(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?$")
_MONTH = re.compile(r"^(\d{1,2})月份?$")
_UNSURE = re.compile(r"^\d{1,2}\.[123]$")  # 5.1 as a number may have been typed as 5.10


def tick_or_date(cell: Cell, *, hollow_is_tick: bool = True) -> str | None:
    """Return what a cell says: None (not done), TICKED, or when: ``2026-05-03``, ``05-03`` (of the sheet's year).

    A date known less exactly comes as far as it is known: ``2026-05``, ``05``, ``2026``. ``hollow_is_tick`` says whether
    ○ is a tick here. Raises CellProblem for everything else.
    """
    text = squeezed(text_of(cell)).lower()
    if text in HOLLOW:
        return TICKED if hollow_is_tick else None
    if text in _CROSSES:
        return None
    if text in _TICKS or _TIMES.match(text):
        return TICKED
    try:
        return _date(cell, text)
    except CellProblem:
        raise CellProblem(
            f"“{text_of(cell)}”看不出是否参加：参加了请打 √ 或填日期（如 2026-05-03、5月3日），没参加请留空。"
        ) from None


def hollow_is_tick(sheet_cells: Iterable[Cell]) -> tuple[bool, bool]:
    """Return whether ○ stands for a tick among some cells, and whether there is any: beside ● it means “not done”."""
    texts = {cell.strip() for cell in sheet_cells if isinstance(cell, str) and len(cell) < len("已参加了")}
    return not texts & FULL, bool({text.lower() for text in texts} & HOLLOW)


def _date(cell: Cell, text: str) -> str:
    if not isinstance(cell, str) and not isinstance(cell, (int, float)):
        return str(cells.partial_date(cell))
    if isinstance(cell, float) and _UNSURE.match(text):
        return _month(text.partition(".")[0])
    if isinstance(cell, str):
        text = _BESIDE.sub(r"\1", text)
    if found := _MONTH_DAY.match(text):
        return f"{_month(found[1])}-{int(found[2]):02d}"
    if found := _MONTH.match(text):
        return _month(found[1])
    if text.isdecimal() and len(text) < len("2026"):
        raise CellProblem(text)
    return str(cells.partial_date(text if isinstance(cell, str) else cell))


def _month(text: str) -> str:
    if not 1 <= int(text) <= 12:
        raise CellProblem(text)
    return f"{int(text):02d}"
