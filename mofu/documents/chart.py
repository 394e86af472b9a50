"""What a chart is: data with the addresses of their rows, and the ECharts option they become.

A :class:`Datum` carries the address of the rows behind it, so that every bar, slice and cell opens its list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mofu.documents.echarts import Option, to_svg
from mofu.documents.report import Picture

WIDTH = 720
"""Pixels across of a chart drawn on the server; the browser fits its own to the page."""

PAPER_WIDTH = 640
"""Pixels across of a chart on paper, where it is 156 mm wide."""

PAPER_HEIGHT = 0.62
"""Height of a chart on paper as a share of that on a page: 45 mm for most, 63 mm for eleven boards."""


@dataclass(frozen=True)
class Palette:
    """Colours of a ground: ``ink`` for text, ``faint`` for grid and rests, ``series`` in the order they are used."""

    ink: str
    faint: str
    ground: str
    series: tuple[str, ...]


LIGHT = Palette(
    "#1f2733",
    "#e3e7ec",
    "#ffffff",
    (
        "#1d4f86",
        "#c98700",
        "#1a6b3c",
        "#b5121b",
        "#1a7f8c",
        "#6a4c93",
        "#8a5a2b",
        "#56606e",
        "#c2557a",
        "#7d8f1d",
    ),
)
DARK = Palette(
    "#d5e0ec",
    "#24405c",
    "#14283d",
    (
        "#5aa2ff",
        "#f2b544",
        "#4cc38a",
        "#ff6b72",
        "#3fc6d6",
        "#b79cf0",
        "#d6a46b",
        "#9fb0c3",
        "#f08fb1",
        "#c3d34f",
    ),
)


@dataclass(frozen=True)
class Datum:
    """One figure of a chart; ``url`` opens the rows behind it, ``colour`` overrides the series' own.

    ``said`` is how a label reads it, where not as the plain number.
    """

    value: int | float | Decimal | None
    url: str = ""
    colour: str = ""
    name: str = ""
    said: str = ""

    def as_item(self) -> dict[str, Any]:
        """Return the figure as ECharts takes it."""
        item: dict[str, Any] = {"value": plain(self.value)}
        if self.name:
            item["name"] = self.name
        if self.url:
            item["url"] = self.url
        if self.colour:
            item["itemStyle"] = {"color": self.colour}
        if self.said:
            item["label"] = {"formatter": self.said}
        return item


@dataclass(frozen=True)
class Node:
    """A node of a network, with what hangs on it."""

    name: str
    url: str = ""
    children: Sequence[Node] = ()
    colour: str = ""

    def as_item(self) -> dict[str, Any]:
        """Return node and children as ECharts takes them."""
        item: dict[str, Any] = {"name": self.name, "children": [child.as_item() for child in self.children]}
        if self.url:
            item["url"] = self.url
        if self.colour:
            item["itemStyle"] = {"color": self.colour}
        return item

    @property
    def leaves(self) -> int:
        """How many ends hang on this node, itself when nothing does."""
        return sum(child.leaves for child in self.children) or 1


@dataclass(frozen=True)
class Chart:
    """A chart: what it shows in words (``title``) and the option that draws it, ``height`` pixels tall.

    Narrower than ``least`` pixels its labels would run into each other: a phone scrolls it sideways.
    """

    title: str
    option: Option
    height: int = 300
    least: int = 0

    @property
    def svg(self) -> str:
        """The chart as SVG for a page (:func:`mofu.documents.echarts.to_svg`)."""
        return self.drawn(WIDTH, self.height)

    def drawn(self, width: int, height: int) -> str:
        """Return the chart as SVG of another size, in pixels."""
        return to_svg(self.option, width, height)

    @property
    def picture(self) -> Picture:
        """The chart as a block of a report: low enough to find room on most pages, its letters of 8 points."""
        return Picture(self.drawn(PAPER_WIDTH, round(self.height * PAPER_HEIGHT)), self.title)


@dataclass(frozen=True)
class Series:
    """A named row of figures. ``line`` draws it as a line, ``dashed`` as a broken one (targets, the year before)."""

    name: str
    data: Sequence[Datum] = field(default_factory=tuple)
    line: bool = False
    dashed: bool = False
    colour: str = ""


def running(values: Iterable[int | float | Decimal]) -> Iterator[int | float | Decimal]:
    """Yield the sums so far."""
    total: int | float | Decimal = 0
    for value in values:
        total += value
        yield total


def plain(value: int | float | Decimal | None) -> int | float | None:
    """Return a number JSON can hold."""
    return float(value) if isinstance(value, Decimal) else value
