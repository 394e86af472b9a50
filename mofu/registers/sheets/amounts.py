"""Numbers as people write them: with a unit of money, a multiplier or a counting word; anything else is refused."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from mofu.registers.sheets.cells import CellProblem, text_of
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.texts import squeezed

_AMOUNT = re.compile(r"^([-+]?[\d,]*\.?\d+)\s*([^\d.]{0,8})$")
_MULTIPLIERS = {
    "": 1, "十": 10, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_CLEAR_IN_YUAN = 10**4  # from here on a multiplier without 元 means 元 in a column of 万元, too
_MONEY = {"元", "块", "块钱", "圆", "元整", "元人民币", "人民币"}
_COUNTED = {
    "人", "名", "位", "人次", "人数", "个", "次", "场", "场次", "项", "件", "家", "户", "条", "篇", "期", "批", "本", "册",
    "份", "台", "套", "年", "岁", "级", "天", "小时", "学时", "课时", "分", "分钟", "平方米", "平米", "㎡", "m²",
}  # fmt: skip
_HEAD_UNIT = re.compile(r"[（(](?:单位[:：]?|人民币|RMB)*([^（）()]*)[)）]", re.IGNORECASE)
_FOREIGN = re.compile(r"[美欧日港澳台加韩]元|英镑|[$€£]|USD|EUR|HKD|JPY")


def amount(cell: Cell, unit: str = "", *, written: str = "") -> Decimal:
    """Return a number; ``unit`` is that of the field (“万元”, “元” or nothing), amounts in others are converted.

    ``written`` is the unit of money that the file's header names; it counts where the cell itself names none.
    Raises :class:`CellProblem`.
    """
    if isinstance(cell, bool):
        raise CellProblem("这里应填写数字。")
    if isinstance(cell, (int, float)):
        return Decimal(str(cell)) * _converted(written, unit)
    match = _AMOUNT.match(squeezed(text_of(cell)))
    if match is None:
        raise CellProblem(f"“{text_of(cell)}”不是数字，请只填写数字。")
    try:
        value = Decimal(match[1].replace(",", ""))
    except InvalidOperation as error:
        raise CellProblem(f"“{text_of(cell)}”不是数字，请只填写数字。") from error
    factor = _factor(match[2], unit) if match[2] else _converted(written, unit)
    if factor is None:
        wanted = f"以{unit}为单位的数字" if unit else "数字"
        raise CellProblem(f"“{text_of(cell)}”中的“{match[2]}”无法确定含义，请只填写{wanted}。")
    return value * factor


def header_unit(label: str) -> str:
    """Return the unit of money that a header names (“元”, “千元”, “万元”…), else nothing.

    Raises :class:`CellProblem` for money that cannot be converted.
    """
    if _FOREIGN.search(label):
        raise CellProblem(f"列名“{label}”中的货币单位无法换算，请换算成人民币，并把列名改为“元”或“万元”。")
    for inner in (found.strip() for found in _HEAD_UNIT.findall(label)):
        bare = inner.removesuffix("元")
        if bare in _MULTIPLIERS and inner:
            return f"{bare}元"
    return "万元" if "万元" in label else ""


def _converted(written: str, unit: str) -> Decimal:
    """Return what turns the header's unit into the field's; 1 where one of them is not money."""
    if not written or not unit:
        return Decimal(1)
    return _yuan(written) / _yuan(unit)


def _factor(suffix: str, unit: str) -> Decimal | None:
    """Return by what a number is multiplied, None where the suffix is not understood or could mean two things."""
    multiplier = next(name for name in sorted(_MULTIPLIERS, key=len, reverse=True) if suffix.startswith(name))
    rest, times = suffix.removeprefix(multiplier), _MULTIPLIERS[multiplier]
    if rest in _MONEY:
        return Decimal(times) / _yuan(unit or "元")
    if unit and not rest:
        return Decimal(times) / _yuan(unit) if unit == "元" or times >= _CLEAR_IN_YUAN else None
    return Decimal(times) if not unit and (not rest or rest in _COUNTED) else None


def _yuan(unit: str) -> Decimal:
    return Decimal(_MULTIPLIERS[unit.removesuffix("元")])
