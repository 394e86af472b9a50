"""The three renderings of a report, by the suffix of the file; each may be told whom to report its steps to."""

from __future__ import annotations

from collections.abc import Callable

from mofu.documents.pdf import to_pdf
from mofu.documents.word import to_docx
from mofu.documents.workbook import to_xlsx

WRITERS: dict[str, Callable[..., bytes]] = {"xlsx": to_xlsx, "docx": to_docx, "pdf": to_pdf}
"""Suffix → writer of ``(report, step=None)``; ``step`` is called with done and total."""
