"""“六进”: the two sessions of each month, where they went, and who of the corps has not spoken."""

from __future__ import annotations

from collections.abc import Iterator

from actions.dashboards.common import board_ranking, by_month
from actions.dashboards.panel import AT_MOST, Cell, Panel
from actions.models import Destination
from actions.progress.breakdown import BoardTable
from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS
from actions.progress.reading import Reading
from mofu.documents.chart import Datum
from mofu.documents.charts import shares


def panels(reading: Reading, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    bound = reading.frame.settings.monthly_sessions
    code = bound if bound in reading.targets else "six_ins.sessions"
    yield by_month(reading, code, "每月宣讲场次", floor=reading.targets.get(code))
    yield _destinations(reading)
    yield board_ranking(boards, "six_ins.sessions", "各单位宣讲场次排名")
    yield by_month(reading, "six_ins.audience", "每月宣讲受众（人次）")
    yield _silent(reading.frame)


def _destinations(reading: Reading) -> Panel:
    """The six kinds of places, each with its sessions and its share."""
    title = "“六进”去向构成"
    found = [INDICATORS[f"six_ins.{place.value}"] for place in Destination]
    values = [(one, place.label, reading.value(one)) for one, place in zip(found, Destination, strict=True)]
    total = sum(value for _, _, value in values)
    rows = [
        (
            Cell(label),
            Cell(value, reading.frame.link(one)),
            Cell(f"{value * 100 / total:.0f}%" if total else "—"),
        )
        for one, label, value in values
    ]
    data = [Datum(value, reading.frame.link(one), name=label) for one, label, value in values]
    missing = [label for _, label, value in values if not value]
    note = f"本年尚未开展：{'、'.join(missing)}" if missing else ""
    return Panel(title, ("去向", "场次", "占比"), rows, shares(title, data) if total else None, note=note)


def _silent(frame: Frame) -> Panel:
    """Members of the corps who spoke in none of the year's sessions; names only for who may see records."""
    indicator = BESIDE["six_ins.silent"]
    rows = indicator.rows(frame.within()).select_related("laureate__org").order_by("laureate__name_key", "pk")
    more = frame.link(indicator)
    lines = [
        (
            Cell(row.laureate.name, f"/laureates/{row.laureate_id}/"),
            Cell(str(row.laureate.org)),
            Cell(row.position or "—"),
            Cell(row.joined_on),
        )
        for row in rows[:AT_MOST]
    ] if more else []  # fmt: skip
    count = len(lines) if len(lines) < AT_MOST else rows.count()
    note = f"共 {count} 人，请安排宣讲任务。" if count else ""
    heads = ("姓名", "单位", "团内职务", "加入日期")
    return Panel(
        indicator.label, heads, lines, note=note, more=more if count else "", empty="宣讲团成员本年都已宣讲。"
    )
