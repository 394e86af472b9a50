"""Which panels stand on which action's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from actions.dashboards import assist, craftsmen, double_strive, mentoring, six_ins
from actions.dashboards.panel import Panel
from actions.progress.breakdown import BoardTable
from actions.progress.reading import Reading

PANELS: dict[str, Callable[[Reading, BoardTable], Iterator[Panel | None]]] = {
    "six-ins": six_ins.panels,
    "assist-enterprise": assist.panels,
    "mentoring": mentoring.panels,
    "craftsmen": craftsmen.panels,
    "double-strive": double_strive.panels,
}


def panels_of(campaign: str, reading: Reading, boards: BoardTable) -> list[Panel]:
    """Return the panels of one action's page, without those that have nothing to say there."""
    build = PANELS.get(campaign)
    return [panel for panel in build(reading, boards) if panel] if build else []
