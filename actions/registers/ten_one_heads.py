"""What the ten ones are called at the head of a column: in full, shortened, by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from actions.models import TenOneItem
from mofu.registers.sheets.cells import text_of
from mofu.registers.sheets.reading import Cell
from mofu.registers.sheets.texts import head_key, without_brackets

FEWEST = 3  # items that a header has to name
CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_SHORT: Mapping[int, tuple[str, ...]] = {
    1: ("参加学历提升", "学历提升", "提升学历", "学历教育"),
    2: ("参加技能竞赛", "技能竞赛", "技能比赛", "劳动竞赛", "劳动和技能竞赛", "参加竞赛", "竞赛"),
    3: ("参加技术培训", "技术培训", "技能培训", "参加培训", "培训"),
    4: ("参加五小活动", "五小活动", "五小创新", "五小"),
    5: ("听劳模宣讲", "劳模宣讲", "听一场劳模宣讲", "聆听劳模宣讲", "听宣讲", "宣讲"),
    6: ("拜名师", "拜师", "拜师学艺", "拜一名师", "拜一位名师", "拜一个师傅", "名师"),
    7: ("学技术", "学一项技术", "学一门技能", "学技能"),
    8: ("开展技术攻关", "技术攻关", "参加技术攻关", "开展攻关", "攻关"),
    9: ("写生产日记", "生产日记", "写日记", "日记"),
    10: ("制岗位提升计划", "制定岗位提升计划", "制定一个岗位提升计划", "制订岗位提升计划", "岗位提升计划", "提升计划"),
}  # fmt: skip
_ENDS = ("", "情况", "时间", "日期", "完成时间", "完成日期", "人数", "参加人数")


def synonyms(item: TenOneItem) -> tuple[str, ...]:
    """Return what a column about an item may be called besides its full name."""
    return _synonyms(item.number, item.name)


@lru_cache(maxsize=100)
def _synonyms(number: int, name: str) -> tuple[str, ...]:
    names = (name, *_SHORT.get(number, ()))
    marks = _numbers(number)
    between = ("", ".", "、", " ", "：", "）")
    numbered = (f"{mark}{sign}{word}" for mark in marks for sign in between for word in names)
    ended = (f"{word}{end}" for word in names for end in _ENDS)
    return tuple(dict.fromkeys((*ended, *numbered, *marks, f"{marks[0]}.", f"{marks[1]}、")))


def _numbers(number: int) -> tuple[str, ...]:
    """Return the ways to write an item's number."""
    word = CHINESE[number - 1]
    return (
        str(number), word, _CIRCLED[number - 1], f"({number})", f"（{word}）", f"第{number}项", f"第{word}项",
        f"项目{number}", f"项目{word}", f"第{word}", f"第{number}个一", f"第{word}个一", f"其{word}",
    )  # fmt: skip


def named_in(cells: Sequence[Cell], items: Sequence[TenOneItem]) -> set[int]:
    """Return the numbers of the items that a row of a sheet names as heads.

    Bare numbers count only as a run that begins with the first and ends before an eleventh: months and days are none.
    """
    known, bare = _known(tuple((item.number, item.name) for item in items))
    keys = [head_key(text_of(cell)) for cell in cells]
    found = {known[key] for key in keys if key in known}
    found |= {known[without_brackets(key)] for key in keys if without_brackets(key) in known}
    return found | _run([bare.get(key, 0) for key in keys], keys)


def _run(numbers: Sequence[int], keys: Sequence[str]) -> set[int]:
    if 1 not in numbers or {"11", "十一"} & set(keys):
        return set()
    start = numbers.index(1)
    run = [number for at, number in enumerate(numbers[start:]) if number == at + 1]
    return set(run)


@lru_cache(maxsize=10)
def _known(items: tuple[tuple[int, str], ...]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the items by the keys of their heads: those that say something, and bare numbers."""
    bare = {head_key(mark): number for number, _ in items for mark in _numbers(number)[:2]}
    named = {
        key: number
        for number, name in items
        for word in (name, *_synonyms(number, name))
        if (key := head_key(word)) and key not in bare
    }
    return named, bare
