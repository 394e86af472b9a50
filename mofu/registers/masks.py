"""How personal numbers stand where they are not shown in full: one home for every style that is shown or exported."""

from __future__ import annotations

from django.db import models

ON_FILE = "（已登记）"  # stands for a text
SHORTEST = 8  # characters; of a shorter number nothing is shown
ALTERED_MASK = f"其中有“*”或“{ON_FILE}”，不是完整的内容：不改就保持原样，要改请全部重新填写。"


class MaskStyle(models.TextChoices):
    """How personal numbers stand in a file; upper offices ask for different ones (facts.md D.3).

    Pages show them ``STRICT``: of an ID number so little that birth date and sex beside it do not tell the rest.
    """

    STRICT = "strict", "只留首尾：320999***********4、138****5678（与页面一致）"
    TAIL = "tail", "隐去末段：3209991975********、1380013****"
    MIDDLE = "middle", "隐去中段：320999********1234、138****5678（须填写用途）"
    LAST_FOUR = "last4", "只留后四位：**************1234、*******5678（须填写用途）"

    @property
    def title(self) -> str:
        """The name of the style, without the examples."""
        return str(self.label).partition("：")[0]


# With the birth date, which stands in the same lists, the whole ID number can be worked out: given like the number itself.
TELLING = frozenset({MaskStyle.MIDDLE, MaskStyle.LAST_FOUR})

# How many characters at the beginning and at the end stay, by kind of number and style; the length they are meant for.
_ID_NUMBER = {
    MaskStyle.STRICT: (6, 1), MaskStyle.TAIL: (10, 0), MaskStyle.MIDDLE: (6, 4), MaskStyle.LAST_FOUR: (0, 4),
}  # fmt: skip
_PHONE = {
    MaskStyle.STRICT: (3, 4), MaskStyle.TAIL: (7, 0), MaskStyle.MIDDLE: (3, 4), MaskStyle.LAST_FOUR: (0, 4),
}  # fmt: skip
_ACCOUNT = {
    MaskStyle.STRICT: (6, 4), MaskStyle.TAIL: (6, 0), MaskStyle.MIDDLE: (6, 4), MaskStyle.LAST_FOUR: (0, 4),
}  # fmt: skip
_KINDS = {"id_number": (_ID_NUMBER, 18), "phone": (_PHONE, 11), "account": (_ACCOUNT, 16)}


def mask(name: str, value: str, style: str = MaskStyle.STRICT) -> str:
    """Return the value of the field ``name`` hidden in a style, texts altogether; empty for none."""
    kind = next((kind for kind in _KINDS if kind in name), None)
    if not value:
        return ""
    if kind is None:
        return ON_FILE
    kept, length = _KINDS[kind]
    return _hidden(value, *kept[MaskStyle(style)], usual=length)


def _hidden(value: str, first: int, last: int, *, usual: int) -> str:
    """Return a number with its two ends; of one shorter than ``usual`` at most half."""
    if len(value) < SHORTEST:
        return "****"
    if len(value) < usual:
        first, last = (0, 4) if last else (4, 0)
    return value[:first] + "*" * (len(value) - first - last) + value[len(value) - last :]


def masks(name: str, value: str) -> set[str]:
    """Return every way in which the number may stand in a file of ours; nothing for no number."""
    return {mask(name, value, style) for style in MaskStyle} if value else set()


def is_masked(value: str) -> bool:
    """Whether a text typed or imported holds a piece of a mask, so that it cannot be what is meant."""
    return ON_FILE in value or "*" in value or "＊" in value
