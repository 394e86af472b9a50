"""“助企行”: services by month, where needs stand, which wait and who could help."""

from __future__ import annotations

from collections.abc import Iterator

from actions.dashboards.common import board_ranking, by_month
from actions.dashboards.panel import Cell, Panel, bars, of_shares, slices
from actions.matching import Proposal, propose
from actions.models import Assistance
from actions.progress import assist
from actions.progress.breakdown import BoardTable
from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE
from actions.progress.reading import Reading
from actions.progress.slices import Facets
from mofu.documents.charts import ranking, shares

WAITING = 6  # needs with proposals on the page


def panels(reading: Reading, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    frame = reading.frame
    yield _waiting(frame)
    yield by_month(reading, "assist.participations", "每月参加服务劳模工匠（人次）")
    facets = Facets(frame, assist.STAGE, assist.NEED_KIND)
    stages = facets.shares(assist.STAGE)
    yield of_shares("需求办理阶段", shares("需求办理阶段", slices(stages)), "阶段", "件", stages)
    kinds = facets.shares(assist.NEED_KIND)
    yield of_shares("需求类别", shares("需求类别", slices(kinds)), "类别", "件", kinds)
    yield board_ranking(boards, "assist.enterprises", "各单位服务企业排名")
    chains = [part for part in Facets(frame, assist.CHAIN).shares(assist.CHAIN) if part.key]
    yield of_shares("服务企业所在产业链", ranking("服务企业所在产业链", bars(chains)), "产业链", "家", chains)
    yield by_month(reading, "assist.benefit", "每月经济效益（万元）")


def _waiting(frame: Frame) -> Panel:
    """The needs that wait longest, each with laureates who could take it on."""
    indicator = BESIDE["assist.waiting"]
    more = frame.link(indicator)
    rows = indicator.rows(frame.within()).select_related("enterprise", "org").order_by("requested_on", "pk")
    needs = list(rows[:WAITING]) if more else []
    found = propose(needs, frame.user) if needs else {}
    lines = [line for need in needs for line in _lines(need, found[need.pk])]
    count = rows.count() if len(needs) == WAITING else len(needs)
    note = (
        f"共 {count} 件需求等待匹配，按提出时间先后排列；人选按专长、产业链、行业和所在地推荐。"
        if count
        else ""
    )
    heads = ("企业需求", "企业", "提出日期", "推荐人选", "理由")
    return Panel("待匹配的企业需求", heads, lines, note=note, more=more if count else "", wide=True,
                 empty="没有等待匹配的企业需求。")  # fmt: skip


def _lines(need: Assistance, proposals: list[Proposal]) -> Iterator[tuple[Cell, ...]]:
    head = (Cell(need.need, f"/assistance/{need.pk}/"), Cell(str(need.enterprise)), Cell(need.requested_on))
    if not proposals:
        yield (*head, Cell("暂无合适人选"), Cell("请完善劳模的技术专长、行业和产业链"))
    for place, one in enumerate(proposals):
        person = Cell(f"{one.laureate.name}（{one.laureate.org}）", f"/laureates/{one.laureate.pk}/")
        first = head if place == 0 else (Cell(""), Cell(""), Cell(""))
        yield (*first, person, Cell("、".join(one.reasons)))
