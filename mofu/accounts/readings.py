"""How Chinese text is read: word by word, from the dictionary of ``pypinyin`` (50 MB; ``pinyin`` loads this module late)."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, RE_HANS

_LONGEST = max(
    map(len, PHRASES_DICT)
)  # characters of a word whose reading is more than that of its characters


def read(text: str) -> list[str]:
    """Return the syllables of a text: character by character where no word in it has a reading of its own."""
    if RE_HANS.match(text) and not _holds_word(text):
        return [_syllable(character) for character in text]
    return spelt(text)


def _holds_word(text: str) -> bool:
    ends = len(text) + 1
    return any(
        text[start:end] in PHRASES_DICT
        for start in range(len(text) - 1)
        for end in range(start + 2, min(start + _LONGEST + 1, ends))
    )


@cache
def _syllable(character: str) -> str:
    return spelt(character)[0]


def spelt(text: str) -> list[str]:
    """Return the toneless syllables of a text, words read as the dictionary says."""
    return [part.lower() for part in lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)]
