"""Tables as .csv: UTF-8 with a mark, so that Excel reads Chinese, and no cell that Excel would calculate."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

LEAD_INS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # OWASP's list and their full-width twins
AT_ONCE = 500  # rows in one block of a download


class _Echo:
    """What a csv writer writes to: it hands back the line."""

    def write(self, line: str) -> str:
        return line


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield the file in blocks while rows are still being read."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff".encode() + str(writer.writerow(header)).encode()
    block: list[str] = []
    for row in rows:
        block.append(str(writer.writerow([plain(value) for value in row])))
        if len(block) == AT_ONCE:
            yield "".join(block).encode("utf-8", "replace")
            block.clear()
    yield "".join(block).encode("utf-8", "replace")


def plain(value: object) -> str:
    """Return a cell's text, with an apostrophe in front of what a spreadsheet would take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(LEAD_INS) else text
