"""One cell: from what people really type to what the register's form takes, or a message that says what is wrong."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from mofu.registers.partial_dates import PartialDate
from mofu.registers.sheets.reading import Broken, Cell
from mofu.registers.sheets.texts import half_width, squeezed, visible


class CellProblem(Exception):  # noqa: N818 - the cell is wrong, the program has not erred
    """A cell cannot be taken; the message says why and what to write instead."""


DATE_ADVICE = "请写成 2024、2024.6、2024-06-22 或 2024年6月22日这样的日期。"
LOST_DIGITS = (
    "号码被 Excel 存成了数值，只保留15位有效数字，末几位已丢失，无法还原。"
    "请先把该列单元格格式设为“文本”，再重新填写完整的18位号码。"
)
_YES = {"是", "√", "✓", "✔", "v", "y", "yes", "true", "1", "有", "对", "☑", "已", "o", "○"}
_NO = {"否", "×", "✗", "✘", "x", "n", "no", "false", "0", "无", "没有", "不是", "☐", "-", "—", "/"}
_EMPTY = {"", "无", "暂无", "-", "--", "—", "——", "/", "\\", "不详", "未知", "n/a", "#n/a"}
LONGEST_EMPTY = 30  # characters, blanks included, of a cell that may still say nothing
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SERIAL = range(10_000, 80_000)  # days since 1899-12-30: 1927 to 2119
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a fraction, dates in ISO form."""
    if cell.__class__ is str:
        return visible(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute) else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return visible(str(cell))


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: blank, or one of the signs people put where nothing is known."""
    if not isinstance(cell, str):
        return cell is None
    if cell.isalnum():  # no blank, no sign
        return cell.lower() in _EMPTY
    return len(cell) < LONGEST_EMPTY and squeezed(cell).lower() in _EMPTY


def says_no(cell: Cell) -> bool:
    """Whether a cell means “no” in a column of yes and no, also by a sign that means nothing elsewhere."""
    return isinstance(cell, str) and squeezed(cell).lower() in _NO


def must_have_value(cell: Cell) -> None:
    """Refuse an Excel error and a formula that was never computed; ``#N/A`` counts as empty, see :func:`is_empty`."""
    if isinstance(cell, Broken):
        raise CellProblem(cell.advice)


def number_text(cell: Cell) -> str:
    """Return an ID or phone number as text; refuse one that was stored as a number and lost its last digits."""
    if isinstance(cell, (int, float)) and abs(cell) >= 10**15:
        raise CellProblem(LOST_DIGITS)
    text = squeezed(text_of(cell)).lstrip("'`‘’")
    if not text.isdigit() and re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text):
        raise CellProblem(LOST_DIGITS)
    return text


def partial_date(cell: Cell, *, month_only: bool = False) -> PartialDate:
    """Return a date with the precision that was written.

    ``month_only`` says that the column asks for year and month: a real date cell on the first of a month, which is
    what Excel makes of ``1975/6``, then means the month. Raises :class:`CellProblem`.
    """
    if isinstance(cell, (date, datetime)):
        return _of_day(cell, month_only=month_only)
    text = cell if isinstance(cell, str) and _ISO.fullmatch(cell) else _date_text(cell)
    if text.isdigit() and len(text) == 5 and int(text) in _SERIAL:
        return _of_day(date(1899, 12, 30) + timedelta(days=int(text)), month_only=month_only)
    if re.fullmatch(r"(19|20)\d{4}(\d\d)?", text):
        text = "-".join(filter(None, (text[:4], text[4:6], text[6:])))
    try:
        found = PartialDate.parse(text)
    except ValueError:
        raise CellProblem(f"“{text_of(cell)}”不是能识别的日期，{DATE_ADVICE}") from None
    if not 1850 <= found.year <= 2150:
        raise CellProblem(f"“{text_of(cell)}”的年份不正确，{DATE_ADVICE}")
    return found


def _of_day(day: date, *, month_only: bool) -> PartialDate:
    shape = "%Y-%m" if month_only and day.day == 1 else "%Y-%m-%d"
    return PartialDate(day.strftime(shape))


def _date_text(cell: Cell) -> str:
    text = squeezed(text_of(cell)) if not isinstance(cell, str) else half_width(cell)
    text = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", text)
    text = re.sub(r"(日|号)?(起|止|生|出生)?$", lambda found: "日" if found[1] else "", "".join(text.split()))
    text = _from_chinese(text) if re.search(r"[〇零一二三四五六七八九十]", text) else text
    return text.replace("—", "-").replace("、", ".").replace("。", ".").replace("\\", "/").rstrip(".-/")


def _from_chinese(text: str) -> str:
    """Return ``二〇二四年六月二十二日`` in digits."""
    text = re.sub(r"([一二三])?十([一二三四五六七八九])?", lambda m: f"{m[1] or '一'}{m[2] or '〇'}", text)
    return text.translate(_CHINESE_DIGITS)


def full_date(cell: Cell) -> str:
    """Return an ISO date; a year or a month alone is not enough here."""
    found = partial_date(cell)
    if len(found) < 10:
        raise CellProblem(f"“{text_of(cell)}”请填写到日，例如 2024-06-22。")
    return str(found)


def yes_or_no(cell: Cell) -> bool:
    """Return what a tick, a cross or a word means."""
    text = squeezed(text_of(cell)).lower()
    if text in _YES:
        return True
    if text in _NO or not text:
        return False
    raise CellProblem(f"“{text_of(cell)}”不能识别为“是”或“否”，请填写 是、否、√ 或留空。")


def year(cell: Cell) -> str:
    """Return a year: ``2024``, ``2024年``, or the year of a date."""
    if isinstance(cell, (date, datetime)):
        return str(cell.year)
    found = re.fullmatch(r"(\d{4})(?:年度?)?", squeezed(text_of(cell)))
    if not found:
        raise CellProblem(f"“{text_of(cell)}”不是年份，请填写四位数字，例如 2024。")
    return found[1]


def choice(cell: Cell, choices: list[tuple[Any, str]]) -> Any:
    """Return the value behind a label; labels may be shortened as far as they stay clear."""
    text = squeezed(text_of(cell))
    labels = {squeezed(str(label)): value for value, label in choices if value not in ("", None)}
    if text in labels:
        return labels[text]
    for value in labels.values():
        if text == str(value):
            return value
    bare = {re.sub(r"\(.*?\)|[“”\"]", "", label): value for label, value in labels.items()}
    wanted = re.sub(r"[“”\"]", "", text)
    if wanted in bare:
        return bare[wanted]
    for fits in (str.startswith, str.__contains__):
        found = {value for label, value in labels.items() if fits(label, wanted)}
        if len(found) == 1:
            return found.pop()
    names = "、".join(str(label) for value, label in choices if value not in ("", None))
    raise CellProblem(f"没有“{text_of(cell)}”这一项，可填：{names[:300]}。")
