"""培育工匠: the five-year plan 2024—2028 year by year, and who stands where on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actions.dashboards.common import board_ranking, crossed, path_to_target
from actions.dashboards.panel import Cell, Panel, of_shares, slices
from actions.models import Target
from actions.progress import craftsmen
from actions.progress.breakdown import BoardTable
from actions.progress.figures import Asked, read
from actions.progress.indicator import INDICATORS
from actions.progress.reading import Reading
from actions.progress.slices import Facets
from mofu.documents.chart import Datum, Series
from mofu.documents.charts import columns, shares

_PLANNED = ("craftsmen.trained", "craftsmen.academies", "craftsmen.nominated_js51")


def panels(reading: Reading, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    frame = reading.frame
    yield from _plan(reading)
    yield path_to_target(reading, "craftsmen.trained", "本年培育盐城工匠：累计与序时")
    facets = Facets(frame, craftsmen.GRADE, craftsmen.STAGE)
    yield crossed(
        facets, f"{frame.year} 年培育梯队", craftsmen.GRADE, craftsmen.STAGE, empty="本年还没有培育对象。"
    )
    grades = facets.shares(craftsmen.GRADE)
    yield of_shares("称号系列", shares("称号系列", slices(grades)), "称号", "名", grades)
    yield board_ranking(boards, "craftsmen.trained", "各单位培育盐城工匠排名")


def _plan(reading: Reading) -> Iterator[Panel]:
    """Done and due in every year of the programme, for each planned figure."""
    frame = reading.frame
    years = frame.settings.all_years
    whole = replace(frame.within(), period=frame.settings.period)
    asked = [Asked(INDICATORS[code], whole, "programme") for code in _PLANNED]
    figures = read(asked, depth=frame.depth)
    due = _targets(reading, years)
    for code in _PLANNED:
        indicator = INDICATORS[code]
        done = figures.by_year(code, "programme")
        title = f"{indicator.label}：{years[0]}—{years[-1]} 年"
        links = [frame.link(indicator, year=year) for year in years]
        names = [f"{year}年" for year in years]
        bars = Series("完成", [Datum(done.get(year, 0), url) for year, url in zip(years, links, strict=True)])
        line = Series("计划", [Datum(due.get((code, year))) for year in years], line=True, dashed=True)
        rows = [
            (Cell(name), Cell(done.get(year, 0), url), Cell(due.get((code, year))))
            for name, year, url in zip(names, years, links, strict=True)
        ]
        heads = ("年度", f"完成（{indicator.unit}）", "计划")
        yield Panel(title, heads, rows, columns(title, names, [bars, line]))


def _targets(reading: Reading, years: list[int]) -> dict[tuple[str, int], int]:
    """Return what is due in each year, by indicator: the year's own row, else the one for every year."""
    rows = Target.objects.unscoped("targets are orders given to units, no personal data")
    found: dict[tuple[str, int], int] = {}
    for target in rows.filter(org=reading.frame.org, indicator__in=_PLANNED).order_by("year"):
        for year in years if target.year is None else [target.year]:
            if target.year or (target.indicator, year) not in found:
                found[target.indicator, year] = int(target.value)
    return found
