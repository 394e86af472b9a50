"""The year and month a sheet is about, where its rows do not say: from its title, its name, its dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from mofu.registers.sheets.cells import CellProblem, text_of
from mofu.registers.sheets.heads import Layout
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.texts import squeezed

LOOKED_AT = 5000  # rows whose dates are looked at
CHINESE_MONTHS = {
    f"{word}月": number
    for number, word in enumerate(
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], start=1
    )
}
_YEAR = re.compile(r"(?<!\d)(20[2-9]\d)(?![\d人名元个条家次项])")
_MONTH = re.compile(r"(?<![\d—–至到.-])(1[0-2]|0?[1-9])月(?:份)?(?![\d日号至到—–-])")
_SIGNED = re.compile(r"(?:填报|填表|上报|制表|报送|统计)(?:日期|时间|人).*$|(?:截至|截止).*$")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_WRITTEN_YEAR = re.compile(r"二[〇○零]([一二三四五六七八九])([〇○零一二三四五六七八九])年")
_IN_TEXT = re.compile(r"^(20\d\d)[年./-]")


def year_told(layout: Layout) -> int | None:
    """Return the year that the title or the name of a sheet tells, None where they tell none or several."""
    for text in _titles(layout):
        years = {int(found) for found in _YEAR.findall(text)}
        if len(years) == 1:
            return years.pop()
        if years:
            return None
    return None


def month_told(layout: Layout) -> int | None:
    """Return the month that the title or the name of a sheet tells."""
    for text in _titles(layout):
        months = {int(found) for found in _MONTH.findall(_month_digits(text))}
        if len(months) == 1:
            return months.pop()
        if months:
            return None
    return None


def year_of_dates(cells: Iterable[Cell]) -> int | None:
    """Return the one year that all full dates among some cells are of, None where there are none or several."""
    years: Counter[int] = Counter()
    for cell in cells:
        if isinstance(cell, date):
            years[cell.year] += 1
        elif isinstance(cell, str) and (found := _IN_TEXT.match(squeezed(cell))):
            years[int(found[1])] += 1
    return next(iter(years)) if len(years) == 1 else None


def month_in(cell: Cell) -> str:
    """Return the month of a cell: ``3``, or ``2026-03`` where the year is written as well; raise CellProblem."""
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02d}"
    text = _month_digits(squeezed(text_of(cell)))
    found = re.fullmatch(r"(?:(20\d\d)(?:年|[./-]))?(1[0-2]|0?[1-9])(?:月份?)?", text)
    if found is None:
        raise CellProblem(f"“{text_of(cell)}”不是月份，请填写 1 至 12，或 2026年3月 这样的年月。")
    return f"{found[1]}-{int(found[2]):02d}" if found[1] else str(int(found[2]))


def _titles(layout: Layout) -> Iterator[str]:
    """Yield the texts above the header from the top, then the sheet's name, without dates of filling in."""
    above = (cells for number, cells in layout.sheet.rows if number < layout.first_header_row)
    for text in [
        *(text_of(cell) for cells in above for cell in cells if cell is not None),
        layout.sheet.name,
    ]:
        plain = _SIGNED.sub("", squeezed(text)[:200])
        yield _WRITTEN_YEAR.sub(lambda found: f"20{(found[1] + found[2]).translate(_DIGITS)}年", plain)


def _month_digits(text: str) -> str:
    """Return a text with “三月” written as “3月”."""
    for word in sorted(CHINESE_MONTHS, key=len, reverse=True):
        text = text.replace(word, f"{CHINESE_MONTHS[word]}月")
    return text
