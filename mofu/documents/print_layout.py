"""A report as what the print template shows: blocks described, column widths as rules, pictures by address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from mofu.documents.report import (
    TITLE_ROOM,
    Block,
    Form,
    FormCell,
    Paragraph,
    Picture,
    Report,
    Section,
    Table,
    numbered,
    title_lines,
)
from mofu.documents.values import long_date

CHART_FONT = "Noto Sans SC, Noto Serif SC"
"""Families to name in the text style of a chart; they are bundled, so print and screen do not need a font of the system."""

TEXT_WIDTH = 442.2
"""Points across the 156 mm of the text area."""


_SVG_ROOT = re.compile(r"<svg\b(?![^>]*\bfont-family)")
_OUTLINED = re.compile(
    r'<text\b[^>]*paint-order="stroke"[^>]*>'
)  # WeasyPrint would paint the outline over the letters
_STROKE = re.compile(r' stroke[a-z-]*="[^"]*"')
_BOX_PADDING = 2.0  # millimetres above and below the text of a form's box, not part of a cell's height
_LARGEST_MARK = 56.0  # points of a 发文机关标志 that has room enough


class Layout:
    """Describes blocks for the template, and gathers column widths and pictures on the way."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self.pictures: dict[str, tuple[bytes, str]] = {}
        self._tables = 0
        self._designs: dict[object, str] = {}

    def context(self, report: Report) -> dict[str, Any]:
        """Return what ``documents/report.html`` shows."""
        formal = report.formalities
        if formal.red_head:
            size = min(_LARGEST_MARK, TEXT_WIDTH / len(formal.red_head))
            self.rules.append(f".issuer-mark {{ font-size: {size:.1f}pt; line-height: {size:.1f}pt }}")
        return {
            "report": report,
            "title_lines": title_lines(report.title, TITLE_ROOM),
            "date": long_date(report.date),
            "printed": long_date(formal.printed_on or report.date),
            "sections": self._sections(report.sections),
            "annexes": [
                {
                    "mark": report.annex_mark(number),
                    "title_lines": title_lines(annex.title, TITLE_ROOM),
                    "sections": self._sections(annex.sections),
                }
                for number, annex in enumerate(report.annexes, start=1)
            ],
        }

    def _sections(self, sections: Sequence[Section]) -> list[dict[str, Any]]:
        return [
            {
                "heading": heading,
                "section": section,
                "blocks": [self._describe(block) for block in section.blocks],
            }
            for heading, section in numbered(sections, "paper")
        ]

    def _describe(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Paragraph):
            lines = ["　"] * len(block.text) if block.look == "space" else block.lines
            return {"kind": "paragraph", "lines": lines, "look": block.look}
        if isinstance(block, Picture):
            return {"kind": "picture", "address": self._chart(block), "caption": block.caption}
        if isinstance(block, Form):
            return {"kind": "form", **self._form(block)}
        return {"kind": "table", **self._table(block)}

    def _chart(self, picture: Picture) -> str:
        svg = _SVG_ROOT.sub(f'<svg font-family="{CHART_FONT}"', picture.svg, count=1)
        svg = _OUTLINED.sub(lambda found: _STROKE.sub("", found[0]), svg)
        return self._register(svg.encode(), "image/svg+xml")

    def _register(self, content: bytes, media_type: str) -> str:
        address = f"mofu-picture:{len(self.pictures) + 1}"
        self.pictures[address] = (content, media_type)
        return address

    def _table(self, table: Table) -> dict[str, Any]:
        self._tables += 1
        self._set_widths(f"#table-{self._tables}", table.shares)
        for column in range(len(table.columns)):
            if table.is_numeric(column):
                self.rules.append(f"#table-{self._tables} td:nth-child({column + 1}) {{ text-align: right }}")
        rows = list(table.text_rows)
        total = rows.pop() if table.total_row and rows else None
        return {"number": self._tables, "table": table, "rows": rows, "total": total}

    def _set_widths(self, name: str, shares: Sequence[float]) -> None:
        for column, share in enumerate(shares, start=1):
            self.rules.append(f"{name} col:nth-child({column}) {{ width: {share:.3%} }}")

    def _form(self, form: Form) -> dict[str, Any]:
        return {
            "name": self._design(form),
            "columns": form.widths,
            "rows": [[self._cell(cell) for cell in cells] for _, cells in form.rows],
        }

    def _design(self, form: Form) -> str:
        """Return the class of the form's design: five hundred forms of one design share its rules."""
        heights = tuple(height for height, _ in form.rows)
        design = (tuple(form.widths), heights, tuple(form.splitting), tuple(form.held))
        if design not in self._designs:
            self._designs[design] = f"form-{len(self._designs) + 1}"
            name = f".{self._designs[design]}"
            self._set_widths(name, [width / sum(form.widths) for width in form.widths])
            for row, (height, _) in enumerate(form.rows, start=1):
                self.rules.append(
                    f"{name} tr:nth-child({row}) td {{ height: {height - _BOX_PADDING:.1f}mm }}"
                )
            self.rules += [
                f"{name} tr:nth-child({row + 1}) {{ break-inside: auto }}" for row in form.splitting
            ]
            self.rules += [f"{name} tr:nth-child({row + 1}) {{ break-after: avoid }}" for row in form.held]
        return self._designs[design]

    def _cell(self, cell: FormCell) -> dict[str, Any]:
        media_type = "image/png" if cell.photo.startswith(b"\x89PNG") else "image/jpeg"
        look = "label" if cell.is_label else "at-left" if cell.at_left else ""
        return {
            "text": cell.text,
            "across": cell.across,
            "down": cell.down,
            "look": "photo" if cell.photo else look,
            "address": self._register(cell.photo, media_type) if cell.photo else "",
        }
