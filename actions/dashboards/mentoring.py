"""“师带徒”: the way to 1000 studios, what kind they are, and which teach nobody."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from actions.dashboards.common import board_ranking, by_month, crossed
from actions.dashboards.panel import AT_MOST, Cell, Panel, bars, of_shares, slices
from actions.models import Mentorship, Studio, TargetPeriod
from actions.progress import mentoring
from actions.progress.breakdown import BoardTable
from actions.progress.frame import Frame
from actions.progress.indicator import BESIDE, INDICATORS
from actions.progress.reading import Reading
from actions.progress.slices import Facets
from mofu.documents.chart import Chart, Datum, Node, Series, running
from mofu.documents.charts import columns, network, ranking, shares

_STUDIOS = "mentoring.studios"


def panels(reading: Reading, boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    frame = reading.frame
    yield _way_to_the_goal(reading)
    facets = Facets(frame, mentoring.CATEGORY, mentoring.LEVEL, mentoring.CHAIN)
    yield crossed(facets, "工作室类别与级别", mentoring.CATEGORY, mentoring.LEVEL)
    yield _categories(facets)
    yield board_ranking(boards, _STUDIOS, "各单位新创建工作室排名")
    chains = [part for part in facets.shares(mentoring.CHAIN) if part.key]
    yield of_shares("工作室所在产业链", ranking("工作室所在产业链", bars(chains)), "产业链", "家", chains)
    yield _without_apprentices(frame)
    yield by_month(reading, "mentoring.promoted", "每月出师晋级徒弟（人）")


def _way_to_the_goal(reading: Reading) -> Panel:
    """The running sum of studios over the programme's years against the straight line to the goal."""
    frame, indicator, title = reading.frame, INDICATORS[_STUDIOS], "新创建工作室：累计与目标"
    target, years = reading.target(indicator), frame.settings.all_years
    if target is None or target.period != TargetPeriod.PROGRAMME:
        return by_month(reading, _STUDIOS, "每月新创建工作室（家）")
    months = reading.figures.by_year(_STUDIOS, "programme")
    sums = list(running(months.get(year, 0) for year in years))
    line = [target.value * Decimal(frame.elapsed_at_end_of(year)) for year in years]
    last = min(frame.year, frame.today.year)
    new = [
        Datum(months.get(year, 0), frame.link(indicator, year=year)) if year <= last else Datum(None)
        for year in years
    ]
    seen = [Datum(value if year <= last else None) for year, value in zip(years, sums, strict=True)]
    drawn = [
        Series("当年创建", new),
        Series("累计创建", seen, line=True),
        Series("序时进度", [Datum(round(value)) for value in line], line=True, dashed=True),
    ]
    names = [f"{year}年" for year in years]
    rows = [
        (
            Cell(name),
            Cell(new[place].value, new[place].url),
            Cell(seen[place].value),
            Cell(round(line[place])),
        )
        for place, name in enumerate(names)
    ]
    return Panel(
        title,
        ("年度", "当年创建（家）", "累计（家）", "年末序时应达"),
        rows,
        columns(title, names, drawn, floor=target.value),
    )


def _categories(facets: Facets) -> Panel:
    parts = facets.shares(mentoring.CATEGORY)
    return of_shares("四大类工作室", shares("四大类工作室", slices(parts)), "类别", "家", parts)


def _without_apprentices(frame: Frame) -> Panel:
    indicator = BESIDE["mentoring.without_apprentices"]
    more = frame.link(indicator)
    rows = indicator.rows(frame.within()).select_related("org", "leader").order_by("org__path", "name_key")
    lines = [
        (Cell(row.name, f"/studios/{row.pk}/"), Cell(str(row.org)), Cell(str(row.leader)), Cell(row.get_level_display()))
        for row in rows[:AT_MOST]
    ] if more else []  # fmt: skip
    count = rows.count()
    note = f"共 {count} 家工作室没有在带徒弟，“一师一室一众弟子”尚未到位。" if count else ""
    return Panel(indicator.label, ("工作室", "单位", "领衔人", "级别"), lines, note=note,
                 more=more if count else "", empty="所有工作室都有在带徒弟。")  # fmt: skip


def studio_network(studio: Studio, mentorships: list[Mentorship]) -> Chart:
    """Return 一师一室一众弟子: the studio, its masters, their apprentices and the other members."""
    masters: dict[int, tuple[str, list[Node]]] = {studio.leader_id: (str(studio.leader), [])}
    for pair in mentorships:
        name = str(pair.apprentice) if pair.apprentice_id else pair.apprentice_name
        masters.setdefault(pair.master_id, (str(pair.master), []))[1].append(
            Node(name, f"/mentorships/{pair.pk}/")
        )
    branches = [
        Node(
            f"{name}（{'领衔人' if key == studio.leader_id else '师傅'}）",
            f"/laureates/{key}/",
            apprentices,
            "#b5121b",
        )
        for key, (name, apprentices) in masters.items()
    ]
    members = [Node(str(member)) for member in studio.members.select_related("worker", "laureate")]
    if members:
        branches.append(Node("成员", children=members, colour="#c98700"))
    return network(f"{studio.name}师徒网络", Node(studio.name, children=branches))
