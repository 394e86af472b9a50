"""The tables that several reports share, all from the rows of ``actions/progress``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from actions.models import Campaign, Target, Task
from actions.progress.breakdown import BoardColumn, BoardTable, board_table
from actions.progress.frame import Frame
from actions.progress.headcounts import pair_table
from actions.progress.indicator import of_campaign
from actions.progress.reading import Reading
from actions.progress.standings import Standing
from actions.progress.targets import Progress
from actions.reports.narrative import is_told
from actions.reports.telling import Voice, names
from mofu.documents.report import Table

AT_MOST = 7  # figures beside each other in one table of the upright page


def target_table(voice: Voice, rows: Sequence[Progress]) -> Table:
    """Targets with figure, share, pace and status."""
    body = [
        (
            name,
            row.goal,
            f"{row.shown} {row.unit}",
            f"{row.percent}%",
            "—" if row.pace is None else f"{row.pace}%",
            voice.state(row),
            row.note,
        )
        for name, row in _named(rows)
    ]
    columns = ("指标", "目标", "完成", "完成率", "时间进度", "状态", "说明")
    return Table(
        "主要目标完成情况", columns, body, widths=(22, 20, 11, 9.5, 12, 12.8, 22.2), kinds=("text",) * 7
    )


def _named(rows: Sequence[Progress]) -> Iterator[tuple[str, Progress]]:
    return zip(names([row.indicator for row in rows]), rows, strict=True)


def figure_table(voice: Voice, title: str, rows: Sequence[Progress]) -> Table:
    """All figures of one action, or of the double ten, beside their targets."""
    return Table(
        f"{title}指标",
        ("指标", "数量", "单位", "目标", "状态"),
        [(name, row.value, row.unit, row.goal or "—", voice.state(row) or "—") for name, row in _named(rows)],
        widths=(34, 12, 8, 28, 12),
        kinds=("text", "number", "text", "text", "text"),
    )


def action_tables(reading: Reading, campaign: Campaign, rows: Sequence[Progress]) -> Iterator[Table]:
    """One action: figures, boards, and for the ten ones what was reported without names."""
    yield figure_table(Voice.of(reading.frame), campaign.title, rows)
    found = board_table(reading, [row.indicator for row in rows if is_told(row)])
    if found.rows:
        yield from board_tables(f"{campaign.title}分板块情况", found, reading.targets)
    if campaign.code == "double-strive":
        yield from _named_and_reported(reading.frame)


def board_tables(caption: str, boards: BoardTable, targets: Mapping[str, Target]) -> Iterator[Table]:
    """The board table, broken into pieces that stay readable on an upright page; figures with targets are drawn."""
    for part in parts_of(len(boards.columns), AT_MOST):
        columns, start = boards.columns[part], part.start
        body = [(row.name, *(cell.value for cell in row.cells[part])) for row in boards.rows]
        yield Table(
            caption if start == 0 else f"{caption}（续）",
            ("板块", *names([column.indicator for column in columns])),
            [*body, ("合计", *(cell.value for cell in boards.whole[part]))],
            total_row=True,
            widths=(14, *(11 for _ in columns)),
            kinds=("text", *("number" for _ in columns)),
            chart="column" if start == 0 else "",
            chart_picks=_drawn(columns, targets),
        )


def parts_of(count: int, at_most: int) -> Iterator[slice]:
    """Break ``count`` columns into as few tables as hold ``at_most`` each, of about one width: nine are five and four."""
    parts = -(-count // at_most)
    for number in range(parts):
        yield slice(count * number // parts, count * (number + 1) // parts)


def _drawn(columns: Sequence[BoardColumn], targets: Mapping[str, Target]) -> list[int]:
    """Return the columns of a chart: those with a target, or the first; one unit of measure in a chart."""
    aimed = [
        number for number, column in enumerate(columns, start=1) if column.indicator.code in targets
    ] or [1]
    return [number for number in aimed if columns[number - 1].unit == columns[aimed[0] - 1].unit]


def _named_and_reported(frame: Frame) -> Iterator[Table]:
    """The ten items, named records and headcount-only returns beside each other; nothing where none were returned."""
    pairs = pair_table(frame)
    if pairs.whole is not None:
        yield Table(
            "十个一实名记录与仅报人数（两者可能是同一批人，不相加）",
            ("项目", "实名记录（人）", "仅报人数（人次）"),
            [
                (name, pair.named, pair.people)
                for (_, name), pair in zip(pairs.items, pairs.whole.pairs, strict=True)
            ],
            widths=(34, 16, 16),
            kinds=("text", "number", "number"),
        )


def month_tables(reading: Reading, campaign: Campaign) -> Iterator[Table]:
    """The months of the dated figures of one action, half a year beside each other; empty where they have not come."""
    dated = [one for one in of_campaign(campaign.code) if one.dated and not one.only_with_target]
    shown = [(one, reading.figures.by_month(one.code)) for one in dated]
    if not shown:
        return
    come = months_come(reading.frame)
    for months, part in ((range(1, 7), "上半年"), (range(7, 13), "下半年")):
        labels = names([one for one, _ in shown])
        body = [
            (label, *(counts[month] if month in come else None for month in months))
            for label, (_, counts) in zip(labels, shown, strict=True)
        ]
        yield Table(
            f"{campaign.title}分月情况（{part}）",
            ("指标", *(f"{month}月" for month in months)),
            body,
            widths=(30, *(9 for _ in months)),
            kinds=("text", *("number" for _ in months)),
            chart="line",
            chart_picks=[number for number, (one, _) in enumerate(shown) if one.unit == shown[0][0].unit],
        )


def months_come(frame: Frame) -> range:
    """Return the months of the frame's year that have begun by its day."""
    return range(1, 13 if frame.year < frame.today.year else frame.today.month + 1)


def ranking_table(voice: Voice, found: Sequence[Standing]) -> Table:
    """The boards by average completion of their own targets."""
    states = voice.states([row for one in found for row in one.rows])
    counted = [(one, [voice.state(row) for row in one.rows]) for one in found]
    return Table(
        "各板块目标完成情况排名",
        ("名次", "板块", "平均完成率", *states),
        [(one.rank, one.name, one.share, *(held.count(state) for state in states)) for one, held in counted],
        widths=(8, 22, 16, *(11 if len(state) < 4 else 13 for state in states)),
        kinds=("int", "text", "text", *("int" for _ in states)),
        note="平均完成率＝各项分解目标完成率（每项不超过100%）的平均数；其后各列为目标项数。",
    )


def standing_tables(found: Sequence[Standing]) -> Iterator[Table]:
    """The boards' own targets, figure against target."""
    indicators = {row.label: row.indicator for one in found for row in one.rows}
    labels = list(indicators)
    for part in parts_of(len(labels), AT_MOST - 1):
        body = [(one.name, *(_against(one, label) for label in labels[part])) for one in found]
        caption = "各板块分解目标完成情况（完成／目标）" + ("（续）" if part.start else "")
        columns = ("板块", *names([indicators[label] for label in labels[part]]))
        yield Table(caption, columns, body, kinds=("text",) * len(columns))


def _against(standing: Standing, label: str) -> str:
    return next((f"{row.shown}／{row.target_value}" for row in standing.rows if row.label == label), "—")


def task_table(tasks: Sequence[Task], day: date) -> Table:
    """The double ten with owner, deadline and state on a day."""
    rows = [
        (
            task.get_group_display(),
            task.number,
            task.name,
            task.owner,
            task.deadline,
            task.told_on(day),
        )
        for task in tasks
    ]
    return Table(
        "双十任务进展",
        ("清单", "序号", "任务", "责任单位", "时限", "状态"),
        rows,
        widths=(16, 7, 31, 16, 20.5, 12.5),
        kinds=("text", "int", "text", "text", "date", "text"),
    )
