"""One document source: a report as data. ``pdf``, ``word`` and ``workbook`` render it and agree to the digit."""

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mofu.documents.values import NUMERIC, Cell, Kind, as_text, is_number

Medium = Literal["paper", "workbook"]
Look = Literal["body", "small", "title", "centre", "flush", "signed", "space"]
"""How a paragraph stands: body text, or small; a title, centred, without indent, signed at the right; empty lines."""
ChartKind = Literal["", "column", "bar", "line"]


@dataclass(frozen=True)
class Paragraph:
    """Text; a line break starts a new paragraph. ``key`` names it where staff may put their own words in its place."""

    text: str
    look: Look = "body"
    key: str = ""

    @property
    def lines(self) -> list[str]:
        """The paragraphs, without empty ones."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Table:
    """A table. ``widths`` are relative (any unit), ``kinds`` say how each column reads; both may be left out.

    ``total_row`` marks the last row as 合计. ``sheet`` puts the table on a workbook sheet of its own; ``note`` stands
    below it. ``chart`` draws the numbers of the workbook's table as a native Excel chart; ``chart_picks`` names the columns
    (for a line: the rows) to draw, all of them when empty.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()
    note: str = ""
    kinds: Sequence[Kind] = ()
    total_row: bool = False
    sheet: str = ""
    chart: ChartKind = ""
    chart_picks: Sequence[int] = ()

    def __post_init__(self) -> None:
        counts = {len(self.columns), *map(len, self.rows)}
        counts |= {len(given) for given in (self.widths, self.kinds) if given}
        if len(counts) > 1:
            raise ValueError(f"表“{self.caption}”的列数不一致：{sorted(counts)}")

    @property
    def shares(self) -> list[float]:
        """Width of each column as a share of the table, adding up to 1."""
        widths = self.widths or [1.0] * len(self.columns)
        return [width / sum(widths) for width in widths]

    def kind(self, column: int) -> Kind:
        """How the column reads: as stated, else ``number`` when it holds nothing but numbers."""
        if self.kinds:
            return self.kinds[column]
        held = [row[column] for row in self.rows if row[column] is not None]
        return "number" if held and all(is_number(value) for value in held) else "text"

    def is_numeric(self, column: int) -> bool:
        """Whether the column is set flush right."""
        return self.kind(column) in NUMERIC

    @property
    def text_rows(self) -> Iterator[list[str]]:
        """The rows as printed."""
        kinds = [self.kind(column) for column in range(len(self.columns))]
        for row in self.rows:
            yield [as_text(value, kind) for value, kind in zip(row, kinds, strict=True)]


@dataclass(frozen=True)
class Picture:
    """A chart as SVG source, 156 mm wide at most. Word shows ``png``, drawn from the SVG where it is empty.

    Workbooks leave pictures out: the figures behind them are in the tables.
    """

    svg: str
    caption: str = ""
    png: bytes = b""


@dataclass(frozen=True)
class FormCell:
    """One box of a printed form: ``across`` columns and ``down`` rows large; a label, or what is filled in.

    ``photo`` (JPEG or PNG) takes the place of the text. Long text stands at the left, short text in the middle.
    """

    text: str = ""
    across: int = 1
    down: int = 1
    is_label: bool = False
    photo: bytes = b""
    at_left: bool = False


@dataclass(frozen=True)
class Form:
    """A printed form (登记表): boxes in rows of at least so many millimetres; ``widths`` are relative.

    Boxes that reach down from an upper row are left out below. Rows stay whole but those in ``splitting``, which may go on
    overleaf; those in ``held`` stay on a page with the next. Workbooks leave forms out.
    """

    widths: Sequence[float]
    rows: Sequence[tuple[float, Sequence[FormCell]]]
    splitting: Sequence[int] = ()
    held: Sequence[int] = ()

    def __post_init__(self) -> None:
        reaching: list[int] = [0] * len(self.rows)
        for number, (_, cells) in enumerate(self.rows):
            for cell in cells:
                for row in range(number, min(number + cell.down, len(self.rows))):
                    reaching[row] += cell.across
        if set(reaching) != {len(self.widths)}:
            raise ValueError(f"表格各行的列数不一致：{reaching}")

    @property
    def texts(self) -> Iterator[str]:
        """Everything printed in the boxes."""
        return (cell.text for _, cells in self.rows for cell in cells if cell.text)


Block = Paragraph | Table | Picture | Form


@dataclass(frozen=True)
class Section:
    """A heading (level 1 to 4) with its blocks.

    ``sheet`` names the workbook sheet (sections with the same name share it; without one they stand on the overview).
    ``only`` keeps a section to paper or to the workbook. ``landscape`` turns the page for a wide table. ``numbered``
    puts 一、（一）1.（1） in front, by level. ``new_page`` begins on a new page.
    """

    heading: str
    level: int = 1
    blocks: Sequence[Block] = ()
    sheet: str = ""
    only: Medium | Literal[""] = ""
    landscape: bool = False
    numbered: bool = True
    new_page: bool = False


@dataclass(frozen=True)
class Annex:
    """附件: stands on new pages behind the signature, named in the 附件说明."""

    title: str
    sections: Sequence[Section] = ()


@dataclass(frozen=True)
class Formalities:
    """What surrounds the text of an official paper (GB/T 9704-2012); everything may be empty.

    ``red_head`` is the 发文机关标志 above the red rule, ``document_no`` the 发文字号, ``addressee`` the 主送, ``contact`` the
    附注; ``copies_to``, ``printed_by`` and ``printed_on`` are the 版记 at the foot of the last page.
    """

    red_head: str = ""
    document_no: str = ""
    addressee: str = ""
    contact: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: datetime.date | None = None

    @property
    def has_imprint(self) -> bool:
        """Whether there is a 版记."""
        return bool(self.copies_to or self.printed_by)


@dataclass(frozen=True)
class Report:
    """A document. ``issuer`` and ``date`` close it as the 落款; ``subtitle`` stands below the title.

    ``loose_leaves``: every section is a paper of its own (登记表, 聘书), with a title of its own; the report's title only
    names the file, pages bear no number and nothing is signed at the end. ``mark`` says among
    its properties who made this file and when; ``mark_on_pages`` is what of that stands at the foot of every page.
    """

    title: str
    subtitle: str
    issuer: str
    date: datetime.date
    sections: Sequence[Section] = ()
    formalities: Formalities = Formalities()
    annexes: Sequence[Annex] = ()
    loose_leaves: bool = False
    mark: str = ""
    mark_on_pages: str = ""

    def sections_for(self, medium: Medium) -> list[tuple[str, Section]]:
        """The sections of one medium, each with its heading as printed (number included)."""
        return numbered(self.sections, medium)

    @property
    def everything(self) -> Iterator[Section]:
        """The sections of the text and of the annexes."""
        yield from self.sections
        for annex in self.annexes:
            yield from annex.sections

    @property
    def is_wide(self) -> bool:
        """Whether every page is turned: a list that begins below its title."""
        return bool(self.sections) and all(section.landscape for section in self.sections)

    @property
    def annex_lines(self) -> list[str]:
        """The 附件说明, a line for each annex, no mark behind the names."""
        if len(self.annexes) == 1:
            return [f"附件：{self.annexes[0].title}"]
        names = [f"{number}.{annex.title}" for number, annex in enumerate(self.annexes, start=1)]
        return [f"附件：{name}" if name is names[0] else f"　　　{name}" for name in names]

    def annex_mark(self, number: int) -> str:
        """What stands at the head of the ``number``th annex: 附件, numbered where there are several."""
        return f"附件{number}" if len(self.annexes) > 1 else "附件"


TITLE_ROOM = 20
"""Characters of a title (2号, 22 points) in a line of 156 mm."""


def title_lines(title: str, room: int) -> list[str]:
    """Return a title as lines of at most ``room`` characters and about one length, broken where words end if possible."""
    width = _width(title)
    if width <= room:
        return [title]
    lines = math.ceil(width / room)
    places = [at for at in range(1, len(title)) if _width(title[:at]) <= room]
    best = min(
        places, key=lambda at: abs(_width(title[:at]) - width / lines) + _TEARS * (not _ends_word(title, at))
    )
    return [title[:best].strip(), *title_lines(title[best:].strip(), room)]


def _width(text: str) -> float:
    """Characters across; a figure of a title's face is wider than half of one."""
    return len(text) - 0.4 * sum(one.isascii() for one in text)


def _ends_word(title: str, at: int) -> bool:
    return title[at - 1] in _BEFORE_BREAK or title[at] in _AFTER_BREAK


_TEARS = 4.0  # characters of unevenness that are better than a torn word
_BEFORE_BREAK, _AFTER_BREAK = "”》、 ）年月度会市", "“《 （"


def numbered(sections: Sequence[Section], medium: Medium) -> list[tuple[str, Section]]:
    """Return the sections of one medium, each with its heading as printed; numbers begin with 一."""
    chosen = [section for section in sections if section.only in ("", medium)]
    return list(zip(_headings(chosen), chosen, strict=True))


def _headings(sections: Sequence[Section]) -> Iterator[str]:
    counts = [0, 0, 0, 0]
    for section in sections:
        if not section.numbered:
            yield section.heading
            continue
        level = section.level - 1
        counts[level] += 1
        counts[level + 1 :] = [0] * (3 - level)
        yield heading_number(section.level, counts[level]) + section.heading


def heading_number(level: int, count: int) -> str:
    """The number in front of a heading, by level: 一、（一）1.（1） (GB/T 9704)."""
    return (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")[
        level - 1
    ]


def chinese_number(count: int) -> str:
    """1 to 99 in Chinese figures: 一, 十, 二十一."""
    if not 0 < count < 100:
        raise ValueError(f"编号超出范围：{count}")
    digits = "零一二三四五六七八九"
    tens, ones = divmod(count, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return lead + (digits[ones] if ones else "")
