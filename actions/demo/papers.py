"""Invented evidence on paper: a scan (PNG, PDF), a letter (docx), a list (xlsx), each marked 演示数据.

The same paper gives the same bytes whenever it is made.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from actions.demo import MARK
from mofu.documents.ledger import Ledger, LedgerColumn, stream_ledger
from mofu.documents.report import Paragraph, Report, Section, Table
from mofu.documents.values import long_date
from mofu.documents.word import to_docx

SHEET = (595, 842)  # A4 at 72 dots per inch
_FONT = "node_modules/@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf"
_INK, _RED, _PALE = (40, 44, 52), (176, 32, 40), (226, 229, 233)
_LINE = 30  # characters of a line


@dataclass(frozen=True)
class Paper:
    """What an evidence file says: title, the day on it, its unit, facts as (label, text), and a list of names."""

    title: str
    day: date
    unit: str
    facts: Sequence[tuple[str, str]]
    names: Sequence[str] = ()

    @property
    def lines(self) -> list[str]:
        """The facts as lines of text."""
        return [f"{label}：{text}" for label, text in self.facts if text]


def write(paper: Paper, suffix: str) -> bytes:
    """Return the paper as a file of one kind: png, pdf, docx or xlsx."""
    return _WRITERS[suffix](paper)


def can_draw() -> bool:
    """Whether scans can be made here: they need the bundled Chinese font."""
    return Path(settings.BASE_DIR, _FONT).is_file()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(settings.BASE_DIR, _FONT)), size)


def _scan(paper: Paper) -> Image.Image:
    """Draw the paper as it comes from a scanner, with a round stamp."""
    image = Image.new("RGB", SHEET, "white")
    draw = ImageDraw.Draw(image)
    draw.text((SHEET[0] / 2, 420), MARK, fill=_PALE, font=_font(96), anchor="mm")
    for number, line in enumerate(textwrap.wrap(paper.title, 20)):
        draw.text((SHEET[0] / 2, 70 + 34 * number), line, fill=_INK, font=_font(24), anchor="mm")
    top = 150
    for line in _wrapped(paper.lines):
        draw.text((60, top), line, fill=_INK, font=_font(16))
        top += 28
    for number, name in enumerate(paper.names):
        left, down = 60 + 160 * (number % 3), top + 20 + 38 * (number // 3)
        draw.text((left, down), name, fill=_INK, font=_font(18))
        draw.line((left, down + 26, left + 120, down + 26), fill=_INK)
    _stamp(draw, paper)
    return image


def _wrapped(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from textwrap.wrap(line, _LINE)


def _stamp(draw: ImageDraw.ImageDraw, paper: Paper) -> None:
    draw.text((SHEET[0] - 60, 700), paper.unit, fill=_INK, font=_font(16), anchor="ra")
    draw.text((SHEET[0] - 60, 730), long_date(paper.day), fill=_INK, font=_font(16), anchor="ra")
    draw.ellipse((435, 580, 535, 680), outline=_RED, width=3)
    draw.text((485, 630), MARK, fill=_RED, font=_font(20), anchor="mm")


def _png(paper: Paper) -> bytes:
    out = BytesIO()
    _scan(paper).quantize(16).save(out, "PNG")
    return out.getvalue()


def _pdf(paper: Paper) -> bytes:
    out, day = BytesIO(), paper.day.timetuple()
    _scan(paper).save(out, "PDF", title=paper.title, creationDate=day, modDate=day)
    return out.getvalue()


def _docx(paper: Paper) -> bytes:
    blocks: list[Paragraph | Table] = [Paragraph("\n".join(paper.lines))]
    if paper.names:
        blocks.append(Table("参加人员", ("姓名",), [(name,) for name in paper.names]))
    text = Section("", blocks=blocks, numbered=False)
    return _timeless(to_docx(Report(paper.title, f"（{MARK}）", paper.unit, paper.day, [text])))


def _xlsx(paper: Paper) -> bytes:
    columns = [LedgerColumn("项目", width=18), LedgerColumn("内容", width=44)]
    rows = [*paper.facts, *(("参加人员", name) for name in paper.names)]
    ledger = Ledger(
        f"{paper.title}（{MARK}）", columns, rows, unit=paper.unit, date=paper.day, sheet_name="清单"
    )
    return _timeless(b"".join(stream_ledger(ledger)))


def _timeless(body: bytes) -> bytes:
    """Return an Office file without the time at which it was packed."""
    out = BytesIO()
    with ZipFile(BytesIO(body)) as packed, ZipFile(out, "w") as again:
        for item in packed.infolist():
            again.writestr(ZipInfo(item.filename), packed.read(item), ZIP_DEFLATED)
    return out.getvalue()


_WRITERS: dict[str, Callable[[Paper], bytes]] = {"png": _png, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx}
