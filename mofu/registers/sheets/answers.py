"""What the user has said about a workbook while going through its preview."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Self

SKIP, CREATE, UPDATE = "skip", "create", "update:"


@dataclass
class Answers:
    """The user's decisions; all empty at first.

    ``sheet`` is the worksheet to read; ``columns`` says by head which field an unknown column means (empty: leave it
    out); ``units`` says by squeezed name what to do with an unknown unit, ``other_units`` (``create``, ``skip``) what
    with all that are not named there; ``rows`` says by row number ``skip``,
    ``create`` or ``update:<key>``; ``cells`` holds corrected texts by row number and place in the row, ``alike`` by place and
    text what every cell of a column that says this text is to say instead.
    """

    sheet: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    rows: dict[int, str] = field(default_factory=dict)
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    other_units: str = ""
    alike: dict[int, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Return the answers kept as JSON, whose keys are always text."""
        return cls(
            stored.get("sheet", ""),
            stored.get("columns", {}),
            stored.get("units", {}),
            {int(row): answer for row, answer in stored.get("rows", {}).items()},
            {
                int(row): {int(at): text for at, text in cells.items()}
                for row, cells in stored.get("cells", {}).items()
            },
            stored.get("other_units", ""),
            {int(at): texts for at, texts in stored.get("alike", {}).items()},
        )

    def as_json(self) -> dict[str, Any]:
        """Return the answers for keeping."""
        return asdict(self)

    def corrected(self, row: int, at: int, text: str) -> str | None:
        """Return what a cell that says ``text`` is to say instead, None when nobody corrected it."""
        own = self.cells.get(row, {})
        return own[at] if at in own else self.alike.get(at, {}).get(text)

    def correct_alike(self, at: int, was: str, text: str) -> None:
        """Let every cell of a column that says ``was`` (as it came, or as corrected before) say ``text``."""
        texts = self.alike.setdefault(at, {})
        texts.update({before: text for before, now in texts.items() if now == was})
        texts[was] = text

    def chosen(self, row: int) -> int | None:
        """Return the key of the record that the user chose for a row."""
        key = self.rows.get(row, "").removeprefix(UPDATE)
        return int(key) if self.rows.get(row, "").startswith(UPDATE) and key.isdecimal() else None
