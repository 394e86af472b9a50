"""Text as people type it into workbooks: full-width signs, stray blanks, invisible characters."""

from __future__ import annotations

import re
from functools import lru_cache

# Full-width ASCII to half-width; rare Chinese characters stay as they are (no Unicode normalisation of names).
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
REMEMBERED = 10_000  # texts whose tidy form is kept: most columns of a roster hold the same few
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x200F])
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
)  # no workbook can hold them
_DOTS = dict.fromkeys(map(ord, "•∙⋅・‧｡﹒"), "·")
_MARKS = re.compile(r"[*＊:：“”\"'‘’]|[（(](必填|选填|可不填)[）)]")
_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")


def printable(text: str) -> str:
    """Return the text without the control characters that no workbook can hold."""
    return _UNPRINTABLE.sub("", text)


def visible(text: str) -> str:
    """Return the text without invisible characters and outer blanks, line ends as ``\\n``."""
    return text if text.isalnum() else _visible(text)


@lru_cache(maxsize=REMEMBERED)
def _visible(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_INVISIBLE).replace("\xa0", " ").strip()


@lru_cache(maxsize=REMEMBERED)
def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and signs made half-width."""
    return visible(text).translate(_HALF).strip()


def squeezed(text: str) -> str:
    """Return the text half-width and without any blank: for comparing, for codes and numbers."""
    return text if text.isascii() and text.isalnum() else _squeezed(text)


@lru_cache(maxsize=REMEMBERED)
def _squeezed(text: str) -> str:
    return "".join(half_width(text).split())


def person_name(text: str) -> str:
    """Return a name without blanks inside a Chinese name, the dot of transliterated names unified."""
    if text.isalnum():
        return text
    text = visible(text).replace("\u3000", " ").translate(_DOTS)
    return " ".join(text.split()) if text.isascii() else "".join(text.split())


def head_key(text: str) -> str:
    """Return a header for comparing: no blanks, no line ends, no “必填” marks, no colon."""
    return _MARKS.sub("", squeezed(text)).lower()


def without_brackets(key: str) -> str:
    """Return a header key without what stands in brackets."""
    return _BRACKETS.sub("", key)
