"""Who the laureates are: level × category × status × sex × age × industry."""

from __future__ import annotations

from collections.abc import Iterator

from actions.dashboards.common import board_ranking, crossed
from actions.dashboards.panel import Panel, bars, of_shares, slices
from actions.progress import people
from actions.progress.breakdown import BoardTable
from actions.progress.frame import Frame
from actions.progress.slices import Facets
from mofu.documents.charts import ranking, shares


def panels(frame: Frame, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    facets = Facets(frame, people.LEVEL, people.CATEGORY, people.STATUS, people.AGE, people.SEX)
    trades = Facets(frame, people.INDUSTRY, people.CHAIN)
    for found in (people.LEVEL, people.CATEGORY, people.STATUS):
        parts = facets.shares(found)
        yield of_shares(found.title, shares(found.title, slices(parts)), found.title, "人", parts)
    yield crossed(facets, "年龄与性别", people.AGE, people.SEX)
    yield crossed(facets, "荣誉级别与人员状态", people.LEVEL, people.STATUS)
    industries = trades.shares(people.INDUSTRY)
    yield of_shares("行业", ranking("行业", bars(industries)), "行业", "人", industries)
    chains = trades.shares(people.CHAIN)
    yield of_shares(
        "产业链", ranking("产业链", bars([one for one in chains if one.key])), "产业链", "人", chains
    )
    yield board_ranking(boards, people.LAUREATES, "各单位在册劳模工匠")
