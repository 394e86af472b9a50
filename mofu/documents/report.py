"""One document source: a report as data. ``pdf``, ``word`` and ``workbook`` render it and agree to the digit."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mofu.documents.values import NUMERIC, Cell, Kind, as_text, is_number

Medium = Literal["paper", "workbook"]


@dataclass(frozen=True)
class Paragraph:
    """Body text; a line break starts a new paragraph."""

    text: str

    @property
    def lines(self) -> list[str]:
        """The paragraphs, without empty ones."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]


@dataclass(frozen=True)
class Table:
    """A table. ``widths`` are relative (any unit), ``kinds`` say how each column reads; both may be left out.

    ``total_row`` marks the last row as 合计. ``sheet`` puts the table on a workbook sheet of its own; ``note`` stands
    below it.
    """

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()
    note: str = ""
    kinds: Sequence[Kind] = ()
    total_row: bool = False
    sheet: str = ""

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
    """A chart as SVG source, 156 mm wide at most. Word also shows ``png`` where it cannot draw SVG.

    Workbooks leave pictures out: the figures behind them are in the tables.
    """

    svg: str
    caption: str = ""
    png: bytes = b""


Block = Paragraph | Table | Picture


@dataclass(frozen=True)
class Section:
    """A heading (level 1 to 4) with its blocks.

    ``sheet`` names the workbook sheet (sections with the same name share it; without one they stand on the overview).
    ``only`` keeps a section to paper or to the workbook. ``landscape`` turns the page for a wide table. ``numbered``
    puts 一、（一）1.（1） in front, by level.
    """

    heading: str
    level: int = 1
    blocks: Sequence[Block] = ()
    sheet: str = ""
    only: Medium | Literal[""] = ""
    landscape: bool = False
    numbered: bool = True


@dataclass(frozen=True)
class Report:
    """A document. ``issuer`` and ``date`` close it as the 落款; ``subtitle`` stands below the title."""

    title: str
    subtitle: str
    issuer: str
    date: datetime.date
    sections: Sequence[Section] = ()

    def sections_for(self, medium: Medium) -> list[tuple[str, Section]]:
        """The sections of one medium, each with its heading as printed (number included)."""
        chosen = [section for section in self.sections if section.only in ("", medium)]
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
