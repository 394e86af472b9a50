"""Rows below the header that are no records: totals, sign-offs, notes, page headers, examples, headings of units."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.texts import squeezed

EXAMPLE_MARK = "示例"
LONG = 200  # characters of a cell that are looked at
FEW = 4  # filled cells of a row that may be a sign-off
_TOTALS = re.compile(
    r"^(?:本页|全市|全县|全区|本表)?(?:合计|总计|小计|累计|总数|共计)(?:人数|数)?(?:[:：(（\d].*)?$|^.{1,12}(?:合计|小计|总计)$"
)
_SIGNS = re.compile(
    r"(单位负责人|负责人|分管领导|填表人|制表人?|审核人?|经办人|联系电话|填报人|联系人|填报单位|填报日期|填报时间|盖章|签字)"
    r"[)）(（\w]{0,12}[:：]"
)
_STAMP = re.compile(r"[(（](盖章|公章|签章|签字)[)）]$|^\d{4}年\d{1,2}月(\d{1,2}日)?$|^(盖章|签字)$")
_NOTES = re.compile(
    r"^(注|备注|说明|填表说明|附注|提示|要求|注意)(?:\d+)?[:：.、\d]|^(注|说明|备注)$|^\d+[.、].{20,}"
)
_PAGES = re.compile(r"^(第\d+页.*|共\d+页|以下(空白|无正文|为空).*|共\d+(人|名|项|家|条|个|场|对)[.。]?)$")
_MAY_BEGIN = set("合总小累共本全示")  # of totals and examples; all else stands in rows of few cells
_ORDINAL = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d+[、.．])\s*"
)
_COUNT = re.compile(r"[:：]$|[(（]?共?\d+(?:人|名|家|个|项)[)）]?$")
_SENTENCE = re.compile(r"[。；;，,！!？?：:]")
_UNIT = re.compile(
    r"(市|县|区|局|公司|厂|集团|医院|学校|大学|学院|中学|小学|村|镇|街道|社区|总工会|工会|委员会|管委会|研究院|研究所)$"
)


def looks_odd(front: Sequence[Cell], filled: int) -> bool:
    """Whether a row needs a closer look; a cheap test for the many that do not.

    ``front`` are its first two filled cells, ``filled`` counts them all.
    """
    if filled <= FEW:
        return True
    for cell in front:
        if isinstance(cell, str):
            text = cell.strip()
            if text[:1] in _MAY_BEGIN or text[-1:] == "计":
                return True
    return False


def reason(cells: Sequence[Cell], numbering: int | None) -> str:
    """Return why a row is no record, empty when it may be one."""
    texts = [text_of(cell) for cell in cells]
    filled = [text for index, text in enumerate(texts) if text and index != numbering]
    front = [squeezed(text[:LONG]) for text in texts if text][:2]
    if not front:
        return "空行"
    if any(_TOTALS.match(text) for text in front):
        return "合计行"
    if front[0].startswith(EXAMPLE_MARK) and numbering is not None:
        return "模板的示例行"
    if len(filled) <= FEW and any(_SIGNS.search(text) for text in front):
        return "签字栏"
    return _alone(front[0]) if sum(map(bool, texts)) == 1 else ""


def _alone(text: str) -> str:
    """Return why a row that holds nothing but this text is no record."""
    kinds = ((_STAMP.search, "签字栏"), (_NOTES.match, "说明文字"), (_PAGES.match, "页码等文字"))
    return next((reason for fits, reason in kinds if fits(text)), "")


def heading(cells: Sequence[Cell], *, merged: bool, numbering: int | None) -> str:
    """Return the name that a row of a single text gives to the rows below, empty when it is no heading.

    ``merged`` says that the text lies over several columns; else it has to end like a unit's name.
    """
    filled = [(index, cell) for index, cell in enumerate(cells) if cell is not None and text_of(cell)]
    if len(filled) != 1 or not isinstance(filled[0][1], str):
        return ""
    index, text = filled[0][0], text_of(filled[0][1])[:LONG]
    name = _COUNT.sub("", _ORDINAL.sub("", " ".join(text.split()))).strip("（()） 　")
    if not 2 <= len(name) <= 40 or name.isdigit() or _NOTES.match(squeezed(text)):
        return ""
    if _SENTENCE.search(name):
        return ""
    if merged or (index == numbering and not name.isascii()):
        return name
    return name if names_unit(name) else ""


def names_unit(text: str) -> bool:
    """Whether a text ends like the name of a unit."""
    return len(text) >= 3 and bool(_UNIT.search(text))
