"""The charts of a report, from the same progress rows as its words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.progress.indicator import Indicator
from actions.progress.reading import Reading
from actions.progress.standings import Standing
from actions.reports.tables import months_come
from mofu.documents.chart import Datum, Series
from mofu.documents.charts import columns, ranking
from mofu.documents.report import Picture


def standing_picture(found: Sequence[Standing]) -> Picture:
    """The boards by average completion, the best on top."""
    rows = [(one.name, Datum(one.average, said=one.share)) for one in found]
    return ranking("各板块分解目标平均完成率（%）", rows, unit="%").picture


def month_pictures(reading: Reading, campaign: str) -> Iterator[Picture]:
    """The months that have come of an action's first dated figure; nothing where none has a record."""
    found = _first_dated(reading, campaign)
    if found is None:
        return
    counts = reading.figures.by_month(found.code)
    come = months_come(reading.frame)
    data = [Datum(counts[month]) for month in come]
    title = f"{found.label}分月情况（{found.unit}）"
    yield columns(title, [f"{month}月" for month in come], [Series(found.label, data)]).picture


def _first_dated(reading: Reading, campaign: str) -> Indicator | None:
    """The figure that tells an action's year: the first with dates, those with a target before the others."""
    dated = [
        one
        for one in reading.indicators
        if one.campaign == campaign and one.dated and not one.only_with_target
    ]
    dated.sort(key=lambda one: one.code not in reading.targets)
    return next((one for one in dated if any(reading.figures.by_month(one.code).values())), None)
