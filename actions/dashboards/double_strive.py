"""“双争”: the ten items, who leads, the matrix of units and items, and units that returned nothing."""

from __future__ import annotations

from collections.abc import Iterator

from actions.dashboards.common import board_ranking, by_month
from actions.dashboards.panel import AT_MOST, Cell, Panel
from actions.models import LeadKind
from actions.progress.breakdown import BoardTable
from actions.progress.double_strive import ITEM_LABELS, ITEMS
from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS
from actions.progress.reading import Reading
from mofu.documents.chart import Datum, Series
from mofu.documents.charts import columns, heat, ranking

UNITS = 30  # of a matrix
_SHADES = ("#eef3f8", "#cfe0ef", "#a5c6e3", "#6fa3d0", "#3b7cb5", "#1d4f86")


def panels(reading: Reading, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    yield _items(reading)
    yield _leading(reading)
    yield board_ranking(boards, "double_strive.participants", "各单位参加“十个一”职工排名")
    yield _matrix(boards)
    yield _silent(reading.frame)
    yield by_month(reading, "double_strive.item_3", "每月参加技术培训（人）")


def _items(reading: Reading) -> Panel:
    title, frame = "十个一：各项参加人数", reading.frame
    found = [INDICATORS[f"double_strive.item_{number}"] for number in ITEMS]
    now = [Datum(reading.value(one), frame.link(one)) for one in found]
    before = [Datum(reading.figures.value(one.code, "before")) for one in found]
    drawn = [Series(f"{frame.year}年", now), Series(f"{frame.year - 1}年", before)]
    rows = [
        (Cell(label), Cell(one.value, one.url), Cell(other.value))
        for label, one, other in zip(ITEM_LABELS, now, before, strict=True)
    ]
    heads = ("项目", f"{frame.year}年（人）", f"{frame.year - 1}年（人）")
    return Panel(title, heads, rows, columns(title, ITEM_LABELS, drawn), wide=True)


def _leading(reading: Reading) -> Panel:
    """In which of the four ways laureates led."""
    title, frame = "劳模工匠引领方式", reading.frame
    found = [(kind.label, INDICATORS[f"double_strive.lead_{kind.value}"]) for kind in LeadKind]
    data = [(label, Datum(reading.value(one), frame.link(one))) for label, one in found]
    rows = [(Cell(label), Cell(datum.value, datum.url)) for label, datum in data]
    return Panel(title, ("引领方式", "劳模工匠（人）"), rows, ranking(title, data))


def _matrix(boards: BoardTable) -> Panel | None:
    """Units by items, shaded by how many took part compared with the most."""
    title = "单位 × 项目参加人数"
    places = [at for at, column in enumerate(boards.columns) if ".item_" in column.indicator.code]
    if not boards.rows or not places:
        return None
    lines = [(row.name, [row.cells[at] for at in places]) for row in boards.rows[:UNITS]]
    most = max((cell.value for _, cells in lines for cell in cells), default=0) or 1
    drawn = [
        (
            name,
            [
                Datum(cell.value, cell.url, _SHADES[int(cell.value * (len(_SHADES) - 1) / most)])
                for cell in cells
            ],
        )
        for name, cells in lines
    ]
    rows = [(Cell(name), *(Cell(cell.value, cell.url) for cell in cells)) for name, cells in lines]
    return Panel(title, ("单位", *ITEM_LABELS), rows, heat(title, ITEM_LABELS, drawn), wide=True)


def _silent(frame: Frame) -> Panel:
    """Enterprises that brought neither names nor numbers this year."""
    indicator = BESIDE["headcounts.silent"]
    rows = indicator.rows(frame.within()).select_related("parent").order_by("path")
    count, more = rows.count(), frame.link(indicator)
    lines = [
        (Cell(row.name, more and f"/organizations/{row.pk}/"), Cell(str(row.parent)))
        for row in rows[:AT_MOST]
    ]
    note = f"共 {count} 家企业本年既没有实名记录也没有人数报送，请催报。" if count else ""
    return Panel(indicator.label, ("企业", "上级单位"), lines, note=note, more=more if count else "",
                 empty="所有企业都已报送。")  # fmt: skip
