"""Names Excel accepts for its sheets."""

import re

LONGEST = 31
"""Excel counts UTF-16 units, so a rare character outside the BMP counts twice."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _cut(text: str, units: int) -> str:
    while _units(text) > units:
        text = text[:-1]
    return text


class SheetNames:
    """Hands out the sheet names of one workbook: legal, at most 31 units long, unique in any case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def claim(self, wanted: str, fallback: str = "台账") -> str:
        """A legal name as close to ``wanted`` as possible; a repeated one becomes “名称(2)”."""
        clean = _FORBIDDEN.sub(" ", wanted).strip(" '")
        if not clean or clean.lower() == "history":  # Excel keeps "History" for itself
            clean = fallback
        name, copy = _cut(clean, LONGEST), 1
        while name.lower() in self._taken:
            copy += 1
            tail = f"({copy})"
            name = _cut(clean, LONGEST - len(tail)) + tail
        self._taken.add(name.lower())
        return name
