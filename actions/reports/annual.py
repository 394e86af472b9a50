"""The yearly report: overall progress, the five actions by target and board, tasks, studios, roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from actions.models import Campaign, Studio, Task
from actions.progress.breakdown import BoardTable, board_table
from actions.progress.frame import Frame
from actions.progress.headcounts import pair_table
from actions.progress.indicator import INDICATORS, of_campaign
from actions.progress.reading import Reading
from actions.progress.status import Status
from actions.progress.targets import Progress, progress_of
from models_app.models import Laureate
from mofu.documents.report import Paragraph, Report, Section, Table

Cells = Sequence[Sequence[object]]
AT_MOST = 7  # figures beside each other in one table of the upright page
_TARGET_COLUMNS = ("指标", "目标", "完成", "完成率", "时间进度", "状态", "说明")
_TARGET_KINDS = ("text", "text", "text", "text", "text", "text", "text")
_TARGET_WIDTHS = (26, 20, 12, 9, 9, 10, 22)


def annual_report(frame: Frame) -> Report:
    """Return the report of the frame's unit and year."""
    reading = Reading(frame, INDICATORS.values())
    rows = progress_of(reading)
    return Report(
        title=f"{frame.year}年“弘扬劳模精神 勇当碳路先锋”五大行动工作报告",
        subtitle="" if not frame.org_code else frame.org.name,
        issuer="盐城市劳模协会" if not frame.org_code else frame.org.name,
        date=frame.today,
        sections=[
            _overview(frame, rows),
            *_actions(reading, rows),
            _tasks(frame, [row for row in rows if row.indicator.campaign == "double-ten"]),
            _studios(frame),
            _roster(frame),
        ],
    )


def _overview(frame: Frame, rows: list[Progress]) -> Section:
    with_target = [row for row in rows if row.target]
    table = Table(
        "主要目标完成情况",
        _TARGET_COLUMNS,
        _target_rows(with_target),
        widths=_TARGET_WIDTHS,
        kinds=_TARGET_KINDS,
    )
    return Section("总体情况", blocks=[Paragraph(_summary(frame, with_target)), table])


def _summary(frame: Frame, rows: list[Progress]) -> str:
    """Return the opening sentence, computed from the same rows as the table."""
    counts = {status: sum(row.status == status for row in rows) for status in Status}
    words = "、".join(f"{status.label} {count} 项" for status, count in counts.items() if count)
    late = "、".join(row.label for row in rows if row.status in (Status.BEHIND, Status.FAR_BEHIND))
    text = f"截至{frame.today.year}年{frame.today.month}月{frame.today.day}日，{frame.year}年度共有 {len(rows)} 项目标"
    text += f"，其中{words}。" if words else "。"
    return text + (f"进度滞后的有：{late}。" if late else "")


def _target_rows(rows: list[Progress]) -> Cells:
    return [
        (
            row.label,
            row.goal,
            f"{row.shown} {row.unit}",
            f"{row.percent}%",
            "—" if row.pace is None else f"{row.pace}%",
            row.status_label,
            row.note,
        )
        for row in rows
    ]


def _actions(reading: Reading, rows: list[Progress]) -> Iterator[Section]:
    for campaign in Campaign.objects.order_by("sort"):
        mine = [row for row in rows if row.indicator.campaign == campaign.code]
        yield Section(
            campaign.title, blocks=list(_action_blocks(reading, campaign, mine)), sheet=campaign.title
        )


def _action_blocks(reading: Reading, campaign: Campaign, rows: list[Progress]) -> Iterator[Table]:
    yield _figures(campaign.title, rows)
    boards = board_table(reading, of_campaign(campaign.code))
    if boards.rows:
        yield from _by_board(f"{campaign.title}分板块情况", boards)
    if campaign.code == "double-strive":
        yield from _named_and_reported(reading.frame)


def _figures(title: str, rows: list[Progress]) -> Table:
    """All figures of one action, or of the double ten, beside their targets."""
    return Table(
        f"{title}指标",
        ("指标", "数量", "单位", "目标", "状态"),
        [(row.label, row.value, row.unit, row.goal or "—", row.status_label or "—") for row in rows],
        widths=(34, 12, 8, 28, 12),
        kinds=("text", "number", "text", "text", "text"),
    )


def _by_board(caption: str, boards: BoardTable) -> Iterator[Table]:
    """The board table, broken into pieces that stay readable on an upright page."""
    for start in range(0, len(boards.columns), AT_MOST):
        part = slice(start, start + AT_MOST)
        columns = boards.columns[part]
        body = [(row.name, *(cell.value for cell in row.cells[part])) for row in boards.rows]
        part_caption = caption if start == 0 else f"{caption}（续）"
        yield Table(
            part_caption,
            ("板块", *(column.label for column in columns)),
            [*body, ("合计", *(cell.value for cell in boards.whole[part]))],
            total_row=True,
            kinds=("text", *("number" for _ in columns)),
        )


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


def _tasks(frame: Frame, figures: list[Progress]) -> Section:
    tasks = Task.objects.visible_to(frame.user).approved().in_year(frame.year).order_by("group", "number")
    rows = [
        (
            task.get_group_display(),
            task.number,
            task.name,
            task.owner,
            task.deadline,
            task.get_state_display(),
        )
        for task in tasks
    ]
    table = Table(
        "双十任务进展",
        ("清单", "序号", "任务", "责任单位", "时限", "状态"),
        rows,
        widths=(15, 7, 36, 18, 16, 11),
        kinds=("text", "int", "text", "text", "date", "text"),
    )
    return Section("双十任务", blocks=[_figures("双十任务", figures), table], sheet="双十任务")


def _studios(frame: Frame) -> Section:
    studios = (
        frame.within().dated(Studio).standing().select_related("org", "leader").order_by("org__path", "pk")
    )
    rows = [
        (
            studio.name,
            str(studio.org),
            str(studio.leader),
            studio.get_category_display(),
            studio.get_level_display(),
            "是" if studio.is_new_quality else "否",
            studio.get_founder_display(),
        )
        for studio in studios
    ]
    columns = ("工作室", "单位", "领衔人", "类别", "级别", "新质生产力型", "创建主体")
    table = Table("本年新创建工作室", columns, rows, widths=(28, 20, 10, 10, 14, 10, 14))
    return Section("劳模工匠创新工作室", blocks=[table], sheet="工作室", only="")


def _roster(frame: Frame) -> Section:
    people = (
        frame.within()
        .records(Laureate)
        .in_good_standing()
        .select_related("org")
        .order_by("org__path", "name_key")
    )
    rows = [
        (
            person.name,
            person.get_sex_display(),
            str(person.org),
            person.position,
            person.get_category_display(),
            person.get_status_display(),
        )
        for person in people.iterator(chunk_size=2000)
    ]
    table = Table(
        "劳模工匠花名册",
        ("姓名", "性别", "单位", "职务", "人员类别", "状态"),
        rows,
        widths=(12, 6, 26, 16, 14, 10),
    )
    return Section("劳模工匠花名册", blocks=[table], sheet="花名册", only="workbook")
