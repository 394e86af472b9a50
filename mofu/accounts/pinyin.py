"""Keys for finding and ordering Chinese names: pinyin, with the readings that surnames have.

``search_key`` holds the text and its initials, so that 张伟, zw and 伟 all find 张伟;
``sort_key`` orders a list the way a Chinese roster is ordered.
"""

from __future__ import annotations

from functools import lru_cache

# Surnames that are read otherwise than the same character elsewhere.
SURNAME_READINGS = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "盖": "ge", "朴": "piao",
    "任": "ren", "华": "hua", "区": "ou", "召": "shao", "翟": "zhai", "缪": "miao", "尉": "yu",
    "乐": "yue", "覃": "qin", "燕": "yan", "宁": "ning", "郇": "xun", "种": "chong", "秘": "bi",
}  # fmt: skip


def sort_key(text: str) -> str:
    """Return the toneless pinyin of ``text``, syllables parted by blanks (at most 200 characters)."""
    return " ".join(_syllables(text))[:200]


def initials(text: str) -> str:
    """Return the first letters of the pinyin of ``text`` (``张伟`` → ``zw``), lower case."""
    return "".join(syllable[:1] for syllable in _syllables(text)).lower()


def search_key(*texts: str, extra: str = "") -> str:
    """Return what a search looks into: the texts, their initials and ``extra``, lower case."""
    parts = [*texts, *(initials(text) for text in texts if text), extra]
    return "|".join(part.lower() for part in parts if part)[:300]


@lru_cache(maxsize=20_000)
def _syllables(text: str) -> tuple[str, ...]:
    from mofu.accounts.readings import read  # noqa: PLC0415 - 50 MB that processes without new names never need

    syllables = read(text)
    if syllables and text[:1] in SURNAME_READINGS and len(text) <= 4:
        syllables[0] = SURNAME_READINGS[text[0]]
    return tuple(syllables)
