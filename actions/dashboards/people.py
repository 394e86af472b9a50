"""Who the laureates are: level × category × status × sex × age × industry."""

from __future__ import annotations

from collections.abc import Iterator

from actions.dashboards.common import board_ranking
from actions.dashboards.panel import Cell, Panel, bars, of_shares, slices
from actions.progress import people
from actions.progress.breakdown import BoardTable
from actions.progress.frame import Frame
from actions.progress.slices import Facets, Slice
from mofu.documents.chart import Datum, Series
from mofu.documents.charts import columns, ranking, shares


def panels(frame: Frame, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    facets = Facets(frame, people.LEVEL, people.CATEGORY, people.STATUS, people.AGE, people.SEX)
    trades = Facets(frame, people.INDUSTRY, people.CHAIN)
    for found in (people.LEVEL, people.CATEGORY, people.STATUS):
        parts = facets.shares(found)
        yield of_shares(found.title, shares(found.title, slices(parts)), found.title, "人", parts)
    yield _stacked(facets, "年龄与性别", people.AGE, people.SEX)
    yield _stacked(facets, "荣誉级别与人员状态", people.LEVEL, people.STATUS)
    industries = trades.shares(people.INDUSTRY)
    yield of_shares("行业", ranking("行业", bars(industries)), "行业", "人", industries)
    chains = trades.shares(people.CHAIN)
    yield of_shares(
        "产业链", ranking("产业链", bars([one for one in chains if one.key])), "产业链", "人", chains
    )
    yield board_ranking(boards, people.LAUREATES, "各单位在册劳模工匠")


def _stacked(facets: Facets, title: str, down: Slice, across: Slice) -> Panel:
    heads, lines = facets.crossed(down, across)
    stacks = [Series(head, [Datum(counts[at]) for _, counts in lines]) for at, head in enumerate(heads)]
    chart = columns(title, [label for label, _ in lines], stacks, stacked=True) if lines else None
    rows = [(Cell(label), *(Cell(count) for count in counts), Cell(sum(counts))) for label, counts in lines]
    return Panel(title, (down.title, *heads, "合计"), rows, chart)
