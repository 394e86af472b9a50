"""Which characters paper can bear: those that are seen, and of these the ones that its fonts hold."""

from __future__ import annotations

import unicodedata
from functools import cache

from mofu.documents import fonts

_LINES = "\n\r\t"


def without_hidden(text: str) -> str:
    """Return the text without what is never seen but turns or hides what is: marks of direction and joining, controls."""
    return "".join(one for one in text if one in _LINES or unicodedata.category(one) not in ("Cf", "Cc"))


def unprintable(text: str) -> str:
    """Return the characters of ``text`` that the font of running text lacks (emoji, private ones), each once.

    Empty where the fonts are not installed: then nobody can say.
    """
    held = _held()
    return "".join(dict.fromkeys(one for one in text if held and one not in _LINES and ord(one) not in held))


@cache
def _held() -> frozenset[int]:
    return fonts.held_by(fonts.TEXT)
